/* copy.h - strings on the heap. */
#ifndef EF_BASE_COPY_H
#define EF_BASE_COPY_H

#include <stddef.h>

#include "base/error.h"

/* A copy of `text`, or of its first `length` bytes, freed with free(); NULL when memory is out, and for a text of NULL. */
char *ef_copy(const char *text);
char *ef_copy_bytes(const char *text, size_t length);

/* A formatted string, freed with free(); NULL when memory is out. */
char *ef_copy_format(const char *format, ...) EF_PRINTF(1, 2);

#endif
