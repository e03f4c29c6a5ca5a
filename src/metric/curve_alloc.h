/* curve_alloc.h - making curves: empty, or from some points of another. */
#ifndef EF_METRIC_CURVE_ALLOC_H
#define EF_METRIC_CURVE_ALLOC_H

#include <eface/curve.h>

/* A curve of `points` points, none of them set.  Freed with ef_curve_free(). */
EF_MUST_USE ef_status ef_curve_alloc(ef_curve **out, size_t points, ef_error *err);

/* The curve of points index[0 .. count-1] of `curve`, ascending. */
EF_MUST_USE ef_status ef_curve_select(ef_curve **out, const ef_curve *curve, const size_t *index, size_t count, ef_error *err);

#endif
