/* output_guard.h - files that a program must not write over.
 *
 * What took long to make is replaced only when that is asked for, and an input never. */
#ifndef EF_CLI_OUTPUT_GUARD_H
#define EF_CLI_OUTPUT_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

/* Refuses to write to `path` when it is one of `inputs` (of which NULL is none), when it is there and not to be replaced, and when it cannot be written. */
EF_MUST_USE ef_status output_guard(const char *path, bool replace, const char *const *inputs, size_t count, ef_error *err);

/* Whether two paths lead to one file, or would. */
bool output_is(const char *path, const char *other);

#endif
