/* pair_known.h - what a pass over all pairs has told of their scores: the genuine ones, the highest impostors, and bounds for the others.
 * Thread rule: constant. */
#ifndef EF_SCORE_PAIR_KNOWN_H
#define EF_SCORE_PAIR_KNOWN_H

#include "score/pair_histogram.h"

typedef struct ef_pair_known {
    uint64_t impostors;
    size_t genuine;
    const double *score;                /* the genuine ones, descending */
    const double *high;                 /* the highest impostors, descending: */
    size_t kept;                        /* so many */
    const ef_pair_histogram *histogram; /* of all pairs; NULL when there is none */
} ef_pair_known;

/* How many of descending scores are above `score`. */
size_t ef_count_above(const double *descending, size_t count, double score);

/* How many impostors score at least `score`: exactly where the kept ones tell. */
ef_count_bounds ef_pair_known_from(const ef_pair_known *known, double score);

#endif
