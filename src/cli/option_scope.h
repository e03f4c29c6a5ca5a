/* option_scope.h - which options are for which evaluations: one that none of those chosen reads must not be ignored in silence. */
#ifndef EF_CLI_OPTION_SCOPE_H
#define EF_CLI_OPTION_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/evaluate.h>

typedef struct option_scope {
    const char *option; /* as given: "--norm" */
    bool given;
    unsigned reads; /* ef_reads bits: an evaluation that has any of them reads it */
} option_scope;

/* Refuses, with EF_INVALID, an option that is given and for none of the protocols. */
EF_MUST_USE ef_status option_scopes_check(const option_scope *scopes, size_t count, ef_protocol *const *protocols,
                                          size_t protocol_count, ef_error *err);

#endif
