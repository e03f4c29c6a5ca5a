/* A user's own list: id1,id2,label[,fold] in one line a pair, label 1 for one person and 0 for two.
 *
 * Fields stand between tabs, commas or semicolons, whichever cuts the first line into three or more, else between blanks.  A field in
 * double quotes may hold the separator, and "" for a quote.  A first line without a label may name the columns in any order. */
#include <eface/pair_list.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/and_more.h"
#include "base/memory.h"
#include "base/number.h"
#include "list/list_reader.h"

typedef enum column { ID1, ID2, LABEL, FOLD, COLUMNS } column;

static const struct column_name {
    const char *name;
    column column;
    bool by_row;
} column_names[] = {
    {"id1", ID1, false},     {"id2", ID2, false},      {"image1", ID1, false}, {"image2", ID2, false},
    {"path1", ID1, false},   {"path2", ID2, false},    {"row1", ID1, true},    {"row2", ID2, true},
    {"label", LABEL, false}, {"issame", LABEL, false}, {"same", LABEL, false}, {"fold", FOLD, false},
};

enum { NO_COLUMN = -1 };

/* What the first line says of all others. */
typedef struct csv_layout {
    char separator; /* ' ' for any number of blanks */
    size_t fields;
    int place[COLUMNS]; /* of each column in the line, NO_COLUMN for none */
    bool by_row;
} csv_layout;

/* A line cut up: at most one field more than there are columns is kept, all are counted. */
typedef struct csv_fields {
    ef_span field[COLUMNS + 1];
    size_t count;
    char *text; /* what quoted fields become without their quotes */
    size_t capacity;
} csv_fields;

typedef struct csv_folds {
    int64_t *value; /* as written, one per pair */
    size_t capacity;
} csv_folds;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes a quoted field off the front of *rest, which begins with the quote, and puts its content at *text. */
static bool take_quoted(ef_span *rest, ef_span *field, char **text)
{
    char *start = *text;
    for (size_t i = 1; i < rest->length; i++) {
        if (rest->text[i] != '"') {
            *(*text)++ = rest->text[i];
        } else if (i + 1 < rest->length && rest->text[i + 1] == '"') {
            *(*text)++ = '"';
            i++;
        } else {
            *field = (ef_span){start, (size_t)(*text - start)};
            *rest = (ef_span){rest->text + i + 1, rest->length - i - 1};
            return true;
        }
    }
    return false;
}

/* Cuts a line into fields; *wrong says what is wrong with its quotes, or is NULL. */
static ef_status cut(csv_fields *fields, ef_span line, char separator, const char **wrong, ef_error *err)
{
    *wrong = NULL;
    fields->count = 0;
    if (!ef_grow(&fields->text, &fields->capacity, line.length + 1, 1)) {
        return ef_fail_memory(err, "a line of a list");
    }
    char *text = fields->text;
    ef_span rest = separator == ' ' ? ef_span_trim(line) : line;
    bool more = true;
    while (more) {
        ef_span field;
        while (rest.length > 0 && is_blank(rest.text[0]) && rest.text[0] != separator) {
            rest = (ef_span){rest.text + 1, rest.length - 1};
        }
        if (rest.length > 0 && rest.text[0] == '"') {
            if (!take_quoted(&rest, &field, &text)) {
                *wrong = "a quoted field does not end in this line";
                return EF_OK;
            }
            ef_span between = rest;
            while (between.length > 0 && is_blank(between.text[0]) && (separator == ' ' || between.text[0] != separator)) {
                between = (ef_span){between.text + 1, between.length - 1};
            }
            bool apart = separator == ' ' ? between.length < rest.length : between.length > 0 && between.text[0] == separator;
            if (between.length > 0 && !apart) {
                *wrong = "text stands right behind a quoted field";
                return EF_OK;
            }
            more = between.length > 0;
            rest = more && separator != ' ' ? (ef_span){between.text + 1, between.length - 1} : between;
        } else if (separator == ' ') {
            ef_span_word(&rest, &field);
            rest = ef_span_trim(rest);
            more = rest.length > 0;
        } else {
            ef_span_field(&rest, separator, &field);
            more = rest.text != NULL;
        }
        if (fields->count <= COLUMNS) {
            fields->field[fields->count] = field;
        }
        fields->count++;
    }
    return EF_OK;
}

