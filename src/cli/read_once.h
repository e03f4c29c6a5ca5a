/* read_once.h - inputs of a command line that can be read only once: standard input, which "-" names, pipes, terminals.
 *
 * Two uses of one would share its bytes between them in silence, so each use is claimed before anything is read. */
#ifndef EF_CLI_READ_ONCE_H
#define EF_CLI_READ_ONCE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/file_mark.h>

typedef struct read_once_claim {
    char *path;
    const char *what; /* borrowed */
    ef_file_mark mark;
} read_once_claim;

typedef struct read_once {
    read_once_claim *claims;
    size_t count, capacity;
} read_once;

/* Claims an input for `what` ("--pairs", "--scores", "a result file"); files and what is not there need no claim.  Errors, EF_INVALID: it is claimed already;
 * standard input is a terminal. */
EF_MUST_USE ef_status read_once_take(read_once *self, const char *path, const char *what, ef_error *err);

/* Whether an input can be read only once. */
bool read_once_is(const char *path);

void read_once_free(read_once *self);

#endif
