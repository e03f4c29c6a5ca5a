/* input.h - an input opened once and read whole: a file, a pipe, or standard input, which "-" names.
 *
 * What cannot be text is refused in its first block, so that a device without end is refused at once. */
#ifndef EF_BASE_INPUT_H
#define EF_BASE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/file_mark.h>

typedef struct ef_input {
    char *text; /* NUL after the last byte */
    size_t length;
    ef_file_mark mark;
} ef_input;

/* A path as messages show it: "standard input" for "-". */
const char *ef_input_name(const char *path);

/* Reads an input whole.  Errors, which name it: it cannot be opened or read; it holds NUL bytes, or a line of more than `longest_line` bytes, or is HDF5;
 * nothing came through a pipe; it changed meanwhile.  The text is freed with free(). */
EF_MUST_USE ef_status ef_input_read(ef_input *out, const char *path, size_t longest_line, ef_error *err);

#endif
