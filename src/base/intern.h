/* intern.h - numbers distinct strings in order of first use: a hash table over an ef_strings. */
#ifndef EF_BASE_INTERN_H
#define EF_BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/strings.h>

typedef struct ef_intern ef_intern;

/* Begins over `strings`, which must be empty and outlive *out; only the ef_intern may add to it meanwhile. */
EF_MUST_USE ef_status ef_intern_create(ef_intern **out, ef_strings *strings, ef_error *err);
void ef_intern_free(ef_intern *intern); /* NULL is fine; the strings stay */

/* *index = the number of text[0 .. length-1], adding it when it is new. */
EF_MUST_USE ef_status ef_intern_add(size_t *index, ef_intern *intern, const char *text, size_t length, ef_error *err);

/* The same without adding: false, and *index untouched, when there is no such string. */
bool ef_intern_find(size_t *index, const ef_intern *intern, const char *text, size_t length);

#endif
