#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/folds.h"
#include "metric/table.h"
#include "stats/sum.h"

static size_t fold_size(const ef_folds *folds, size_t fold)
{
    return folds->start[fold + 1] - folds->start[fold];
}

/* Mean, spread and errors over the folds that hold comparisons, of which there are `used`.  Differences from one fold are summed, so
 * that folds which are all alike have a spread of exactly 0. */
static void summarise(ef_measure *out, const ef_fold_result *result, const ef_folds *folds, size_t used, double confidence)
{
    ef_sum sum = {0, 0}, squares = {0, 0};
    size_t correct = 0, trials = 0;
    double threshold = NAN, first = NAN, n = (double)used;
    for (size_t k = 0; k < folds->folds; k++) {
        size_t size = fold_size(folds, k);
        if (size == 0) {
            continue;
        }
        double accuracy = (double)result[k].correct / (double)size;
        first = trials == 0 ? accuracy : first;
        threshold = trials == 0 || threshold == result[k].threshold ? result[k].threshold : NAN;
        ef_sum_add(&sum, accuracy - first);
        correct += result[k].correct;
        trials += size;
    }
    double offset = ef_sum_total(sum) / n;
    for (size_t k = 0; k < folds->folds; k++) {
        if (fold_size(folds, k) > 0) {
            double deviation = (double)result[k].correct / (double)fold_size(folds, k) - first - offset;
            ef_sum_add(&squares, deviation * deviation);
        }
    }
    out->value = first + offset;
    out->std_dev = sqrt(ef_sum_total(squares) / n);
    out->std_error = sqrt(ef_sum_total(squares) / (n - 1) / n);
    out->threshold = threshold;
    out->errors = trials - correct;
    out->trials = trials;
    if (out->std_error > 0) {
        ef_measure_interval(out, ef_interval_student(out->value, out->std_error, n - 1, confidence), "student-t on folds");
    }
}

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    const ef_trials *trials = input->trials;
    bool grid = input->convention == EF_INSIGHTFACE;
    if (trials->fold == NULL || trials->folds < 2) {
        return ef_measure_undefined(out, "accuracy needs at least two folds");
    }
    if (grid && trials->distance == NULL) {
        return ef_measure_undefined(out, "the public scripts put thresholds on distances, and there are only scores");
    }
    ef_folds folds = {0};
    ef_fold_result *result = ef_alloc((size_t)trials->folds, sizeof *result);
    ef_status status = result == NULL ? ef_fail_memory(err, "the folds") : ef_folds_group(&folds, trials, err);
    if (status != EF_OK) {
        goto done;
    }
    size_t used = 0;
    for (size_t k = 0; k < folds.folds; k++) {
        used += fold_size(&folds, k) > 0;
    }
    if (used < 2) {
        status = ef_measure_undefined(out, "all comparisons are in one fold, so there is none to train on");
        goto done;
    }
    status = grid ? ef_folds_grid(result, &folds, trials, err) : ef_folds_exact(result, &folds, trials, input->curve, err);
    if (status != EF_OK) {
        goto done;
    }
    summarise(out, result, &folds, used, input->confidence);
    out->threshold_is_distance = grid;
done:
    free(result);
    ef_folds_clear(&folds);
    return status;
}

const ef_metric ef_metric_accuracy = {
    .name = "accuracy",
    .title = "Accuracy",
    .tasks = EF_VERIFY_PAIRS,
    .kind = EF_KIND_RATE,
    .higher_is_better = true,
    .needs = EF_NEEDS_FOLDS,
    .usual = 1,
    .in_depth = 1,
    .definition = "The share of pairs that are called right, by cross-validation: each fold is judged at the threshold that is "
                  "best on all the other "
                  "folds, and the value is the mean of the folds; a fold without pairs is left out. "
                  "insightface: the threshold is one of 0, 0.01, ... 3.99 on the squared distance of the unit vectors; a pair is "
                  "called the same when "
                  "its distance is below the threshold, not at it; of equally good thresholds the lowest is taken. "
                  "iso: the threshold is any score; a pair is called the same when its score is at or above it, so equal scores "
                  "are called alike; of "
                  "equally good thresholds the highest is taken, and calling nothing the same is one of the choices. "
                  "A threshold is shown when all folds agree on it. Undefined with fewer than two folds that hold pairs and, for "
                  "insightface, "
                  "without distances. The spread is the population standard deviation of the folds, as the scripts print it; the "
                  "standard error is their "
                  "sample standard deviation over the root of their number; the interval is Student's t around the mean, and "
                  "there is none when all "
                  "folds are alike.",
    .source = "Huang, Ramesh, Berg and Learned-Miller, \"Labeled Faces in the Wild\", University of Massachusetts technical "
              "report 07-49 "
              "(2007); the procedure of facenet's lfw.py, which insightface and ElasticFace share",
    .compute = compute,
};
