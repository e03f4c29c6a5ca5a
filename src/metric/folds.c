#include "metric/folds.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

ef_status ef_folds_group(ef_folds *out, const ef_trials *trials, ef_error *err)
{
    size_t folds = (size_t)trials->folds;
    ef_folds grouped = {folds, ef_alloc_zero(folds + 1, sizeof *grouped.start), ef_alloc(trials->count, sizeof *grouped.trial)};
    ef_status status = EF_OK;
    if (grouped.start == NULL || grouped.trial == NULL) {
        status = ef_fail_memory(err, "the folds");
        goto done;
    }
    for (size_t i = 0; i < trials->count; i++) {
        if (trials->fold[i] < 0 || trials->fold[i] >= trials->folds) {
            status = ef_fail(err, EF_INVALID, "comparison %zu is in fold %d of 0 .. %d", i, trials->fold[i], trials->folds - 1);
            goto done;
        }
        grouped.start[trials->fold[i]]++;
    }
    /* First each start is its fold's end; filling the folds from behind moves it to the beginning. */
    for (size_t k = 0, end = 0; k <= folds; k++) {
        end += grouped.start[k];
        grouped.start[k] = end;
    }
    for (size_t i = trials->count; i-- > 0;) {
        grouped.trial[--grouped.start[trials->fold[i]]] = i;
    }
    *out = grouped;
done:
    if (status != EF_OK) {
        ef_folds_clear(&grouped);
    }
    return status;
}

void ef_folds_clear(ef_folds *folds)
{
    free(folds->start);
    free(folds->trial);
    *folds = (ef_folds){0};
}
