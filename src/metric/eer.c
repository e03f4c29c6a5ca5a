#include "metric/equal_error.h"
#include "metric/table.h"

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    ef_equal_error(out, input, NULL, input->curve->points);
    return EF_OK;
}

const ef_metric ef_metric_eer = {
    .name = "eer",
    .title = "EER",
    .tasks = EF_ANY_POINTS,
    .kind = EF_KIND_RATE,
    .higher_is_better = false,
    .needs = EF_NEEDS_EVERY_IMPOSTOR,
    .usual = 4,
    .in_depth = 3,
    .in_depth_of_folds = true,
    .definition = "The equal error rate: the error rate at the threshold where as large a share of impostors is accepted (FMR) "
                  "as of genuine "
                  "comparisons is rejected (FNMR). A score at or above the threshold is a match; equal scores change sides "
                  "together, so there is "
                  "one pair of rates for each distinct score. Rarely are the two equal at one of them, so the pairs are joined "
                  "by straight lines "
                  "and the value is where those cross FMR = FNMR, computed from the counts. The threshold shown is the highest "
                  "score at which "
                  "FMR >= FNMR. The interval is the normal one with variance FMR(1-FMR)/(4 impostors) + FNMR(1-FNMR)/(4 "
                  "genuine); there is none "
                  "when the rate is 0 or 1, where that variance says nothing. The same under both conventions.",
    .source = "ISO/IEC 19795-1:2021 for the rates; Bengio and Mariethoz, \"A statistical significance test for person "
              "authentication\", "
              "Odyssey 2004, for the interval",
    .compute = compute,
};
