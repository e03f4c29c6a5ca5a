/* Protocol files: any text is either a whole protocol or an error that says why. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include <eface/protocol.h>

#include "fuzz.h"

static char path[] = "/tmp/eface-fuzz-XXXXXX.ini";

static void remove_file(void)
{
    (void)unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int made;
    if (!made) {
        /* One file for each process. */
        (void)snprintf(path, sizeof path, "/tmp/eface-fuzz-%06d.ini", (int)getpid() % 1000000);
        (void)atexit(remove_file);
        made = 1;
    }
    fuzz_write(path, data, size);
    ef_error err = {EF_OK, ""};
    ef_protocol *protocol = NULL;
    if (ef_protocol_load(&protocol, path, &err) == EF_OK) {
        assert(protocol->title != NULL && protocol->name != NULL && protocol->metric_count > 0);
    } else {
        assert(err.message[0] != '\0');
    }
    ef_protocol_free(protocol);
    return 0;
}
