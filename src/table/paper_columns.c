#include "table/paper_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <eface/protocol.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "report/figure_text.h"
#include "table/benchmark.h"

void ef_paper_columns_free(ef_paper_columns *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        free(columns->items[i].protocol);
        free(columns->items[i].top);
        free(columns->items[i].below);
    }
    free(columns->items);
    free(columns->title);
    *columns = (ef_paper_columns){0};
}

static double usual_point(const ef_metric *metric)
{
    return metric->parameter != NULL ? metric->usual_point : NAN;
}

/* Whether some result has a figure; published figures count only where nothing is measured. */
static bool is_there(const ef_paper_input *input, const char *protocol, const char *metric, double point)
{
    bool there = false;
    for (size_t i = 0; i < input->count; i++) {
        const ef_stored_result *result = input->entries[i].result;
        there = there || (strcmp(result->protocol, protocol) == 0 && ef_stored_find(result, metric, point) != NULL);
    }
    for (size_t i = 0; input->count == 0 && i < input->published->count; i++) {
        there = there || ef_published_find(&input->published->systems[i], protocol, metric, point) != NULL;
    }
    return there;
}

static bool has_name(const ef_strings *names, const char *name)
{
    for (size_t i = 0; i < ef_strings_count(names); i++) {
        if (strcmp(ef_strings_at(names, i), name) == 0) {
            return true;
        }
    }
    return false;
}

static ef_status add_name(ef_strings *names, const char *name, ef_error *err)
{
    return has_name(names, name) ? EF_OK : ef_strings_add(names, name, strlen(name), err);
}

/* The protocols that there are, each once, as they come. */
static ef_status list_names(ef_strings *names, const ef_paper_input *input, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < input->count; i++) {
        status = add_name(names, input->entries[i].result->protocol, err);
    }
    for (size_t i = 0; input->count == 0 && i < input->published->count; i++) {
        const ef_published_system *system = &input->published->systems[i];
        for (size_t j = 0; status == EF_OK && j < system->count; j++) {
            status = add_name(names, system->figures[j].protocol, err);
        }
    }
    return status;
}

/* The same by their places in tables; those of one place as they come. */
static ef_status list_protocols(ef_strings **out, const ef_paper_input *input, ef_error *err)
{
    ef_strings *names = NULL;
    uint64_t *place = NULL;
    ef_status status = ef_strings_create(&names, err);
    if (status == EF_OK) {
        status = list_names(names, input, err);
    }
    if (status == EF_OK) {
        status = ef_strings_create(out, err);
    }
    size_t count = ef_strings_count(names);
    if (status == EF_OK && count > 0 && (place = ef_alloc(count, sizeof *place)) == NULL) {
        status = ef_fail_memory(err, "a table");
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        place[i] = ef_benchmark_place(input, ef_strings_at(names, i));
    }
    for (size_t taken = 0; status == EF_OK && taken < count; taken++) {
        size_t next = count;
        for (size_t i = 0; i < count; i++) {
            const char *name = ef_strings_at(names, i);
            bool waits = !has_name(*out, name);
            next = waits && (next == count || place[i] < place[next]) ? i : next;
        }
        status = add_name(*out, ef_strings_at(names, next), err);
    }
    free(place);
    ef_strings_free(names);
    return status;
}

/* "TAR @ FAR", and "Rank" where reports say "CMC rank". */
static const char *title_of(const ef_metric *metric)
{
    return metric->heading != NULL ? metric->heading : metric->title;
}

