/* all_pairs_curve.h - the curve of all pairs, from the points of it that are known. */
#ifndef EF_EVALUATE_ALL_PAIRS_CURVE_H
#define EF_EVALUATE_ALL_PAIRS_CURVE_H

#include <eface/curve.h>
#include <eface/histogram.h>

#include "score/pair_points.h"

/* The points that are known exactly: those of the FARs asked for, those on both sides of where FMR passes FNMR, and within the tail all corners.  It ends where the
 * knowledge does, or with all pairs.  The caller frees *out with ef_curve_free(). */
EF_MUST_USE ef_status ef_all_pairs_curve(ef_curve **out, const ef_pair_points *points, const ef_pair_question *question,
                                         ef_error *err);

/* The same for drawing: also the edges that were asked for, whose impostors are counted to within *far_error of the FAR. */
EF_MUST_USE ef_status ef_all_pairs_drawing(ef_curve **out, double *far_error, const ef_pair_points *points,
                                           const ef_pair_question *question, ef_error *err);

/* Counts between the edges, which must be those of the empty `histogram`. */
void ef_all_pairs_fill(ef_histogram *histogram, const ef_pair_points *points);

#endif
