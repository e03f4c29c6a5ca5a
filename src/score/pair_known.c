#include "score/pair_known.h"

#include <math.h>

size_t ef_count_above(const double *descending, size_t count, double score)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (descending[middle] > score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Impostors at or above a score: all pairs, by the histogram, less the genuine ones. */
ef_count_bounds ef_pair_known_from(const ef_pair_known *all, double score)
{
    uint64_t genuine = ef_count_above(all->score, all->genuine, nextafter(score, -INFINITY));
    uint64_t impostors = all->impostors;
    if (all->kept > 0 && (score > all->high[all->kept - 1] || all->kept == impostors)) {
        uint64_t exact = ef_count_above(all->high, all->kept, nextafter(score, -INFINITY));
        return (ef_count_bounds){exact, exact};
    }
    if (all->histogram == NULL) {
        return (ef_count_bounds){0, impostors};
    }
    ef_count_bounds bounds = ef_pair_histogram_at_least(all->histogram, score);
    bounds.least = bounds.least > genuine ? bounds.least - genuine : 0;
    bounds.most = bounds.most > genuine ? bounds.most - genuine : 0;
    bounds.least = bounds.least > all->kept ? bounds.least : all->kept;
    bounds.most = bounds.most < impostors ? bounds.most : impostors;
    return bounds;
}
