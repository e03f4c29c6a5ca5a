#include "metric/curve_area.h"

uint64_t ef_curve_twice_beaten(const ef_curve *curve, size_t i)
{
    return (curve->impostors - curve->false_matches[i]) + (curve->impostors - curve->false_matches[i - 1]);
}

ef_wide ef_curve_twice_wins(const ef_curve *curve)
{
    ef_wide twice_wins = 0;
    for (size_t i = 1; i < curve->points; i++) {
        twice_wins += ef_product(curve->true_matches[i] - curve->true_matches[i - 1], ef_curve_twice_beaten(curve, i));
    }
    return twice_wins;
}

ef_bounds ef_curve_area(const ef_curve *curve)
{
    size_t last = curve->points - 1;
    ef_wide all = 2 * ef_product(curve->impostors, curve->genuine), wins = ef_curve_twice_wins(curve);
    ef_wide open = 2 * ef_product(curve->impostors - curve->false_matches[last], curve->genuine - curve->true_matches[last]);
    return (ef_bounds){(double)wins / (double)all, (double)(wins + open) / (double)all};
}
