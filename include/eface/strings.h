/* strings.h - a table of strings in one piece of memory: image names, file names, notes.
 * Thread rule: many readers or one writer. */
#ifndef EFACE_STRINGS_H
#define EFACE_STRINGS_H

#include <stddef.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_strings ef_strings;

/* Creates an empty table.  The caller owns *out and frees it with ef_strings_free(). */
EF_API EF_MUST_USE ef_status ef_strings_create(ef_strings **out, ef_error *err);
EF_API void ef_strings_free(ef_strings *strings); /* NULL is fine */

/* Appends a copy of the first `length` bytes of `text`.  Moves the table: pointers from ef_strings_at() end. */
EF_API EF_MUST_USE ef_status ef_strings_add(ef_strings *strings, const char *text, size_t length, ef_error *err);

EF_API size_t ef_strings_count(const ef_strings *strings); /* 0 for NULL */

/* String `index`, ended by NUL; the table owns it.  The index must be below the count. */
EF_API const char *ef_strings_at(const ef_strings *strings, size_t index);

#ifdef __cplusplus
}
#endif
#endif
