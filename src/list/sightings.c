/* The rows of NIST's lists of templates. */
#include "list/sightings.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/number.h"
#include "list/csv_columns.h"
#include "list/line_blocks.h"
#include "list/list_reader.h"

enum { TEMPLATE, SUBJECT, IMAGE, MEDIA, COLUMNS };

/* A row before its texts are numbered. */
typedef struct raw_row {
    int64_t template_id, subject_id, media_id;
    ef_span file, media;
    bool media_is_text;
} raw_row;

typedef struct reading {
    ef_sightings table;
    size_t capacity;
    ef_intern *files, *media;
    ef_strings *media_texts;
    bool media_known, media_is_text; /* what the first row of all had */
    const char *names[COLUMNS];
    /* The list that is being read: */
    size_t list;
    ef_csv_columns columns;
    bool has_columns;
    raw_row *block; /* the rows of its block */
    size_t block_capacity, first_line;
    char *unquoted; /* a name whose quotes are being undone */
    size_t unquoted_capacity;
} reading;

static ef_status parse_id(int64_t *id, ef_span field, const char *what, ef_error *err)
{
    return ef_parse_integer(id, field.text, field.length)
               ? EF_OK
               : ef_fail(err, EF_FORMAT, "'%.*s' is not a %s id (an integer below 2^63)", EF_SHOWN(field), what);
}

static ef_status parse_line(void *data, size_t index, ef_span line, ef_error *err)
{
    reading *list = data;
    raw_row *to = &list->block[index];
    ef_span field[COLUMNS];
    if (list->first_line + index == 1) {
        ef_csv_columns again;
        return ef_csv_columns_find(&again, line, list->names, COLUMNS, err);
    }
    if (!list->has_columns) {
        return EF_FORMAT; /* the heading is the first bad line: its sentence is the one that is told */
    }
    ef_status status = ef_csv_columns_cut(field, &list->columns, line, err);
    if (status == EF_OK) {
        status = parse_id(&to->template_id, field[TEMPLATE], "template", err);
    }
    if (status == EF_OK) {
        status = parse_id(&to->subject_id, field[SUBJECT], "subject", err);
    }
    if (status != EF_OK) {
        return status;
    }
    for (int i = IMAGE; i <= MEDIA; i++) {
        if (field[i].length == 0) {
            return ef_fail(err, EF_FORMAT, "the column %s is empty", list->names[i]);
        }
    }
    to->file = field[IMAGE];
    to->media = field[MEDIA];
    to->media_is_text = !ef_parse_integer(&to->media_id, field[MEDIA].text, field[MEDIA].length);
    return EF_OK;
}

/* Numbers a text, with "" in it for a quote. */
static ef_status number_text(size_t *number, reading *list, ef_intern *numbers, ef_span text, ef_error *err)
{
    if (memchr(text.text, '"', text.length) == NULL) {
        return ef_intern_add(number, numbers, text.text, text.length, err);
    }
    if (!ef_grow(&list->unquoted, &list->unquoted_capacity, text.length, 1)) {
        return ef_fail_memory(err, "a list of images");
    }
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        list->unquoted[length++] = text.text[i];
        i += text.text[i] == '"' && i + 1 < text.length && text.text[i + 1] == '"';
    }
    return ef_intern_add(number, numbers, list->unquoted, length, err);
}

static ef_status keep_row(reading *list, const raw_row *row, size_t line, const ef_line_blocks *blocks, ef_error *err)
{
    ef_sighting made = {row->template_id, row->subject_id, row->media_id, 0, line, list->list};
    if (!list->media_known) {
        list->media_known = true;
        list->media_is_text = row->media_is_text;
    }
    if (row->media_is_text && !list->media_is_text) {
        return ef_line_blocks_fail(blocks, line, err, "%s '%.*s' is not an integer, as it was in the first row",
                                   list->names[MEDIA], EF_SHOWN(row->media));
    }
    ef_status status = number_text(&made.file, list, list->files, row->file, err);
    if (status == EF_OK && list->media_is_text) {
        size_t number = 0;
        status = number_text(&number, list, list->media, row->media, err);
        made.media_id = (int64_t)number;
    }
    if (status == EF_OK) {
        list->table.rows[list->table.count++] = made;
    }
    return status;
}

