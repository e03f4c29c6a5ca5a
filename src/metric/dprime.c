#include <math.h>
#include <stdbool.h>

#include "metric/table.h"
#include "stats/sum.h"

/* One class of a curve, counts[i] - counts[i - 1] scores being threshold[i]: from point `first` on, as far as point `last`. */
typedef struct class_scores {
    const double *threshold;
    const uint64_t *counts;
    size_t first, last;
} class_scores;

static class_scores class_of(const double *threshold, const uint64_t *counts, size_t points)
{
    class_scores self = {threshold, counts, 1, points - 1};
    while (counts[self.first] == 0) {
        self.first++;
    }
    while (counts[self.last] == counts[self.last - 1]) {
        self.last--;
    }
    return self;
}

static bool varies(const class_scores *self)
{
    return self->first < self->last;
}

/* The mean of `scale` times the scores that class `self` has above or below its first: 0 exactly when all are equal. */
static double mean_offset(const class_scores *self, double scale)
{
    ef_sum mean = {0, 0};
    double total = (double)self->counts[self->last], origin = scale * self->threshold[self->first];
    for (size_t i = self->first; i <= self->last; i++) {
        double weight = (double)(self->counts[i] - self->counts[i - 1]) / total;
        ef_sum_add(&mean, weight * (scale * self->threshold[i] - origin));
    }
    return ef_sum_total(mean);
}

/* The greatest deviation from the mean, `offset` away from the first score.  Scores descend, so it is that of an end. */
static double greatest_deviation(const class_scores *self, double scale, double offset)
{
    return fmax(fabs(offset), fabs(scale * self->threshold[self->last] - scale * self->threshold[self->first] - offset));
}

/* The variance of scores multiplied by scale * unit. */
static double variance_of(const class_scores *self, double scale, double offset, double unit)
{
    ef_sum variance = {0, 0};
    double total = (double)self->counts[self->last], origin = scale * self->threshold[self->first];
    for (size_t i = self->first; i <= self->last; i++) {
        double deviation = (scale * self->threshold[i] - origin - offset) * unit;
        ef_sum_add(&variance, (double)(self->counts[i] - self->counts[i - 1]) / total * deviation * deviation);
    }
    return ef_sum_total(variance);
}

/* The power of two that brings `greatest` near 1, where squares neither overflow nor vanish; as a power of two it rounds nothing. */
static double power_for(double greatest)
{
    int exponent;
    frexp(greatest, &exponent);
    return ldexp(1, exponent > -1022 ? -exponent : 1022);
}

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    const ef_curve *curve = input->curve;
    class_scores genuine = class_of(curve->threshold, curve->true_matches, curve->points);
    class_scores impostor = class_of(curve->threshold, curve->false_matches, curve->points);
    if (!varies(&genuine) && !varies(&impostor)) {
        return ef_measure_undefined(out, "the scores of neither class vary");
    }
    double scale = power_for(fmax(fabs(curve->threshold[1]), fabs(curve->threshold[curve->points - 1])));
    double genuine_offset = mean_offset(&genuine, scale), impostor_offset = mean_offset(&impostor, scale);
    double genuine_mean = scale * curve->threshold[genuine.first] + genuine_offset;
    double impostor_mean = scale * curve->threshold[impostor.first] + impostor_offset;
    double unit = power_for(
        fmax(greatest_deviation(&genuine, scale, genuine_offset), greatest_deviation(&impostor, scale, impostor_offset)));
    double variances = variance_of(&genuine, scale, genuine_offset, unit) + variance_of(&impostor, scale, impostor_offset, unit);
    double value = fabs(genuine_mean - impostor_mean) / sqrt(variances / 2) * unit;
    if (!isfinite(value)) {
        return ef_measure_undefined(out, "the scores vary too little beside the distance of the two classes");
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
