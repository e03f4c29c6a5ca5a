/* curve_area.h - the area under a curve, counted in integers. */
#ifndef EF_METRIC_CURVE_AREA_H
#define EF_METRIC_CURVE_AREA_H

#include <eface/curve.h>
#include <eface/interval.h>

#include "base/int128.h"

/* Twice the number of impostor comparisons that a genuine one at point i > 0 beats, a tie counting half. */
uint64_t ef_curve_twice_beaten(const ef_curve *curve, size_t i);

/* Twice the number of pairs of a genuine comparison on the curve and any impostor one that the genuine one wins, a tie counting half. */
ef_wide ef_curve_twice_wins(const ef_curve *curve);

/* The area lies between these: they are equal for a curve that goes to its end.  What lies beyond the last point of another may be in any order. */
ef_bounds ef_curve_area(const ef_curve *curve);

#endif
