/* all_pairs.h - every pair of two sets of vectors, or of one set with itself, met by visitors that say which pairs matter to them.
 *
 * Scores are float64 products, ef_dot() (linalg/dot.h).  Tiles of approximate products, each with a proven slack (quantise.h for int8 codes,
 * gemm.h for float32), go by on all threads and are never stored.  A pair whose product cannot reach a visitor's limit is passed over; the
 * others, the candidates, are handed to the visitors, who may ask for the exact score.  So what visitors find is exact, and does not depend on the
 * kind of product, tile, block, thread count or memory: provided that they do not depend on the order in which they meet pairs.
 * Those who look at products see approximations, which are of the kind of product and the tile.  But products in float32, whose last bits come from the size of the matrices
 * that BLAS is given and the place in them, are of the same tiles for any threads and memory, and so the same on one machine.
 *
 * Mates, pairs of equal labels, are few: their exact scores are handed out apart, and they are never candidates.  Pairs of equal groups are
 * met by nobody.
 *
 * Codes are looked at twice: products of int8 codes, of all elements or of coordinates along a few directions (basis.h, pair_basis.h), leave some pairs, and products
 * of 16-bit codes leave the candidates of those.
 *
 * Memory: the vectors in blocks, as codes (three bytes an element) or float32, and in float64 where they have to be read: at most `memory`, by custom 2 GiB,
 * unless that is less than 1920 vectors; about 3 MiB for each thread; 32 bytes for each labelled vector; an eighth of `memory` at the most while
 * directions are looked for.
 * Thread rule: visitors are called from several threads at once. */
#ifndef EF_SCORE_ALL_PAIRS_H
#define EF_SCORE_ALL_PAIRS_H

#include <eface/pair_scores.h>

#include "linalg/dot.h"
#include "linalg/int8_tile.h"
#include "score/pair_block.h"

/* A pair that may matter.  Its score is from `low` to `high`. */
typedef struct ef_pair_candidate {
    double low, high;
    double score;         /* once known */
    uint32_t row, column; /* within the batch's blocks */
    bool known;
} ef_pair_candidate;

typedef struct ef_pair_batch {
    const ef_pair_block *rows, *columns;
    ef_pair_candidate *pair;
    size_t count;
} ef_pair_batch;

/* The exact score of a candidate: computed once, whoever asks. */
static inline double ef_pair_score(const ef_pair_batch *batch, ef_pair_candidate *pair)
{
    if (!pair->known) {
        size_t dim = batch->rows->vectors->dim;
        pair->score = ef_dot(batch->rows->unit + pair->row * dim, batch->columns->unit + pair->column * dim, dim);
        pair->known = true;
    }
    return pair->score;
}

/* All products of a tile of 12 x 32. */
typedef struct ef_pair_products {
    const float *product; /* that of row r and column c at product[r * stride + c] */
    size_t stride;
    const uint32_t *valid; /* bit c of valid[r]: there is such a pair (mates included) */
    double slack;          /* each score is within this of its product */
} ef_pair_products;

/* What an accumulator wants to see.  Any function may be NULL. */
typedef struct ef_pair_visitor {
    void *self;
    /* limit[i] = a score below which no pair of row (column) first + i matters; it may only rise in the course of time.  Without row_limits() rows have
     * no pairs that matter, and so for columns: where a set meets itself, a pair is met once, with the lower number as its row. */
    void (*row_limits)(void *self, double *limit, size_t first, size_t count);
    void (*column_limits)(void *self, double *limit, size_t first, size_t count);
    /* Columns may be of several kinds, any numbers, for each of which rows have limits of their own, besides those above: both functions or neither, of one
     * visitor only, and of two sets.  Columns are met kind by kind, a block at a time. */
    uint32_t (*column_kind)(void *self, size_t column);
    void (*kind_limits)(void *self, double *limit, size_t first, size_t count, uint32_t kind);
    /* Candidates, of anyone's: pairs below this visitor's limits may be among them.  Never mates. */
    void (*meet)(void *self, ef_pair_batch *batch, int worker);
    /* Every pair of equal labels. */
    void (*mate)(void *self, size_t row, size_t column, double score, int worker);
    /* Every product, mates' as well. */
    void (*look)(void *self, const ef_pair_products *products, int worker);
} ef_pair_visitor;

typedef enum ef_pair_product {
    EF_PRODUCT_FASTEST, /* codes, where a fast kernel runs here */
    EF_PRODUCT_FLOATS,
    EF_PRODUCT_CODES
} ef_pair_product;

/* How to go about it; zeros mean what is best.  Nothing here changes what visitors find. */
typedef struct ef_pair_way {
    ef_pair_product product;
    const ef_int8_version *kernel;  /* of codes: one that runs here; NULL: the fastest */
    size_t directions;              /* that codes are of, if they are (pair_basis.h) */
    size_t block;                   /* vectors in a block */
    size_t tile_rows, tile_columns; /* what a thread takes at a time */
} ef_pair_way;

typedef struct ef_pair_totals {
    uint64_t pairs, mates; /* mates included in pairs */
    uint64_t grouped;      /* pairs of vectors of one group, which are none of `pairs` */
    uint64_t candidates;   /* pairs that were handed to visitors; this does depend on the way */
    size_t directions;     /* that codes were of; 0: of elements, or there were none */
} ef_pair_totals;

/* How many pairs there are, and how many of them are mates.  `columns` as for ef_all_pairs(). */
EF_MUST_USE ef_status ef_pair_count(ef_pair_totals *totals, const ef_vectors *rows, const ef_vectors *columns, ef_error *err);

/* Meets all pairs of rows and columns; columns NULL: of rows among themselves, each pair once and no row with itself.  Candidates' numbers fit into 32 bits;
 * a side may hold more.  `way` and `totals` may be NULL.  Errors: sides of different dimension, two visitors with kinds of columns, or one where a set meets itself
 * (EF_INVALID), and what ef_pair_block_prepare() finds. */
EF_MUST_USE ef_status ef_all_pairs(ef_pair_totals *totals, const ef_vectors *rows, const ef_vectors *columns,
                                   const ef_pair_visitor *visitors, size_t count, const ef_pair_way *way, const ef_work *work,
                                   ef_error *err);

/* Whether vectors of `dim` elements are compared by codes on this machine; `way` may be NULL. */
bool ef_pair_by_codes(const ef_pair_way *way, size_t dim);

/* How many workers visitors have to expect. */
int ef_pair_workers(const ef_work *work);

#endif
