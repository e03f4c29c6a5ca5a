/* pair_scores.h - the scores of a list of pairs of images.
 *
 * The cosine of a pair is by definition the float64 dot product of its two unit vectors (rows.h), summed in the fixed
 * order of ef_dot() in src/linalg/dot.h; its distance is the squared Euclidean distance of the same vectors, sum of (a_k - b_k)^2,
 * in the same order.  Both are the same bits for every number of threads, memory bound and kind of processor.
 * Memory: the rows that pairs name, in float64, when they fit into `memory`; otherwise two blocks of them at a time.
 * Besides, up to 8 MiB to read into, and 16 bytes for each pair. */
#ifndef EFACE_PAIR_SCORES_H
#define EFACE_PAIR_SCORES_H

#include <stddef.h>

#include <eface/rows.h>
#include <eface/status.h>
#include <eface/work.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_row_pair {
    size_t a, b; /* rows of the set, counted from 0 */
} ef_row_pair;

/* Scores pairs[0 .. count-1] into cosine[count] and distance[count]; either may be NULL.  Every row of the set is read and
 * checked, also those that no pair names.  *used, if not NULL, receives how many distinct rows the pairs name.
 * Errors: a row beyond the set, whatever ef_rows_read() finds. */
EF_API EF_MUST_USE ef_status ef_score_pairs(double *cosine, double *distance, size_t *used, ef_rows *rows,
                                            const ef_row_pair *pairs, size_t count, const ef_work *work, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
