#include <math.h>

#include "base/int128.h"
#include "metric/curve_area.h"
#include "metric/table.h"
#include "stats/sum.h"

/* Twice the number of genuine comparisons that an impostor one at point i loses to, a tie counting half. */
static uint64_t twice_lost(const ef_curve *curve, size_t i)
{
    return curve->true_matches[i] + curve->true_matches[i - 1];
}

/* DeLong's variance, of as many comparisons as differ: each comparison's own share of wins is a sample whose mean is the area.  The deviations from the
 * mean are exact integers over 2 * impostors * genuine, so an area near 1 costs no digits. */
static double delong_variance(const ef_metric_input *input, ef_wide twice_wins)
{
    const ef_curve *curve = input->curve;
    ef_sum genuine = {0, 0}, impostor = {0, 0};
    double unit = 2 * (double)curve->impostors * (double)curve->genuine;
    for (size_t i = 1; i < curve->points; i++) {
        double win = (double)(ef_product(ef_curve_twice_beaten(curve, i), curve->genuine) - twice_wins) / unit;
        double loss = (double)(ef_product(twice_lost(curve, i), curve->impostors) - twice_wins) / unit;
        ef_sum_add(&genuine, (double)(curve->true_matches[i] - curve->true_matches[i - 1]) * win * win);
        ef_sum_add(&impostor, (double)(curve->false_matches[i] - curve->false_matches[i - 1]) * loss * loss);
    }
    double g = (double)curve->genuine, n = (double)curve->impostors;
    double other_g = g - (double)input->repeated_genuine, other_n = n - (double)input->repeated_impostors;
    return ef_sum_total(genuine) / (other_g - 1) / g + ef_sum_total(impostor) / (other_n - 1) / n;
}

static ef_status compute(ef_measure *out, const ef_metric_input *input, ef_error *err)
{
    (void)err;
    const ef_curve *curve = input->curve;
    if (input->area != NULL) {
        out->least = input->area->least;
        out->most = input->area->most;
        out->value = out->least + (out->most - out->least) / 2;
        return EF_OK;
    }
    ef_wide twice_wins = ef_curve_twice_wins(curve);
    out->value = (double)twice_wins / (double)(2 * ef_product(curve->impostors, curve->genuine));
    if (curve->genuine - input->repeated_genuine > 1 && curve->impostors - input->repeated_impostors > 1) {
        ef_measure_normal(out, sqrt(delong_variance(input, twice_wins)), input->confidence, "normal (DeLong)");
    }
    return EF_OK;
}

const ef_metric ef_metric_auc = {
    .name = "auc",
    .title = "AUC",
    .tasks = EF_ANY_POINTS,
    .kind = EF_KIND_RATE,
    .higher_is_better = true,
    .needs = EF_NEEDS_EVERY_IMPOSTOR,
    .chance = 0.5,
    .in_depth = 4,
    .in_depth_of_folds = true,
    .definition =
        "The area under the ROC curve: the share of all pairs of one genuine and one impostor comparison in which the "
        "genuine one has the "
        "higher score, equal scores counting half (the Mann-Whitney statistic). It is counted in integers and divided "
        "once. The interval is "
        "the normal one with DeLong's variance; there is none with a single genuine or impostor comparison, nor when "
        "that variance is "
        "0 (all pairs in order). The same under both conventions: leaving out points in the middle of straight lines, "
        "as the public scripts "
        "do, does not change the area. Over all pairs of a set it is known only to lie between two bounds, counted in a fine "
        "histogram; the value is their middle, and there is no interval.",
    .source = "Hanley and McNeil, Radiology 143 (1982); DeLong, DeLong and Clarke-Pearson, \"Comparing the areas under two or "
              "more correlated "
              "receiver operating characteristic curves\", Biometrics 44 (1988)",
    .compute = compute,
};
