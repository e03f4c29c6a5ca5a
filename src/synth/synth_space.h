/* synth_space.h - the space that made-up embeddings lie in, and random directions in it.
 *
 * The variances of a direction's numbers decay, so that two directions are closer or further apart than chance on the whole sphere
 * would have it, as those of a face network are.
 * Thread rule: read-only once made. */
#ifndef EF_SYNTH_SYNTH_SPACE_H
#define EF_SYNTH_SYNTH_SPACE_H

#include <stddef.h>

#include <eface/rng.h>
#include <eface/status.h>

typedef struct synth_space {
    size_t dim;
    double *deviation; /* standard deviation of each number */
} synth_space;

/* The caller frees what is in *out with synth_space_free(). */
EF_MUST_USE ef_status synth_space_create(synth_space *out, size_t dim, ef_error *err);
void synth_space_free(synth_space *space); /* an empty (zeroed) one is fine */

/* Draws a random direction, of the given length. */
void synth_direction(double *values, const synth_space *space, double length, ef_rng *rng);

void synth_scale_to(double *values, size_t dim, double length);
void synth_add(double *sum, const double *values, size_t dim);
void synth_store(float *out, const double *values, size_t dim);

/* e to the x for moderate x, from operations that IEEE 754 rounds alike everywhere; exp() of a library differs by processor. */
double synth_exponential(double x);

#endif
