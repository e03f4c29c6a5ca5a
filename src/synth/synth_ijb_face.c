#include "synth/synth_ijb_face.h"

#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"

static const double person_spread = 0.15;   /* standard deviation of the logarithm of the deviations' lengths among people, */
static const double template_spread = 0.18; /* among the templates of one, */
static const double medium_spread = 0.22;   /* among the media of a template */
static const double image_spread = 0.3;     /* and among the images of a medium */
static const double of_its_own = 0.5;       /* length of an image's own deviation beside that of its medium */
static const double undetected = 2.5;       /* how much longer it is where no face was detected */
static const double mirror_spread = 0.15;   /* length of the noise in a mirrored image, for an image of length 1 */
static const double usual_norm = 20.0;      /* of an image in the middle of its benchmark */
static const double norm_by_quality = 0.4;  /* how far the norm falls with the deviation */
static const double norm_spread = 0.05;     /* and what it has besides */

struct synth_ijb_face {
    const synth_ijb_plan *plan;
    const synth_space *space;
    double difficulty;
    ef_rng *rng;
    double *medium;        /* the last medium: its person and their common deviation */
    double *image, *noise; /* the image, and a direction to add */
    uint32_t last;         /* which medium that was; 0 for none */
    double factor;         /* its deviation over the median */
};

ef_status synth_ijb_face_create(synth_ijb_face **out, const synth_ijb_plan *plan, const synth_space *space, double difficulty,
                                ef_error *err)
{
    synth_ijb_face *face = calloc(1, sizeof *face);
    if (face == NULL) {
        return ef_fail_memory(err, "embeddings");
    }
    *face = (synth_ijb_face){.plan = plan, .space = space, .difficulty = difficulty};
    face->medium = ef_alloc(space->dim, sizeof(double));
    face->image = ef_alloc(space->dim, sizeof(double));
    face->noise = ef_alloc(space->dim, sizeof(double));
    ef_status status = EF_OK;
    if (face->medium == NULL || face->image == NULL || face->noise == NULL) {
        status = ef_fail_memory(err, "embeddings");
    } else {
        status = ef_rng_create(&face->rng, plan->seed, 0, err);
    }
    if (status != EF_OK) {
        synth_ijb_face_free(face);
        return status;
    }
    *out = face;
    return EF_OK;
}

void synth_ijb_face_free(synth_ijb_face *face)
{
    if (face != NULL) {
        ef_rng_free(face->rng);
        free(face->medium);
        free(face->image);
        free(face->noise);
        free(face);
    }
}

static void restart(synth_ijb_face *face, uint32_t purpose, uint32_t number)
{
    ef_rng_restart(face->rng, face->plan->seed, synth_ijb_stream(face->plan->benchmark, purpose, number));
}

/* The frames of a video come one after another, so the last medium is kept. */
static void draw_medium(synth_ijb_face *face, const synth_ijb_image *image)
{
    if (face->last == image->medium) {
        return;
    }
    restart(face, SYNTH_IJB_PERSON, face->plan->templates[image->owner].subject);
    double ease = person_spread * ef_rng_normal(face->rng);
    synth_direction(face->medium, face->space, 1.0, face->rng);
    restart(face, SYNTH_IJB_TEMPLATE, image->owner);
    ease += template_spread * ef_rng_normal(face->rng);
    restart(face, SYNTH_IJB_MEDIUM, image->medium);
    ease += medium_spread * ef_rng_normal(face->rng);
    face->factor = face->difficulty * synth_exponential(ease);
    synth_direction(face->noise, face->space, face->plan->benchmark->spread * face->factor, face->rng);
    synth_add(face->medium, face->noise, face->space->dim);
    face->last = image->medium;
}

void synth_ijb_face_draw(float *original, float *mirrored, synth_ijb_face *face, size_t row)
{
    const synth_ijb_image *image = &face->plan->images[row];
    size_t dim = face->space->dim;
    draw_medium(face, image);
    restart(face, SYNTH_IJB_IMAGE, (uint32_t)row);
    double factor = synth_exponential(image_spread * ef_rng_normal(face->rng));
    factor *= image->quality == SYNTH_QUALITY_FLOOR ? undetected : 2.0 - (double)image->quality / SYNTH_QUALITY_MOST;
    double badness = face->factor * (1.0 + of_its_own * factor) / (1.0 + of_its_own);
    double norm = usual_norm * synth_exponential(norm_spread * ef_rng_normal(face->rng)) /
                  (1.0 - norm_by_quality + norm_by_quality * badness);
    synth_direction(face->image, face->space, face->plan->benchmark->spread * face->factor * of_its_own * factor, face->rng);
    synth_add(face->image, face->medium, dim);
    synth_scale_to(face->image, dim, norm);
    synth_store(original, face->image, dim);
    if (mirrored != NULL) {
        synth_direction(face->noise, face->space, mirror_spread * norm, face->rng);
        synth_add(face->image, face->noise, dim);
        synth_scale_to(face->image, dim, norm * synth_exponential(norm_spread * ef_rng_normal(face->rng)));
        synth_store(mirrored, face->image, dim);
    }
}