static ef_status cut_or_fail(csv_fields *fields, const ef_list_reader *reader, ef_span line, char separator, ef_error *err)
{
    const char *wrong;
    ef_status status = cut(fields, line, separator, &wrong, err);
    return status == EF_OK && wrong != NULL ? ef_list_reader_fail(reader, err, "%s: \"%.*s\"", wrong, EF_SHOWN(line)) : status;
}

static ef_status find_separator(char *separator, csv_fields *fields, ef_span line, ef_error *err)
{
    static const char separators[] = {'\t', ',', ';'};
    for (size_t i = 0; i < sizeof separators; i++) {
        const char *wrong;
        ef_status status = cut(fields, line, separators[i], &wrong, err);
        if (status != EF_OK) {
            return status;
        }
        if (wrong == NULL && fields->count > LABEL) {
            *separator = separators[i];
            return EF_OK;
        }
    }
    *separator = ' ';
    return EF_OK;
}

static const struct column_name *find_column(ef_span field)
{
    for (size_t i = 0; i < sizeof column_names / sizeof *column_names; i++) {
        if (ef_span_equal_nocase(field, column_names[i].name)) {
            return &column_names[i];
        }
    }
    return NULL;
}

/* A line is a header when it has a column's name and nothing that could be a label. */
static bool is_header(const csv_fields *fields)
{
    bool named = false;
    for (size_t i = 0; i < fields->count && i <= COLUMNS; i++) {
        named = named || find_column(fields->field[i]) != NULL;
        if (ef_span_equal(fields->field[i], "0") || ef_span_equal(fields->field[i], "1")) {
            return false;
        }
    }
    return named;
}

static ef_status read_header(csv_layout *layout, const ef_list_reader *reader, const csv_fields *fields, ef_error *err)
{
    bool by_row[COLUMNS] = {false};
    for (column c = ID1; c < COLUMNS; c++) {
        layout->place[c] = NO_COLUMN;
    }
    for (size_t i = 0; i < fields->count && i <= COLUMNS; i++) {
        const struct column_name *known = find_column(fields->field[i]);
        if (known == NULL) {
            return ef_list_reader_fail(reader, err,
                                       "no column is called \"%.*s\", expected id1, id2 (or image1, image2; path1, path2; row1, "
                                       "row2), label (or issame, same) and perhaps fold",
                                       EF_SHOWN(fields->field[i]));
        }
        if (layout->place[known->column] != NO_COLUMN) {
            return ef_list_reader_fail(reader, err, "column \"%s\" has been named already", known->name);
        }
        layout->place[known->column] = (int)i;
        by_row[known->column] = known->by_row;
    }
    for (column c = ID1; c <= LABEL; c++) {
        static const char *const needed[] = {"id1", "id2", "label"};
        if (layout->place[c] == NO_COLUMN) {
            return ef_list_reader_fail(reader, err, "the columns lack \"%s\"", needed[c]);
        }
    }
    if (by_row[ID1] != by_row[ID2]) {
        return ef_list_reader_fail(reader, err, "one image is named by its row and the other is not, expected row1 and row2");
    }
    layout->by_row = by_row[ID1];
    return EF_OK;
}

/* Whether a line is one or two numbers, as lists of LFW's format begin. */
static bool is_counts(ef_span line)
{
    ef_span word;
    uint64_t number;
    size_t count = 0;
    while (ef_span_word(&line, &word)) {
        if (!ef_parse_unsigned(&number, word.text, word.length)) {
            return false;
        }
        count++;
    }
    return count == 1 || count == 2;
}

