#include "list/list_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/hash.h"

void ef_pair_list_free(ef_pair_list *list)
{
    free(list->pairs);
    ef_strings_free(list->ids);
    ef_strings_free(list->files);
    free(list->marks);
    *list = (ef_pair_list){0};
}

ef_status ef_list_reader_begin(ef_list_reader *reader, ef_error *err)
{
    *reader = (ef_list_reader){0};
    ef_status status = ef_strings_create(&reader->list.ids, err);
    if (status == EF_OK) {
        status = ef_strings_create(&reader->list.files, err);
    }
    if (status == EF_OK) {
        status = ef_intern_create(&reader->names, reader->list.ids, err);
    }
    return status;
}

static const char *open_path(const ef_list_reader *reader)
{
    return ef_input_name(ef_strings_at(reader->list.files, ef_strings_count(reader->list.files) - 1));
}

ef_status ef_list_reader_finish(ef_pair_list *out, ef_list_reader *reader, ef_status status, ef_error *err)
{
    if (status == EF_OK && reader->list.count == 0) {
        status = ef_list_reader_fail_file(reader, err, "the list holds no pairs");
    }
    ef_text_file_close(&reader->file);
    ef_intern_free(reader->names);
    if (status != EF_OK) {
        ef_pair_list_free(&reader->list);
    }
    *out = reader->list;
    *reader = (ef_list_reader){0};
    return status;
}

typedef struct judging {
    const char *path;
    ef_list_judge *judge;
} judging;

/* Lets a reader of its own read the first lines. */
static ef_status judge(void *context, ef_text_file *begin, bool *known, ef_error *err)
{
    const judging *self = context;
    ef_list_reader reader;
    ef_status status = ef_list_reader_begin(&reader, err);
    if (status == EF_OK) {
        status = ef_strings_add(reader.list.files, self->path, strlen(self->path), err);
    }
    if (status == EF_OK) {
        reader.file = *begin;
        status = self->judge(&reader, known, err);
    }
    ef_intern_free(reader.names);
    ef_pair_list_free(&reader.list);
    return status;
}

ef_status ef_list_reader_open(ef_list_reader *reader, const char *path, ef_error *err)
{
    return ef_list_reader_open_by(reader, path, NULL, err);
}

ef_status ef_list_reader_open_by(ef_list_reader *reader, const char *path, ef_list_judge *by, ef_error *err)
{
    judging self = {path, by};
    const ef_text_rules rules = {.judge = by != NULL ? judge : NULL, .context = &self};
    ef_text_file_close(&reader->file);
    ef_pair_list *list = &reader->list;
    size_t count = ef_strings_count(list->files);
    ef_status status = ef_text_file_open_by(&reader->file, path, &rules, err);
    if (status == EF_OK && !ef_grow(&list->marks, &reader->mark_capacity, count + 1, sizeof *list->marks)) {
        status = ef_fail_memory(err, path);
    }
    if (status == EF_OK) {
        list->marks[count] = reader->file.mark;
        ef_hash_mark(&list->marks[count], reader->file.text, reader->file.length);
        status = ef_strings_add(list->files, path, strlen(path), err);
    }
    return status;
}

bool ef_list_reader_line(ef_list_reader *reader, ef_span *line)
{
    while (ef_text_file_line(&reader->file, line)) {
        if (ef_span_trim(*line).length > 0) {
            return true;
        }
    }
    return false;
}

ef_status ef_list_reader_pair(ef_list_reader *reader, size_t a, size_t b, bool genuine, int fold, size_t line, ef_error *err)
{
    ef_pair_list *list = &reader->list;
    if (!ef_grow(&list->pairs, &reader->capacity, list->count + 1, sizeof *list->pairs)) {
        return ef_fail_memory(err, "a list of pairs");
    }
    unsigned file = (unsigned)(ef_strings_count(list->files) - 1);
    list->pairs[list->count++] = (ef_listed_pair){a, b, line, fold, file, genuine};
    return EF_OK;
}

ef_status ef_list_reader_fail(const ef_list_reader *reader, ef_error *err, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return ef_fail(err, EF_FORMAT, "%s:%zu: %s", open_path(reader), reader->file.line, sentence);
}

ef_status ef_list_reader_fail_file(const ef_list_reader *reader, ef_error *err, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return ef_fail(err, EF_FORMAT, "%s: %s", open_path(reader), sentence);
}

ef_status ef_list_read_file(ef_pair_list *out, const char *folder, const char *file,
                            ef_status (*read)(ef_list_reader *reader, ef_error *err), ef_list_judge *by, ef_error *err)
{
    ef_list_reader reader;
    char *path = ef_path_below(folder, file);
    ef_status status = ef_list_reader_begin(&reader, err);
    if (status == EF_OK && path == NULL) {
        status = ef_fail_memory(err, "a path");
    }
    if (status == EF_OK && (status = ef_list_reader_open_by(&reader, path, by, err)) == EF_OK) {
        status = read(&reader, err);
    }
    free(path);
    return ef_list_reader_finish(out, &reader, status, err);
}
