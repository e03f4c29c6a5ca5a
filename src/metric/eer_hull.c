#include <stdlib.h>

#include "metric/equal_error.h"
#include "metric/hull.h"
#include "metric/table.h"

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    size_t *index, count;
    ef_status status = ef_hull_create(&index, &count, input->curve, err);
    if (status != EF_OK) {
        return status;
    }
    ef_equal_error(out, input, index, count);
    free(index);
    return EF_OK;
}

const ef_metric ef_metric_eer_hull = {
    .name = "eer_hull",
    .title = "EER (hull)",
    .tasks = EF_ANY_CURVE,
    .kind = EF_KIND_RATE,
    .higher_is_better = false,
    .definition = "The equal error rate on the convex hull of the ROC curve: the largest, over all weights of the two kinds of "
                  "error, of the least "
                  "error rate that a threshold can reach. It never exceeds the plain equal error rate, and no rescaling of the "
                  "scores changes it. "
                  "Equal scores are one point of the curve; the hull is found by integer arithmetic; the value is where it "
                  "crosses FMR = FNMR, on a "
                  "line between two thresholds as a rule. The threshold shown is that of the line's end at which FMR >= FNMR. "
                  "The interval is "
                  "that of the plain equal error rate; there is none when the value is 0. The same under both conventions.",
    .source =
        "Provost and Fawcett, \"Robust classification for imprecise environments\", Machine Learning 42 (2001); Bruemmer and de "
        "Villiers, \"The BOSARIS toolkit\" (2011)",
    .compute = compute,
};
