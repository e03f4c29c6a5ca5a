#include "list/json_file.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/input.h"
#include "base/hash.h"

ef_status ef_json_file_read(json_t **out, json_error_t *why, ef_file_mark *mark, const char *path, ef_error *err)
{
    ef_input input;
    *out = NULL;
    ef_status status = ef_input_read(&input, path, SIZE_MAX, err);
    if (status != EF_OK) {
        return status;
    }
    *out = json_loadb(input.text, input.length, JSON_REJECT_DUPLICATES, why);
    if (mark != NULL) {
        *mark = input.mark;
        ef_hash_mark(mark, input.text, input.length);
    }
    free(input.text);
    return EF_OK;
}
