/* input.h - an input opened once and read whole: a file, a pipe, or standard input, which "-" names.
 *
 * What cannot be text is refused in its first block, so that a device without end is refused at once; what comes through a pipe may also be judged by its
 * first lines. */
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

/* What the beginning of an input tells. */
typedef enum ef_judgement {
    EF_READ_MORE, /* nothing yet: ask again when there is more */
    EF_READ_ON,   /* it may be what is wanted: ask no more */
    EF_READ_NONE  /* it is something else, as will be found in what is there: read no more */
} ef_judgement;

/* What an input is to be. */
typedef struct ef_input_rules {
    size_t longest_line; /* bytes; SIZE_MAX: any */
    size_t most;         /* bytes; 0: any, and through a pipe half of what memory the machine has */
    const char *kind;    /* what is never longer: "protocol file" */
    /* Judges the lines that have come through a pipe so far, all of them whole.  An error ends the reading.  NULL: whatever comes is read. */
    ef_status (*judge)(void *context, const char *text, size_t length, ef_judgement *out, ef_error *err);
    void *context;
} ef_input_rules;

/* A path as messages show it: "standard input" for "-". */
const char *ef_input_name(const char *path);

/* Reads an input whole.  Errors, which name it: it cannot be opened or read; it holds NUL bytes, or a line of more than `longest_line` bytes, or is HDF5;
 * nothing came through a pipe; it changed meanwhile.  The text is freed with free(). */
EF_MUST_USE ef_status ef_input_read(ef_input *out, const char *path, size_t longest_line, ef_error *err);

/* The same by rules.  Errors also: more bytes than `most`; and what the judge finds. */
EF_MUST_USE ef_status ef_input_read_by(ef_input *out, const char *path, const ef_input_rules *rules, ef_error *err);

#endif
