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

/* What papers quote of a benchmark, in the order of their tables. */
static const struct {
    const char *protocol;
    const char *figures[2];
} quoted[] = {
    {"lfw", {"accuracy"}},
    {"agedb_30", {"accuracy"}},
    {"calfw", {"accuracy"}},
    {"cplfw", {"accuracy"}},
    {"cfp_fp", {"accuracy"}},
    {"cfp_ff", {"accuracy"}},
    {"ijbb", {"tar_at_far@1e-4"}},
    {"ijbc", {"tar_at_far@1e-4"}},
    {"megaface", {"cmc@1", "tar_at_far@1e-6"}},
    {"megaface_r", {"cmc@1", "tar_at_far@1e-6"}},
};
enum { quoted_count = sizeof quoted / sizeof *quoted };

/* Of any other benchmark, the first of these that it has; and what is shown in depth, in this order. */
static const char *const usual[] = {"accuracy", "tar_at_far@1e-4", "cmc@1", "eer"};
static const char *const in_depth[] = {"accuracy", "tar_at_far", "eer", "auc", "cmc", "tpir_at_fpir"};
static const char *const in_depth_templates[] = {"tar_at_far", "cmc", "tpir_at_fpir"};

size_t ef_paper_place(const char *protocol)
{
    size_t place = 0;
    while (place < quoted_count && strcmp(quoted[place].protocol, protocol) != 0) {
        place++;
    }
    return place;
}

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

static ef_status add_name(ef_strings *names, const char *name, ef_error *err)
{
    for (size_t i = 0; i < ef_strings_count(names); i++) {
        if (strcmp(ef_strings_at(names, i), name) == 0) {
            return EF_OK;
        }
    }
    return ef_strings_add(names, name, strlen(name), err);
}

/* The protocols that there are, those that papers quote first, each once. */
static ef_status list_protocols(ef_strings **out, const ef_paper_input *input, ef_error *err)
{
    ef_status status = ef_strings_create(out, err);
    for (size_t pass = 0; pass <= quoted_count; pass++) {
        const char *only = pass < quoted_count ? quoted[pass].protocol : NULL;
        for (size_t i = 0; status == EF_OK && i < input->count; i++) {
            const char *name = input->entries[i].result->protocol;
            status = only == NULL || strcmp(name, only) == 0 ? add_name(*out, name, err) : EF_OK;
        }
        for (size_t i = 0; input->count == 0 && i < input->published->count; i++) {
            const ef_published_system *system = &input->published->systems[i];
            for (size_t j = 0; status == EF_OK && j < system->count; j++) {
                const char *name = system->figures[j].protocol;
                status = only == NULL || strcmp(name, only) == 0 ? add_name(*out, name, err) : EF_OK;
            }
        }
    }
    return status;
}

/* What a benchmark is called above a column: as its results say, else as its protocol file says, else by its name. */
static char *heading_of(const ef_paper_input *input, const char *protocol)
{
    ef_protocol *file = NULL;
    for (size_t i = 0; i < input->count; i++) {
        const ef_stored_result *result = input->entries[i].result;
        if (strcmp(result->protocol, protocol) == 0) {
            return ef_copy(result->heading);
        }
    }
    char *heading = ef_copy(ef_protocol_load(&file, protocol, NULL) == EF_OK ? file->heading : protocol);
    ef_protocol_free(file);
    return heading;
}

/* "TAR @ FAR", and "Rank" where reports say "CMC rank". */
static const char *title_of(const ef_metric *metric)
{
    return strcmp(metric->name, "cmc") == 0 ? "Rank" : metric->title;
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
        added->top = heading_of(input, protocol);
        added->below = ef_copy_format("%s%s%s", title_of(metric), *number != '\0' ? " " : "", number);
    }
    return added->protocol != NULL && added->top != NULL && added->below != NULL ? EF_OK : ef_fail_memory(err, "a table");
}

/* Adds what `figure` ("tar_at_far@1e-4") names, if it is there; *added says whether. */
static ef_status add_if_there(bool *added, ef_paper_columns *columns, const ef_paper_input *input, const char *protocol,
                              const char *figure, ef_error *err)
{
    ef_metric_request request;
    ef_status status = ef_metric_request_parse(&request, figure, ~0U, err);
    *added = status == EF_OK && is_there(input, protocol, request.metric->name, request.point);
    return *added ? add_column(columns, input, protocol, request.metric, request.point, false, err) : status;
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

/* Adds what papers quote of one benchmark, or the next best thing. */
static ef_status add_quoted(ef_paper_columns *columns, const ef_paper_input *input, const char *protocol, ef_error *err)
{
    bool some = false, added = false;
    ef_status status = EF_OK;
    for (size_t i = 0; i < quoted_count; i++) {
        for (size_t j = 0; status == EF_OK && j < 2 && strcmp(quoted[i].protocol, protocol) == 0; j++) {
            const char *figure = quoted[i].figures[j];
            status = figure != NULL ? add_if_there(&added, columns, input, protocol, figure, err) : EF_OK;
            some = some || added;
        }
    }
    for (size_t i = 0; status == EF_OK && !some && i < sizeof usual / sizeof *usual; i++) {
        status = add_if_there(&some, columns, input, protocol, usual[i], err);
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
        status = add_if_there(&added, columns, input, protocol, colon + 1, err);
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

static ef_status choose_in_depth(ef_paper_columns *columns, const ef_paper_input *input, const ef_strings *protocols,
                                 const ef_paper_options *options, ef_error *err)
{
    const char *protocol = NULL;
    ef_status status = known_protocol(&protocol, protocols, options->depth, err);
    size_t asked = ef_strings_count(options->columns);
    if (status == EF_OK && (columns->title = heading_of(input, protocol)) == NULL) {
        status = ef_fail_memory(err, "a table");
    }
    for (size_t i = 0; status == EF_OK && i < asked; i++) {
        status = add_asked_in_depth(columns, input, protocol, ef_strings_at(options->columns, i), err);
    }
    bool folds = status == EF_OK && is_there(input, protocol, "accuracy", NAN);
    const char *const *names = folds ? in_depth : in_depth_templates;
    size_t count = folds ? sizeof in_depth / sizeof *in_depth : sizeof in_depth_templates / sizeof *in_depth_templates;
    for (size_t i = 0; status == EF_OK && asked == 0 && i < count; i++) {
        status = add_points(columns, input, protocol, ef_metric_find(names[i]), err);
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
