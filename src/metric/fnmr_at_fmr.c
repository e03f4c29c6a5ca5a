#include "metric/operating_point.h"
#include "metric/table.h"

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    ef_operating_point point;
    const char *reason = ef_operating_point_find(&point, input);
    if (reason != NULL) {
        return ef_measure_undefined(out, reason);
    }
    out->trials = input->curve->genuine;
    out->errors = out->trials - point.true_matches;
    out->value = (double)out->errors / (double)out->trials;
    ef_operating_point_measure(out, &point, input->curve);
    ef_measure_interval(
        out,
        ef_interval_distinct(input->interval, out->errors, out->trials, out->trials - input->repeated_genuine, input->confidence),
        ef_interval_name(input->interval));
    return EF_OK;
}

const ef_metric ef_metric_fnmr_at_fmr = {
    .name = "fnmr_at_fmr",
    .title = "FNMR @ FMR",
    .tasks = EF_ANY_POINTS,
    .kind = EF_KIND_RATE,
    .higher_is_better = false,
    .parameter = "FMR in (0, 1]",
    .point_low = 0,
    .point_high = 1,
    .example = "1e-3",
    .definition =
        "The false non-match rate: the share of genuine comparisons that are rejected, at the threshold of tar_at_far; the two "
        "add up to 1. "
        "It is counted, not subtracted, so a small rate keeps its digits. A score at or above the threshold is a match; equal "
        "scores match together. iso: the lowest threshold with false matches / impostors at most FMR. insightface: the point of "
        "the "
        "public scripts' curve whose rate is nearest to FMR. iso: undefined when FMR is below 1/impostors; marked when the "
        "threshold "
        "rests on "
        "fewer than 30 false matches. The interval is that of a proportion of the genuine comparisons.",
    .source = "ISO/IEC 19795-1:2021; the figure of NIST's Face Recognition Vendor Test reports (Grother et al., 2019)",
    .compute = compute,
};
