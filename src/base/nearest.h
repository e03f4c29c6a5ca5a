/* nearest.h - "did you mean ...?": the known name nearest to a mistyped one. */
#ifndef EF_BASE_NEAREST_H
#define EF_BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

#define EF_NEAREST_SHOWN 6 /* so many offers are few enough to name all of them */

/* A candidate that begins with the wanted name is as near as one with one letter wrong.
 * Offers candidates one by one: begin with ef_nearest_begin(), ef_nearest_offer() each, read `best`. */
typedef struct ef_nearest {
    const char *wanted;
    const char
        *best; /* borrowed from the offers; NULL while none is near enough (a third of the letters may differ, at least two) */
    size_t distance;
    const char *near[EF_NEAREST_SHOWN]; /* all that are as near as the best, which is the first */
    size_t near_count;
    const char *first[EF_NEAREST_SHOWN]; /* of the offers, borrowed */
    size_t offers;
} ef_nearest;

ef_nearest ef_nearest_begin(const char *wanted);
void ef_nearest_offer(ef_nearest *nearest, const char *candidate);

enum { EF_NEAREST_TEXT = 512 };

/* "'ijbb' or 'ijbc'": those that are nearest, with `before` each ("--"); empty when none is near. */
const char *ef_nearest_names(char text[EF_NEAREST_TEXT], const char *before, const ef_nearest *nearest);

/* Fails with EF_INVALID: no WHAT 'NAME'; did you mean 'BEST'?  When none is near, a few offers are named all. */
ef_status ef_fail_unknown(ef_error *err, const char *what, const char *name, const ef_nearest *nearest);

/* Whether two names are the same but for case, '-', '_' and blanks: "AgeDB-30" is agedb_30. */
bool ef_same_name(const char *a, const char *b);

#endif
