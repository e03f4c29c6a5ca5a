/* metric_choice.h - which figures each protocol of a run is asked for. */
#ifndef EF_CLI_METRIC_CHOICE_H
#define EF_CLI_METRIC_CHOICE_H

#include <stddef.h>

#include <eface/protocol.h>

#include "cli/assertion.h"
#include "cli/options.h"

/* The requests for one protocol; begins empty, all zero, and is freed with metric_requests_free(). */
typedef struct metric_requests {
    ef_metric_request *items;
    size_t count, capacity;
} metric_requests;

void metric_requests_free(metric_requests *requests);

/* Refuses, with EF_INVALID, what is wrong in the lists of --metrics ("auc,tar_at_far@1e-3"), and a metric that none of the protocols can have. */
EF_MUST_USE ef_status metric_choice_check(const option_texts *lists, ef_protocol *const *protocols, size_t protocol_count,
                                          ef_error *err);

/* Collects what a protocol is asked for: those of the lists that fit it, or its own when there are no lists; and whatever is asserted of it.  None at
 * all when nothing of the lists fits. */
EF_MUST_USE ef_status metric_choice_collect(metric_requests *out, const option_texts *lists, const assertion *assertions,
                                            size_t assertion_count, const ef_protocol *protocol, ef_error *err);

#endif