/* Decides the layout by the first line; *header says whether that line is no pair. */
static ef_status read_layout(csv_layout *layout, bool *header, csv_fields *fields, const ef_list_reader *reader, ef_span line,
                             ef_error *err)
{
    ef_status status = find_separator(&layout->separator, fields, line, err);
    if (status == EF_OK) {
        status = cut_or_fail(fields, reader, line, layout->separator, err);
    }
    if (status != EF_OK) {
        return status;
    }
    layout->fields = fields->count;
    *header = is_header(fields);
    if (*header) {
        return read_header(layout, reader, fields, err);
    }
    if (fields->count != FOLD && fields->count != COLUMNS) {
        return ef_list_reader_fail(reader, err, "\"%.*s\" has %zu field%s, expected id1,id2,label or id1,id2,label,fold%s",
                                   EF_SHOWN(line), fields->count, fields->count == 1 ? "" : "s",
                                   is_counts(line) ? "; a list that begins with its counts, as LFW's pairs.txt, is read by a "
                                                     "protocol file with list = lfw-pairs FILE"
                                                   : "");
    }
    for (column c = ID1; c < COLUMNS; c++) {
        layout->place[c] = (size_t)c < fields->count ? (int)c : NO_COLUMN;
    }
    return EF_OK;
}

static ef_status read_id(size_t *id, ef_list_reader *reader, ef_span field, bool by_row, ef_error *err)
{
    if (!by_row) {
        if (field.length == 0) {
            return ef_list_reader_fail(reader, err, "an image has no name");
        }
        return ef_intern_add(id, reader->names, field.text, field.length, err);
    }
    uint64_t row;
    if (!ef_parse_unsigned(&row, field.text, field.length)) {
        return ef_list_reader_fail(reader, err, "\"%.*s\" is not a row, expected a number from 0 on", EF_SHOWN(field));
    }
    char text[32]; /* written anew, so that 7 and 007 are one image */
    int length = snprintf(text, sizeof text, "%" PRIu64, row);
    return ef_intern_add(id, reader->names, text, (size_t)length, err);
}

static ef_status read_pair(ef_list_reader *reader, csv_folds *folds, const csv_layout *layout, const csv_fields *fields,
                           ef_span line, ef_error *err)
{
    if (fields->count != layout->fields) {
        return ef_list_reader_fail(reader, err, "\"%.*s\" has %zu field%s, expected %zu as in the first line", EF_SHOWN(line),
                                   fields->count, fields->count == 1 ? "" : "s", layout->fields);
    }
    ef_span label = fields->field[layout->place[LABEL]];
    bool genuine = ef_span_equal(label, "1");
    if (!genuine && !ef_span_equal(label, "0")) {
        return ef_list_reader_fail(reader, err, "label neither 0 nor 1: \"%.*s\", expected 1 for one person, 0 for two",
                                   EF_SHOWN(label));
    }
    size_t a, b;
    ef_status status = read_id(&a, reader, fields->field[layout->place[ID1]], layout->by_row, err);
    if (status == EF_OK) {
        status = read_id(&b, reader, fields->field[layout->place[ID2]], layout->by_row, err);
    }
    if (status == EF_OK && layout->place[FOLD] != NO_COLUMN) {
        ef_span fold = fields->field[layout->place[FOLD]];
        size_t count = reader->list.count;
        if (!ef_grow(&folds->value, &folds->capacity, count + 1, sizeof *folds->value)) {
            status = ef_fail_memory(err, "a list of pairs");
        } else if (!ef_parse_integer(&folds->value[count], fold.text, fold.length)) {
            status = ef_list_reader_fail(reader, err, "\"%.*s\" is not a fold, expected an integer", EF_SHOWN(fold));
        }
    }
    return status == EF_OK ? ef_list_reader_pair(reader, a, b, genuine, -1, reader->file.line, err) : status;
}

