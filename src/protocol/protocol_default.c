/* Which protocol is the usual one for a kind of sets. */
#include <eface/protocol.h>

#include <stdlib.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "protocol/find.h"

/* *kind = what the file of a protocol says.  What is no regular file, a pipe say, is not opened: nobody asked for it. */
static ef_status look_at(ef_default *kind, const char *name, ef_error *err)
{
    struct stat about;
    char *path = NULL;
    ef_protocol *protocol = NULL;
    ef_status status = ef_protocol_find(&path, name, err);
    *kind = EF_DEFAULT_NONE;
    if (status == EF_OK && stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
        status = ef_protocol_load(&protocol, path, err);
    }
    if (status == EF_OK && protocol != NULL) {
        *kind = protocol->default_for;
    }
    ef_protocol_free(protocol);
    free(path);
    return status;
}

ef_status ef_protocol_default(char **name, ef_default kind, ef_error *err)
{
    ef_strings *all = NULL;
    const char *found = NULL;
    ef_error first = {.status = EF_OK};
    ef_status status = ef_protocol_list(&all, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(all); i++) {
        const char *candidate = ef_strings_at(all, i);
        ef_default is;
        ef_error wrong;
        ef_status read = look_at(&is, candidate, &wrong);
        if (read == EF_NOMEM) {
            status = ef_fail_memory(err, "the list of protocols");
        } else if (read != EF_OK) {
            first = first.status == EF_OK ? wrong : first;
        } else if (is == kind && found != NULL) {
            status = ef_fail(err, EF_INVALID,
                             "the protocols %s and %s both say that they are the default for %s: choose one of them by name",
                             found, candidate, ef_default_name(kind));
        } else if (is == kind) {
            found = candidate;
        }
    }
    if (status == EF_OK && found == NULL) {
        status = first.status != EF_OK
                     ? ef_fail(err, first.status, "%s", first.message)
                     : ef_fail(err, EF_INVALID,
                               "no protocol says that it is the default for %s (default_for = %s): choose one by name",
                               ef_default_name(kind), ef_default_name(kind));
    }
    if (status == EF_OK && (*name = ef_copy(found)) == NULL) {
        status = ef_fail_memory(err, "the list of protocols");
    }
    ef_strings_free(all);
    return status;
}
