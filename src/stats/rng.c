/* The generator is xoshiro256** behind GSL's interface, so that GSL's distributions can draw from it.  GSL's own generators
 * take a seed of 32 bits: two of 64 bits that differ above would give the same numbers, and a stream would be one more guess
 * at a seed.  Here seed and stream go into 256 bits of state, through a bijection: no two pairs share a state.
 * Sources: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021); the mixing is that of
 * splitmix64, from Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
#include <eface/rng.h>

#include <assert.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/error.h"

typedef struct state {
    uint64_t word[4];
} state;

struct ef_rng {
    gsl_rng gsl; /* its state points to the next member: GSL allocates nothing */
    state state;
};

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static uint64_t next(state *s)
{
    uint64_t *word = s->word, result = rotate(word[1] * 5, 7) * 9, shifted = word[1] << 17;
    word[2] ^= word[0];
    word[3] ^= word[1];
    word[1] ^= word[2];
    word[0] ^= word[3];
    word[2] ^= shifted;
    word[3] = rotate(word[3], 45);
    return result;
}

/* One step of splitmix64: a bijection of 64 bits. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void fill(state *s, uint64_t seed, uint64_t stream)
{
    s->word[0] = mix(seed);
    s->word[1] = mix(s->word[0] ^ mix(stream)); /* with word 0 known, one-to-one in the stream */
    s->word[2] = mix(s->word[1] ^ s->word[0]);
    s->word[3] = mix(s->word[2] ^ s->word[1]) | 1; /* never all zero, where the generator would stay */
    for (int i = 0; i < 16; i++) {
        next(s); /* until neighbouring seeds differ in every word */
    }
}

/* What GSL calls.  32 bits a time, the better upper half, so that GSL draws alike where a long is shorter. */
static void seed_from_gsl(void *s, unsigned long seed)
{
    fill(s, seed, 0);
}

static unsigned long next_integer(void *s)
{
    return (unsigned long)(next(s) >> 32);
}

static double next_real(void *s)
{
    return (double)(next(s) >> 11) * 0x1p-53;
}

static const gsl_rng_type xoshiro256 = {"xoshiro256**", 0xffffffffUL, 0, sizeof(state), seed_from_gsl, next_integer, next_real};

ef_status ef_rng_create(ef_rng **out, uint64_t seed, uint64_t stream, ef_error *err)
{
    ef_rng *rng = malloc(sizeof *rng);
    if (rng == NULL) {
        return ef_fail_memory(err, "a random number generator");
    }
    rng->gsl = (gsl_rng){.type = &xoshiro256, .state = &rng->state};
    ef_rng_restart(rng, seed, stream);
    *out = rng;
    return EF_OK;
}

void ef_rng_free(ef_rng *rng)
{
    free(rng);
}

void ef_rng_restart(ef_rng *rng, uint64_t seed, uint64_t stream)
{
    fill(&rng->state, seed, stream);
}

double ef_rng_uniform(ef_rng *rng)
{
    return gsl_rng_uniform(&rng->gsl);
}

double ef_rng_normal(ef_rng *rng)
{
    return gsl_ran_gaussian_ziggurat(&rng->gsl, 1);
}

uint64_t ef_rng_below(ef_rng *rng, uint64_t n)
{
    assert(n >= 1 && n <= UINT32_MAX);
    return gsl_rng_uniform_int(&rng->gsl, (unsigned long)n);
}
