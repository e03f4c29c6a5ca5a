#include <math.h>
#include <stdlib.h>

#include "metric/hull.h"
#include "metric/table.h"
#include "stats/sum.h"

/* Between two corners of the hull lie the share g of genuine scores and the share n of impostor ones; the best
 * likelihood ratio for all of them is g / n.  Half their cost, g log2(1 + n/g) + n log2(1 + g/n), is returned. */
static double segment_bits(double g, double n)
{
    return g > 0 && n > 0 ? (g * log1p(n / g) + n * log1p(g / n)) / (2 * 0.69314718055994530942) : 0;
}

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    const ef_curve *curve = input->curve;
    size_t *corner, count;
    ef_status status = ef_hull_create(&corner, &count, curve, err);
    if (status != EF_OK) {
        return status;
    }
    ef_sum sum = {0, 0};
    for (size_t i = 1; i < count; i++) {
        uint64_t g = curve->true_matches[corner[i]] - curve->true_matches[corner[i - 1]];
        uint64_t n = curve->false_matches[corner[i]] - curve->false_matches[corner[i - 1]];
        ef_sum_add(&sum, segment_bits((double)g / (double)curve->genuine, (double)n / (double)curve->impostors));
    }
    out->value = ef_sum_total(sum);
    free(corner);
    return EF_OK;
}

const ef_metric ef_metric_min_cllr = {
    .name = "min_cllr",
    .title = "min Cllr",
    .tasks = EF_ANY_CURVE,
    .kind = EF_KIND_BITS,
    .higher_is_better = false,
    .definition = "The least cllr that any rescaling which keeps the order of the scores can reach, in bits: how much "
                  "information the scores lack, "
                  "apart from their calibration. The best rescaling is isotonic regression (pool adjacent violators); its "
                  "log-likelihood ratios "
                  "are the logarithms of the slopes of the ROC curve's convex hull, found by integer arithmetic. Equal scores "
                  "stay equal. Stretches "
                  "of the hull with one class only cost nothing. 0 means that the classes are separated, 1 that the scores tell "
                  "nothing. It has no interval. "
                  "The same under both conventions.",
    .source = "Bruemmer and du Preez, \"Application-independent evaluation of speaker detection\", Computer Speech and Language "
              "20 (2006); "
              "Zadrozny and Elkan, KDD 2002, for the regression",
    .compute = compute,
};
