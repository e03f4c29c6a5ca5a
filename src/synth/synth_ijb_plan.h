/* synth_ijb_plan.h - which templates, media and images a made-up template benchmark has, and which pairs of templates.
 *
 * A gallery template has many stills and a few videos, a probe a still, a few stills or a video.
 * Thread rule: read-only once made. */
#ifndef EF_SYNTH_SYNTH_IJB_PLAN_H
#define EF_SYNTH_SYNTH_IJB_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include <eface/rng.h>
#include <eface/status.h>

#include "synth/synth_ijb.h"

typedef struct synth_ijb_template {
    uint32_t subject;      /* from 1 on */
    uint32_t first, count; /* its images: consecutive rows */
    uint32_t impostors;    /* of a gallery template: its impostor pairs, */
    uint32_t mates;        /* its probes - so many, consecutive, */
    uint32_t first_mate;   /* from this template on - */
    uint8_t gallery;       /* and which gallery it belongs to, 0 or 1 */
    bool mateless;         /* of a probe: in no genuine pair */
} synth_ijb_template;

typedef struct synth_ijb_image {
    uint32_t owner;   /* index of its template */
    uint32_t medium;  /* from 1 on; the frames of a video share it */
    uint32_t frame;   /* in its video, from 1 on; 0 for a still */
    uint32_t quality; /* the detector's score in thousandths */
} synth_ijb_image;

enum { SYNTH_QUALITY_FLOOR = 100, SYNTH_QUALITY_MOST = 1000 };

typedef struct synth_ijb_plan {
    const synth_ijb *benchmark;
    uint64_t seed;
    synth_ijb_template *templates; /* template id - 1 is the index: gallery templates, one a subject, then probes */
    uint32_t subject_count, template_count;
    synth_ijb_image *images; /* by template */
    uint32_t image_count, media_count;
    uint64_t pair_count, genuine_count;
} synth_ijb_plan;

/* Draws the plan of a benchmark with about `scale` (above 0, up to 1) of its counts, and exactly its counts at 1.  Small ones have
 * fewer pairs: three quarters of those there can be.  The caller frees what is in *out with synth_ijb_plan_free(). */
EF_MUST_USE ef_status synth_ijb_plan_create(synth_ijb_plan *out, const synth_ijb *benchmark, double scale, uint64_t seed,
                                            ef_error *err);
void synth_ijb_plan_free(synth_ijb_plan *plan); /* an empty (zeroed) one is fine */

/* The pairs of a gallery template: the indices of the other templates, `genuine` of them genuine, then impostors, each
 * in ascending order.  Room for as many as there are probes. */
void synth_ijb_pairs(uint32_t *others, uint32_t *count, uint32_t *genuine, const synth_ijb_plan *plan, uint32_t first,
                     ef_rng *rng);

/* The random stream `number` of a purpose (SYNTH_IJB_PERSON ...). */
uint64_t synth_ijb_stream(const synth_ijb *benchmark, uint32_t purpose, uint32_t number);

#endif
