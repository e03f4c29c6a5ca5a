#include <eface/metric.h>

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "metric/table.h"

static const ef_metric *const table[] = {
#define ROW(name) &ef_metric_##name,
#include "metric/metrics.def"
#undef ROW
};

size_t ef_metric_count(void)
{
    return sizeof table / sizeof *table;
}

const ef_metric *ef_metric_at(size_t index)
{
    return index < ef_metric_count() ? table[index] : NULL;
}

const ef_metric *ef_metric_find(const char *name)
{
    for (size_t i = 0; i < ef_metric_count(); i++) {
        if (ef_same_name(table[i]->name, name)) {
            return table[i];
        }
    }
    return NULL;
}

ef_measure ef_measure_empty(void)
{
    return (ef_measure){.value = NAN,
                        .ci_low = NAN,
                        .ci_high = NAN,
                        .threshold = NAN,
                        .std_dev = NAN,
                        .std_error = NAN,
                        .least = NAN,
                        .most = NAN};
}

ef_status ef_measure_undefined(ef_measure *out, const char *reason)
{
    *out = ef_measure_empty();
    out->undefined = reason;
    return EF_OK;
}

void ef_measure_interval(ef_measure *out, ef_interval interval, const char *made_by)
{
    out->ci_low = interval.low;
    out->ci_high = interval.high;
    out->interval = made_by;
}

void ef_measure_normal(ef_measure *out, double standard_error, double confidence, const char *made_by)
{
    if (standard_error > 0) {
        ef_measure_interval(out, ef_interval_normal(out->value, standard_error, confidence), made_by);
    }
}

bool ef_metric_has_point(const ef_metric *metric, double point)
{
    return point > metric->point_low && point <= metric->point_high && (!metric->whole_point || point == floor(point));
}

static ef_status check_settings(const ef_metric *metric, const ef_metric_input *input, ef_error *err)
{
    if (metric->parameter != NULL && !ef_metric_has_point(metric, input->point)) {
        return ef_fail(err, EF_INVALID, "%g is no %s", input->point, metric->parameter);
    }
    if (input->convention >= EF_CONVENTION_COUNT || !ef_metric_has(metric, input->convention) ||
        input->interval > EF_CLOPPER_PEARSON) {
        return ef_fail(err, EF_INVALID, "the convention or the interval is unknown");
    }
    if (!(input->confidence > 0 && input->confidence < 1)) {
        return ef_fail(err, EF_INVALID, "a confidence of %g is not between 0 and 1", input->confidence);
    }
    return EF_OK;
}

static ef_status check(const ef_metric *metric, const ef_metric_input *input, ef_error *err)
{
    const ef_trials *trials = input->trials;
    const ef_curve *curve = input->curve, *dropped = input->dropped;
    if ((metric->tasks & EF_ANY_SEARCH) != 0) {
        return input->identification != NULL && input->identification->galleries > 0
                   ? check_settings(metric, input, err)
                   : ef_fail(err, EF_INVALID, "there are no searches");
    }
    bool needed = trials != NULL || (metric->tasks & EF_VERIFY_TEMPLATES) == 0;
    if (needed && (trials == NULL || trials->count == 0 || trials->score == NULL || trials->genuine == NULL)) {
        return ef_fail(err, EF_INVALID, "there are no comparisons");
    }
    if (curve == NULL || dropped == NULL || curve->genuine == 0 || curve->impostors == 0) {
        return ef_fail(err, EF_INVALID, "there is no curve of both genuine and impostor comparisons");
    }
    if (input->repeated_genuine >= curve->genuine || input->repeated_impostors >= curve->impostors) {
        return ef_fail(err, EF_INVALID, "no comparison is left that is not another once more");
    }
    if (input->convention == EF_MEGAFACE_DEVKIT && (input->first == NULL || input->first->genuine != curve->genuine)) {
        return ef_fail(err, EF_INVALID, "there is no curve of the first probes");
    }
    if ((trials != NULL && curve->genuine + curve->impostors != trials->count) || dropped->genuine != curve->genuine ||
        dropped->impostors != curve->impostors) {
        return ef_fail(err, EF_INVALID, "the curve is of other comparisons");
    }
    return check_settings(metric, input, err);
}

ef_status ef_metric_compute(ef_measure *out, const ef_metric *metric, const ef_metric_input *input, ef_error *err)
{
    ef_measure measure = ef_measure_empty();
    ef_status status = check(metric, input, err);
    if (status == EF_OK) {
        status = metric->compute(&measure, input, err);
    }
    if (status != EF_OK) {
        return ef_context(err, status, "%s", metric->name);
    }
    if ((measure.undefined == NULL) != (isfinite(measure.value) != 0)) {
        return ef_fail(err, EF_INVALID, "%s: gave neither a value nor a reason for none", metric->name);
    }
    *out = measure;
    return EF_OK;
}
