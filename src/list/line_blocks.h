/* line_blocks.h - a long text file read in blocks of whole lines, each block parsed by all threads.
 *
 * The order of the lines and the first bad line are the file's, whatever the number of threads and the size of the blocks.
 * Lines end in LF or CRLF, the last one in nothing if it likes; blank lines are for the end of the file only.
 * While a block is parsed, the next one is read; a pipe is as good as a file.
 * Thread rule: one thread at a time; it starts others by itself. */
#ifndef EF_LIST_LINE_BLOCKS_H
#define EF_LIST_LINE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

#include "base/error.h"
#include "base/text_file.h"

#define EF_LINE_BLOCK ((size_t)4 << 20) /* bytes of a block, unless a test wants others: two of them stay in the cache */

typedef struct ef_line_blocks ef_line_blocks;

/* A piece of a block, for one thread. */
typedef struct ef_line_piece {
    const char *text, *end; /* whole lines; the last byte is a LF, and at least 8 bytes after it may be looked at */
    size_t lines;           /* in it */
    size_t first;           /* the lines before it in the block */
    size_t parsed;          /* out: good lines from its beginning on, */
    const char *stop;       /* out: and where the next one begins */
} ef_line_piece;

/* How the lines of a list are parsed. */
typedef struct ef_line_parser {
    /* Parses line `index` of the block, its end cut off: EF_OK, or what is wrong with it, without file and line.  Called from several
     * threads; afterwards once more for the first bad line, for its sentence: `err` is NULL unless that is wanted. */
    ef_status (*line)(void *data, size_t index, ef_span line, ef_error *err);
    /* Parses a piece from its beginning on with ef_line_parse() for what is out of the ordinary; NULL: that for every line. */
    void (*piece)(void *data, ef_line_piece *piece);
    void *data;
} ef_line_parser;

/* Opens a file; a block is about `block_bytes` long, or as long as its line.  The caller frees *out with ef_line_blocks_close(). */
EF_MUST_USE ef_status ef_line_blocks_open(ef_line_blocks **out, const char *path, size_t block_bytes, int threads, ef_error *err);
void ef_line_blocks_close(ef_line_blocks *blocks); /* NULL is fine */

/* Goes on to the next block: *lines of them, for which the caller now makes room; 0 at the end of the file.  What the pieces before
 * pointed to is gone with the next ef_line_blocks_parse(). */
EF_MUST_USE ef_status ef_line_blocks_next(ef_line_blocks *blocks, size_t *lines, ef_error *err);

/* That block's first line, its end cut off: a heading says how the lines are to be parsed. */
ef_span ef_line_blocks_heading(const ef_line_blocks *blocks);

/* Parses that block.  *parsed lines were not blank.  The error is that of the first bad line, "PATH:LINE: sentence"; when there
 * is one, *parsed lines before it were good. */
EF_MUST_USE ef_status ef_line_blocks_parse(ef_line_blocks *blocks, const ef_line_parser *parser, size_t *parsed, ef_error *err);

/* The number of the block's first line, from 1. */
size_t ef_line_blocks_first(const ef_line_blocks *blocks);

/* Parses the line at `at` as line `index` of the block and returns where the next one begins; NULL when it is bad. */
const char *ef_line_parse(const ef_line_parser *parser, size_t index, const char *at, const char *end);

/* EF_FORMAT with "PATH:LINE: " before the sentence, and with "PATH: " for line 0. */
ef_status ef_line_blocks_fail(const ef_line_blocks *blocks, size_t line, ef_error *err, const char *format, ...) EF_PRINTF(4, 5);

#endif
