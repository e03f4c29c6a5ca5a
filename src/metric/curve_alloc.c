#include "metric/curve_alloc.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

ef_status ef_curve_alloc(ef_curve **out, size_t points, ef_error *err)
{
    ef_curve *curve = malloc(sizeof *curve);
    if (curve != NULL) {
        *curve = (ef_curve){.points = points,
                            .threshold = ef_alloc(points, sizeof *curve->threshold),
                            .false_matches = ef_alloc(points, sizeof *curve->false_matches),
                            .true_matches = ef_alloc(points, sizeof *curve->true_matches)};
        if (curve->threshold != NULL && curve->false_matches != NULL && curve->true_matches != NULL) {
            *out = curve;
            return EF_OK;
        }
    }
    ef_curve_free(curve);
    return ef_fail_memory(err, "the points of a curve");
}

void ef_curve_free(ef_curve *curve)
{
    if (curve != NULL) {
        free(curve->threshold);
        free(curve->false_matches);
        free(curve->true_matches);
        free(curve);
    }
}

ef_status ef_curve_select(ef_curve **out, const ef_curve *curve, const size_t *index, size_t count, ef_error *err)
{
    ef_curve *selected;
    ef_status status = ef_curve_alloc(&selected, count, err);
    if (status != EF_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        selected->threshold[i] = curve->threshold[index[i]];
        selected->false_matches[i] = curve->false_matches[index[i]];
        selected->true_matches[i] = curve->true_matches[index[i]];
    }
    selected->genuine = curve->genuine;
    selected->impostors = curve->impostors;
    *out = selected;
    return EF_OK;
}