/* Adds a column, once; in depth the metric is the upper heading, else the benchmark. */
static ef_status add_column(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol, const ef_metric *metric,
                            double point, bool depth, ef_error *err)
{
    char number[32] = "";
    for (size_t i = 0; i < columns->count; i++) {
        const ef_paper_column *known = &columns->items[i];
        bool same_point = known->point == point || (isnan(known->point) && isnan(point));
        if (same_point && known->metric == metric && strcmp(known->protocol, protocol) == 0) {
            return EF_OK;
        }
    }
    if (!ef_grow(&columns->items, &columns->capacity, columns->count + 1, sizeof *columns->items)) {
        return ef_fail_memory(err, "a table");
    }
    if (!isnan(point)) {
        ef_word_point(number, sizeof number, point);
    }
    ef_paper_column *added = &columns->items[columns->count++];
    *added = (ef_paper_column){.protocol = ef_copy(protocol), .metric = metric, .point = point};
    if (depth) {
        added->top = ef_copy(title_of(metric));
        added->below = ef_copy(number);
    } else {
        added->top = ef_benchmark_heading(input, protocol);
        added->below = ef_copy_format("%s%s%s", title_of(metric), *number != '\0' ? " " : "", number);
    }
    return added->protocol != NULL && added->top != NULL && added->below != NULL ? EF_OK : ef_fail_memory(err, "a table");
}

/* Adds a figure if it is there; *added says whether. */
static ef_status add_if_there(bool *added, ef_paper_columns *columns, const ef_paper_input *input, const char *protocol,
                              const ef_metric *metric, double point, ef_error *err)
{
    *added = is_there(input, protocol, metric->name, point);
    return *added ? add_column(columns, input, protocol, metric, point, false, err) : EF_OK;
}

/* Adds the first of the figures that are usual; *added says whether there is one. */
static ef_status add_usual(bool *added, ef_paper_columns *columns, const ef_paper_input *input, const char *protocol,
                           ef_error *err)
{
    const ef_metric *first = NULL;
    for (size_t i = 0; i < ef_metric_count(); i++) {
        const ef_metric *metric = ef_metric_at(i);
        bool before = metric->usual > 0 && (first == NULL || metric->usual < first->usual);
        first = before && is_there(input, protocol, metric->name, usual_point(metric)) ? metric : first;
    }
    *added = first != NULL;
    return first != NULL ? add_column(columns, input, protocol, first, usual_point(first), false, err) : EF_OK;
}

/* Adds the first metric of a benchmark that this program knows. */
static ef_status add_first(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol, ef_error *err)
{
    for (size_t i = 0; i < input->count; i++) {
        const ef_stored_result *result = input->entries[i].result;
        for (size_t j = 0; strcmp(result->protocol, protocol) == 0 && j < result->metric_count; j++) {
            const ef_metric *metric = ef_metric_find(result->metrics[j].name);
            if (metric != NULL) {
                return add_column(columns, input, protocol, metric, result->metrics[j].point, false, err);
            }
        }
    }
    return EF_OK;
}

/* Adds what papers quote of one benchmark, or the next best thing.  A figure that this program does not know is passed over. */
static ef_status add_quoted(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol, ef_error *err)
{
    ef_strings *quote = NULL;
    bool some = false, added = false;
    ef_status status = ef_benchmark_quote(&quote, input, protocol, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(quote); i++) {
        ef_metric_request figure;
        if (ef_metric_request_parse(&figure, ef_strings_at(quote, i), EF_ALL_TASKS, NULL) == EF_OK) {
            status = add_if_there(&added, columns, input, protocol, figure.metric, figure.point, err);
            some = some || added;
        }
    }
    ef_strings_free(quote);
    if (status == EF_OK && !some) {
        status = add_usual(&some, columns, input, protocol, err);
    }
    return status == EF_OK && !some ? add_first(columns, input, protocol, err) : status;
}

/* *out = the protocol among those there are that `name` means. */
static ef_status known_protocol(const char **out, const ef_strings *protocols, const char *name, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(name);
    for (size_t i = 0; i < ef_strings_count(protocols); i++) {
        *out = ef_strings_at(protocols, i);
        if (ef_same_name(*out, name)) {
            return EF_OK;
        }
        ef_nearest_offer(&nearest, *out);
    }
    return ef_fail_unknown(err, "result of", name, &nearest);
}

