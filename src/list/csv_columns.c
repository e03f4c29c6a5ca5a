#include "list/csv_columns.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "list/list_reader.h"

/* Takes the quoted field at the front of *rest, and the comma behind it; NULL, or what is wrong with its quotes. */
static const char *take_quoted(ef_span *rest, ef_span *field)
{
    size_t end = 1;
    while (end < rest->length && (rest->text[end] != '"' || (end + 1 < rest->length && rest->text[end + 1] == '"'))) {
        end += rest->text[end] == '"' ? 2 : 1;
    }
    if (end >= rest->length) {
        return "a quoted field does not end in this line";
    }
    *field = (ef_span){rest->text + 1, end - 1};
    ef_span behind = ef_span_trim((ef_span){rest->text + end + 1, rest->length - end - 1});
    if (behind.length > 0 && behind.text[0] != ',') {
        return "text stands right behind a quoted field";
    }
    *rest = behind.length > 0 ? (ef_span){behind.text + 1, behind.length - 1} : (ef_span){NULL, 0};
    return NULL;
}

/* Takes the next field: false when there is none, or when something is wrong with its quotes, which *wrong then says. */
static bool take(ef_span *rest, ef_span *field, const char **wrong)
{
    size_t blanks = 0;
    while (blanks < rest->length && (rest->text[blanks] == ' ' || rest->text[blanks] == '\t')) {
        blanks++;
    }
    if (blanks < rest->length && rest->text[blanks] == '"') {
        *rest = (ef_span){rest->text + blanks, rest->length - blanks};
        *wrong = take_quoted(rest, field);
        return *wrong == NULL;
    }
    return ef_span_field(rest, ',', field);
}

/* The fields of a line, as far as its quotes are right. */
static size_t count_fields(ef_span line)
{
    const char *wrong = NULL;
    size_t count = 0;
    ef_span field;
    while (take(&line, &field, &wrong)) {
        count++;
    }
    return count;
}

static ef_status fail_missing(ef_span heading, const char *name, ef_error *err)
{
    enum { LONGEST = 40 }; /* of a name that is shown */
    char names[320];
    const char *wrong = NULL;
    size_t used = 0;
    ef_span field;
    names[0] = '\0';
    while (used + LONGEST + 3 < sizeof names && take(&heading, &field, &wrong)) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.*s", used > 0 ? ", " : "",
                                 (int)(field.length < LONGEST ? field.length : LONGEST), field.text);
    }
    return ef_fail(err, EF_FORMAT, "there is no column %s; the heading has %s%s", name, names,
                   heading.text != NULL ? ", ..." : "");
}

/* Keeps the order ascending by place. */
static void insert(ef_csv_columns *columns, size_t place, size_t wanted)
{
    size_t at = columns->count++;
    while (at > 0 && columns->order[at - 1].place > place) {
        columns->order[at] = columns->order[at - 1];
        at--;
    }
    columns->order[at].place = place;
    columns->order[at].wanted = wanted;
}

ef_status ef_csv_columns_find(ef_csv_columns *out, ef_span heading, const char *const *names, size_t count, ef_error *err)
{
    *out = (ef_csv_columns){.fields = count_fields(heading)};
    for (size_t i = 0; i < count; i++) {
        ef_span rest = heading, field;
        const char *wrong = NULL;
        size_t found = 0, place = 0;
        for (size_t at = 0; take(&rest, &field, &wrong); at++) {
            if (ef_span_equal_nocase(field, names[i])) {
                place = at;
                found++;
            }
        }
        if (wrong != NULL) {
            return ef_fail(err, EF_FORMAT, "%s", wrong);
        }
        if (found == 0) {
            return fail_missing(heading, names[i], err);
        }
        if (found > 1) {
            return ef_fail(err, EF_FORMAT, "%zu columns are called %s", found, names[i]);
        }
        insert(out, place, i);
    }
    return EF_OK;
}

static ef_status fail_fields(const ef_csv_columns *columns, size_t found, ef_error *err)
{
    return ef_fail(err, EF_FORMAT, "a row has %zu field%s, as the heading; this one has %zu", columns->fields,
                   columns->fields == 1 ? "" : "s", found);
}

/* The wanted fields of a line without quotes stand first in the usual lists: what is behind them is only counted. */
static size_t count_commas(ef_span rest)
{
    size_t count = 0;
    for (size_t i = 0; i < rest.length; i++) {
        count += rest.text[i] == ',';
    }
    return count;
}

ef_status ef_csv_columns_cut(ef_span *field, const ef_csv_columns *columns, ef_span line, ef_error *err)
{
    const char *wrong = NULL;
    bool quoted = line.length > 0 && memchr(line.text, '"', line.length) != NULL;
    size_t fields = 0, next = 0;
    ef_span rest = line, one;
    while (next < columns->count && (quoted ? take(&rest, &one, &wrong) : ef_span_field(&rest, ',', &one))) {
        for (; next < columns->count && columns->order[next].place == fields; next++) {
            field[columns->order[next].wanted] = one;
        }
        fields++;
    }
    if (quoted) {
        while (take(&rest, &one, &wrong)) {
            fields++;
        }
    } else if (rest.text != NULL) {
        fields += 1 + count_commas(rest);
    }
    if (wrong != NULL) {
        return ef_fail(err, EF_FORMAT, "%s", wrong);
    }
    return fields == columns->fields ? EF_OK : fail_fields(columns, fields, err);
}
