/* The accuracy procedure of the public scripts (facenet's lfw.py and those that follow it): thresholds i * 0.01 for i = 0 .. 399, a
 * pair is called the same when its squared distance is below the threshold, and of equally good thresholds the lowest is taken.
 * Each distance is sorted into a bin once: bin b is the number of grid points at or below it, so it is below grid point i when i >= b. */
#include "metric/folds.h"

#include <math.h>

#include "base/error.h"

#define GRID 400

static double grid_point(int i)
{
    return i * 0.01;
}

/* The product only says where to begin: it may round to the next integer, but no further than the bin, which is one higher.  The
 * grid points themselves decide, 0.29 * 100 being below 29. */
static int bin_of(double distance)
{
    double begin = distance * 100;
    int bin = begin > 0 ? begin < GRID ? (int)begin : GRID : 0;
    while (bin < GRID && grid_point(bin) <= distance) {
        bin++;
    }
    return bin;
}

/* By bin: the number of genuine pairs less that of impostor pairs, which is all that the choice depends on. */
typedef struct bins {
    int64_t surplus[GRID + 1];
} bins;

static bins bins_of(const ef_folds *folds, size_t fold, const ef_trials *trials)
{
    bins fold_bins = {{0}};
    for (size_t i = folds->start[fold]; i < folds->start[fold + 1]; i++) {
        size_t trial = folds->trial[i];
        fold_bins.surplus[bin_of(trials->distance[trial])] += trials->genuine[trial] != 0 ? 1 : -1;
    }
    return fold_bins;
}

/* At grid point i, bins 0 .. i are called the same: correct are their genuine pairs and the impostors of the rest, which is the
 * surplus up to bin i plus all impostors. */
static int best_grid_point(const bins *all, const bins *test)
{
    int best = 0;
    int64_t sum = 0, most = INT64_MIN;
    for (int i = 0; i < GRID; i++) {
        sum += all->surplus[i] - test->surplus[i];
        if (sum > most) {
            most = sum;
            best = i;
        }
    }
    return best;
}

static size_t correct_below(double threshold, const ef_folds *folds, size_t fold, const ef_trials *trials)
{
    size_t correct = 0;
    for (size_t i = folds->start[fold]; i < folds->start[fold + 1]; i++) {
        size_t trial = folds->trial[i];
        correct += (trials->distance[trial] < threshold) == (trials->genuine[trial] != 0);
    }
    return correct;
}

ef_status ef_folds_grid(ef_fold_result *result, const ef_folds *folds, const ef_trials *trials, ef_error *err)
{
    for (size_t i = 0; i < trials->count; i++) {
        if (!isfinite(trials->distance[i])) {
            return ef_fail(err, EF_INVALID, "distance %zu is not finite", i);
        }
    }
    bins all = {{0}};
    for (size_t k = 0; k < folds->folds; k++) {
        bins fold = bins_of(folds, k, trials);
        for (int i = 0; i <= GRID; i++) {
            all.surplus[i] += fold.surplus[i];
        }
    }
    for (size_t k = 0; k < folds->folds; k++) {
        bins test = bins_of(folds, k, trials);
        result[k].threshold = grid_point(best_grid_point(&all, &test));
        result[k].correct = correct_below(result[k].threshold, folds, k, trials);
    }
    return EF_OK;
}
