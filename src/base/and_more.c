#include "base/and_more.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *ef_and_more(char text[EF_AND_MORE], uint64_t all, const char *noun)
{
    text[0] = '\0';
    if (all > 1) {
        snprintf(text, EF_AND_MORE, " (and %" PRIu64 " more %s%s)", all - 1, noun, all > 2 ? "s" : "");
    }
    return text;
}

ef_status ef_fail_and_more(ef_error *err, ef_status status, uint64_t all, const char *noun)
{
    char more[EF_AND_MORE];
    size_t used = err != NULL ? strlen(err->message) : 0, length = strlen(ef_and_more(more, all, noun));
    if (err != NULL && used + length < sizeof err->message) {
        memcpy(err->message + used, more, length + 1);
    }
    return status;
}