static int compare_integers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Numbers the distinct values that stand for folds in ascending order. */
static ef_status number_folds(ef_list_reader *reader, const csv_folds *folds, ef_error *err)
{
    ef_pair_list *list = &reader->list;
    int64_t *distinct = ef_alloc(list->count, sizeof *distinct);
    if (distinct == NULL) {
        return ef_fail_memory(err, "a list of pairs");
    }
    if (list->count > 0) {
        memcpy(distinct, folds->value, list->count * sizeof *distinct);
        qsort(distinct, list->count, sizeof *distinct, compare_integers);
    }
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (count == 0 || distinct[i] != distinct[count - 1]) {
            distinct[count++] = distinct[i];
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        const int64_t *at = bsearch(&folds->value[i], distinct, count, sizeof *distinct, compare_integers);
        list->pairs[i].fold = (int)(at - distinct);
    }
    list->folds = (int)count;
    free(distinct);
    return EF_OK;
}

static ef_status read_line(ef_list_reader *reader, csv_folds *folds, const csv_layout *layout, csv_fields *fields, ef_span line,
                           ef_error *err)
{
    ef_status status = cut_or_fail(fields, reader, line, layout->separator, err);
    return status == EF_OK ? read_pair(reader, folds, layout, fields, line, err) : status;
}

static bool is_comment(ef_span line)
{
    return ef_span_trim(line).text[0] == '#';
}

/* Tells of the lines behind the first bad one how many are bad too. */
static ef_status count_bad(ef_list_reader *reader, csv_folds *folds, const csv_layout *layout, csv_fields *fields, ef_error *err)
{
    uint64_t bad = 1;
    ef_span line;
    while (ef_list_reader_line(reader, &line)) {
        bad += !is_comment(line) && read_line(reader, folds, layout, fields, line, NULL) == EF_FORMAT;
    }
    return ef_fail_and_more(err, EF_FORMAT, bad, "line");
}

/* Reads up to `most` pairs. */
static ef_status read_pairs(ef_list_reader *reader, size_t most, ef_error *err)
{
    ef_status status = EF_OK;
    csv_fields fields = {0};
    csv_folds folds = {0};
    csv_layout layout = {0};
    bool first = true;
    ef_span line;
    while (status == EF_OK && reader->list.count < most && ef_list_reader_line(reader, &line)) {
        if (is_comment(line)) {
            continue;
        }
        bool header = false;
        if (first) {
            first = false;
            status = read_layout(&layout, &header, &fields, reader, line, err);
            reader->list.by_row = layout.by_row;
            if (status != EF_OK || header) {
                continue;
            }
            status = read_pair(reader, &folds, &layout, &fields, line, err);
        } else {
            status = read_line(reader, &folds, &layout, &fields, line, err);
        }
        if (status == EF_FORMAT && most == SIZE_MAX) {
            status = count_bad(reader, &folds, &layout, &fields, err);
        }
    }
    if (status == EF_OK && !first && layout.place[FOLD] != NO_COLUMN) {
        status = number_folds(reader, &folds, err);
    }
    free(fields.text);
    free(folds.value);
    return status;
}

/* The first pair and the names above it. */
static ef_status judge(ef_list_reader *reader, bool *known, ef_error *err)
{
    ef_status status = read_pairs(reader, 1, err);
    *known = reader->list.count > 0;
    return status;
}

static ef_status read_all(ef_list_reader *reader, ef_error *err)
{
    return read_pairs(reader, SIZE_MAX, err);
}

static ef_status read_list(ef_pair_list *out, const char *folder, const char *argument, ef_error *err)
{
    return ef_list_read_file(out, folder, argument, read_all, judge, err);
}

const ef_list_format ef_list_format_csv = {
    .name = "csv",
    .argument = "FILE",
    .summary = "a list of your own: id1,id2,label[,fold], label 1 or 0, between commas, tabs, semicolons or blanks; a header may "
               "name the columns (row1,row2: by row number)",
    .read = read_list,
};
