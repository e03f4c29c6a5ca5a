#include <math.h>

#include "metric/table.h"
#include "stats/sum.h"

/* log2(1 + e^x), for any x. */
static double softplus_bits(double x)
{
    return (fmax(x, 0) + log1p(exp(-fabs(x)))) / 0.69314718055994530942;
}

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    const ef_curve *curve = input->curve;
    double genuine = (double)curve->genuine, impostors = (double)curve->impostors;
    ef_sum sum = {0, 0};
    for (size_t i = 1; i < curve->points; i++) {
        double llr = curve->threshold[i];
        uint64_t g = curve->true_matches[i] - curve->true_matches[i - 1];
        uint64_t n = curve->false_matches[i] - curve->false_matches[i - 1];
        if (g > 0) {
            ef_sum_add(&sum, (double)g / genuine * softplus_bits(-llr) / 2);
        }
        if (n > 0) {
            ef_sum_add(&sum, (double)n / impostors * softplus_bits(llr) / 2);
        }
    }
    if (!isfinite(ef_sum_total(sum))) {
        return ef_measure_undefined(out, "the scores are too large to be log-likelihood ratios");
    }
    out->value = ef_sum_total(sum);
    return EF_OK;
}

const ef_metric ef_metric_cllr = {
    .name = "cllr",
    .title = "Cllr",
    .tasks = EF_ANY_SCORES,
    .kind = EF_KIND_BITS,
    .higher_is_better = false,
    .definition = "The cost of the scores read as natural logarithms of likelihood ratios, in bits: half the mean of log2(1 + "
                  "e^-s) over genuine "
                  "scores s plus half the mean of log2(1 + e^s) over impostor scores. 0 is perfect, 1 is what scores of 0 (no "
                  "information) cost, and "
                  "more is worse than nothing. Scores that are cosines are not such ratios: for them the value only says how far "
                  "from calibrated they "
                  "are; min_cllr is the part that calibration cannot remove. Ties play no part. It has no interval. The same "
                  "under both conventions.",
    .source = "Bruemmer and du Preez, \"Application-independent evaluation of speaker detection\", Computer Speech and Language "
              "20 (2006)",
    .compute = compute,
};
