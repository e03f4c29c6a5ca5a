/* pair_rank.h - the impostor score of a given rank, by counting between ever closer edges.
 * Thread rule: as all_pairs.h. */
#ifndef EF_SCORE_PAIR_RANK_H
#define EF_SCORE_PAIR_RANK_H

#include "score/all_pairs.h"

/* All pairs of something, to be gone through as often as needed. */
typedef struct ef_pair_passes {
    const ef_vectors *rows, *columns;
    const ef_pair_way *way;
    ef_work work;
    size_t room; /* scores that may be kept at a time; at least 1 */
    size_t passes;
    uint64_t candidates;
} ef_pair_passes;

/* One more pass. */
EF_MUST_USE ef_status ef_pair_pass(ef_pair_passes *all, const ef_pair_visitor *visitors, size_t count, ef_error *err);

typedef struct ef_rank {
    double score;   /* that of rank `rank`: the highest impostor score is of rank 1 */
    uint64_t above; /* impostors with a higher score: fewer than `rank` */
    uint64_t from;  /* impostors with this score or a higher one: at least `rank` */
    double next;    /* the lowest of the higher scores; +infinity when there is none */
} ef_rank;

/* Finds the score of a rank, from 1 to the number of impostors, that is thought to be in [low, high), low < high, among at most `expected` others.  A bracket that
 * does not hold it costs passes, no more.  EF_INVALID when no score is of that rank. */
EF_MUST_USE ef_status ef_pair_rank_find(ef_rank *out, uint64_t rank, double low, double high, uint64_t expected,
                                        ef_pair_passes *all, ef_error *err);

#endif
