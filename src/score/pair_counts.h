/* pair_counts.h - how many pairs, mates left out, score between given edges: exact counts in fixed memory, and the scores themselves where they are asked for.
 *
 * Gap g lies between edges: edge[g - 1] <= score < edge[g]; the last one has no upper end.  Gap 0, below all edges, is not counted: it is what remains.
 * To count the scores that equal e, let e and the double after it be edges.  A pair whose interval lies within one gap is counted without its exact score, so
 * what few edges cost is the pairs near them.
 * Memory: 8 bytes for each edge and thread, 8 for each edge, 8 for each score kept, 512 KiB.
 * Thread rule: ef_pair_counts_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_COUNTS_H
#define EF_SCORE_PAIR_COUNTS_H

#include "score/all_pairs.h"

typedef struct ef_pair_counts ef_pair_counts;

/* `edge`: at least one, ascending, all different; copied.  keep[g] for g up to `edges`: whether the scores in gap g are kept; NULL for none.  At
 * most `room` are.  The caller frees *out with ef_pair_counts_free(). */
EF_MUST_USE ef_status ef_pair_counts_create(ef_pair_counts **out, const double *edge, size_t edges, const bool *keep, size_t room,
                                            int workers, ef_error *err);
void ef_pair_counts_free(ef_pair_counts *counts); /* NULL is fine */

ef_pair_visitor ef_pair_counts_visitor(ef_pair_counts *counts);

/* count[g] for g from 1 to `edges`; count[0] is 0. */
const uint64_t *ef_pair_counts_of(ef_pair_counts *counts);

/* The scores kept, in descending order.  *count is how many there should be: beyond `room` they are missing, any of them. */
const double *ef_pair_counts_kept(ef_pair_counts *counts, uint64_t *count);

/* Adds what others counted between the same edges: their ef_pair_counts_of() and ef_pair_counts_kept(), `kept` being how many of these there are. */
void ef_pair_counts_add(ef_pair_counts *counts, const uint64_t *count, const double *score, size_t kept);

#endif
