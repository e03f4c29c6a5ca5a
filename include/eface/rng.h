/* rng.h - reproducible random numbers: the same seed and stream give the same numbers on every machine.
 * Generator: xoshiro256** (Blackman and Vigna 2021), all 64 bits of seed and of stream in its state; GSL's ziggurat for normal deviates.
 * Not for secrets.
 * Thread rule: one ef_rng per thread. */
#ifndef EFACE_RNG_H
#define EFACE_RNG_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_rng ef_rng;

/* The caller frees *out with ef_rng_free().  Two pairs of seed and stream that differ in any bit start from
 * different states, and their numbers are independent for practical purposes. */
EF_API EF_MUST_USE ef_status ef_rng_create(ef_rng **out, uint64_t seed, uint64_t stream, ef_error *err);
EF_API void ef_rng_free(ef_rng *rng); /* NULL is fine */
EF_API void ef_rng_restart(ef_rng *rng, uint64_t seed, uint64_t stream); /* as if created anew */

EF_API double ef_rng_uniform(ef_rng *rng);                /* in [0, 1) */
EF_API double ef_rng_normal(ef_rng *rng);                 /* mean 0, variance 1 */
EF_API uint64_t ef_rng_below(ef_rng *rng, uint64_t n);    /* 0 .. n-1, n from 1 to 2^32-1 */

#ifdef __cplusplus
}
#endif
#endif
