#include "synth/synth_face.h"

#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "synth/synth_space.h"
#include "synth/synth_stream.h"

static const double person_spread = 0.25;  /* standard deviation of the logarithm of the deviations' lengths among people, */
static const double image_spread = 0.45;   /* and among the images of one */
static const double mirror_spread = 0.15;  /* length of the noise in a mirrored image, for an image of length 1 */
static const double usual_norm = 20.0;     /* of an image in the middle of its benchmark */
static const double norm_by_quality = 0.4; /* how far the norm falls with the deviation */
static const double norm_spread = 0.05;    /* and what it has besides */

struct synth_face {
    ef_rng *rng;
    uint64_t seed;
    double difficulty;
    synth_space space;
    double *person; /* direction of the last person */
    double *image, *noise;
    uint64_t last; /* stream of the last person */
    double ease;   /* logarithm of its deviations over the median */
};

ef_status synth_face_create(synth_face **out, size_t dim, double difficulty, uint64_t seed, ef_error *err)
{
    ef_status status = EF_OK;
    synth_face *face = calloc(1, sizeof *face);
    if (face == NULL) {
        return ef_fail_memory(err, "embeddings");
    }
    face->seed = seed;
    face->difficulty = difficulty;
    face->person = ef_alloc(dim, sizeof(double));
    face->image = ef_alloc(dim, sizeof(double));
    face->noise = ef_alloc(dim, sizeof(double));
    if (face->person == NULL || face->image == NULL || face->noise == NULL) {
        status = ef_fail_memory(err, "embeddings");
        goto done;
    }
    status = synth_space_create(&face->space, dim, err);
    if (status == EF_OK) {
        status = ef_rng_create(&face->rng, seed, 0, err);
    }
done:
    if (status != EF_OK) {
        synth_face_free(face);
        return status;
    }
    *out = face;
    return EF_OK;
}

void synth_face_free(synth_face *face)
{
    if (face != NULL) {
        ef_rng_free(face->rng);
        synth_space_free(&face->space);
        free(face->person);
        free(face->image);
        free(face->noise);
        free(face);
    }
}

ef_status synth_faces_create(synth_face ***out, int count, size_t dim, double difficulty, uint64_t seed, ef_error *err)
{
    synth_face **faces = ef_alloc_zero((size_t)count, sizeof(synth_face *));
    ef_status status = faces != NULL ? EF_OK : ef_fail_memory(err, "embeddings");
    for (int i = 0; i < count && status == EF_OK; i++) {
        status = synth_face_create(&faces[i], dim, difficulty, seed, err);
    }
    if (status != EF_OK) {
        synth_faces_free(faces, count);
        return status;
    }
    *out = faces;
    return EF_OK;
}

void synth_faces_free(synth_face **faces, int count)
{
    for (int i = 0; i < count && faces != NULL; i++) {
        synth_face_free(faces[i]);
    }
    free(faces);
}

/* Images of a person mostly come one after another, so the last person is kept. */
static void draw_person(synth_face *face, uint64_t stream)
{
    if (face->last != stream) {
        ef_rng_restart(face->rng, face->seed, stream);
        face->ease = person_spread * ef_rng_normal(face->rng);
        synth_direction(face->person, &face->space, 1.0, face->rng);
        face->last = stream;
    }
}

void synth_face_draw(synth_face *face, const synth_benchmark *benchmark, synth_image image, float *original, float *mirrored)
{
    size_t dim = face->space.dim;
    draw_person(face, synth_stream(benchmark->images, image.person, 0));
    ef_rng_restart(face->rng, face->seed, synth_stream(benchmark->images, image.person, image.number));
    double factor = synth_exponential(face->ease + image_spread * ef_rng_normal(face->rng));
    factor *= synth_is_profile(benchmark, image) ? benchmark->profile : 1.0;
    double norm = usual_norm * synth_exponential(norm_spread * ef_rng_normal(face->rng)) /
                  (1.0 - norm_by_quality + norm_by_quality * factor);
    synth_direction(face->image, &face->space, benchmark->spread * face->difficulty * factor, face->rng);
    synth_add(face->image, face->person, dim);
    synth_scale_to(face->image, dim, norm);
    synth_store(original, face->image, dim);
    if (mirrored == NULL) {
        return;
    }
    synth_direction(face->noise, &face->space, mirror_spread * norm, face->rng);
    synth_add(face->image, face->noise, dim);
    synth_scale_to(face->image, dim, norm * synth_exponential(norm_spread * ef_rng_normal(face->rng)));
    synth_store(mirrored, face->image, dim);
}
