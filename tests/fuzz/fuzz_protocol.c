/* Protocol files: any text is either a whole protocol or an error that says why. */
#include "fuzz.h"

#include <eface/protocol.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_path(0);
    fuzz_write(path, data, size);
    ef_error err = {EF_OK, ""};
    ef_protocol *protocol = NULL;
    if (ef_protocol_load(&protocol, path, &err) == EF_OK) {
        assert(protocol->title != NULL && protocol->name != NULL && protocol->metric_count > 0);
    } else {
        fuzz_refused(err.status, &err);
    }
    ef_protocol_free(protocol);
    return 0;
}
