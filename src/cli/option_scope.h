/* option_scope.h - which options are for which kinds of protocol: one that fits none of those chosen must not be ignored in silence. */
#ifndef EF_CLI_OPTION_SCOPE_H
#define EF_CLI_OPTION_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/protocol.h>

typedef struct option_scope {
    const char *option; /* as given: "--norm" */
    bool given;
    unsigned tasks;   /* ef_task bits of the protocols that it is for */
    const char *what; /* the same in words: "templates" */
} option_scope;

/* Refuses, with EF_INVALID, an option that is given and for none of the protocols. */
EF_MUST_USE ef_status option_scopes_check(const option_scope *scopes, size_t count, ef_protocol *const *protocols,
                                          size_t protocol_count, ef_error *err);

#endif
