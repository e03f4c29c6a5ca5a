/* pair_top.h - the k highest scores of all pairs, mates left out, with the pairs they are of: where labels are likely to be wrong.
 *
 * Of equal scores, that with the lower row comes first, then that with the lower column.
 * Memory: 24 k bytes.  Meant for small k: a pair that is put in moves others.
 * Thread rule: ef_pair_top_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_TOP_H
#define EF_SCORE_PAIR_TOP_H

#include "score/all_pairs.h"

typedef struct ef_scored_pair {
    double score;
    size_t row, column;
} ef_scored_pair;

typedef struct ef_pair_top ef_pair_top;

/* Keeps the k highest (k at least 1).  The caller frees *out with ef_pair_top_free(). */
EF_MUST_USE ef_status ef_pair_top_create(ef_pair_top **out, size_t k, ef_error *err);
void ef_pair_top_free(ef_pair_top *top); /* NULL is fine */

ef_pair_visitor ef_pair_top_visitor(ef_pair_top *top);

/* How many there are, at most k, and the pairs, the highest first. */
size_t ef_pair_top_count(const ef_pair_top *top);
const ef_scored_pair *ef_pair_top_pairs(const ef_pair_top *top);

/* Adds pairs from elsewhere: another process's, say. */
void ef_pair_top_add(ef_pair_top *top, const ef_scored_pair *pairs, size_t count);

#endif