/* Takes over the rows of a block. */
static ef_status keep(reading *list, size_t parsed, const ef_line_blocks *blocks, ef_error *err)
{
    size_t wanted;
    if (!ef_size_add(&wanted, list->table.count, parsed) ||
        !ef_grow(&list->table.rows, &list->capacity, wanted, sizeof *list->table.rows)) {
        return ef_fail_memory(err, "a list of images");
    }
    ef_status status = EF_OK;
    for (size_t i = list->first_line == 1 ? 1 : 0; status == EF_OK && i < parsed; i++) {
        status = keep_row(list, &list->block[i], list->first_line + i, blocks, err);
    }
    return status;
}

static ef_status read_blocks(reading *list, ef_line_blocks *blocks, ef_error *err)
{
    const ef_line_parser parser = {.line = parse_line, .data = list};
    for (;;) {
        size_t lines, parsed;
        ef_error bad = {EF_OK, ""};
        ef_status status = ef_line_blocks_next(blocks, &lines, err);
        if (status != EF_OK || lines == 0) {
            return status;
        }
        list->first_line = ef_line_blocks_first(blocks);
        if (list->first_line == 1) {
            list->has_columns =
                ef_csv_columns_find(&list->columns, ef_line_blocks_heading(blocks), list->names, COLUMNS, NULL) == EF_OK;
        }
        if (!ef_grow(&list->block, &list->block_capacity, lines, sizeof *list->block)) {
            return ef_fail_memory(err, "a list of images");
        }
        ef_status parse_status = ef_line_blocks_parse(blocks, &parser, &parsed, &bad);
        /* What is wrong with the rows before the first bad line comes before it. */
        if ((status = keep(list, parsed, blocks, err)) != EF_OK) {
            return status;
        }
        if (parse_status != EF_OK) {
            return ef_fail(err, parse_status, "%s", bad.message);
        }
    }
}

static ef_status read_list(reading *list, const char *path, size_t block_bytes, int threads, ef_error *err)
{
    ef_line_blocks *blocks = NULL;
    size_t before = list->table.count;
    ef_status status = ef_line_blocks_open(&blocks, path, block_bytes, threads, err);
    if (status != EF_OK) {
        return status;
    }
    status = read_blocks(list, blocks, err);
    if (status == EF_OK && list->table.count == before) {
        status = ef_line_blocks_fail(blocks, 0, err, "the list holds no images");
    }
    ef_line_blocks_close(blocks);
    return status;
}

ef_status ef_sightings_read_blocks(ef_sightings *out, const char *const *paths, size_t count, const ef_sighting_columns *columns,
                                   size_t block_bytes, int threads, ef_error *err)
{
    reading list = {.names = {"TEMPLATE_ID", "SUBJECT_ID", columns->file, columns->media}};
    ef_status status = ef_strings_create(&list.table.files, err);
    if (status == EF_OK) {
        status = ef_intern_create(&list.files, list.table.files, err);
    }
    if (status == EF_OK && (status = ef_strings_create(&list.media_texts, err)) == EF_OK) {
        status = ef_intern_create(&list.media, list.media_texts, err);
    }
    for (; status == EF_OK && list.list < count; list.list++) {
        status = read_list(&list, paths[list.list], block_bytes, threads, err);
    }
    if (status == EF_OK) {
        status = ef_sightings_join(&list.table, paths, count, err);
    }
    ef_intern_free(list.files);
    ef_intern_free(list.media);
    ef_strings_free(list.media_texts);
    free(list.block);
    free(list.unquoted);
    if (status != EF_OK) {
        ef_sightings_free(&list.table);
    }
    *out = list.table;
    return status;
}

ef_status ef_sightings_read(ef_sightings *out, const char *const *paths, size_t count, const ef_sighting_columns *columns,
                            int threads, ef_error *err)
{
    return ef_sightings_read_blocks(out, paths, count, columns, EF_LINE_BLOCK, threads, err);
}

void ef_sightings_free(ef_sightings *sightings)
{
    free(sightings->rows);
    ef_strings_free(sightings->files);
    for (size_t i = 0; i < EF_SIGHTING_LISTS; i++) {
        ef_subjects_free(&sightings->of_list[i]);
    }
    ef_subjects_free(&sightings->of_all);
    *sightings = (ef_sightings){0};
}
