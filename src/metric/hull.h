/* hull.h - the convex hull of the curve: what can be reached by choosing at random between two thresholds.
 * It is also isotonic regression of the labels on the scores: the pool-adjacent-violators blocks are its segments.
 * Source: Provost and Fawcett, "Robust classification for imprecise environments", Machine Learning 42 (2001). */
#ifndef EF_METRIC_HULL_H
#define EF_METRIC_HULL_H

#include <eface/curve.h>

/* *index = the *count corners of the upper hull, as points of `curve`: the first is 0, the last is the curve's last; no three are in
 * line.  The caller frees *index with free(). */
EF_MUST_USE ef_status ef_hull_create(size_t **index, size_t *count, const ef_curve *curve, ef_error *err);

#endif
