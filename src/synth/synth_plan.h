/* synth_plan.h - which images a made-up benchmark has, and which pairs of them. */
#ifndef EF_SYNTH_SYNTH_PLAN_H
#define EF_SYNTH_SYNTH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#include "synth/synth_benchmark.h"

/* Of SYNTH_PROFILE and SYNTH_FRONTAL: the images of a person are 1..10 frontal, 11..14 profile. */
enum { SYNTH_FRONTALS = 10, SYNTH_PROFILES = 4 };

typedef struct synth_image {
    uint32_t person, number; /* both from 1 on */
} synth_image;

typedef struct synth_pair {
    size_t a, b; /* rows: indices into images */
    bool genuine;
} synth_pair;

typedef struct synth_plan {
    const synth_benchmark *benchmark;
    synth_image *images;
    size_t image_count;
    synth_pair *pairs; /* fold by fold, genuine before impostor pairs, `per_fold` of each */
    size_t per_fold, pair_count;
} synth_plan;

/* Draws the plan of a benchmark with `scale` (above 0, up to 1) of its pairs in each fold, at least one.  A smaller plan has
 * the first pairs of each fold of a larger one.  The caller frees *out with synth_plan_free(). */
EF_MUST_USE ef_status synth_plan_create(synth_plan *out, const synth_benchmark *benchmark, double scale, uint64_t seed,
                                        ef_error *err);
void synth_plan_free(synth_plan *plan); /* an empty (zeroed) one is fine */

bool synth_is_profile(const synth_benchmark *benchmark, synth_image image);

#endif
