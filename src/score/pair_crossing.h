/* pair_crossing.h - where the false match rate of all pairs passes the false non-match rate: what the EER is read from, exactly.
 * Thread rule: as all_pairs.h. */
#ifndef EF_SCORE_PAIR_CROSSING_H
#define EF_SCORE_PAIR_CROSSING_H

#include "score/pair_known.h"
#include "score/pair_rank.h"

/* A point of the curve: how many of each kind score at least `threshold`. */
typedef struct ef_pair_step {
    double threshold;
    uint64_t false_matches, true_matches;
} ef_pair_step;

/* Finds the neighbouring points of the curve between which FMR passes FNMR: at step[1], whose threshold is a score, it is at least that for the first time; the threshold of
 * step[0] is somewhere between its own score and that.  Where `known` does not tell, impostors are counted in more passes. */
EF_MUST_USE ef_status ef_pair_crossing_find(ef_pair_step step[2], const ef_pair_known *known, ef_pair_passes *passes,
                                            ef_error *err);

#endif
