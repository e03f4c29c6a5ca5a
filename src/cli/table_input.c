#include "cli/table_input.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text_file.h"

/* The part of "NAME=FILE" that is the file; a file that has '=' in its name and exists is meant as a whole. */
static const char *file_of(const char *argument)
{
    struct stat about;
    size_t name = strcspn(argument, "=/");
    bool plain = argument[name] != '=' || name == 0 || stat(argument, &about) == 0;
    return plain ? argument : argument + name + 1;
}

static ef_status check_one_system(const ef_result_file *file, const char *name, ef_error *err)
{
    for (size_t i = 1; i < file->count; i++) {
        if (strcmp(file->results[i].model, file->results[0].model) != 0) {
            return ef_fail(err, EF_INVALID, "%s: has the systems '%s' and '%s', which cannot both be called '%s'", file->path,
                           file->results[0].model, file->results[i].model, name);
        }
    }
    return EF_OK;
}

static ef_status read_one(table_input *self, const char *argument, ef_error *err)
{
    const char *path = file_of(argument);
    ef_result_file *file = &self->files[self->file_count];
    ef_status status = ef_result_file_read(file, path, err);
    if (status != EF_OK) {
        return status;
    }
    char **name = &self->names[self->file_count++];
    if (path != argument) {
        ef_span trimmed = ef_span_trim((ef_span){argument, (size_t)(path - argument) - 1});
        *name = ef_copy_bytes(trimmed.text, trimmed.length);
        status = *name != NULL ? check_one_system(file, *name, err) : ef_fail_memory(err, "the command line");
    }
    return status;
}

ef_status table_input_read(table_input *out, char **arguments, size_t count, ef_error *err)
{
    table_input *self = out;
    size_t entries = 0;
    self->files = ef_alloc_zero(count, sizeof *self->files);
    self->names = ef_alloc_zero(count, sizeof *self->names);
    ef_status status = self->files != NULL && self->names != NULL ? EF_OK : ef_fail_memory(err, "results");
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = read_once_take(&self->once, file_of(arguments[i]), "a result file", err);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = read_one(self, arguments[i], err);
        entries += status == EF_OK ? self->files[i].count : 0;
    }
    self->entries = status == EF_OK ? ef_alloc_zero(entries, sizeof *self->entries) : NULL;
    if (status == EF_OK && self->entries == NULL) {
        status = ef_fail_memory(err, "results");
    }
    for (size_t i = 0; status == EF_OK && i < self->file_count; i++) {
        const ef_result_file *file = &self->files[i];
        for (size_t j = 0; j < file->count; j++) {
            const ef_stored_result *result = &file->results[j];
            const char *name = self->names[i] != NULL ? self->names[i] : result->model;
            self->entries[self->entry_count++] = (ef_paper_entry){result, file->path, name};
        }
    }
    return status;
}

void table_input_free(table_input *input)
{
    for (size_t i = 0; i < input->file_count; i++) {
        ef_result_file_free(&input->files[i]);
        free(input->names[i]);
    }
    free(input->files);
    free(input->names);
    free(input->entries);
    ef_published_free(&input->published);
    read_once_free(&input->once);
    *input = (table_input){0};
}

ef_status table_input_publish(table_input *out, const ef_strings *names, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(names); i++) {
        char *file = ef_published_file(ef_strings_at(names, i));
        status =
            file != NULL ? read_once_take(&out->once, file, "--with-published", err) : ef_fail_memory(err, "the command line");
        free(file);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(names); i++) {
        status = ef_published_add(&out->published, ef_strings_at(names, i), err);
    }
    return status;
}

ef_status table_pieces(ef_strings **out, const char *list, ef_error *err)
{
    ef_status status = *out == NULL ? ef_strings_create(out, err) : EF_OK;
    ef_span rest = {list, strlen(list)}, field;
    while (status == EF_OK && ef_span_field(&rest, ',', &field)) {
        status = field.length > 0 ? ef_strings_add(*out, field.text, field.length, err)
                                  : ef_fail(err, EF_INVALID, "an empty name in the list '%s'", list);
    }
    return status;
}

ef_status table_input_spares(const table_input *input, const char *output, ef_error *err)
{
    struct stat there, about;
    bool is_input = false;
    if (stat(output, &there) != 0) {
        return EF_OK;
    }
    for (size_t i = 0; i < input->file_count + input->published.count; i++) {
        const char *path = i < input->file_count ? input->files[i].path : input->published.systems[i - input->file_count].path;
        is_input = is_input || (stat(path, &about) == 0 && about.st_dev == there.st_dev && about.st_ino == there.st_ino);
    }
    return is_input ? ef_fail(err, EF_INVALID, "%s is an input; what is made of it must go to another file", output) : EF_OK;
}