/* Adds "PROTOCOL[:METRIC[@POINT]]". */
static ef_status add_asked(ef_paper_columns *columns, const ef_paper_input *input, const ef_strings *protocols, const char *text,
                           ef_error *err)
{
    const char *colon = strchr(text, ':'), *protocol = NULL;
    char *name = ef_copy_bytes(text, colon != NULL ? (size_t)(colon - text) : strlen(text));
    bool added = true;
    size_t before = columns->count;
    ef_status status = name != NULL ? known_protocol(&protocol, protocols, name, err) : ef_fail_memory(err, "the command line");
    if (status == EF_OK && colon == NULL) {
        status = add_quoted(columns, input, protocol, err);
        added = columns->count > before;
    } else if (status == EF_OK) {
        ef_metric_request figure;
        status = ef_metric_request_parse(&figure, colon + 1, ~0U, err);
        if (status == EF_OK) {
            status = add_if_there(&added, columns, input, protocol, figure.metric, figure.point, err);
        }
    }
    if (status == EF_OK && !added && colon == NULL) {
        status = ef_fail(err, EF_INVALID, "the columns of %s are asked for twice", protocol);
    } else if (status == EF_OK && !added) {
        status = ef_fail(err, EF_INVALID, "no result of %s has the figure %s", protocol, colon != NULL ? colon + 1 : "");
    }
    free(name);
    return status;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Appends `point` to a list unless it is there. */
static bool keep_point(double **points, size_t *count, size_t *capacity, double point)
{
    for (size_t i = 0; i < *count; i++) {
        if ((*points)[i] == point || (isnan((*points)[i]) && isnan(point))) {
            return true;
        }
    }
    if (!ef_grow(points, capacity, *count + 1, sizeof **points)) {
        return false;
    }
    (*points)[(*count)++] = point;
    return true;
}

/* Adds a metric of one benchmark at all points that any result has, in ascending order. */
static ef_status add_points(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol, const ef_metric *metric,
                            ef_error *err)
{
    double *points = NULL;
    size_t count = 0, capacity = 0;
    bool good = true;
    for (size_t i = 0; i < input->count; i++) {
        const ef_stored_result *result = input->entries[i].result;
        for (size_t j = 0; strcmp(result->protocol, protocol) == 0 && j < result->metric_count; j++) {
            bool here = strcmp(result->metrics[j].name, metric->name) == 0;
            good = good && (!here || keep_point(&points, &count, &capacity, result->metrics[j].point));
        }
    }
    for (size_t i = 0; input->count == 0 && i < input->published->count; i++) {
        const ef_published_system *system = &input->published->systems[i];
        for (size_t j = 0; j < system->count; j++) {
            const ef_published_figure *figure = &system->figures[j];
            bool here = figure->metric == metric && strcmp(figure->protocol, protocol) == 0;
            good = good && (!here || keep_point(&points, &count, &capacity, figure->point));
        }
    }
    if (count > 1) {
        qsort(points, count, sizeof *points, by_value);
    }
    ef_status status = good ? EF_OK : ef_fail_memory(err, "a table");
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = add_column(columns, input, protocol, metric, points[i], true, err);
    }
    free(points);
    return status;
}

/* In depth: adds "METRIC", at all its points, or "METRIC@POINT". */
static ef_status add_asked_in_depth(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol,
                                    const char *text, ef_error *err)
{
    ef_metric_request request;
    size_t before = columns->count;
    const ef_metric *metric = ef_metric_find(text);
    ef_status status = metric != NULL ? add_points(columns, input, protocol, metric, err) : EF_OK;
    if (metric == NULL) {
        status = ef_metric_request_parse(&request, text, ~0U, err);
        if (status == EF_OK && is_there(input, protocol, request.metric->name, request.point)) {
            status = add_column(columns, input, protocol, request.metric, request.point, true, err);
        }
    }
    return status != EF_OK || columns->count > before
               ? status
               : ef_fail(err, EF_INVALID, "no result of %s has the figure %s", protocol, text);
}

