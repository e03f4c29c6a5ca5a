/* pair_ranks.h - how many others score above each mark of a vector, by custom the scores of its mates: what ranks and CMC are made of.
 *
 * Memory: 8 bytes for each mark.
 * Thread rule: ef_pair_ranks_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_RANKS_H
#define EF_SCORE_PAIR_RANKS_H

#include "score/all_pairs.h"

typedef struct ef_pair_ranks ef_pair_ranks;

/* Row r of `count` has the marks mark[begin[r] .. begin[r + 1] - 1], ascending, equal ones allowed; both arrays must outlive *out.  `self`: rows meet
 * themselves, so a pair counts for both its vectors.  The caller frees *out with ef_pair_ranks_free(). */
EF_MUST_USE ef_status ef_pair_ranks_create(ef_pair_ranks **out, const double *mark, const size_t *begin, size_t count, bool self,
                                           ef_error *err);
void ef_pair_ranks_free(ef_pair_ranks *ranks); /* NULL is fine */

ef_pair_visitor ef_pair_ranks_visitor(ef_pair_ranks *ranks);

/* above[i] = how many others, mates left out, score more than mark[i]: for all marks.  Counts of several processes are added. */
void ef_pair_ranks_above(const ef_pair_ranks *ranks, uint64_t *above);

#endif
