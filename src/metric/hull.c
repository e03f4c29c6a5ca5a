#include "metric/hull.h"

#include "base/error.h"
#include "base/memory.h"
#include "metric/curve_turn.h"

/* Andrew's monotone chain: the points come sorted. */
ef_status ef_hull_create(size_t **index, size_t *count, const ef_curve *curve, ef_error *err)
{
    size_t *chain = ef_alloc(curve->points, sizeof *chain), length = 0;
    if (chain == NULL) {
        return ef_fail_memory(err, "the convex hull of a curve");
    }
    for (size_t i = 0; i < curve->points; i++) {
        while (length >= 2 && ef_curve_turn(curve, chain[length - 2], chain[length - 1], i) >= 0) {
            length--;
        }
        chain[length++] = i;
    }
    *index = chain;
    *count = length;
    return EF_OK;
}