/* In depth: adds the metrics that have a place there, by it. */
static ef_status add_usual_in_depth(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol, ef_error *err)
{
    bool folds = false;
    unsigned last = 0;
    for (size_t i = 0; i < ef_metric_count(); i++) {
        const ef_metric *metric = ef_metric_at(i);
        folds = folds || ((metric->needs & EF_NEEDS_FOLDS) != 0 && is_there(input, protocol, metric->name, usual_point(metric)));
        last = metric->in_depth > last ? metric->in_depth : last;
    }
    ef_status status = EF_OK;
    for (unsigned place = 1; place <= last; place++) {
        for (size_t i = 0; status == EF_OK && i < ef_metric_count(); i++) {
            const ef_metric *metric = ef_metric_at(i);
            if (metric->in_depth == place && (folds || !metric->in_depth_of_folds)) {
                status = add_points(columns, input, protocol, metric, err);
            }
        }
    }
    return status;
}

static ef_status choose_in_depth(ef_paper_columns *columns, const ef_paper_input *input, const ef_strings *protocols,
                                 const ef_paper_options *options, ef_error *err)
{
    const char *protocol = NULL;
    ef_status status = known_protocol(&protocol, protocols, options->depth, err);
    size_t asked = ef_strings_count(options->columns);
    if (status == EF_OK && (columns->title = ef_benchmark_heading(input, protocol)) == NULL) {
        status = ef_fail_memory(err, "a table");
    }
    for (size_t i = 0; status == EF_OK && i < asked; i++) {
        status = add_asked_in_depth(columns, input, protocol, ef_strings_at(options->columns, i), err);
    }
    if (status == EF_OK && asked == 0) {
        status = add_usual_in_depth(columns, input, protocol, err);
    }
    return status == EF_OK && columns->count == 0 ? add_first(columns, input, protocol, err) : status;
}

ef_status ef_paper_columns_choose(ef_paper_columns *out, const ef_paper_input *input, const ef_paper_options *options,
                                  ef_error *err)
{
    ef_strings *protocols = NULL;
    ef_paper_columns columns = {0};
    ef_status status = list_protocols(&protocols, input, err);
    size_t asked = ef_strings_count(options->columns);
    if (status == EF_OK && options->depth != NULL) {
        status = choose_in_depth(&columns, input, protocols, options, err);
    } else {
        for (size_t i = 0; status == EF_OK && i < asked; i++) {
            status = add_asked(&columns, input, protocols, ef_strings_at(options->columns, i), err);
        }
        for (size_t i = 0; status == EF_OK && asked == 0 && i < ef_strings_count(protocols); i++) {
            status = add_quoted(&columns, input, ef_strings_at(protocols, i), err);
        }
    }
    if (status == EF_OK && columns.count == 0) {
        status = ef_fail(err, EF_INVALID, "no result has a figure that this program knows");
    }
    ef_strings_free(protocols);
    if (status != EF_OK) {
        ef_paper_columns_free(&columns);
    }
    *out = columns;
    return status;
}

ef_status ef_paper_columns_find(size_t *index, const ef_paper_columns *columns, const char *text, ef_error *err)
{
    for (size_t i = 0; i < columns->count; i++) {
        const ef_paper_column *column = &columns->items[i];
        const char *colon = strchr(text, ':'), *figure = colon != NULL ? colon + 1 : text;
        ef_metric_request request;
        char *name = ef_copy_bytes(text, colon != NULL ? (size_t)(colon - text) : strlen(text));
        bool of_protocol = name != NULL && ef_same_name(name, column->protocol);
        bool parsed = ef_metric_request_parse(&request, figure, ~0U, NULL) == EF_OK;
        bool of_figure = parsed && request.metric == column->metric &&
                         (request.point == column->point || (isnan(request.point) && isnan(column->point)));
        free(name);
        if (colon == NULL ? of_protocol || (columns->title != NULL && of_figure) : of_protocol && of_figure) {
            *index = i;
            return EF_OK;
        }
    }
    return ef_fail(err, EF_INVALID, "the rows cannot be sorted by '%s': it is neither 'name' nor a column of the table", text);
}
