#include "cli/option_scope.h"

#include "base/error.h"
#include "cli/chosen.h"

ef_status option_scopes_check(const option_scope *scopes, size_t count, ef_protocol *const *protocols, size_t protocol_count,
                              ef_error *err)
{
    char names[CHOSEN_NAMES], readers[EF_READERS];
    unsigned reads = 0;
    for (size_t i = 0; i < protocol_count; i++) {
        reads |= ef_protocol_reads(protocols[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (scopes[i].given && (scopes[i].reads & reads) == 0) {
            return ef_fail(err, EF_INVALID, "%s is for %s: it does not apply to %s", scopes[i].option,
                           ef_readers(readers, scopes[i].reads), chosen_names(names, protocols, protocol_count));
        }
    }
    return EF_OK;
}
