#include "synth/synth_all_pairs_face.h"

#include <stdbool.h>
#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_stream.h"

/* At difficulty 1 the lengths give a TAR of about 81 % at a FAR of 1e-6 among 12,500 images. */
static const double medium_length = 0.95;  /* median length of the deviation of a medium, for a person of length 1, */
static const double image_length = 0.5;    /* and of an image's own */
static const double person_spread = 0.2;   /* standard deviation of the logarithm of these lengths among people, */
static const double medium_spread = 0.3;   /* among the media of one, */
static const double image_spread = 0.25;   /* and among the images of a medium */
static const double mirror_length = 0.15;  /* of the noise in a mirrored image, for an image of length 1 */
static const double usual_norm = 20.0;     /* of an image in the middle */
static const double norm_by_quality = 0.4; /* how far the norm falls with the deviation */
static const double norm_spread = 0.05;    /* and what it has besides */

struct synth_all_pairs_face {
    const synth_space *space;
    double difficulty;
    uint64_t seed;
    ef_rng *rng;
    double *scene; /* the last medium: its person and what its images share */
    double *image, *noise;
    uint32_t person, first; /* which medium that was; person 0 for none */
    double factor;          /* its deviation over the median */
};

ef_status synth_all_pairs_face_create(synth_all_pairs_face **out, const synth_space *space, double difficulty, uint64_t seed,
                                      ef_error *err)
{
    synth_all_pairs_face *face = calloc(1, sizeof *face);
    if (face == NULL) {
        return ef_fail_memory(err, "embeddings");
    }
    *face = (synth_all_pairs_face){.space = space, .difficulty = difficulty, .seed = seed};
    face->scene = ef_alloc(space->dim, sizeof(double));
    face->image = ef_alloc(space->dim, sizeof(double));
    face->noise = ef_alloc(space->dim, sizeof(double));
    bool whole = face->scene != NULL && face->image != NULL && face->noise != NULL;
    ef_status status = whole ? ef_rng_create(&face->rng, seed, 0, err) : ef_fail_memory(err, "embeddings");
    if (status != EF_OK) {
        synth_all_pairs_face_free(face);
        return status;
    }
    *out = face;
    return EF_OK;
}

void synth_all_pairs_face_free(synth_all_pairs_face *face)
{
    if (face != NULL) {
        ef_rng_free(face->rng);
        free(face->scene);
        free(face->image);
        free(face->noise);
        free(face);
    }
}

/* Images of a medium come one after another, so the last one is kept. */
static void draw_scene(synth_all_pairs_face *face, const synth_photo *photo)
{
    if (face->person == photo->person && face->first == photo->first) {
        return;
    }
    ef_rng_restart(face->rng, face->seed, synth_stream(SYNTH_ALL_PAIRS_IMAGE, photo->person, 0));
    double ease = person_spread * ef_rng_normal(face->rng);
    synth_direction(face->scene, face->space, 1.0, face->rng);
    ef_rng_restart(face->rng, face->seed, synth_stream(SYNTH_ALL_PAIRS_MEDIUM, photo->person, photo->first));
    face->factor = synth_exponential(ease + medium_spread * ef_rng_normal(face->rng));
    synth_direction(face->noise, face->space, medium_length * face->difficulty * face->factor, face->rng);
    synth_add(face->scene, face->noise, face->space->dim);
    face->person = photo->person;
    face->first = photo->first;
}

void synth_all_pairs_face_draw(float *original, float *mirrored, synth_all_pairs_face *face, const synth_photo *photo)
{
    size_t dim = face->space->dim;
    draw_scene(face, photo);
    ef_rng_restart(face->rng, face->seed, synth_stream(SYNTH_ALL_PAIRS_IMAGE, photo->person, photo->number));
    double factor = face->factor * synth_exponential(image_spread * ef_rng_normal(face->rng));
    double norm = usual_norm * synth_exponential(norm_spread * ef_rng_normal(face->rng)) /
                  (1.0 - norm_by_quality + norm_by_quality * factor);
    synth_direction(face->image, face->space, image_length * face->difficulty * factor, face->rng);
    synth_add(face->image, face->scene, dim);
    synth_scale_to(face->image, dim, norm);
    synth_store(original, face->image, dim);
    if (mirrored != NULL) {
        synth_direction(face->noise, face->space, mirror_length * norm, face->rng);
        synth_add(face->image, face->noise, dim);
        synth_scale_to(face->image, dim, norm * synth_exponential(norm_spread * ef_rng_normal(face->rng)));
        synth_store(mirrored, face->image, dim);
    }
}
