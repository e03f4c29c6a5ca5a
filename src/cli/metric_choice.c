#include "cli/metric_choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text_file.h"
#include "cli/chosen.h"

/* Where a list is read, and what was read before in it. */
typedef struct cursor {
    const char *list;
    ef_span rest, field, before;
} cursor;

static cursor begin(const char *list)
{
    return (cursor){.list = list, .rest = {list, strlen(list)}};
}

static bool next(cursor *at)
{
    at->before = at->field;
    return ef_span_field(&at->rest, ',', &at->field);
}

/* "tar_at_far@1e-3,5e-4": a point needs its metric again. */
static ef_status check_lone_point(const cursor *at, ef_error *err)
{
    double point;
    const char *sign = at->before.length > 0 ? memchr(at->before.text, '@', at->before.length) : NULL;
    if (sign != NULL && ef_parse_real(&point, at->field.text, at->field.length)) {
        return ef_fail(err, EF_INVALID, "'%.*s' in the list '%s' is a point without its metric: write %.*s%.*s",
                       (int)at->field.length, at->field.text, at->list, (int)(sign + 1 - at->before.text), at->before.text,
                       (int)at->field.length, at->field.text);
    }
    return EF_OK;
}

static ef_status parse(ef_metric_request *out, const cursor *at, unsigned tasks, ef_error *err)
{
    if (at->field.length == 0) {
        return ef_fail(err, EF_INVALID, "an empty name in the list '%s'", at->list);
    }
    ef_status status = check_lone_point(at, err);
    char *text = status == EF_OK ? ef_copy_bytes(at->field.text, at->field.length) : NULL;
    if (status == EF_OK) {
        status = text != NULL ? ef_metric_request_parse(out, text, tasks, err) : ef_fail_memory(err, "the metrics");
    }
    free(text);
    return status;
}

ef_status metric_choice_check(const option_texts *lists, ef_protocol *const *protocols, size_t protocol_count, ef_error *err)
{
    char names[CHOSEN_NAMES], metrics[CHOSEN_METRICS];
    unsigned tasks = chosen_tasks(protocols, protocol_count);
    for (size_t i = 0; i < lists->count; i++) {
        cursor at = begin(lists->items[i]);
        while (next(&at)) {
            ef_metric_request request;
            ef_status status = parse(&request, &at, EF_ALL_TASKS, err);
            if (status == EF_OK && (request.metric->tasks & tasks) == 0) {
                status = ef_fail(err, EF_INVALID, "the metric %s is not defined for %s; there are %s", request.metric->name,
                                 chosen_names(names, protocols, protocol_count), chosen_metrics(metrics, tasks));
            }
            if (status != EF_OK) {
                return status;
            }
        }
    }
    return EF_OK;
}

static ef_status add(metric_requests *list, ef_metric_request request, ef_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const ef_metric_request *other = &list->items[i];
        if (other->metric == request.metric && other->task == request.task &&
            (request.metric->parameter == NULL || other->point == request.point)) {
            return EF_OK;
        }
    }
    if (!ef_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items)) {
        return ef_fail_memory(err, "the metrics");
    }
    list->items[list->count++] = request;
    return EF_OK;
}

/* Adds those of a list that fit the protocol. */
static ef_status add_list(metric_requests *out, const char *list, const ef_protocol *protocol, ef_error *err)
{
    ef_status status = EF_OK;
    cursor at = begin(list);
    while (status == EF_OK && next(&at)) {
        ef_metric_request request;
        status = parse(&request, &at, EF_ALL_TASKS, err);
        if (status == EF_OK && (request.metric->tasks & protocol->tasks) != 0) {
            status = parse(&request, &at, protocol->tasks, err); /* again, for the task of this protocol that has it */
            status = status == EF_OK ? add(out, request, err) : status;
        }
    }
    return status;
}

static ef_status add_asserted(metric_requests *out, const assertion *asserted, const ef_protocol *protocol, ef_error *err)
{
    ef_metric_request request;
    if (!assertion_concerns(asserted, protocol->name) || (asserted->request.metric->tasks & protocol->tasks) == 0) {
        return EF_OK;
    }
    ef_status status = ef_metric_request_parse(&request, asserted->figure, protocol->tasks, err);
    return status == EF_OK ? add(out, request, err) : status;
}

ef_status metric_choice_collect(metric_requests *out, const option_texts *lists, const assertion *assertions,
                                size_t assertion_count, const ef_protocol *protocol, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < lists->count; i++) {
        status = add_list(out, lists->items[i], protocol, err);
    }
    for (size_t i = 0; status == EF_OK && lists->count == 0 && i < protocol->metric_count; i++) {
        status = add(out, protocol->metrics[i], err);
    }
    for (size_t i = 0; status == EF_OK && i < assertion_count; i++) {
        status = add_asserted(out, &assertions[i], protocol, err);
    }
    return status;
}

void metric_requests_free(metric_requests *requests)
{
    free(requests->items);
    *requests = (metric_requests){0};
}
