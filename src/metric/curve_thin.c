/* From each kept corner a funnel looks ahead: the slopes of the straight lines that pass every corner so far within the
 * tolerance.  A corner that lies inside the funnel may end the line.  Between corners both curves are straight, so being close at
 * the corners is being close everywhere; at a vertical step its foot and its top are corners both, so the values before
 * and after it are close as well.
 * Source: the cone of Williams, "An efficient algorithm for the piecewise linear approximation of planar curves",
 * Computer Graphics and Image Processing 8 (1978). */
#include <eface/curve.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/curve_alloc.h"
#include "metric/curve_turn.h"

/* How far past the last corner that could end the line the funnel is followed, so that the time stays linear. */
#define LOOK_AHEAD 64

static bool is_corner(const ef_curve *curve, size_t i)
{
    return i == 0 || i == curve->points - 1 || ef_curve_turn(curve, i - 1, i, i + 1) != 0;
}

size_t ef_curve_corners(const ef_curve *curve)
{
    size_t count = 0;
    for (size_t i = 0; i < curve->points; i++) {
        count += is_corner(curve, i);
    }
    return count;
}

static void find_corners(size_t *corner, const ef_curve *curve)
{
    size_t count = 0;
    for (size_t i = 0; i < curve->points; i++) {
        if (is_corner(curve, i)) {
            corner[count++] = i;
        }
    }
}

/* The farthest of corner[from+1 ...] found that a straight line from corner[from] may go to.  The next one always may. */
static size_t reach(const size_t *corner, size_t count, size_t from, const ef_curve *curve, double tolerance)
{
    uint64_t x0 = curve->false_matches[corner[from]], y0 = curve->true_matches[corner[from]];
    double lowest = -INFINITY, highest = INFINITY;
    size_t farthest = from + 1;
    for (size_t i = from + 1; i < count && i - farthest < LOOK_AHEAD && lowest <= highest; i++) {
        double x = (double)(curve->false_matches[corner[i]] - x0), y = (double)(curve->true_matches[corner[i]] - y0);
        if (x == 0) {
            farthest = i; /* a vertical step is kept as it is, unless a line from its foot is close to its top as well */
            if (y > tolerance) {
                highest = -INFINITY;
            }
            continue;
        }
        if (y / x >= lowest && y / x <= highest) {
            farthest = i;
        }
        lowest = fmax(lowest, (y - tolerance) / x);
        highest = fmin(highest, (y + tolerance) / x);
    }
    return farthest;
}

/* Keeps some of the corners, in place; the first and the last among them. */
static size_t thin(size_t *corner, size_t count, const ef_curve *curve, double tolerance)
{
    size_t kept = 1;
    for (size_t i = 0; i + 1 < count;) {
        i = reach(corner, count, i, curve, tolerance);
        corner[kept++] = corner[i];
    }
    return kept;
}

ef_status ef_curve_thin(ef_curve **out, const ef_curve *curve, size_t most, double tolerance, ef_error *err)
{
    if (!(tolerance >= 0)) {
        return ef_fail(err, EF_INVALID, "a tolerance of %g is negative", tolerance);
    }
    size_t count = ef_curve_corners(curve);
    size_t *corner = ef_alloc(count, sizeof *corner);
    if (corner == NULL) {
        return ef_fail_memory(err, "the corners of a curve");
    }
    find_corners(corner, curve);
    /* In units of one genuine comparison, less what rounding of the slopes may add. */
    double allowed = (tolerance - 16 * DBL_EPSILON) * (double)curve->genuine;
    if (count > most && allowed > 0) {
        count = thin(corner, count, curve, allowed);
    }
    ef_status status = ef_curve_select(out, curve, corner, count, err);
    free(corner);
    return status;
}
