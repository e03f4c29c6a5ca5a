#include <math.h>

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
    if (isinf(point.threshold)) {
        return ef_measure_undefined(out, "no score qualifies: even the highest one admits too many impostors");
    }
    out->value = point.threshold;
    out->errors = point.false_matches;
    out->trials = input->curve->impostors;
    ef_operating_point_measure(out, &point, input->curve);
    return EF_OK;
}

const ef_metric ef_metric_threshold_at_fmr = {
    .name = "threshold_at_fmr",
    .title = "Threshold @ FMR",
    .tasks = EF_ANY_POINTS,
    .kind = EF_KIND_THRESHOLD,
    .higher_is_better = false,
    .parameter = "FMR in (0, 1]",
    .point_low = 0,
    .point_high = 1,
    .example = "1e-3",
    .definition =
        "The threshold to set for a false match rate: the score of the point at which tar_at_far and fnmr_at_fmr are read. A "
        "comparison "
        "with this score or a higher one is a match; equal scores match together. iso: the lowest score with false matches / "
        "impostors at most FMR. insightface: the score of the nearest point of the public scripts' curve. Undefined under iso "
        "when FMR is "
        "below 1/impostors, and when so many impostors share the highest score that no score qualifies; marked when it rests on "
        "fewer "
        "than 30 "
        "false matches. It has no interval, and neither direction is better.",
    .source =
        "ISO/IEC 19795-1:2021; NIST's Face Recognition Vendor Test reports list it for each algorithm (Grother et al., 2019)",
    .compute = compute,
};
