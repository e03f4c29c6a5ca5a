/* The best threshold on the training folds, over all thresholds.
 *
 * At point i of the curve, true_matches - false_matches + impostors comparisons are right.  For one fold's training part the fold's own
 * share is taken away, and that changes only at the fold's own scores: between two of them the best point is the best of all
 * comparisons there, which a tree of ranges finds.  So all folds together take n log n steps, for n comparisons.
 * A score that only the tested fold has is never chosen: it changes nothing in training, and the first best point is the
 * highest threshold. */
#include "metric/folds.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/range_best.h"

/* The point of a score: thresholds descend from point 1.  The curve's last point when the score is not on it. */
static size_t point_of(const ef_curve *curve, double score)
{
    size_t low = 1, high = curve->points - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->threshold[middle] <= score) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* `own` are the fold's trials as 2 * point + (1 if genuine), ascending. */
static ef_fold_result judge(const size_t *own, size_t count, const int64_t *surplus, const ef_range_best *ranges,
                            const ef_curve *curve)
{
    int64_t own_surplus = 0, most = INT64_MIN, surplus_there = 0, impostors = 0;
    size_t best = 0, begin = 0, next = 0;
    while (begin < curve->points) {
        while (next < count && own[next] / 2 <= begin) {
            own_surplus += own[next] % 2 == 1 ? 1 : -1;
            impostors += own[next] % 2 == 0;
            next++;
        }
        size_t end = next < count ? own[next] / 2 : curve->points;
        size_t candidate = ef_range_best_find(ranges, begin, end - 1);
        if (surplus[candidate] - own_surplus > most) {
            most = surplus[candidate] - own_surplus;
            best = candidate;
            surplus_there = own_surplus;
        }
        begin = end;
    }
    return (ef_fold_result){curve->threshold[best], (size_t)(surplus_there + impostors)};
}

ef_status ef_folds_exact(ef_fold_result *result, const ef_folds *folds, const ef_trials *trials, const ef_curve *curve,
                         ef_error *err)
{
    ef_status status = EF_OK;
    ef_range_best *ranges = NULL;
    int64_t *surplus = ef_alloc(curve->points, sizeof *surplus);
    size_t *own = ef_alloc(trials->count, sizeof *own);
    if (surplus == NULL || own == NULL) {
        status = ef_fail_memory(err, "the best threshold of each fold");
        goto done;
    }
    for (size_t i = 0; i < curve->points; i++) {
        surplus[i] = (int64_t)curve->true_matches[i] - (int64_t)curve->false_matches[i];
    }
    if ((status = ef_range_best_create(&ranges, surplus, curve->points, err)) != EF_OK) {
        goto done;
    }
    for (size_t k = 0; k < folds->folds; k++) {
        size_t count = folds->start[k + 1] - folds->start[k];
        for (size_t i = 0; i < count; i++) {
            size_t trial = folds->trial[folds->start[k] + i];
            own[i] = 2 * point_of(curve, trials->score[trial]) + (trials->genuine[trial] != 0);
        }
        qsort(own, count, sizeof *own, ascending);
        result[k] = judge(own, count, surplus, ranges, curve);
    }
done:
    ef_range_best_free(ranges);
    free(surplus);
    free(own);
    return status;
}
