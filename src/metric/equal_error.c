/* The interval is that of Bengio and Mariethoz, "A statistical significance test for person authentication", Odyssey 2004, for
 * half the sum of both error rates. */
#include "metric/equal_error.h"

#include <math.h>

#include "metric/table.h"
#include "base/int128.h"

/* (FMR - FNMR) * impostors * genuine at a point: ascends along the curve, from negative to positive. */
static ef_wide excess(const ef_curve *curve, size_t point)
{
    return ef_product(curve->false_matches[point], curve->genuine) -
           ef_product(curve->genuine - curve->true_matches[point], curve->impostors);
}

void ef_equal_error(ef_measure *out, const ef_metric_input *input, const size_t *index, size_t count)
{
    const ef_curve *curve = input->curve;
    size_t low = 0, high = count - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (excess(curve, index != NULL ? index[middle] : middle) >= 0) {
            high = middle;
        } else {
            low = middle;
        }
    }
    size_t before = index != NULL ? index[low] : low, after = index != NULL ? index[high] : high;
    /* The line from `before` to `after` crosses where the excess is 0; its value there is the weighted mean of its ends. */
    double weight_after = -(double)excess(curve, before), weight_before = (double)excess(curve, after);
    double false_matches =
        ((double)curve->false_matches[before] * weight_before + (double)curve->false_matches[after] * weight_after) /
        (weight_before + weight_after);
    double impostors = (double)curve->impostors, genuine = (double)curve->genuine;
    out->value = false_matches / impostors;
    out->threshold = curve->threshold[after];
    out->false_matches = curve->false_matches[after];
    out->impostors = curve->impostors;
    double variance = out->value * (1 - out->value), distinct_impostors = impostors - (double)input->repeated_impostors,
           distinct_genuine = genuine - (double)input->repeated_genuine;
    ef_measure_normal(out, sqrt(variance / (4 * distinct_impostors) + variance / (4 * distinct_genuine)), input->confidence,
                      "normal (Bengio-Mariethoz)");
}
