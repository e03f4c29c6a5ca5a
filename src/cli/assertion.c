#include "cli/assertion.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text_file.h"
#include "cli/chosen.h"
#include "cli/program.h"

static const struct {
    const char *text;
    enum assertion_relation relation;
} relations[] = {{">=", AT_LEAST}, {"<=", AT_MOST}, {">", ABOVE}, {"<", BELOW}};

ef_status assertion_parse(assertion *out, const char *text, ef_error *err)
{
    assertion self = {.text = text};
    size_t left = strcspn(text, "<>");
    const char *rest = text + left;
    size_t i = 0, count = sizeof relations / sizeof *relations;
    while (i < count && strncmp(rest, relations[i].text, strlen(relations[i].text)) != 0) {
        i++;
    }
    if (i == count) {
        return ef_fail(err, EF_INVALID, "the assertion '%s' has no >=, >, <= or <: for instance 'tar_at_far@1e-3 >= 0.95'", text);
    }
    rest += strlen(relations[i].text);
    self.relation = relations[i].relation;
    ef_span bound = ef_span_trim((ef_span){rest, strlen(rest)});
    if (!ef_parse_real(&self.bound, bound.text, bound.length)) {
        return ef_fail(err, EF_INVALID, "the assertion '%s' compares with '%.*s', which is not a number", text, (int)bound.length,
                       bound.text);
    }
    ef_span figure = ef_span_trim((ef_span){text, left});
    if (figure.length > 0 && figure.text[figure.length - 1] == '=') {
        return ef_fail(err, EF_INVALID, "the assertion '%s' has '=%c': write '%c='", text, *(text + left), *(text + left));
    }
    const char *colon = memchr(figure.text, ':', figure.length);
    if (colon != NULL) {
        size_t length = (size_t)(colon - figure.text);
        if (length >= sizeof self.protocol) {
            return ef_fail(err, EF_INVALID, "the assertion '%s' names an unknown protocol", text);
        }
        ef_span protocol = ef_span_trim((ef_span){figure.text, length});
        if (protocol.length == 0) {
            return ef_fail(err, EF_INVALID, "the assertion '%s' names no protocol before ':'", text);
        }
        memcpy(self.protocol, protocol.text, protocol.length);
        figure = ef_span_trim((ef_span){figure.text + length + 1, figure.length - length - 1});
    }
    char name[128];
    if (figure.length >= sizeof name) {
        return ef_fail(err, EF_INVALID, "the assertion '%s' names an unknown metric", text);
    }
    memcpy(name, figure.text, figure.length);
    name[figure.length] = '\0';
    ef_status status = ef_metric_request_parse(&self.request, name, EF_ALL_TASKS, err);
    if (status != EF_OK) {
        return ef_context(err, status, "the assertion '%s'", text);
    }
    if (self.request.metric->kind == EF_KIND_RATE && !(self.bound >= 0 && self.bound <= 1)) {
        return self.bound > 1 && self.bound <= 100
                   ? ef_fail(err, EF_INVALID,
                             "the assertion '%s' compares a share, from 0 to 1, with %.*s: for %.*s %% write %.10g", text,
                             (int)bound.length, bound.text, (int)bound.length, bound.text, self.bound / 100)
                   : ef_fail(err, EF_INVALID, "the assertion '%s' compares a share, from 0 to 1, with %.*s", text,
                             (int)bound.length, bound.text);
    }
    memcpy(self.figure, name, sizeof self.figure);
    *out = self;
    return EF_OK;
}

bool assertion_concerns(const assertion *self, const char *protocol)
{
    return self->protocol[0] == '\0' || ef_same_name(self->protocol, protocol);
}

static bool holds(const assertion *self, double value)
{
    switch (self->relation) {
    case AT_LEAST: return value >= self->bound;
    case ABOVE: return value > self->bound;
    case AT_MOST: return value <= self->bound;
    case BELOW: return value < self->bound;
    }
    return false;
}

