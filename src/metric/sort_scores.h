/* sort_scores.h - scores in descending order, in linear time.
 * Thread rule: safe from any thread. */
#ifndef EF_METRIC_SORT_SCORES_H
#define EF_METRIC_SORT_SCORES_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

/* Sorts finite scores, the best first; -0 becomes +0. */
EF_MUST_USE ef_status ef_sort_scores(double *score, size_t count, ef_error *err);

/* A finite score as an integer that grows as the score falls, so that an ascending sort puts the best score first; and back. */
uint64_t ef_score_key(double score);
double ef_score_of_key(uint64_t key);

/* Sorts keys[0 .. count-1] upwards; `spare` has as much room. */
void ef_sort_score_keys(uint64_t *keys, uint64_t *spare, size_t count);

#endif
