/* template_scores.h - the scores of long lists of template pairs.
 *
 * A score is ef_dot() of two unit templates in float64.  Pairs are filed piece by piece as a list is read, impostors by blocks of the second
 * template, so that a block stays in the processor's cache while all its pairs are scored.  Genuine pairs, which are few, are scored as
 * defined; impostors by ef_dots32(), and the exact score of one of them is computed when it is asked for.
 * Memory: 9 bytes an impostor (half as much again while it is not known how many there are), 16 a genuine pair, the templates in float32, and a
 * quarter of a byte for each template and 2^20 pairs filed at once.
 * Thread use: one ef_template_scores from one thread at a time; it uses threads of its own. */
#ifndef EF_SCORE_TEMPLATE_SCORES_H
#define EF_SCORE_TEMPLATE_SCORES_H

#include <stddef.h>
#include <stdint.h>

#include <eface/screened.h>
#include <eface/status.h>

#include "score/pair_repeats.h"

typedef struct ef_template_scores ef_template_scores;

/* For pairs of the rows of unit[templates x dim], which is borrowed; `expected` impostors, if known, so that they are not moved again and
 * again.  The caller owns *out. */
EF_MUST_USE ef_status ef_template_scores_create(ef_template_scores **out, const double *unit, size_t templates, size_t dim,
                                                size_t expected, ef_error *err);
void ef_template_scores_free(ef_template_scores *scores); /* NULL is fine */

/* Files pairs (a[i], b[i]) by label[i], 1 genuine or 0. */
EF_MUST_USE ef_status ef_template_scores_add(ef_template_scores *scores, const uint32_t *a, const uint32_t *b,
                                             const unsigned char *label, size_t count, int threads, ef_error *err);

/* Finds the pairs filed that say nothing new.  Memory: 32 bytes a template for each thread, and 16 to 24 for each pair that is genuine, stands
 * there again, or could in the other order, as both its templates come first in one pair and second in another. */
EF_MUST_USE ef_status ef_template_scores_repeats(ef_pair_repeats *out, const ef_template_scores *scores, int threads,
                                                 ef_error *err);

/* Scores the pairs filed; called once. */
EF_MUST_USE ef_status ef_template_scores_compute(ef_template_scores *scores, int threads, ef_error *err);

/* After that: the genuine scores in the order of the list, and the impostors' in an order that depends on the list alone.  Both belong to `scores`. */
double *ef_template_scores_genuine(ef_template_scores *scores, size_t *count);
ef_screened ef_template_scores_impostors(const ef_template_scores *scores);

#endif
