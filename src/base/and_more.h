/* and_more.h - how many others are as bad as the one that a message names. */
#ifndef EF_BASE_AND_MORE_H
#define EF_BASE_AND_MORE_H

#include <stdint.h>

#include <eface/status.h>

enum { EF_AND_MORE = 64 };

/* " (and 3 more rows)" for 4 in all of `noun` "row", and nothing for 1.  Returns `text`. */
const char *ef_and_more(char text[EF_AND_MORE], uint64_t all, const char *noun);

/* The same at the end of the message of *err, which may be NULL.  Returns `status`. */
ef_status ef_fail_and_more(ef_error *err, ef_status status, uint64_t all, const char *noun);

#endif
