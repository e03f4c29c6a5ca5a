#include "base/and_more.h"

#include <inttypes.h>
#include <stdio.h>

const char *ef_and_more(char text[EF_AND_MORE], uint64_t all, const char *noun)
{
    text[0] = '\0';
    if (all > 1) {
        snprintf(text, EF_AND_MORE, " (and %" PRIu64 " more %s%s)", all - 1, noun, all > 2 ? "s" : "");
    }
    return text;
}
