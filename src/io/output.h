/* output.h - a file that appears whole or not at all.
 *
 * A regular file is written under a temporary name beside its destination (beside what a link leads to) and renamed at the end, with the
 * permissions of the file that it replaces; anything else (a pipe, /dev/full) is
 * written straight. */
#ifndef EF_IO_OUTPUT_H
#define EF_IO_OUTPUT_H

#include <stdio.h>

#include <eface/status.h>

#include "base/temporary.h"

typedef struct ef_output {
    FILE *stream;
    char *path;
    ef_temporary *temporary; /* NULL when written straight */
} ef_output;

/* Whether `path` can be written: an error now rather than after long work.  Leaves nothing behind. */
EF_MUST_USE ef_status ef_output_check(const char *path, ef_error *err);

/* Opens `path` for writing; fails now, not at the end, when it cannot be written. */
EF_MUST_USE ef_status ef_output_open(ef_output *out, const char *path, ef_error *err);

/* Closes and renames; a write that failed at any time is an error, and then nothing is renamed; but a pipe that its reader closed is none.  Ends *out either way. */
EF_MUST_USE ef_status ef_output_commit(ef_output *out, ef_error *err);

/* Closes and throws away; an empty (zeroed) or committed output is fine. */
void ef_output_abandon(ef_output *out);

#endif
