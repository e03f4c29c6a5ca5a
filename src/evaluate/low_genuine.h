/* low_genuine.h - genuine comparisons that score like impostor ones: are rows and ids in step?
 *
 * Where embeddings are moved against their ids, some genuine comparisons still show one person and score high, and the others show two people and
 * score like any impostor.  With a share p of these the ROC runs straight: TAR(x) = 1 - p + p x once the good ones are passed.  So
 * s(x) = (1 - TAR(x)) / (1 - x) is p at every FAR x, while that of a system that is only weak falls steeply as x grows.
 * So the evenness s(0.5)^2 / (s(0.01) s(0.1)) is near 1 for a mixture, and near 0 else.
 * Thread rule: as plain structures. */
#ifndef EF_EVALUATE_LOW_GENUINE_H
#define EF_EVALUATE_LOW_GENUINE_H

#include <stdbool.h>
#include <stdint.h>

#include <eface/curve.h>
#include <eface/histogram.h>
#include <eface/metric.h>
#include <eface/strings.h>

#include "base/error.h"

/* The FARs, ascending. */
enum { EF_LOW_01, EF_LOW_10, EF_LOW_30, EF_LOW_50, EF_LOW_70, EF_LOW_COUNT };

typedef struct ef_low_genuine {
    uint64_t genuine; /* comparisons, or searches with a mate */
    uint64_t
        below[EF_LOW_COUNT]; /* of them, those that score below the highest 1 %, 10 %, 30 %, 50 % and 70 % of the impostors */
    bool related;            /* every image is in many comparisons, so that a few bad ones may look like a share of all */
} ef_low_genuine;

/* Counts what is on a curve.  Nothing is counted (genuine is 0) where the curve ends above the median or impostors are fewer than a hundred.  Genuine scores
 * equal to the impostors that decide count as below at 1 % and 10 % and not from 30 % on, so ties raise no suspicion. */
void ef_low_genuine_of_curve(ef_low_genuine *out, const ef_curve *curve);

/* Counts one search for a mate: `above` of `others` images of other people score higher.  Nothing where there are fewer than a hundred of them. */
void ef_low_genuine_meet(ef_low_genuine *self, uint64_t above, uint64_t others);

/* Counts the searches of all galleries of `found` that have a mate; they are related. */
void ef_low_genuine_of_searches(ef_low_genuine *out, const ef_identification *found);

/* The share s(0.5) of genuine comparisons that score like impostors, at most 1, where it is worth a remark; else 0.  It is at least 1 % and rests on five or
 * more; the evenness, with s(0.5) one standard deviation of its count lower, is 0.18 or more (0.25 for related ones); and TAR(0.01) is 0.4 or more.  A TAR(0.01) down to 0.27 will do for others than related ones where a
 * hundred or more lie below the median and s hardly falls any more: s(0.7) / s(0.3) is 0.84 or more. */
double ef_low_genuine_share(const ef_low_genuine *self);

/* Notes that share, if there is one, of `what` ("genuine pairs"), which score like `impostors` ("impostor pairs"), and asks `question`. */
EF_MUST_USE ef_status ef_note_low_genuine(ef_strings *notes, const ef_low_genuine *self, const char *what, const char *impostors,
                                          const char *question, ef_error *err);

/* What to ask where embeddings are compared. */
#define EF_ASK_IN_STEP "are rows and ids in step, and are the labels right?"

/* Notes that embeddings have nearly all one direction: the scores known, from `low` to `high`, lie within a thousandth of each other, and all that `histogram`
 * counted are in one bin of it or in two that touch.  It may be NULL only where all scores are known. */
EF_MUST_USE ef_status ef_note_collapse(ef_strings *notes, double low, double high, const ef_histogram *histogram, ef_error *err);

#endif
