/* far_rank.h - which impostor score a false accept rate is about.
 * Thread rule: safe from any thread. */
#ifndef EF_SCORE_FAR_RANK_H
#define EF_SCORE_FAR_RANK_H

#include <stdint.h>

/* The rank, from 1 for the highest, of the impostor score that a threshold for `far` must be above: one more than the false matches that the rate allows, and at most
 * `impostors`, of which there is at least one.  Quotients are compared, not counts with far * impostors, as the metrics do: 0.29 * 100 is below 29 in doubles,
 * while 29 / 100 is 0.29. */
uint64_t ef_far_rank(double far, uint64_t impostors);

#endif
