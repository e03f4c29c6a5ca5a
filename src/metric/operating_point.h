/* operating_point.h - the point of the curve at which a rate "at FAR x" is read. */
#ifndef EF_METRIC_OPERATING_POINT_H
#define EF_METRIC_OPERATING_POINT_H

#include <eface/metric.h>

typedef struct ef_operating_point {
    double threshold; /* +infinity when no score is a match */
    uint64_t false_matches, true_matches;
} ef_operating_point;

/* Finds the point for FAR input->point under input->convention.  Returns NULL, or why there is none. */
const char *ef_operating_point_find(ef_operating_point *out, const ef_metric_input *input);

/* The curve that it is on. */
const ef_curve *ef_operating_curve(const ef_metric_input *input);

/* What the metrics at a FAR share: sets the threshold, the counts at it, and few_false_matches. */
void ef_operating_point_measure(ef_measure *out, const ef_operating_point *point, const ef_curve *curve);

#endif
