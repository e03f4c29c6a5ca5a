/* number.h - strict numbers from text: the whole text must be the number, in the C locale's form, and in range. */
#ifndef EF_BASE_NUMBER_H
#define EF_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each reads text[0 .. length-1]; false, and *out untouched, for anything else than one number: no blanks, no sign before
 * an unsigned one, no "0x", no trailing characters, no overflow. */
bool ef_parse_unsigned(uint64_t *out, const char *text, size_t length);
bool ef_parse_integer(int64_t *out, const char *text, size_t length);
bool ef_parse_real(double *out, const char *text, size_t length); /* finite: "nan" and "inf" are refused */

/* A size in bytes with an optional suffix B, or K, M, G or T (powers of 1024): "2G". */
bool ef_parse_bytes(size_t *out, const char *text, size_t length);

/* Whether a label names nobody: it is empty or holds only blanks, or is a whole number below 0 of any length and nothing else ("-1", but "-0",
 * "-p23" and "- 1" are names). */
bool ef_label_is_nobody(const char *text);

#endif
