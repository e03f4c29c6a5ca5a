#include <math.h>
#include <stdbool.h>

#include "metric/table.h"
#include "stats/sum.h"

typedef struct moments {
    double mean, variance;
} moments;

/* Of one class, counts[i] - counts[i - 1] scores being threshold[i].  Differences from the class's first score are averaged: a
 * class of equal scores has a variance of exactly 0. */
static moments moments_of(const double *threshold, const uint64_t *counts, size_t points)
{
    ef_sum mean = {0, 0}, variance = {0, 0};
    double total = (double)counts[points - 1];
    size_t first = 1;
    while (counts[first] == 0) {
        first++;
    }
    for (size_t i = first; i < points; i++) {
        ef_sum_add(&mean, (double)(counts[i] - counts[i - 1]) / total * (threshold[i] - threshold[first]));
    }
    double offset = ef_sum_total(mean);
    for (size_t i = first; i < points; i++) {
        double deviation = threshold[i] - threshold[first] - offset;
        ef_sum_add(&variance, (double)(counts[i] - counts[i - 1]) / total * deviation * deviation);
    }
    return (moments){threshold[first] + offset, ef_sum_total(variance)};
}

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    const ef_curve *curve = input->curve;
    moments genuine = moments_of(curve->threshold, curve->true_matches, curve->points);
    moments impostor = moments_of(curve->threshold, curve->false_matches, curve->points);
    if (genuine.variance == 0 && impostor.variance == 0) {
        return ef_measure_undefined(out, "the scores of neither class vary");
    }
    double value = fabs(genuine.mean - impostor.mean) / sqrt((genuine.variance + impostor.variance) / 2);
    if (!isfinite(value)) {
        return ef_measure_undefined(out, "the scores are too large to average");
    }
    out->value = value;
    return EF_OK;
}

const ef_metric ef_metric_dprime = {
    .name = "dprime",
    .title = "d'",
    .tasks = EF_ANY_SCORES,
    .kind = EF_KIND_NUMBER,
    .higher_is_better = true,
    .definition = "Decidability: how far the mean genuine score and the mean impostor score are apart, in units of the standard "
                  "deviation, the two "
                  "variances averaged: |mean_g - mean_i| / sqrt((var_g + var_i) / 2). Variances divide by the number of scores. "
                  "Ties play no "
                  "part. It describes two bell curves and says little about tails that are not. Undefined when the scores of "
                  "neither class vary. It has no "
                  "interval. The same under both conventions.",
    .source = "Daugman, \"Biometric decision landscapes\", University of Cambridge technical report 482 (2000)",
    .compute = compute,
};
