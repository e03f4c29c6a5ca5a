/* folds.h - comparisons grouped by fold, and what cross-validation finds in each. */
#ifndef EF_METRIC_FOLDS_H
#define EF_METRIC_FOLDS_H

#include <eface/metric.h>

typedef struct ef_folds {
    size_t folds;
    size_t *start; /* fold k holds the trials trial[start[k]] .. trial[start[k + 1] - 1] */
    size_t *trial;
} ef_folds;

/* One fold, judged at the threshold that is best on all the other folds. */
typedef struct ef_fold_result {
    double threshold;
    size_t correct;
} ef_fold_result;

/* Groups the trials, which must have folds.  A fold out of range is an error (EF_INVALID).  Freed with ef_folds_clear(). */
EF_MUST_USE ef_status ef_folds_group(ef_folds *out, const ef_trials *trials, ef_error *err);
void ef_folds_clear(ef_folds *folds); /* a zeroed one is fine */

/* Each fills result[0 .. folds->folds-1]; the result of an empty fold means nothing. */
/* ... from the grid of squared distances 0, 0.01, ... 3.99 (trials->distance must be there), as the public scripts do. */
EF_MUST_USE ef_status ef_folds_grid(ef_fold_result *result, const ef_folds *folds, const ef_trials *trials, ef_error *err);
/* ... from all scores; `curve` is that of the trials. */
EF_MUST_USE ef_status ef_folds_exact(ef_fold_result *result, const ef_folds *folds, const ef_trials *trials,
                                     const ef_curve *curve, ef_error *err);

#endif
