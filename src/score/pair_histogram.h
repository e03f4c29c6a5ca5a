/* pair_histogram.h - every product of all pairs counted in a histogram, from which the number of pairs at or above any score is known between two bounds.
 *
 * A score is within the slack of its product.  Slacks differ from vector to vector, so there is a histogram for each class of slacks, and one vector that is
 * hard to code does not blur the counts of the others.  Of the pairs of a bin, those whose product less slack is at least s all count for the lower bound, those whose
 * product plus slack reaches s for the upper one.
 * Mates are among the pairs: subtract those known to be at or above s.
 * Memory: 12 bytes for each bin, thread and class in use; of classes there are rarely more than three.
 * Thread rule: ef_pair_histogram_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_HISTOGRAM_H
#define EF_SCORE_PAIR_HISTOGRAM_H

#include "score/all_pairs.h"

typedef struct ef_pair_histogram ef_pair_histogram;

typedef struct ef_count_bounds {
    uint64_t least, most;
} ef_count_bounds;

/* `bins` equal bins from -1 to 1; what lies outside is in the end bins, which have no outer edge.  The caller frees *out with ef_pair_histogram_free(). */
EF_MUST_USE ef_status ef_pair_histogram_create(ef_pair_histogram **out, size_t bins, int workers, ef_error *err);
void ef_pair_histogram_free(ef_pair_histogram *histogram); /* NULL is fine */

ef_pair_visitor ef_pair_histogram_visitor(ef_pair_histogram *histogram);

/* To be called once all pairs have been met, before the bounds are asked for.  Fails when memory ran out on the way. */
EF_MUST_USE ef_status ef_pair_histogram_finish(ef_pair_histogram *histogram, ef_error *err);

/* What was counted, for other processes to add: of each class, numbered from 0, the counts of the bins, NULL when nothing was, and the largest slack.  All
 * pairs must have been met; not to be called after ef_pair_histogram_finish(), and what is added must come before that too. */
#define EF_HISTOGRAM_CLASSES 24
const uint64_t *ef_pair_histogram_class(ef_pair_histogram *histogram, size_t number, double *slack);
EF_MUST_USE ef_status ef_pair_histogram_add(ef_pair_histogram *histogram, size_t number, const uint64_t *count, double slack,
                                            ef_error *err);

/* How many pairs score at least `score`. */
ef_count_bounds ef_pair_histogram_at_least(const ef_pair_histogram *histogram, double score);

#endif
