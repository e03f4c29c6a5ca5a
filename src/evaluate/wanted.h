/* wanted.h - the figures that an evaluation is asked for, and what they need of it: the options' own, or else the protocol's.
 * Thread rule: constant once made. */
#ifndef EF_EVALUATE_WANTED_H
#define EF_EVALUATE_WANTED_H

#include <eface/evaluate.h>

/* Borrowed from the options or the protocol. */
typedef struct ef_wanted {
    const ef_metric_request *request;
    size_t count;
} ef_wanted;

ef_wanted ef_wanted_of(const ef_protocol *protocol, const ef_evaluate_options *options);

/* Whether any figure of a task is. */
bool ef_wants_task(ef_wanted wanted, ef_task task);

/* Whether any figure of a task is that needs one of these ef_metric_needs. */
bool ef_wants_need(ef_wanted wanted, ef_task task, unsigned needs);

/* The points of a task's figures, those without one left out, in memory of their own (freed with free()); NULL when memory is out. */
double *ef_wanted_points(size_t *count, ef_wanted wanted, ef_task task);

#endif
