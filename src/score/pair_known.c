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
ef_count_bounds ef_pair_known_from(const ef_pair_known *known, double score)
{
    uint64_t genuine = ef_count_above(known->score, known->genuine, nextafter(score, -INFINITY));
    uint64_t impostors = known->impostors;
    if (known->kept > 0 && (score > known->high[known->kept - 1] || known->kept == impostors)) {
        uint64_t exact = ef_count_above(known->high, known->kept, nextafter(score, -INFINITY));
        return (ef_count_bounds){exact, exact};
    }
    if (known->histogram == NULL) {
        return (ef_count_bounds){0, impostors};
    }
    ef_count_bounds bounds = ef_pair_histogram_at_least(known->histogram, score);
    bounds.least = bounds.least > genuine ? bounds.least - genuine : 0;
    bounds.most = bounds.most > genuine ? bounds.most - genuine : 0;
    bounds.least = bounds.least > known->kept ? bounds.least : known->kept;
    bounds.most = bounds.most < impostors ? bounds.most : impostors;
    return bounds;
}
