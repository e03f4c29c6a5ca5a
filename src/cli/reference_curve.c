#include "cli/reference_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text_file.h"

static bool is_nan(ef_span field)
{
    if (field.length > 0 && (field.text[0] == '-' || field.text[0] == '+')) {
        field = (ef_span){field.text + 1, field.length - 1};
    }
    return ef_span_equal_nocase(field, "nan");
}

/* Blanks and one comma stand between the numbers; either may be a NaN, which a rate without trials is. */
static bool read_pair(double pair[2], ef_span line)
{
    ef_span rest = line, field;
    bool comma = memchr(line.text, ',', line.length) != NULL;
    size_t count = 0;
    while (comma ? ef_span_field(&rest, ',', &field) : ef_span_word(&rest, &field)) {
        if (count == 2 || (!is_nan(field) && !ef_parse_real(&pair[count], field.text, field.length))) {
            return false;
        }
        pair[count] = is_nan(field) ? NAN : pair[count];
        count++;
    }
    return count == 2;
}

static bool is_share(double value)
{
    return value >= 0 && value <= 1;
}

static ef_status check_pair(const double pair[2], ef_plot_kind kind, const ef_text_file *file, const char *path, ef_error *err)
{
    bool x_share = kind == EF_PLOT_ROC || kind == EF_PLOT_DET;
    bool above = kind == EF_PLOT_CMC || kind == EF_PLOT_DISTRACTORS;
    if ((x_share && !is_share(pair[0])) || (above && !(pair[0] > 0)) || !is_share(pair[1])) {
        return ef_fail(err, EF_FORMAT, "%s:%zu: %g %g is no point of %s, where %s; per cent must be divided by 100", path,
                       file->line, pair[0], pair[1], ef_plot_kind_name(kind),
                       x_share ? "both are shares between 0 and 1"
                       : above ? "x is above 0 and y a share between 0 and 1"
                               : "y is a share between 0 and 1");
    }
    return EF_OK;
}

/* Whether a line can be a heading: words only, none of them a number. */
static bool is_heading(ef_span line)
{
    ef_span rest = line, field;
    bool comma = memchr(line.text, ',', line.length) != NULL, words = true;
    double number;
    while (words && (comma ? ef_span_field(&rest, ',', &field) : ef_span_word(&rest, &field))) {
        words = !is_nan(field) && !ef_parse_real(&number, field.text, field.length);
    }
    return words;
}

static ef_status read_points(ef_plot_reference *out, reference_columns *heading, const char *path, ef_plot_kind kind,
                             ef_error *err)
{
    ef_text_file file = {0};
    ef_span line;
    size_t x_capacity = 0, y_capacity = 0;
    bool begun = false;
    *heading = (reference_columns){{REFERENCE_NONE, REFERENCE_NONE}};
    ef_status status = ef_text_file_open(&file, path, err);
    path = ef_input_name(path);
    while (status == EF_OK && ef_text_file_line(&file, &line)) {
        double pair[2] = {0};
        line = ef_span_trim(line);
        if (line.length == 0 || line.text[0] == '#') {
            continue;
        }
        if (!begun && is_heading(line)) {
            begun = true;
            (void)reference_columns_parse(heading, line);
            continue;
        }
        begun = true;
        if (!read_pair(pair, line)) {
            status = ef_fail(err, EF_FORMAT, "%s:%zu: '%.*s' is not two numbers", path, file.line,
                             line.length > 40 ? 40 : (int)line.length, line.text);
        } else if (isnan(pair[0]) || isnan(pair[1])) {
            continue;
        } else {
            status = check_pair(pair, kind, &file, path, err);
        }
        if (status == EF_OK && (!ef_grow(&out->x, &x_capacity, out->count + 1, sizeof *out->x) ||
                                !ef_grow(&out->y, &y_capacity, out->count + 1, sizeof *out->y))) {
            status = ef_fail_memory(err, path);
        }
        if (status == EF_OK) {
            out->x[out->count] = pair[0];
            out->y[out->count++] = pair[1];
        }
    }
    ef_text_file_close(&file);
    return status == EF_OK && out->count == 0 ? ef_fail(err, EF_FORMAT, "%s: holds no points", path) : status;
}

/* Takes "PROTOCOL:" off the front where there is a result of it. */
static ef_status take_protocol(const char **rest, ef_plot_reference *out, const table_input *input, ef_error *err)
{
    const char *colon = strchr(*rest, ':');
    if (colon == NULL || memchr(*rest, '/', (size_t)(colon - *rest)) != NULL ||
        memchr(*rest, '=', (size_t)(colon - *rest)) != NULL) {
        return EF_OK;
    }
    char *name = ef_copy_bytes(*rest, (size_t)(colon - *rest));
    if (name == NULL) {
        return ef_fail_memory(err, "the command line");
    }
    ef_nearest nearest = ef_nearest_begin(name);
    for (size_t i = 0; out->protocol == NULL && i < input->entry_count; i++) {
        const char *protocol = input->entries[i].result->protocol;
        if (ef_same_name(protocol, name)) {
            out->protocol = ef_copy(protocol);
        } else {
            ef_nearest_offer(&nearest, protocol);
        }
    }
    ef_status status = out->protocol != NULL ? EF_OK : ef_fail_unknown(err, "result of", name, &nearest);
    *rest = colon + 1;
    free(name);
    return status;
}

ef_status reference_curve_read(ef_plot_reference *out, const char **remark, const char *argument, ef_plot_kind kind,
                               const reference_columns *columns, table_input *input, ef_error *err)
{
    const char *rest = argument, *slash;
    reference_columns heading;
    *remark = NULL;
    bool whole = access(argument, F_OK) == 0;
    ef_status status = whole ? EF_OK : take_protocol(&rest, out, input, err);
    const char *equals = whole ? NULL : strchr(rest, '=');
    const char *path = equals != NULL ? equals + 1 : rest;
    if (status == EF_OK && equals != NULL) {
        out->name = ef_copy_bytes(rest, (size_t)(equals - rest));
    } else if (status == EF_OK) {
        slash = strrchr(path, '/');
        out->name = ef_copy(slash != NULL ? slash + 1 : ef_input_name(path));
    }
    out->file = ef_copy(path);
    if (status == EF_OK && (out->name == NULL || out->file == NULL)) {
        status = ef_fail_memory(err, "the command line");
    }
    if (status == EF_OK) {
        status = read_once_take(&input->once, path, "--reference", err);
    }
    if (status == EF_OK) {
        status = read_points(out, &heading, path, kind, err);
    }
    if (status == EF_OK) {
        *remark = reference_columns_apply(out, columns->rate[0] != REFERENCE_NONE ? columns : &heading, kind);
    }
    return status;
}

void reference_curve_free(ef_plot_reference *reference)
{
    free(reference->protocol);
    free(reference->name);
    free(reference->file);
    free(reference->x);
    free(reference->y);
    *reference = (ef_plot_reference){0};
}
