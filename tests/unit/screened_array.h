/* screened_array.h - screened scores made from an array, with approximations as bad as a test wants them. */
#ifndef SCREENED_ARRAY_H
#define SCREENED_ARRAY_H

#include "unit.h"

#include <float.h>

#include <eface/rng.h>
#include <eface/screened.h>

/* How far approximations stray: not beyond the rounding to float32; by a share of the scores' range, sometimes to the very bound; or so
 * far that they say nothing. */
typedef enum blur { BLUR_ROUNDING, BLUR_LITTLE, BLUR_MUCH, BLUR_WHOLLY, BLURS } blur;

static double array_score(const void *context, size_t i)
{
    return ((const double *)context)[i];
}

/* Of scores that are kept, in any order, as long as the result is used.  Freed with screened_free(). */
static inline ef_screened screened_of(const double *score, size_t count, blur how, uint64_t seed)
{
    static const double shares[BLURS] = {0, 1e-5, 0.1, 1};
    float *about = malloc((count + 1) * sizeof *about);
    double low = INFINITY, high = -INFINITY, slack = 0;
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, seed, 0, err));
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, score[i]);
        high = fmax(high, score[i]);
    }
    for (size_t i = 0; i < count; i++) {
        static const double steps[] = {-1, 1, 0};
        double stray = ef_rng_below(rng, 2) ? steps[ef_rng_below(rng, 3)] : 2 * ef_rng_uniform(rng) - 1;
        about[i] = (float)fmin(fmax(score[i] + stray * shares[how] * (high / 2 - low / 2), -FLT_MAX), FLT_MAX);
        if ((double)about[i] != score[i]) {
            slack = fmax(slack, nextafter(fabs((double)about[i] - score[i]), INFINITY));
        }
    }
    ef_rng_free(rng);
    return (ef_screened){about, count, how == BLUR_WHOLLY ? INFINITY : slack, array_score, score};
}

static inline void screened_free(ef_screened *scores)
{
    float *about;
    memcpy(&about, &scores->approximate, sizeof about);
    free(about);
}

#endif
