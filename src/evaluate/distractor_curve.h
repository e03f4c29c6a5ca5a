/* distractor_curve.h - curves of mates against the highest scores of distractors, and what the MegaFace devkit lists of them.
 * Thread rule: safe from any thread. */
#ifndef EF_EVALUATE_DISTRACTOR_CURVE_H
#define EF_EVALUATE_DISTRACTOR_CURVE_H

#include <eface/result.h>

/* Scores on both sides, descending. */
typedef struct ef_distractor_scores {
    const double *genuine, *kept;
    size_t genuine_count, kept_count;
    uint64_t impostors; /* of which the highest are kept */
    bool all_kept;      /* the others can never match */
} ef_distractor_scores;

/* How many impostor scores must be kept for the rate at `far` under EF_MEGAFACE_DEVKIT; under EF_ISO ef_far_rank(). */
uint64_t ef_distractor_kept_devkit(double far, uint64_t impostors);

/* The curve from its strictest end on.  Where not all impostors are kept it ends with the point that has as many false matches as are kept or more: a
 * figure may be read before it, and its threshold and true matches are right.  The caller frees *out with ef_curve_free(). */
EF_MUST_USE ef_status ef_distractor_curve(ef_curve **out, const ef_distractor_scores *scores, ef_error *err);

/* The TPR after each number of false accepts, genuine scores first among equals: where it is more than 0.01 above the last one listed, and the last one.  The
 * caller frees what *out points to. */
EF_MUST_USE ef_status ef_distractor_list_roc(ef_result_listing *out, const ef_distractor_scores *scores, ef_error *err);

/* The share of searches found within each rank from 0 on, given how many have each rank, up to `ranks` of them: where it is at least 0.01 above the last one listed,
 * and the last one, that of all distractors. */
EF_MUST_USE ef_status ef_distractor_list_cmc(ef_result_listing *out, const uint64_t *searches_of, size_t ranks, uint64_t searches,
                                             uint64_t distractors, ef_error *err);

#endif
