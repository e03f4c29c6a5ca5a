/* The templates of a gallery or of the probes: ijbc_1N_gallery_G1.csv, ijbc_1N_probe_mixed.csv. */
#include <eface/template_list.h>

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "list/line_blocks.h"
#include "list/list_reader.h"
#include "list/template_blocks.h"

/* Rows one after another with the same ids count as one. */
typedef struct row {
    int64_t template_id, subject_id;
    size_t line;
} row;

typedef struct reading {
    row *rows;
    size_t count, capacity;
    row *block; /* the rows of the block that is being parsed */
    size_t block_capacity;
    size_t first_line; /* of the block */
} reading;

static ef_status parse_line(void *data, size_t index, ef_span line, ef_error *err)
{
    reading *list = data;
    ef_span field[2];
    row *to = &list->block[index];
    if (!ef_span_field(&line, ',', &field[0]) || !ef_span_field(&line, ',', &field[1])) {
        return ef_fail(err, EF_FORMAT, "a row begins with a template id, a comma and a subject id");
    }
    to->line = list->first_line + index;
    if (to->line == 1) {
        return ef_span_equal_nocase(field[0], "TEMPLATE_ID") && ef_span_equal_nocase(field[1], "SUBJECT_ID")
                   ? EF_OK
                   : ef_fail(err, EF_FORMAT,
                             "the first two columns must be TEMPLATE_ID,SUBJECT_ID, as the heading says; it says '%.*s,%.*s'",
                             EF_SHOWN(field[0]), EF_SHOWN(field[1]));
    }
    if (!ef_parse_integer(&to->template_id, field[0].text, field[0].length)) {
        return ef_fail(err, EF_FORMAT, "'%.*s' is not a template id (an integer below 2^63)", EF_SHOWN(field[0]));
    }
    if (!ef_parse_integer(&to->subject_id, field[1].text, field[1].length)) {
        return ef_fail(err, EF_FORMAT, "'%.*s' is not a subject id (an integer below 2^63)", EF_SHOWN(field[1]));
    }
    return EF_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->template_id != y->template_id) {
        return x->template_id < y->template_id ? -1 : 1;
    }
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Takes over the rows of a block. */
static ef_status keep(reading *list, size_t parsed, ef_error *err)
{
    for (size_t i = 0; i < parsed; i++) {
        const row *next = &list->block[i], *last = list->count > 0 ? &list->rows[list->count - 1] : NULL;
        if (next->line == 1 || (last != NULL && last->template_id == next->template_id && last->subject_id == next->subject_id)) {
            continue;
        }
        if (!ef_grow(&list->rows, &list->capacity, list->count + 1, sizeof *list->rows)) {
            return ef_fail_memory(err, "a list of subjects");
        }
        list->rows[list->count++] = *next;
    }
    return EF_OK;
}

/* Sorts the rows, one for each template; *conflict = the first row of the file that gives a template another subject, line 0: none. */
static void settle(reading *list, row *conflict, row *before)
{
    size_t kept = 0;
    *conflict = (row){0};
    if (list->count == 0) {
        return;
    }
    qsort(list->rows, list->count, sizeof *list->rows, compare_rows);
    for (size_t i = 1; i < list->count; i++) {
        const row *first = &list->rows[kept], *next = &list->rows[i];
        if (next->template_id != first->template_id) {
            list->rows[++kept] = *next;
        } else if (next->subject_id != first->subject_id && (conflict->line == 0 || next->line < conflict->line)) {
            *conflict = *next;
            *before = *first;
        }
    }
    list->count = kept + 1;
}

static ef_status hand_over(ef_subjects *out, const reading *list, ef_error *err)
{
    out->template_id = ef_alloc(list->count, sizeof *out->template_id);
    out->subject_id = ef_alloc(list->count, sizeof *out->subject_id);
    out->place = ef_alloc(list->count, sizeof *out->place);
    if (out->template_id == NULL || out->subject_id == NULL || out->place == NULL) {
        ef_subjects_free(out);
        return ef_fail_memory(err, "a list of subjects");
    }
    for (size_t i = 0; i < list->count; i++) {
        out->template_id[i] = list->rows[i].template_id;
        out->subject_id[i] = list->rows[i].subject_id;
        out->place[i] = list->rows[i].line;
    }
    out->count = list->count;
    return EF_OK;
}

/* Reads all blocks, up to the first bad row; what came before it is kept in any case. */
static ef_status read_rows(reading *list, ef_line_blocks *blocks, ef_error *err)
{
    const ef_line_parser parser = {.line = parse_line, .data = list};
    for (;;) {
        size_t lines, parsed;
        ef_status status = ef_line_blocks_next(blocks, &lines, err);
        if (status != EF_OK || lines == 0) {
            return status;
        }
        list->first_line = ef_line_blocks_first(blocks);
        if (!ef_grow(&list->block, &list->block_capacity, lines, sizeof *list->block)) {
            return ef_fail_memory(err, "a list of subjects");
        }
        status = ef_line_blocks_parse(blocks, &parser, &parsed, err);
        ef_status kept = keep(list, parsed, status == EF_OK ? err : NULL);
        if (status != EF_OK || kept != EF_OK) {
            return status != EF_OK ? status : kept;
        }
    }
}

ef_status ef_subjects_read_blocks(ef_subjects *out, const char *path, size_t block_bytes, ef_error *err)
{
    reading list = {0};
    row conflict, before = {0};
    ef_line_blocks *blocks = NULL;
    *out = (ef_subjects){0};
    ef_status status = ef_line_blocks_open(&blocks, path, block_bytes, 1, err);
    if (status != EF_OK) {
        return status;
    }
    status = read_rows(&list, blocks, err);
    if (status != EF_OK && status != EF_FORMAT) {
        goto done;
    }
    /* A contradiction stands before the line that could not be read. */
    settle(&list, &conflict, &before);
    if (conflict.line > 0) {
        status = ef_line_blocks_fail(blocks, conflict.line, err, "template %lld is of subject %lld here, and of %lld in line %zu",
                                     (long long)conflict.template_id, (long long)conflict.subject_id,
                                     (long long)before.subject_id, before.line);
    } else if (status == EF_OK && list.count == 0) {
        status = ef_line_blocks_fail(blocks, 0, err, "the list holds no templates");
    } else if (status == EF_OK) {
        status = hand_over(out, &list, err);
    }
done:
    free(list.rows);
    free(list.block);
    ef_line_blocks_close(blocks);
    return status;
}

ef_status ef_subjects_read(ef_subjects *out, const char *path, ef_error *err)
{
    return ef_subjects_read_blocks(out, path, EF_LINE_BLOCK, err);
}

void ef_subjects_free(ef_subjects *subjects)
{
    free(subjects->template_id);
    free(subjects->subject_id);
    free(subjects->place);
    *subjects = (ef_subjects){0};
}
