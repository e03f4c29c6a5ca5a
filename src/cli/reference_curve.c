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
#include "base/text_file.h"
#include "cli/reference_layout.h"

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

/* Takes the next line with a point: *there becomes false at the end.  *layout is found by the first line that says something. */
static ef_status read_point(double pair[2], bool *there, reference_layout *layout, ef_text_file *file, const char *path,
                            ef_error *err)
{
    ef_span line, shown;
    while ((*there = ef_text_file_line(file, &line))) {
        shown = ef_span_trim(line);
        if (shown.length == 0 || shown.text[0] == '#') {
            continue;
        }
        if (layout->fields == 0) {
            ef_status status = reference_layout_find(layout, line, err);
            if (status != EF_OK) {
                return ef_context(err, status, "%s:%zu", path, file->line);
            }
            if (layout->headed) {
                continue;
            }
        }
        if (!reference_layout_cut(pair, layout, line)) {
            int length = shown.length > 40 ? 40 : (int)shown.length;
            return layout->fields == 2
                       ? ef_fail(err, EF_FORMAT, "%s:%zu: '%.*s' is not two numbers%s", path, file->line, length, shown.text,
                                 layout->headed ? "" : "; a heading can name fpr and tpr among more columns")
                       : ef_fail(err, EF_FORMAT, "%s:%zu: '%.*s' is not %zu fields with numbers in columns %zu and %zu", path,
                                 file->line, length, shown.text, layout->fields, layout->place[0] + 1, layout->place[1] + 1);
        }
        if (!isnan(pair[0]) && !isnan(pair[1])) {
            return EF_OK;
        }
    }
    return EF_OK;
}

/* What a pipe gives is judged by its first point. */
static ef_status judge(void *path, ef_text_file *begin, bool *known, ef_error *err)
{
    double pair[2];
    reference_layout layout = {0};
    return read_point(pair, known, &layout, begin, path, err);
}

static ef_status read_points(ef_plot_reference *out, reference_columns *heading, const char *path, ef_plot_kind kind,
                             ef_error *err)
{
    ef_text_file file = {0};
    size_t x_capacity = 0, y_capacity = 0;
    reference_layout layout = {0};
    bool there = true;
    const char *name = ef_input_name(path);
    ef_status status = ef_text_file_open_by(&file, path, &(ef_text_rules){.judge = judge, .context = (char *)name}, err);
    while (status == EF_OK && there) {
        double pair[2] = {0};
        status = read_point(pair, &there, &layout, &file, name, err);
        if (status != EF_OK || !there || (status = check_pair(pair, kind, &file, name, err)) != EF_OK) {
            continue;
        }
        if (!ef_grow(&out->x, &x_capacity, out->count + 1, sizeof *out->x) ||
            !ef_grow(&out->y, &y_capacity, out->count + 1, sizeof *out->y)) {
            status = ef_fail_memory(err, name);
        } else {
            out->x[out->count] = pair[0];
            out->y[out->count++] = pair[1];
        }
    }
    *heading = layout.columns;
    ef_text_file_close(&file);
    return status == EF_OK && out->count == 0 ? ef_fail(err, EF_FORMAT, "%s: holds no points", name) : status;
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
        bool told = columns->rate[0] != REFERENCE_NONE;
        *remark = reference_columns_apply(out, told ? columns : &heading, !told, kind);
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
