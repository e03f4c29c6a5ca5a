#include "metric/operating_point.h"
#include "metric/table.h"

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    uint64_t genuine = input->curve->genuine;
    ef_operating_point point;
    const char *reason = ef_operating_point_find(&point, input);
    if (reason != NULL) {
        return ef_measure_undefined(out, reason);
    }
    out->value = (double)point.true_matches / (double)genuine;
    out->errors = genuine - point.true_matches;
    out->trials = genuine;
    ef_operating_point_measure(out, &point, ef_operating_curve(input));
    ef_measure_interval(
        out,
        ef_interval_distinct(input->interval, point.true_matches, genuine, genuine - input->repeated_genuine, input->confidence),
        ef_interval_name(input->interval));
    return EF_OK;
}

const ef_metric ef_metric_tar_at_far = {
    .name = "tar_at_far",
    .title = "TAR @ FAR",
    .tasks = EF_ANY_POINTS | EF_VERIFY_DISTRACTORS,
    .kind = EF_KIND_RATE,
    .higher_is_better = true,
    .parameter = "FAR in (0, 1]",
    .point_low = 0,
    .point_high = 1,
    .example = "1e-3",
    .usual = 2,
    .usual_point = 1e-4,
    .in_depth = 2,
    .definition =
        "The true accept rate: the share of genuine comparisons that match, at a threshold that lets the share FAR of impostors "
        "match. A "
        "score at or above the threshold is a match; equal scores match together. "
        "iso: the lowest threshold at which false matches / impostors is at most FAR, so the largest TAR that keeps the promise. "
        "insightface: what scikit-learn's roc_curve and a look-up of the nearest FAR give. Points inside straight runs of the "
        "curve are "
        "dropped; of the rest the one whose rate is nearest to FAR is taken, of two as near the one with the larger rate, of "
        "equal rates the "
        "one with the largest TAR. Its rate may exceed FAR. "
        "megaface-devkit: of the distractors only comparisons with the first 100 probes count. FAR times their number, rounded, "
        "is "
        "the number of false matches allowed, which may be 0; the TAR is the share of genuine comparisons that score at least as "
        "high as the next impostor, so equal scores favour the genuine ones. The false matches are those that score higher than "
        "it. "
        "iso: undefined when FAR is below 1/impostors, for not even a single false match is allowed then. insightface prints a "
        "figure there too, as the scripts do: it rests on 0 false matches, or on 1 where FAR times impostors is at least 1/2. "
        "Marked when the threshold rests on fewer than 30 false matches, and otherwise when on 0 or 1. The interval is that of a "
        "proportion of the genuine comparisons, the threshold "
        "taken as given.",
    .source = "ISO/IEC 19795-1:2021 (1 - FNMR at an FMR); scikit-learn roc_curve with the read-off of insightface's ijb_11.py; "
              "the MegaFace devkit; rule of 30: "
              "Doddington et al., Speech Communication 31 (2000)",
    .compute = compute,
};
