/* pair_best.h - the k best matches of every vector: its highest scores and who they are with.
 *
 * Of equal scores, that with the lower number comes first.
 * Memory: 16 k bytes and 8 for each vector.
 * Thread rule: ef_pair_best_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_BEST_H
#define EF_SCORE_PAIR_BEST_H

#include "score/all_pairs.h"

#define EF_NOBODY SIZE_MAX

typedef struct ef_match {
    double score;  /* -infinity where there are fewer than k others */
    size_t number; /* of the other vector; EF_NOBODY */
} ef_match;

/* Among whom the best are looked for. */
typedef enum ef_pair_among { EF_AMONG_OTHERS = 1, EF_AMONG_MATES = 2, EF_AMONG_ALL = 3 } ef_pair_among;

typedef struct ef_pair_best ef_pair_best;

/* The k best (k at least 1) for each of `count` rows.  `self`: rows meet themselves, so a pair counts for both its vectors.  The caller frees *out with
 * ef_pair_best_free(). */
EF_MUST_USE ef_status ef_pair_best_create(ef_pair_best **out, size_t count, size_t k, ef_pair_among among, bool self,
                                          ef_error *err);
void ef_pair_best_free(ef_pair_best *best); /* NULL is fine */

ef_pair_visitor ef_pair_best_visitor(ef_pair_best *best);

/* The k matches of a row, best first. */
const ef_match *ef_pair_best_of(const ef_pair_best *best, size_t row);

/* Adds what others found for the same rows: best first, k for each. */
void ef_pair_best_add(ef_pair_best *best, const ef_match *matches);

#endif
