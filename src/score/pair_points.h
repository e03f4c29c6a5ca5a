/* pair_points.h - what all pairs say at low false accept rates, and the EER, exactly and in fixed memory; and AUC between bounds.
 *
 * Genuine scores, those of mates, are all scored.  Impostors are counted: the k-th highest of them, k from the false accept rate, is found in a kept
 * tail of the highest scores where memory allows that many, and else by counting between ever closer edges, in some more passes.
 * Nothing but the number of passes depends on the number of threads or the memory.  Bounds always hold; their last digits, and nothing else, come with the kind of product and
 * the tiles.
 * Memory: the engine's (all_pairs.h) in half of `memory`, the tail in a quarter, or in 64 MiB (without areas 16) if that is more, 8 bytes for each pair of mates, and about
 * 1 MiB for each thread.
 * Thread rule: safe from any thread. */
#ifndef EF_SCORE_PAIR_POINTS_H
#define EF_SCORE_PAIR_POINTS_H

#include <eface/interval.h>

#include "score/all_pairs.h"
#include "score/pair_crossing.h"

/* A match is a score at or above the threshold. */
typedef struct ef_pair_point {
    double far;       /* asked for */
    double threshold; /* the lowest score of any pair at which the FAR is not above that; +infinity when there is none */
    uint64_t false_matches, true_matches;
} ef_pair_point;

typedef struct ef_pair_points {
    uint64_t impostors, genuine; /* both at least 1 */
    uint64_t grouped;            /* pairs left out because they are of one group */
    ef_pair_point *point;        /* one for each FAR asked for, in that order */
    /* The neighbouring points of the curve between which FMR passes FNMR (pair_crossing.h), and where AUC lies: only if `areas`. */
    ef_pair_step crossing[2];
    ef_bounds auc;
    const double *genuine_score; /* all, descending */
    const double *tail;          /* the highest impostor scores, descending; as many for any memory */
    size_t tail_count;
    ef_count_bounds *edge_count; /* for each edge asked for: the impostors that score at least that; exact within the tail */
    size_t passes;
    uint64_t candidates;
    struct ef_pair_tail *held_tail; /* what holds the scores */
    struct ef_pair_genuine *held_genuine;
} ef_pair_points;

typedef struct ef_pair_question {
    const double *far; /* each from 0 to below 1 */
    size_t fars;
    /* EER, exactly, and bounds of AUC are wanted: one pass in float32, and another two where the tail does not hold the EER. */
    bool areas;
    size_t room;        /* the most scores in the tail; 0: as many as memory allows */
    const double *edge; /* scores at which impostors are to be counted; only with `areas` */
    size_t edges;
    const ef_pair_visitor *also; /* go along on the first pass */
    size_t also_count;           /* at most EF_MOST_ALSO */
} ef_pair_question;

#define EF_MOST_ALSO 4

/* `columns` and `way` as for ef_all_pairs().  The caller frees *out with ef_pair_points_free().  Errors: no mates or nothing but mates (EF_INVALID), a FAR
 * outside [0, 1) (EF_INVALID), what ef_all_pairs() finds. */
EF_MUST_USE ef_status ef_pair_points_create(ef_pair_points **out, const ef_vectors *rows, const ef_vectors *columns,
                                            const ef_pair_question *question, const ef_pair_way *way, const ef_work *work,
                                            ef_error *err);
void ef_pair_points_free(ef_pair_points *points); /* NULL is fine */

#endif
