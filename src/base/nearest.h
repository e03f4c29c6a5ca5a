/* nearest.h - "did you mean ...?": the known name nearest to a mistyped one. */
#ifndef EF_BASE_NEAREST_H
#define EF_BASE_NEAREST_H

#include <stddef.h>

/* Offers candidates one by one: begin with ef_nearest_begin(), ef_nearest_offer() each, read `best`. */
typedef struct ef_nearest {
    const char *wanted;
    const char
        *best; /* borrowed from the offers; NULL while none is near enough (a third of the letters may differ, at least two) */
    size_t distance;
} ef_nearest;

ef_nearest ef_nearest_begin(const char *wanted);
void ef_nearest_offer(ef_nearest *nearest, const char *candidate);

#endif
