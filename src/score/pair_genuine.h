/* pair_genuine.h - the exact scores of all mates.
 * Memory: 8 bytes for each pair of mates; a little more while they are met.
 * Thread rule: ef_pair_genuine_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_GENUINE_H
#define EF_SCORE_PAIR_GENUINE_H

#include "score/all_pairs.h"

typedef struct ef_pair_genuine ef_pair_genuine;

/* Room for `most` scores: ef_pair_count() tells how many mates there are.  The caller frees *out with ef_pair_genuine_free(). */
EF_MUST_USE ef_status ef_pair_genuine_create(ef_pair_genuine **out, size_t most, ef_error *err);
void ef_pair_genuine_free(ef_pair_genuine *genuine); /* NULL is fine */

ef_pair_visitor ef_pair_genuine_visitor(ef_pair_genuine *genuine);

/* Adds scores from elsewhere.  What is beyond the room is counted, but not kept. */
void ef_pair_genuine_add(ef_pair_genuine *genuine, const double *score, size_t count);

/* How many were met, and their scores in descending order: at most `most` of them. */
size_t ef_pair_genuine_count(const ef_pair_genuine *genuine);
double *ef_pair_genuine_scores(ef_pair_genuine *genuine);

#endif
