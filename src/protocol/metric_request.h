/* metric_request.h - a figure that is asked for, from its words. */
#ifndef EF_PROTOCOL_METRIC_REQUEST_H
#define EF_PROTOCOL_METRIC_REQUEST_H

#include <eface/protocol.h>

/* *out = the metric of a name, which must be defined for one of the tasks. */
EF_MUST_USE ef_status ef_metric_named(const ef_metric **out, const char *name, unsigned tasks, ef_error *err);

/* *out = the point that `length` letters of `text` say, which must be one of the metric. */
EF_MUST_USE ef_status ef_metric_point(double *out, const ef_metric *metric, const char *text, size_t length, ef_error *err);

#endif