ef_status assertions_check(const assertion *assertions, size_t count, ef_protocol *const *protocols, size_t protocol_count,
                           ef_error *err)
{
    char names[CHOSEN_NAMES];
    for (size_t i = 0; i < count; i++) {
        const assertion *self = &assertions[i];
        unsigned tasks = 0;
        bool concerned = false;
        for (size_t j = 0; j < protocol_count; j++) {
            if (assertion_concerns(self, protocols[j]->name)) {
                concerned = true;
                tasks |= protocols[j]->tasks;
            }
        }
        if (!concerned) {
            return ef_fail(err, EF_INVALID, "the assertion '%s' is about %s, which is not evaluated", self->text, self->protocol);
        }
        if ((self->request.metric->tasks & tasks) == 0) {
            char metrics[CHOSEN_METRICS];
            return ef_fail(err, EF_INVALID, "the assertion '%s' can never be checked: %s is not defined for %s; there are %s",
                           self->text, self->request.metric->name,
                           self->protocol[0] != '\0' ? self->protocol : chosen_names(names, protocols, protocol_count),
                           chosen_metrics(metrics, tasks));
        }
    }
    return EF_OK;
}

/* The row of a result that an assertion is about, NULL when it has none. */
static const ef_result_row *row_of(const assertion *self, const ef_result *result)
{
    for (size_t i = 0; assertion_concerns(self, result->protocol) && i < result->row_count; i++) {
        const ef_result_row *row = &result->rows[i];
        if (row->metric == self->request.metric &&
            (row->point == self->request.point || (isnan(row->point) && isnan(self->request.point)))) {
            return row;
        }
    }
    return NULL;
}

/* Says a failure of one result; returns whether there was one. */
static bool fails(const assertion *self, const ef_result *result, const ef_result_row *row)
{
    const ef_measure *measure = &row->measure[result->convention];
    if (measure->undefined != NULL) {
        program_say("assertion failed: %s: %s of %s under %s is n/a: %s", self->text, self->figure, result->model,
                    result->protocol, measure->undefined);
        return true;
    }
    bool lower = self->relation == AT_LEAST || self->relation == ABOVE;
    double value = isnan(measure->least) ? measure->value
                   : lower               ? measure->least
                                         : measure->most; /* whatever it is between them */
    if (!holds(self, value)) {
        program_say("assertion failed: %s: %s of %s under %s is %.10g", self->text, self->figure, result->model, result->protocol,
                    value);
        return true;
    }
    return false;
}

/* Says which results there are instead of the one that an assertion needs. */
static void say_unchecked(const assertion *self, ef_result *const *results, size_t count)
{
    char there[512] = "";
    size_t length = 0;
    bool templates = false;
    for (size_t i = 0; i < count && length < sizeof there; i++) {
        bool again =
            i > 0 && results[i]->task == results[i - 1]->task && strcmp(results[i]->protocol, results[i - 1]->protocol) == 0;
        if (!again) {
            const char *kind = ef_task_kind(results[i]->task);
            length += (size_t)snprintf(there + length, sizeof there - length, "%s%s%s%s", length > 0 ? ", " : "",
                                       results[i]->protocol, *kind != '\0' ? " " : "", kind);
        }
        templates = templates || results[i]->templates > 0;
    }
    program_say("assertion '%s' was not checked: no result has %s (there is %s%s)", self->text, self->figure,
                count > 0 ? there : "none", templates ? "; a task whose lists are missing is left out" : "");
}

size_t assertions_failed(const assertion *assertions, size_t count, ef_result *const *results, size_t result_count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        bool checked = false;
        for (size_t j = 0; j < result_count; j++) {
            const ef_result_row *row = row_of(&assertions[i], results[j]);
            checked = checked || row != NULL;
            failed += row != NULL && fails(&assertions[i], results[j], row);
        }
        if (!checked) {
            say_unchecked(&assertions[i], results, result_count);
            failed++;
        }
    }
    return failed;
}
