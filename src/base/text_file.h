/* text_file.h - a text file read whole, then walked line by line. */
#ifndef EF_BASE_TEXT_FILE_H
#define EF_BASE_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/file_mark.h>
#include <eface/status.h>

#define EF_LONGEST ((size_t)1 << 20) /* bytes of a line of a list; more is an error */

typedef struct ef_text_file {
    char *text; /* NUL after the last byte */
    size_t length;
    size_t next; /* where the next line begins */
    size_t line; /* number of the line last returned, from 1 */
    ef_file_mark mark;
} ef_text_file;

typedef struct ef_span {
    const char *text;
    size_t length;
} ef_span;

/* Reads a file, a pipe, or standard input ("-") whole, as ef_input_read() does.  A directory, a file with NUL bytes (not text) or an endless line, and one
 * that cannot be read are errors that name it.  A byte order mark of UTF-8 is passed over.  Freed with ef_text_file_close(). */
EF_MUST_USE ef_status ef_text_file_open(ef_text_file *out, const char *path, ef_error *err);

/* How a list is known by its first lines, and how long it may be. */
typedef struct ef_text_rules {
    size_t most;      /* bytes; 0: any */
    const char *kind; /* what is never longer */
    /* Judges the first lines of a pipe, as ef_text_file_line() gives them: *known becomes true when they are enough to tell that they are of the list.  An
     * error ends the reading.  NULL: whatever comes is read. */
    ef_status (*judge)(void *context, ef_text_file *begin, bool *known, ef_error *err);
    void *context;
} ef_text_rules;

/* The same by rules: through a pipe, what does not begin as a list of its kind is refused without reading on. */
EF_MUST_USE ef_status ef_text_file_open_by(ef_text_file *out, const char *path, const ef_text_rules *rules, ef_error *err);
void ef_text_file_close(ef_text_file *file); /* an empty (zeroed) one is fine */

/* The next line without its end (LF, CRLF, or the end of the file); false at the end. */
bool ef_text_file_line(ef_text_file *file, ef_span *line);

/* Cuts the next field off the front of *rest: false when only blanks are left.  Fields stand between blanks (spaces, tabs) ... */
bool ef_span_word(ef_span *rest, ef_span *word);
/* ... and how many of them there are; and the last one, empty when there is none ... */
size_t ef_span_words(ef_span span);
ef_span ef_span_last_word(ef_span span);
/* ... or between single separators, blanks around them trimmed; `*rest` becomes NULL text after the last one.  An empty field counts. */
bool ef_span_field(ef_span *rest, char separator, ef_span *field);

ef_span ef_span_trim(ef_span span);
bool ef_span_equal(ef_span span, const char *text);
bool ef_span_equal_nocase(ef_span span, const char *text); /* ASCII letters */

#endif
