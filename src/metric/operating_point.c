#include "metric/operating_point.h"

#include <math.h>

/* iso: the last point whose FMR, as a double, is at most x.  The quotients are compared, not counts with x * impostors:
 * 0.29 * 100 is below 29 in doubles, while 29 / 100 is 0.29. */
static size_t last_at_most(const ef_curve *curve, double x)
{
    double impostors = (double)curve->impostors;
    size_t low = 0, high = curve->points;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if ((double)curve->false_matches[middle] / impostors <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* insightface: the public scripts reverse the curve and take the first of the nearest FMRs: of two as near the larger FMR, of
 * equal FMRs the largest TAR. */
static size_t nearest(const ef_curve *dropped, double x)
{
    double impostors = (double)dropped->impostors, least = INFINITY;
    size_t best = 0;
    for (size_t i = dropped->points; i-- > 0;) {
        double distance = fabs((double)dropped->false_matches[i] / impostors - x);
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}

/* The devkit sorts all scores, the genuine ones first among equals, and lists the TPR for each number of false accepts: here up to, but not with, the next
 * false match after round(far * impostors) of them. */
static void find_devkit(ef_operating_point *out, const ef_curve *curve, double far)
{
    double allowed = rint(far * (double)curve->impostors);
    size_t last = 0; /* becomes the first point with more false matches than allowed, or the last one */
    for (size_t high = curve->points - 1; last < high;) {
        size_t middle = last + (high - last) / 2;
        if ((double)curve->false_matches[middle] > allowed) {
            high = middle;
        } else {
            last = middle + 1;
        }
    }
    bool beyond = (double)curve->false_matches[last] > allowed;
    *out =
        (ef_operating_point){curve->threshold[last], curve->false_matches[beyond ? last - 1 : last], curve->true_matches[last]};
}

const ef_curve *ef_operating_curve(const ef_metric_input *input)
{
    return input->convention == EF_MEGAFACE_DEVKIT ? input->first : input->curve;
}

const char *ef_operating_point_find(ef_operating_point *out, const ef_metric_input *input)
{
    if (input->convention == EF_MEGAFACE_DEVKIT) {
        find_devkit(out, input->first, input->point);
        return NULL;
    }
    /* What imitates a script prints what it prints; the counts tell how little that rests on. */
    bool imitates = input->convention == EF_INSIGHTFACE;
    if (!imitates && 1 / (double)input->curve->impostors > input->point) {
        return "FAR below 1/impostors: too few impostor comparisons to show it";
    }
    const ef_curve *curve = imitates ? input->dropped : input->curve;
    size_t i = imitates ? nearest(curve, input->point) : last_at_most(curve, input->point);
    *out = (ef_operating_point){curve->threshold[i], curve->false_matches[i], curve->true_matches[i]};
    return NULL;
}

void ef_operating_point_measure(ef_measure *out, const ef_operating_point *point, const ef_curve *curve)
{
    out->threshold = point->threshold;
    out->false_matches = point->false_matches;
    out->impostors = curve->impostors;
    out->few_false_matches = point->false_matches < EF_FEW_FALSE_MATCHES;
}
