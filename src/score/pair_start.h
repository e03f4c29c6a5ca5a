/* pair_start.h - a guess of how high the k-th highest score of all pairs is, from a sample of them.
 *
 * A tail that begins with a good guess need not look at the many pairs below.  The guess is the same each time; it is no more than a guess, so whether at
 * least k scores reach it must be counted afterwards.
 * Thread rule: as all_pairs.h. */
#ifndef EF_SCORE_PAIR_START_H
#define EF_SCORE_PAIR_START_H

#include "score/all_pairs.h"

/* *least = a score that somewhat more than k pairs are likely to reach, mates left out; -infinity when the sets are too small for sampling.
 * `columns` as for ef_all_pairs().  Time: that of one pair of 64, for all elements. */
EF_MUST_USE ef_status ef_pair_start(double *least, const ef_vectors *rows, const ef_vectors *columns, size_t k,
                                    const ef_work *work, ef_error *err);

#endif
