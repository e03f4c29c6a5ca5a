#include "protocol/metric_request.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/number.h"

ef_status ef_metric_named(const ef_metric **out, const char *name, unsigned tasks, ef_error *err)
{
    const ef_metric *metric = ef_metric_find(name);
    if (metric == NULL) {
        ef_nearest nearest = ef_nearest_begin(name);
        for (size_t i = 0; i < ef_metric_count(); i++) {
            ef_nearest_offer(&nearest, ef_metric_at(i)->name);
        }
        return nearest.best == NULL ? ef_fail(err, EF_INVALID, "no metric '%s'; eface-eval --list-metrics names them", name)
                                    : ef_fail_unknown(err, "metric", name, &nearest);
    }
    if ((metric->tasks & tasks) == 0) {
        return ef_fail(err, EF_INVALID, "the metric %s is not defined for %s", name, ef_task_name((ef_task)tasks));
    }
    *out = metric;
    return EF_OK;
}

ef_status ef_metric_point(double *out, const ef_metric *metric, const char *text, size_t length, ef_error *err)
{
    if (metric->parameter == NULL) {
        return ef_fail(err, EF_INVALID, "the metric %s takes no point, but '%.*s' is given", metric->name, (int)length, text);
    }
    if (!ef_parse_real(out, text, length) || !ef_metric_has_point(metric, *out)) {
        return ef_fail(err, EF_INVALID, "'%.*s' is not a point of %s: %s", (int)length, text, metric->name, metric->parameter);
    }
    return EF_OK;
}

ef_status ef_metric_request_parse(ef_metric_request *out, const char *text, unsigned tasks, ef_error *err)
{
    char name[64];
    const char *at = strchr(text, '@');
    size_t length = at != NULL ? (size_t)(at - text) : strlen(text);
    if (length >= sizeof name) {
        return ef_fail(err, EF_INVALID, "no metric '%s'", text);
    }
    memcpy(name, text, length);
    name[length] = '\0';
    ef_metric_request request = {.point = NAN};
    ef_status status = ef_metric_named(&request.metric, name, tasks, err);
    if (status == EF_OK && at != NULL) {
        status = ef_metric_point(&request.point, request.metric, at + 1, strlen(at + 1), err);
    } else if (status == EF_OK && request.metric->parameter != NULL) {
        status = ef_fail(err, EF_INVALID, "the metric %s needs a point, %s: for instance %s@%s", name, request.metric->parameter,
                         name, request.metric->example);
    }
    if (status == EF_OK) {
        request.task = ef_task_of(request.metric->tasks & tasks)->task;
        *out = request;
    }
    return status;
}
