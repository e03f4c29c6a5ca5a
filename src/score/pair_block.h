/* pair_block.h - vectors made ready to be multiplied with others: a stretch of them, narrowed to float32 or coded, as int8 and in 16 bits.
 * Thread rule: constant once prepared. */
#ifndef EF_SCORE_PAIR_BLOCK_H
#define EF_SCORE_PAIR_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#include "linalg/basis.h"
#include "linalg/int8_tile.h"

/* Vectors to compare: rows of `dim` float64 numbers, by custom of length one.  They must be finite and no longer than 2^39; zero vectors are vectors
 * that score 0 with all. */
typedef struct ef_vectors {
    size_t count, dim;
    const double *unit; /* all of them; or NULL, and then read() is called from the thread that asked for the comparison */
    ef_status (*read)(void *context, double *unit, size_t first, size_t count, ef_error *err);
    void *context;
    const int64_t *label; /* the subject of each; NULL when none is the subject of another vector's */
    const int64_t
        *group; /* two vectors of the same group (same media, same camera) make no pair at all; NULL when all pairs count */
} ef_vectors;

/* Copies `count` of them from `first` on.  Errors: what read() finds. */
EF_MUST_USE ef_status ef_vectors_copy(double *out, const ef_vectors *from, size_t first, size_t count, ef_error *err);

/* Samples of a set are runs of so many neighbours, for the sake of reading. */
enum { EF_SAMPLE_RUN = 16 };

/* The first vector of run r of `runs`, at most count / EF_SAMPLE_RUN, that are spread over `count` vectors: each somewhere in an equal part of them, so that what is
 * regular about the set is not met. */
size_t ef_vectors_run(size_t count, size_t runs, size_t r);

/* What `length` below is for vectors that were brought to length one. */
#define EF_PAIR_ABOUT_ONE (1025.0f / 1024.0f)

/* What is made of vectors is in the order of their kinds, where they have some: what belongs to place i of that order is of vector first + order[i]. */
typedef struct ef_pair_block {
    const ef_vectors *vectors;
    size_t first, count; /* the stretch */
    const double *unit;  /* its rows, as they come */
    uint32_t *order;     /* NULL: as they come */
    uint32_t *kind;      /* of each place; NULL: of no kind */
    float length;        /* at least that of each, of its coordinates, and of what its codes stand for */
    size_t codes;        /* of a vector: of its elements, or of its coordinates */
    uint32_t *panels;    /* coded: see int8_tile.h */
    float *scale, *residual;
    float *beside; /* coded with a basis: see basis.h */
    int16_t *fine; /* coded: rows of 16-bit codes too, `dim` of each, with scales and residuals of their own */
    float *fine_scale, *fine_residual;
    float *narrow; /* not coded: rows of float32 */
    double *own;   /* what was read */
    size_t capacity;
    const ef_int8_version *kernel; /* that multiplies the codes; NULL: not coded */
    const ef_basis *basis;         /* whose coordinates are coded; NULL: the elements themselves */
} ef_pair_block;

/* Bytes for each vector of a block; 0 when there are too many to count. */
size_t ef_pair_block_bytes(const ef_vectors *vectors, bool coded);

/* Room for up to `capacity` vectors at a time, as codes for `kernel`, or as float32 where that is NULL; with `basis`, which may be NULL, coordinates are coded.  Both
 * must outlive the block.  On failure too it is to be freed with ef_pair_block_free(). */
EF_MUST_USE ef_status ef_pair_block_create(ef_pair_block *block, const ef_vectors *vectors, size_t capacity,
                                           const ef_int8_version *kernel, const ef_basis *basis, ef_error *err);
void ef_pair_block_free(ef_pair_block *block);

/* The vector of a place, among those of the stretch. */
static inline size_t ef_pair_block_at(const ef_pair_block *block, size_t place)
{
    return block->order != NULL ? block->order[place] : place;
}

/* Makes vectors first .. first+count-1 ready, on up to `threads` threads; in the order of their kinds, kind[0] that of vector `first`, unless that is NULL.
 * Errors: what read() finds, a vector that is not finite or is too long (EF_INVALID, with its number). */
EF_MUST_USE ef_status ef_pair_block_prepare(ef_pair_block *block, size_t first, size_t count, const uint32_t *kind, int threads,
                                            ef_error *err);

#endif
