/* curve_turn.h - which way the curve turns at a point, exactly. */
#ifndef EF_METRIC_CURVE_TURN_H
#define EF_METRIC_CURVE_TURN_H

#include <eface/curve.h>

/* On the way a, b, c (a < b < c) with false matches to the right and true matches up: positive for a turn to the left at b,
 * negative for one to the right, 0 for straight on. */
int ef_curve_turn(const ef_curve *curve, size_t a, size_t b, size_t c);

#endif
