#include "list/json_file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/hash.h"

#define MOST_BYTES ((size_t)1 << 30) /* of results and lists: far more than any has */

/* A document begins with a brace or bracket; of anything else the parser needs no more than what is there. */
static ef_status judge(void *context, const char *text, size_t length, ef_judgement *out, ef_error *err)
{
    (void)context;
    (void)err;
    size_t blanks = strspn(text, " \t\r\n");
    if (blanks < length) {
        *out = text[blanks] == '{' || text[blanks] == '[' ? EF_READ_ON : EF_READ_NONE;
    }
    return EF_OK;
}

ef_status ef_json_file_read(json_t **out, json_error_t *why, ef_file_mark *mark, const char *path, ef_error *err)
{
    ef_input input;
    *out = NULL;
    const ef_input_rules rules = {
        .longest_line = SIZE_MAX, .most = MOST_BYTES, .kind = "result or list of images", .judge = judge};
    ef_status status = ef_input_read_by(&input, path, &rules, err);
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
