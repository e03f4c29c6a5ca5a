#include "metric/curve_turn.h"

#include "base/int128.h"

int ef_curve_turn(const ef_curve *curve, size_t a, size_t b, size_t c)
{
    const uint64_t *x = curve->false_matches, *y = curve->true_matches;
    ef_wide rise_then = ef_product(x[b] - x[a], y[c] - y[b]), run_then = ef_product(y[b] - y[a], x[c] - x[b]);
    return (rise_then > run_then) - (rise_then < run_then);
}
