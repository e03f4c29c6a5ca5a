/* nearest.h - "did you mean ...?": the known name nearest to a mistyped one. */
#ifndef EF_BASE_NEAREST_H
#define EF_BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/* A candidate that begins with the wanted name is as near as one with one letter wrong.
 * Offers candidates one by one: begin with ef_nearest_begin(), ef_nearest_offer() each, read `best`. */
typedef struct ef_nearest {
    const char *wanted;
    const char
        *best; /* borrowed from the offers; NULL while none is near enough (a third of the letters may differ, at least two) */
    size_t distance;
} ef_nearest;

ef_nearest ef_nearest_begin(const char *wanted);
void ef_nearest_offer(ef_nearest *nearest, const char *candidate);

/* Whether two names are the same but for case, '-', '_' and blanks: "AgeDB-30" is agedb_30. */
bool ef_same_name(const char *a, const char *b);

#endif
