#include "cli/reference_layout.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

static bool has(ef_span line, char c)
{
    return line.length > 0 && memchr(line.text, c, line.length) != NULL;
}

static char separator_of(ef_span line)
{
    return has(line, ';') ? ';' : has(line, ',') ? ',' : ' ';
}

static bool take(ef_span *rest, char separator, ef_span *field)
{
    bool more = separator == ' ' ? ef_span_word(rest, field) : ef_span_field(rest, separator, field);
    if (more && field->length >= 2 && field->text[0] == '"' && field->text[field->length - 1] == '"') {
        *field = ef_span_trim((ef_span){field->text + 1, field->length - 2});
    }
    return more;
}

static bool is_number(double *out, ef_span field)
{
    ef_span unsigned_field = field;
    if (field.length > 0 && (field.text[0] == '-' || field.text[0] == '+')) {
        unsigned_field = (ef_span){field.text + 1, field.length - 1};
    }
    *out = NAN;
    return ef_span_equal_nocase(unsigned_field, "nan") || ef_parse_real(out, field.text, field.length);
}

static bool has_letter(ef_span field)
{
    for (size_t i = 0; i < field.length; i++) {
        char low = (char)(field.text[i] | 0x20);
        if (low >= 'a' && low <= 'z') {
            return true;
        }
    }
    return false;
}

/* Words, none of them a number. */
static bool is_heading(ef_span line, char separator)
{
    ef_span rest = line, field;
    double number;
    bool numbers = false, words = false;
    while (!numbers && take(&rest, separator, &field)) {
        numbers = is_number(&number, field);
        words = words || has_letter(field);
    }
    return words && !numbers;
}

/* Finds the columns that the heading names. */
static ef_status find_named(reference_layout *out, ef_span line, ef_error *err)
{
    ef_span rest = line, field;
    size_t found = 0;
    bool first_named = true, far = false;
    for (out->fields = 0; take(&rest, out->separator, &field); out->fields++) {
        reference_rate rate = reference_rate_of(field);
        first_named = out->fields > 0 ? first_named : field.length > 0;
        if (rate == REFERENCE_NONE || (found == 2 && far && rate != REFERENCE_FPR)) {
            continue; /* a FNMR beside the TAR says no more */
        }
        if (found == 2 || (found == 1 && (rate == REFERENCE_FPR) == far)) {
            return ef_fail(
                err, EF_FORMAT,
                "the column '%.*s' has been named already: of fpr (far, fmr) there must be one, and one of tpr (tar, tmr) "
                "or fnr (fnmr, frr) beside it",
                field.length > 40 ? 40 : (int)field.length, field.text);
        }
        far = far || rate == REFERENCE_FPR;
        out->place[found] = out->fields;
        out->columns.rate[found++] = rate;
    }
    if (found == 2) {
        return EF_OK;
    }
    out->columns = (reference_columns){{REFERENCE_NONE, REFERENCE_NONE}};
    size_t front = first_named ? 0 : 1; /* row numbers */
    if (out->fields == front + 2) {
        out->place[0] = front;
        out->place[1] = front + 1;
        return EF_OK;
    }
    if (out->separator != ' ') {
        return ef_fail(err, EF_FORMAT,
                       "a heading of %zu column%s must name two of them: fpr (far, fmr), and tpr (tar, tmr) or fnr (fnmr, frr)",
                       out->fields, out->fields == 1 ? "" : "s");
    }
    out->fields = 2; /* words between blanks may be a title */
    out->place[0] = 0;
    out->place[1] = 1;
    return EF_OK;
}

ef_status reference_layout_find(reference_layout *out, ef_span line, ef_error *err)
{
    bool unnamed = line.length > 0 && line.text[0] == '\t'; /* what stands first has no name, and blanks would not show it */
    ef_span trimmed = ef_span_trim(line);
    *out = (reference_layout){.separator = separator_of(trimmed), .fields = 2, .place = {0, 1}};
    if (!is_heading(trimmed, out->separator)) {
        return EF_OK;
    }
    out->headed = true;
    out->separator = unnamed && out->separator == ' ' ? '\t' : out->separator;
    return find_named(out, out->separator == '\t' ? line : trimmed, err);
}

bool reference_layout_cut(double pair[2], const reference_layout *layout, ef_span line)
{
    char separator = layout->headed ? layout->separator : separator_of(line);
    ef_span rest = separator == '\t' ? line : ef_span_trim(line), field;
    double number[2][2] = {{0}}; /* at the two places, and one further */
    bool good[2][2] = {{false}};
    size_t count = 0;
    for (; take(&rest, separator, &field); count++) {
        for (size_t shift = 0; shift < 2; shift++) {
            for (size_t i = 0; i < 2; i++) {
                if (count == layout->place[i] + shift) {
                    good[shift][i] = is_number(&number[shift][i], field);
                }
            }
        }
    }
    size_t shift = layout->columns.rate[0] != REFERENCE_NONE && count == layout->fields + 1 ? 1 : 0;
    if (count != layout->fields + shift || !good[shift][0] || !good[shift][1]) {
        return false;
    }
    pair[0] = number[shift][0];
    pair[1] = number[shift][1];
    return true;
}
