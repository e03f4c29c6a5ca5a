/* pair_distractors.h - how probes and their mates fare among distractors, at several numbers of distractors in one pass: for each score of a mate how many
 * distractors score higher or the same, and the highest scores of all.
 *
 * Rows of the comparison are probes, columns distractors.  A number of distractors is a list of them, so a distractor has a bit for each list that it is on, and
 * one that is on none is never met.  Distractors are met by the lists that they are on, so that each list limits what is looked at on its own.
 * Counts stop to matter beyond `ranks`: a mark that so many distractors have passed costs nothing from then on.
 * Memory: 8 bytes for each mark and list, 8 for each probe and list, 16 for each score kept, 2 KiB for each list, thread and tail.
 * Thread rule: ef_pair_distractors_visitor()'s functions may be called from all threads at once; the others from one. */
#ifndef EF_SCORE_PAIR_DISTRACTORS_H
#define EF_SCORE_PAIR_DISTRACTORS_H

#include "score/all_pairs.h"

#define EF_MOST_SIZES 32

/* Whose scores are kept. */
typedef enum ef_pair_whose { EF_WHOSE_ALL, EF_WHOSE_FIRST, EF_WHOSE_COUNT } ef_pair_whose;

/* All arrays must outlive the accumulator. */
typedef struct ef_distractor_question {
    const double *mark; /* of probe p: mark[begin[p] .. begin[p + 1] - 1], ascending, equal ones allowed */
    const size_t *begin;
    size_t probes;
    const uint32_t *lists; /* bit s of lists[d]: distractor d is on list s */
    size_t distractors, sizes;
    uint32_t ranks;                             /* higher counts are of no interest */
    size_t first;                               /* EF_WHOSE_FIRST: probes 0 .. first - 1 */
    size_t keep[EF_MOST_SIZES][EF_WHOSE_COUNT]; /* highest scores kept for each list; 0: none */
} ef_distractor_question;

typedef struct ef_pair_distractors ef_pair_distractors;

/* The caller frees *out with ef_pair_distractors_free().  Errors: more lists than EF_MOST_SIZES (EF_INVALID). */
EF_MUST_USE ef_status ef_pair_distractors_create(ef_pair_distractors **out, const ef_distractor_question *question, int workers,
                                                 ef_error *err);
void ef_pair_distractors_free(ef_pair_distractors *self); /* NULL is fine */

ef_pair_visitor ef_pair_distractors_visitor(ef_pair_distractors *self);

/* For all marks, how many distractors of a list score more, and how many the same.  Where more than `ranks` score more, above is ranks + 1 and
 * level 0. */
void ef_pair_distractors_counts(const ef_pair_distractors *self, size_t size, uint32_t *above, uint32_t *level);

/* The highest scores of a list, descending; *count of them. */
const double *ef_pair_distractors_highest(ef_pair_distractors *self, size_t size, ef_pair_whose whose, size_t *count);

#endif
