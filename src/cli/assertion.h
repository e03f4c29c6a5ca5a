/* assertion.h - "tar_at_far@1e-3 >= 0.95": what must hold of the results for a program to end well. */
#ifndef EF_CLI_ASSERTION_H
#define EF_CLI_ASSERTION_H

#include <eface/protocol.h>
#include <eface/result.h>

typedef struct assertion {
    const char *text;  /* as given; borrowed */
    char protocol[64]; /* empty: every one */
    char figure[128];  /* "tar_at_far@1e-3" */
    ef_metric_request request;
    enum assertion_relation { AT_LEAST, ABOVE, AT_MOST, BELOW } relation;
    double bound;
} assertion;

/* Reads "[PROTOCOL:]METRIC[@POINT] >= NUMBER", with >, >=, < or <=. */
EF_MUST_USE ef_status assertion_parse(assertion *out, const char *text, ef_error *err);

/* Whether an assertion is about a protocol. */
bool assertion_concerns(const assertion *self, const char *protocol);

/* Refuses, with EF_INVALID, an assertion about a protocol that is not among those chosen, or about a metric that none of them can
 * have: before any work, since nothing could ever meet it. */
EF_MUST_USE ef_status assertions_check(const assertion *assertions, size_t count, ef_protocol *const *protocols,
                                       size_t protocol_count, ef_error *err);

/* Says every result, under its convention on show, for which an assertion does not hold, and every assertion that no result has the
 * figure of; returns how many there are.  A figure that is n/a does not hold. */
size_t assertions_failed(const assertion *assertions, size_t count, ef_result *const *results, size_t result_count);

#endif
