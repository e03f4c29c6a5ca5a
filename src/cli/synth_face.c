#include "cli/synth_face.h"

#include <math.h>
#include <stdlib.h>

#include <eface/rng.h>

#include "base/error.h"
#include "base/memory.h"
#include "cli/synth_stream.h"

static const double decay = 6.0;           /* the variances of the directions fall from 1 to exp(-decay) */
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
    size_t dim;
    double *deviation; /* standard deviation of each number */
    double *person;    /* direction of the last person */
    double *image, *noise;
    uint64_t last; /* stream of the last person */
    double ease;   /* logarithm of its deviations over the median */
};

/* e to the x for moderate x, from operations that IEEE 754 rounds alike everywhere; exp() of a library differs by processor. */
static double exponential(double x)
{
    double part = x / 64, term = 1.0, sum = 1.0;
    for (int n = 1; n < 14; n++) {
        term *= part / n;
        sum += term;
    }
    for (int square = 0; square < 6; square++) {
        sum *= sum;
    }
    return sum;
}

ef_status synth_face_create(synth_face **out, size_t dim, double difficulty, uint64_t seed, ef_error *err)
{
    ef_status status = EF_OK;
    synth_face *face = calloc(1, sizeof *face);
    if (face == NULL) {
        return ef_fail_memory(err, "embeddings");
    }
    face->seed = seed;
    face->difficulty = difficulty;
    face->dim = dim;
    face->deviation = ef_alloc(dim, sizeof(double));
    face->person = ef_alloc(dim, sizeof(double));
    face->image = ef_alloc(dim, sizeof(double));
    face->noise = ef_alloc(dim, sizeof(double));
    if (face->deviation == NULL || face->person == NULL || face->image == NULL || face->noise == NULL) {
        status = ef_fail_memory(err, "embeddings");
        goto done;
    }
    for (size_t i = 0; i < dim; i++) {
        face->deviation[i] = exponential(-decay / 2 * (double)i / (double)dim);
    }
    status = ef_rng_create(&face->rng, seed, 0, err);
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
        free(face->deviation);
        free(face->person);
        free(face->image);
        free(face->noise);
        free(face);
    }
}

static void scale_to(double *values, size_t dim, double length)
{
    double squares = 0.0;
    for (size_t i = 0; i < dim; i++) {
        squares += values[i] * values[i];
    }
    double factor = squares > 0.0 ? length / sqrt(squares) : 0.0;
    for (size_t i = 0; i < dim; i++) {
        values[i] *= factor;
    }
}

/* A random direction, of the given length. */
static void draw_direction(const synth_face *face, double *values, double length)
{
    for (size_t i = 0; i < face->dim; i++) {
        values[i] = face->deviation[i] * ef_rng_normal(face->rng);
    }
    scale_to(values, face->dim, length);
}

static void add(double *sum, const double *values, size_t dim)
{
    for (size_t i = 0; i < dim; i++) {
        sum[i] += values[i];
    }
}

/* Images of a person mostly come one after another, so the last person is kept. */
static void draw_person(synth_face *face, uint64_t stream)
{
    if (face->last != stream) {
        ef_rng_restart(face->rng, face->seed, stream);
        face->ease = person_spread * ef_rng_normal(face->rng);
        draw_direction(face, face->person, 1.0);
        face->last = stream;
    }
}

static void store(float *out, const double *values, size_t dim)
{
    for (size_t i = 0; i < dim; i++) {
        out[i] = (float)values[i];
    }
}

void synth_face_draw(synth_face *face, const synth_benchmark *benchmark, synth_image image, float *original, float *mirrored)
{
    size_t dim = face->dim;
    draw_person(face, synth_stream(benchmark->images, image.person, 0));
    ef_rng_restart(face->rng, face->seed, synth_stream(benchmark->images, image.person, image.number));
    double factor = exponential(face->ease + image_spread * ef_rng_normal(face->rng));
    factor *= synth_is_profile(benchmark, image) ? benchmark->profile : 1.0;
    double norm =
        usual_norm * exponential(norm_spread * ef_rng_normal(face->rng)) / (1.0 - norm_by_quality + norm_by_quality * factor);
    draw_direction(face, face->image, benchmark->spread * face->difficulty * factor);
    add(face->image, face->person, dim);
    scale_to(face->image, dim, norm);
    store(original, face->image, dim);
    draw_direction(face, face->noise, mirror_spread * norm);
    add(face->image, face->noise, dim);
    scale_to(face->image, dim, norm * exponential(norm_spread * ef_rng_normal(face->rng)));
    store(mirrored, face->image, dim);
}
