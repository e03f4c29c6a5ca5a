/* template_scores.h - the scores of long lists of template pairs, piece by piece.
 *
 * A score is ef_dot() of two unit templates in float64.  Within a piece the pairs are taken in the order of blocks of the second template,
 * so that a block stays in the processor's cache; the scores are kept in the order of the list, genuine and impostor apart.
 * Thread use: one ef_template_scores from one thread at a time; it uses threads of its own. */
#ifndef EF_SCORE_TEMPLATE_SCORES_H
#define EF_SCORE_TEMPLATE_SCORES_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

typedef struct ef_template_scores {
    double *genuine, *impostor;
    size_t genuine_count, impostor_count;
    size_t genuine_capacity, impostor_capacity;
} ef_template_scores;

/* Scores pairs (a[i], b[i]) of the rows of unit[templates x dim] and appends them by label[i], 1 genuine or 0.  A zeroed structure is empty. */
EF_MUST_USE ef_status ef_template_scores_add(ef_template_scores *scores, const double *unit, size_t templates, size_t dim,
                                             const uint32_t *a, const uint32_t *b, const unsigned char *label, size_t count,
                                             int threads, ef_error *err);

/* Makes room for a number of impostor scores, so that they are not moved again and again. */
EF_MUST_USE ef_status ef_template_scores_expect(ef_template_scores *scores, size_t impostors, ef_error *err);

void ef_template_scores_free(ef_template_scores *scores);

#endif
