/* clean.h - texts from elsewhere, made fit to be shown: names may hold anything, and a terminal, a table and a plot obey what they are given. */
#ifndef EF_BASE_CLEAN_H
#define EF_BASE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the UTF-8 sequence that a text, which is not empty, begins with; 0 when it begins with none: overlong forms, surrogates and what is beyond
 * U+10FFFF are none (RFC 3629). */
size_t ef_utf8_length(const char *text);

/* The length of the character that a text, which is not empty, begins with.  *good becomes false for what is not to be shown: control characters, those of
 * Unicode (U+0080 to U+009F) among them, marks that turn the direction of all that follows (U+202A to U+202E, U+2066 to U+2069), and a byte that is not UTF-8. */
size_t ef_character(const char *text, bool *good);

/* Puts `instead` in place of each byte of what is not to be shown. */
void ef_clean(char *text, char instead);

#endif
