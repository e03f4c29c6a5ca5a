#include "list/score_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/and_more.h"
#include "base/error.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text_file.h"
#include "base/hash.h"
#include "list/list_reader.h"

/* Where the two columns stand. */
typedef struct score_layout {
    char separator; /* ' ' for blanks */
    size_t label, score, columns;
} score_layout;

enum { most_columns = 64 };

static size_t split(ef_span *field, ef_span line, char separator)
{
    size_t count = 0;
    while (count < most_columns &&
           (separator == ' ' ? ef_span_word(&line, &field[count]) : ef_span_field(&line, separator, &field[count]))) {
        count++;
    }
    return count;
}

static char separator_of(ef_span line)
{
    static const char separators[] = "\t,;";
    for (size_t i = 0; i < sizeof separators - 1; i++) {
        if (memchr(line.text, separators[i], line.length) != NULL) {
            return separators[i];
        }
    }
    return ' ';
}

static bool is_one_of(ef_span field, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (ef_span_equal_nocase(field, *names)) {
            return true;
        }
    }
    return false;
}

/* Sets the layout from the first line; *header tells whether that line was one. */
static ef_status find_layout(score_layout *out, bool *header, ef_span line, const char *path, size_t number, ef_error *err)
{
    static const char *const label_names[] = {"label", "issame", "genuine", "same", NULL};
    static const char *const score_names[] = {"score", "similarity", "cosine", NULL};
    ef_span field[most_columns];
    score_layout found = {.separator = separator_of(line), .label = most_columns, .score = most_columns};
    found.columns = split(field, line, found.separator);
    double value;
    *header = true;
    for (size_t i = 0; i < found.columns; i++) {
        size_t *place = is_one_of(field[i], label_names) ? &found.label : is_one_of(field[i], score_names) ? &found.score : NULL;
        if (place != NULL && *place != most_columns) {
            return ef_fail(err, EF_FORMAT, "%s:%zu: column \"%.*s\" has been named already%s", path, number, EF_SHOWN(field[i]),
                           place == &found.label ? ": label, issame, genuine and same are one column"
                                                 : ": score, similarity and cosine are one column");
        }
        if (place != NULL) {
            *place = i;
        }
        *header = *header && !ef_parse_real(&value, field[i].text, field[i].length);
    }
    if (!*header) {
        found.label = 0;
        found.score = 1;
    }
    if (found.label == most_columns || found.score == most_columns) {
        return ef_fail(err, EF_FORMAT,
                       "%s:%zu: neither a line 'label score' nor a heading that names the columns label and score", path, number);
    }
    if (!*header && found.columns != 2) {
        return ef_fail(err, EF_FORMAT,
                       "%s:%zu: %zu field%s, not the two of 'label score'; a heading line can name the columns of a wider file",
                       path, number, found.columns, found.columns == 1 ? "" : "s");
    }
    *out = found;
    return EF_OK;
}

static ef_status read_line(double *score, unsigned char *genuine, const score_layout *layout, ef_span line, const char *path,
                           size_t number, ef_error *err)
{
    ef_span field[most_columns];
    size_t count = split(field, line, layout->separator);
    if (count != layout->columns) {
        return ef_fail(err, EF_FORMAT, "%s:%zu: %zu field%s where %zu were expected", path, number, count, count == 1 ? "" : "s",
                       layout->columns);
    }
    ef_span label = field[layout->label], value = field[layout->score];
    if (!ef_span_equal(label, "0") && !ef_span_equal(label, "1")) {
        return ef_fail(
            err, EF_FORMAT,
            "%s:%zu: label '%.*s' is neither 0 (impostor) nor 1 (genuine); if the score comes first, begin the file with the "
            "heading 'score label'",
            path, number, (int)label.length, label.text);
    }
    if (!ef_parse_real(score, value.text, value.length)) {
        return ef_fail(err, EF_FORMAT, "%s:%zu: score '%.*s' is not a finite number", path, number, (int)value.length,
                       value.text);
    }
    *genuine = label.text[0] == '1';
    return EF_OK;
}

/* Tells of the lines behind the first bad one how many are bad too. */
static ef_status count_bad(ef_text_file *file, const score_layout *layout, const char *path, ef_error *err)
{
    uint64_t bad = 1;
    ef_span line;
    while (ef_text_file_line(file, &line)) {
        double score;
        unsigned char genuine;
        line = ef_span_trim(line);
        bad +=
            line.length > 0 && line.text[0] != '#' && read_line(&score, &genuine, layout, line, path, file->line, NULL) != EF_OK;
    }
    return ef_fail_and_more(err, EF_FORMAT, bad, "line");
}

/* The first lines of a list tell where its columns are, and whether its first score is one. */
static ef_status judge(void *context, ef_text_file *begin, bool *known, ef_error *err)
{
    score_layout layout = {0};
    ef_status status = EF_OK;
    ef_span line;
    while (status == EF_OK && !*known && ef_text_file_line(begin, &line)) {
        bool header = false;
        double score;
        unsigned char genuine;
        line = ef_span_trim(line);
        if (line.length == 0 || line.text[0] == '#') {
            continue;
        }
        if (layout.columns == 0) {
            status = find_layout(&layout, &header, line, context, begin->line, err);
        }
        if (status == EF_OK && !header) {
            status = read_line(&score, &genuine, &layout, line, context, begin->line, err);
            *known = true;
        }
    }
    return status;
}

ef_status ef_score_list_read(ef_score_list *out, const char *path, ef_error *err)
{
    ef_text_file file = {0};
    ef_score_list list = {0};
    size_t score_capacity = 0, genuine_capacity = 0;
    score_layout layout = {0};
    ef_span line;
    char *name = (char *)ef_input_name(path);
    ef_status status = ef_text_file_open_by(&file, path, &(ef_text_rules){.judge = judge, .context = name}, err);
    if (status == EF_OK) {
        list.mark = file.mark;
        ef_hash_mark(&list.mark, file.text, file.length);
        path = ef_input_name(path);
    }
    while (status == EF_OK && ef_text_file_line(&file, &line)) {
        line = ef_span_trim(line);
        if (line.length == 0 || line.text[0] == '#') {
            continue;
        }
        bool header = false;
        if (layout.columns == 0) {
            status = find_layout(&layout, &header, line, path, file.line, err);
        }
        if (status != EF_OK || header) {
            continue;
        }
        if (!ef_grow(&list.score, &score_capacity, list.count + 1, sizeof *list.score) ||
            !ef_grow(&list.genuine, &genuine_capacity, list.count + 1, sizeof *list.genuine)) {
            status = ef_fail_memory(err, path);
            break;
        }
        status = read_line(&list.score[list.count], &list.genuine[list.count], &layout, line, path, file.line, err);
        list.count++;
        if (status == EF_FORMAT) {
            status = count_bad(&file, &layout, path, err);
        }
    }
    ef_text_file_close(&file);
    if (status == EF_OK && list.count == 0) {
        status = ef_fail(err, EF_FORMAT, "%s: no scores in this file", path);
    }
    if (status != EF_OK) {
        ef_score_list_free(&list);
        return status;
    }
    *out = list;
    return EF_OK;
}

void ef_score_list_free(ef_score_list *list)
{
    free(list->score);
    free(list->genuine);
    *list = (ef_score_list){0};
}
