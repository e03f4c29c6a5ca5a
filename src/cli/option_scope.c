#include "cli/option_scope.h"

#include "base/error.h"
#include "cli/chosen.h"

ef_status option_scopes_check(const option_scope *scopes, size_t count, ef_protocol *const *protocols, size_t protocol_count,
                              ef_error *err)
{
    char names[CHOSEN_NAMES];
    unsigned tasks = chosen_tasks(protocols, protocol_count);
    for (size_t i = 0; i < count; i++) {
        if (scopes[i].given && (scopes[i].tasks & tasks) == 0) {
            return ef_fail(err, EF_INVALID, "%s is for %s: it does not apply to %s", scopes[i].option, scopes[i].what,
                           chosen_names(names, protocols, protocol_count));
        }
    }
    return EF_OK;
}
