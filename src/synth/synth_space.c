#include "synth/synth_space.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

static const double decay = 6.0; /* the variances of the directions fall from 1 to exp(-decay) */

double synth_exponential(double x)
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

ef_status synth_space_create(synth_space *out, size_t dim, ef_error *err)
{
    double *deviation = ef_alloc(dim, sizeof *deviation);
    if (deviation == NULL) {
        return ef_fail_memory(err, "embeddings");
    }
    for (size_t i = 0; i < dim; i++) {
        deviation[i] = synth_exponential(-decay / 2 * (double)i / (double)dim);
    }
    *out = (synth_space){dim, deviation};
    return EF_OK;
}

void synth_space_free(synth_space *space)
{
    free(space->deviation);
    *space = (synth_space){0};
}

void synth_scale_to(double *values, size_t dim, double length)
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

void synth_direction(double *values, const synth_space *space, double length, ef_rng *rng)
{
    for (size_t i = 0; i < space->dim; i++) {
        values[i] = space->deviation[i] * ef_rng_normal(rng);
    }
    synth_scale_to(values, space->dim, length);
}

void synth_add(double *sum, const double *values, size_t dim)
{
    for (size_t i = 0; i < dim; i++) {
        sum[i] += values[i];
    }
}

void synth_store(float *out, const double *values, size_t dim)
{
    for (size_t i = 0; i < dim; i++) {
        out[i] = (float)values[i];
    }
}
