/* random_trials.h - made-up comparisons for the tests of metrics: heavy ties, any size, the same on every machine. */
#ifndef RANDOM_TRIALS_H
#define RANDOM_TRIALS_H

#include "unit.h"

#include <eface/curve.h>
#include <eface/metric.h>
#include <eface/rng.h>

#define CHECK_CLOSE(a, b, tolerance)                                                                                             \
    do {                                                                                                                         \
        double a_ = (a), b_ = (b);                                                                                               \
        ck_assert_msg(fabs(a_ - b_) <= (tolerance), "%s is %.17g, not %.17g", #a, a_, b_);                                       \
    } while (0)

typedef struct random_trials {
    ef_trials trials;
    ef_curve *curve, *dropped;
} random_trials;

/* Takes arrays from malloc(), or NULL for distance and fold; the curves are of the scores. */
static inline random_trials trials_of(double *score, double *distance, unsigned char *genuine, int *fold, size_t count, int folds)
{
    random_trials made = {.trials = {score, distance, genuine, fold, count, folds}};
    OK(ef_curve_create(&made.curve, score, genuine, count, err));
    OK(ef_curve_drop_intermediate(&made.dropped, made.curve, err));
    return made;
}

/* Genuine scores are normal around `shift`, impostor ones around 0, rounded to `steps` per unit; distances to hundredths; one fold
 * is empty when there are four or more. */
static inline random_trials make_random(uint64_t seed, size_t count, double genuine_share, double shift, double steps, int folds)
{
    double *score = malloc(count * sizeof *score), *distance = malloc(count * sizeof *distance);
    unsigned char *genuine = malloc(count);
    int *fold = malloc(count * sizeof *fold);
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, seed, 0, err));
    for (size_t i = 0; i < count; i++) {
        genuine[i] = i < 2 ? (unsigned char)i : ef_rng_uniform(rng) < genuine_share;
        score[i] = round((ef_rng_normal(rng) + shift * genuine[i]) * steps) / steps;
        distance[i] = fmin(fmax(round(200 - 40 * score[i]), 0), 400) / 100;
        fold[i] = (int)ef_rng_below(rng, (uint64_t)folds);
        if (folds >= 4 && fold[i] == 2) {
            fold[i] = 1;
        }
    }
    ef_rng_free(rng);
    return trials_of(score, distance, genuine, fold, count, folds);
}

/* From text: scores of genuine and of impostor comparisons. */
static inline random_trials trials_from(const double *genuine, size_t genuine_count, const double *impostor,
                                        size_t impostor_count)
{
    size_t count = genuine_count + impostor_count;
    double *score = malloc(count * sizeof *score);
    unsigned char *label = malloc(count);
    for (size_t i = 0; i < count; i++) {
        label[i] = i < genuine_count;
        score[i] = label[i] ? genuine[i] : impostor[i - genuine_count];
    }
    return trials_of(score, NULL, label, NULL, count, 0);
}

static inline void free_random(random_trials *made)
{
    free((void *)made->trials.score);
    free((void *)made->trials.distance);
    free((void *)made->trials.genuine);
    free((void *)made->trials.fold);
    ef_curve_free(made->curve);
    ef_curve_free(made->dropped);
}

static inline ef_measure measure_of(const random_trials *made, const char *name, double point, ef_convention convention)
{
    ef_measure out;
    ef_metric_input input = {.trials = &made->trials,
                             .curve = made->curve,
                             .dropped = made->dropped,
                             .point = point,
                             .convention = convention,
                             .interval = EF_WILSON,
                             .confidence = 0.95};
    OK(ef_metric_compute(&out, ef_metric_find(name), &input, err));
    return out;
}

#endif
