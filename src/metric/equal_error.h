/* equal_error.h - where the false match rate and the false non-match rate of a curve are equal. */
#ifndef EF_METRIC_EQUAL_ERROR_H
#define EF_METRIC_EQUAL_ERROR_H

#include <eface/metric.h>

/* Fills *out from the input's curve through the points index[0 .. count-1] (through all points when index is NULL), joined by straight
 * lines: value, threshold, false matches and interval. */
void ef_equal_error(ef_measure *out, const ef_metric_input *input, const size_t *index, size_t count);

#endif
