/* curve.h - the operating points of a comparison experiment: false and true matches at every threshold.
 *
 * A comparison is a match when its score is at or above the threshold.  Scores that are equal change sides together: there is
 * one point for each distinct score, in descending order, after point 0, at which nothing matches.
 * So at point i > 0, false_matches[i] impostor and true_matches[i] genuine comparisons have score >= threshold[i].
 * Thread rule: constant after creation.
 * Source: ISO/IEC 19795-1 (FMR, FNMR, DET); Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006), on ties. */
#ifndef EFACE_CURVE_H
#define EFACE_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include <eface/histogram.h>
#include <eface/screened.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_curve {
    size_t points;               /* 1 + number of distinct scores (fewer once thinned) */
    double *threshold;           /* threshold[0] is +infinity */
    uint64_t *false_matches;     /* ascending, from 0 to impostors */
    uint64_t *true_matches;      /* ascending, from 0 to genuine */
    uint64_t impostors, genuine; /* both at least 1 */
} ef_curve;

/* Sorts and pools `count` scores; genuine[i] is 1 or 0.  Time is linear (a radix sort); memory is 16 bytes a score while sorting,
 * then 8 a score and 24 a point until it returns.  Errors: no genuine or no impostor comparison (EF_INVALID), a score that is not finite
 * (EF_INVALID).  The caller frees *out with ef_curve_free(). */
EF_API EF_MUST_USE ef_status ef_curve_create(ef_curve **out, const double *score, const unsigned char *genuine, size_t count,
                                             ef_error *err);
EF_API void ef_curve_free(ef_curve *curve); /* NULL is fine */

/* The curve of very many scores, in little memory and time: reduced to the points that figures are read from.  It has every distinct genuine
 * score, the last point of every run of impostors between two of them, and all points of the runs in which one of the FARs `far` falls (two
 * ranks to either side) or FMR passes FNMR.  The points left out lie on straight stretches, so every metric that is defined on the curve alone is exact, those
 * with a FAR at the FARs given; under EF_INSIGHTFACE as well.
 * `genuine` is sorted in place.  Memory: about 150 bytes a genuine score, for each thread half a megabyte and 24 bytes a genuine score (fewer threads
 * work where that would be too much), and 32 bytes an impostor of the runs kept whole.
 * The scores of both classes are counted into `histogram` as well, unless it is NULL.
 * Errors as ef_curve_create(), and a score outside the histogram (EF_INVALID).  The caller frees *out with ef_curve_free(). */
EF_API EF_MUST_USE ef_status ef_curve_create_reduced(ef_curve **out, ef_histogram *histogram, double *genuine,
                                                     size_t genuine_count, const ef_screened *impostors, const double *far,
                                                     size_t far_count, int threads, ef_error *err);

/* The curve as scikit-learn's roc_curve(drop_intermediate=True) keeps it: an inner point is dropped when the
 * second differences of both counts vanish there.  The first distinct score and the last are always kept, and so is point 0. */
EF_API EF_MUST_USE ef_status ef_curve_drop_intermediate(ef_curve **out, const ef_curve *curve, ef_error *err);

/* How many corners a curve has: points at which its direction changes, and its two ends. */
EF_API size_t ef_curve_corners(const ef_curve *curve);

/* The curve for drawing: its corners when there are at most `most` of them, else
 * few enough of them that every linearly interpolated TAR, at any FAR, stays within `tolerance` of the full curve; where the curve
 * is a vertical step, the values just before and just after it do.  These may still be more than `most`.
 * Errors: a tolerance that is negative or NAN (EF_INVALID). */
EF_API EF_MUST_USE ef_status ef_curve_thin(ef_curve **out, const ef_curve *curve, size_t most, double tolerance, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
