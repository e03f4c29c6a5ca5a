/* table.h - what a metric's file needs to be a row of the table. */
#ifndef EF_METRIC_TABLE_H
#define EF_METRIC_TABLE_H

#include <eface/metric.h>

#define ROW(name) extern const ef_metric ef_metric_##name;
#include "metric/metrics.def"
#undef ROW

#define EF_ANY_SCORES (EF_VERIFY_PAIRS | EF_SCORES_TASK)    /* metrics that need the scores themselves */
#define EF_ANY_CURVE  (EF_ANY_SCORES | EF_VERIFY_TEMPLATES) /* metrics that are defined on the curve alone */
#define EF_ANY_POINTS (EF_ANY_CURVE | EF_VERIFY_ALL_PAIRS)  /* metrics that need only some points of it */

#define EF_ANY_SEARCH (EF_IDENTIFY | EF_IDENTIFY_ALL_PAIRS) /* metrics of probes in galleries */

/* A measure with nothing in it: reals NAN, counts 0. */
ef_measure ef_measure_empty(void);

/* Makes *out the measure of a figure that the data cannot support.  `reason` is static.  Returns EF_OK, to end a compute function. */
ef_status ef_measure_undefined(ef_measure *out, const char *reason);

/* Sets the interval of a measure. */
void ef_measure_interval(ef_measure *out, ef_interval interval, const char *made_by);

/* Sets the interval centre -+ z * standard error; none when the standard error is 0, which would claim to be certain. */
void ef_measure_normal(ef_measure *out, double standard_error, double confidence, const char *made_by);

#endif
