/* pair_tail.h - the k highest scores of very many pairs, mates left out: from which thresholds at low false accept rates are read.
 *
 * Memory: 16 k bytes, whatever the number of threads, and 8 KiB for each thread.  A score that only equals the lowest of k kept ones would replace its equal, so it is
 * left out: the outcome is a set of scores that does not depend on the order in which they came.
 * Thread rule: ef_pair_tail_visitor()'s functions may be called from all threads at once, and so may ef_pair_tail_add(); the others from one. */
#ifndef EF_SCORE_PAIR_TAIL_H
#define EF_SCORE_PAIR_TAIL_H

#include "score/all_pairs.h"

typedef struct ef_pair_tail ef_pair_tail;

/* Keeps the k highest (k at least 1) of the scores that are at least `least`: -infinity for all.  A `least` that is nearly as high as the k-th highest score saves the time
 * to find out; ef_pair_tail_count() then tells whether it was too high.  The caller frees *out with ef_pair_tail_free(). */
EF_MUST_USE ef_status ef_pair_tail_create(ef_pair_tail **out, size_t k, double least, int workers, ef_error *err);
void ef_pair_tail_free(ef_pair_tail *tail); /* NULL is fine */

ef_pair_visitor ef_pair_tail_visitor(ef_pair_tail *tail);

/* Adds scores from elsewhere: another process's tail, say.  From any thread. */
void ef_pair_tail_add(ef_pair_tail *tail, const double *score, size_t count);

/* How many there are, at most k, and the scores in descending order: valid until more are added. */
size_t ef_pair_tail_count(ef_pair_tail *tail);
const double *ef_pair_tail_scores(ef_pair_tail *tail);

#endif
