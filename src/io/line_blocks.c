#include "io/line_blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/memory.h"
#include "base/parallel.h"

#define PIECES_PER_THREAD 4 /* so that a thread held up does not hold up the others */
#define MARGIN            8 /* bytes that may be looked at behind the last line */

struct ef_line_blocks {
    char *path;
    int file, threads;
    bool begun, at_end;
    char *text; /* the block, and behind it the beginning of the next */
    size_t capacity, block_bytes;
    size_t used, length;      /* bytes in `text`; bytes of the block */
    size_t first_line, lines; /* of the block */
    size_t blank_line;        /* the first of the blank lines at the end of what has been parsed; 0: none */
    ef_line_piece *pieces;
    size_t piece_count, most_pieces;
};

/* What the threads share while they parse a block. */
typedef struct job {
    ef_line_piece *pieces;
    const ef_line_parser *parser;
} job;

ef_status ef_line_blocks_open(ef_line_blocks **out, const char *path, size_t block_bytes, int threads, ef_error *err)
{
    ef_line_blocks *blocks = calloc(1, sizeof *blocks);
    if (blocks == NULL) {
        return ef_fail_memory(err, path);
    }
    blocks->file = -1;
    blocks->threads = threads > 0 ? threads : ef_processors();
    blocks->block_bytes = block_bytes > 0 ? block_bytes : 1;
    blocks->first_line = 1;
    blocks->most_pieces = (size_t)blocks->threads * PIECES_PER_THREAD;
    blocks->capacity = 64 + MARGIN + 1; /* it grows when the first block is read */
    blocks->text = ef_alloc(blocks->capacity, 1);
    blocks->path = ef_copy(path);
    blocks->pieces = ef_alloc(blocks->most_pieces, sizeof *blocks->pieces);
    if (blocks->text == NULL || blocks->path == NULL || blocks->pieces == NULL) {
        ef_line_blocks_close(blocks);
        return ef_fail_memory(err, path);
    }
    blocks->file = open(path, O_RDONLY | O_CLOEXEC);
    if (blocks->file < 0) {
        ef_status status = ef_fail(err, EF_IO, "%s: %s", path, strerror(errno));
        ef_line_blocks_close(blocks);
        return status;
    }
    (void)posix_fadvise(blocks->file, 0, 0, POSIX_FADV_SEQUENTIAL);
    *out = blocks;
    return EF_OK;
}

void ef_line_blocks_close(ef_line_blocks *blocks)
{
    if (blocks != NULL) {
        if (blocks->file >= 0) {
            close(blocks->file);
        }
        free(blocks->text);
        free(blocks->pieces);
        free(blocks->path);
        free(blocks);
    }
}

size_t ef_line_blocks_first(const ef_line_blocks *blocks)
{
    return blocks->first_line;
}

ef_status ef_line_blocks_fail(const ef_line_blocks *blocks, size_t line, ef_error *err, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return line > 0 ? ef_fail(err, EF_FORMAT, "%s:%zu: %s", blocks->path, line, sentence)
                    : ef_fail(err, EF_FORMAT, "%s: %s", blocks->path, sentence);
}

/* Reads on until `wanted` bytes are there, or the file ends. */
static ef_status fill(ef_line_blocks *blocks, size_t wanted, ef_error *err)
{
    if (wanted + MARGIN + 1 > blocks->capacity) {
        char *larger = realloc(blocks->text, wanted + MARGIN + 1);
        if (larger == NULL) {
            return ef_fail_memory(err, blocks->path);
        }
        blocks->text = larger;
        blocks->capacity = wanted + MARGIN + 1;
    }
    while (blocks->used < wanted && !blocks->at_end) {
        ssize_t got = read(blocks->file, blocks->text + blocks->used, wanted - blocks->used);
        if (got < 0 && errno != EINTR) {
            return ef_fail(err, EF_IO, "%s: %s", blocks->path, strerror(errno));
        }
        blocks->at_end = got == 0;
        blocks->used += got > 0 ? (size_t)got : 0;
    }
    return EF_OK;
}

/* The bytes up to and with the last LF, 0 when there is none. */
static size_t whole_lines(const char *text, size_t length)
{
    while (length > 0 && text[length - 1] != '\n') {
        length--;
    }
    return length;
}

static size_t count_lines(const char *text, const char *end)
{
    enum { LANES = 64 };
    size_t count = 0;
    while (end - text >= LANES) {
        unsigned char lane[LANES] = {0};
        for (int round = 0; round < 255 && end - text >= LANES; round++, text += LANES) {
            for (size_t l = 0; l < LANES; l++) {
                lane[l] = (unsigned char)(lane[l] + (text[l] == '\n'));
            }
        }
        for (size_t l = 0; l < LANES; l++) {
            count += lane[l];
        }
    }
    for (; text < end; text++) {
        count += *text == '\n';
    }
    return count;
}

static void count_piece(void *data, size_t index, int worker)
{
    job *shared = data;
    ef_line_piece *piece = &shared->pieces[index];
    (void)worker;
    piece->lines = count_lines(piece->text, piece->end);
}

/* Cuts the block into pieces of about the same size, numbers and all. */
static void cut(ef_line_blocks *blocks)
{
    const char *at = blocks->text, *end = blocks->text + blocks->length;
    size_t step = blocks->length / blocks->most_pieces + 1;
    blocks->piece_count = 0;
    while (at < end) {
        const char *stop = end;
        if ((size_t)(end - at) > step && blocks->piece_count + 1 < blocks->most_pieces) {
            stop = memchr(at + step - 1, '\n', (size_t)(end - at) - step + 1);
            stop++; /* the block ends in LF: there is one */
        }
        blocks->pieces[blocks->piece_count++] = (ef_line_piece){.text = at, .end = stop};
        at = stop;
    }
    ef_parallel_for(blocks->threads, blocks->piece_count, count_piece, &(job){.pieces = blocks->pieces});
    blocks->lines = 0;
    for (size_t i = 0; i < blocks->piece_count; i++) {
        blocks->pieces[i].first = blocks->lines;
        blocks->lines += blocks->pieces[i].lines;
    }
}

ef_status ef_line_blocks_next(ef_line_blocks *blocks, size_t *lines, ef_error *err)
{
    bool is_first = !blocks->begun;
    size_t wanted = blocks->block_bytes;
    blocks->first_line += blocks->lines;
    blocks->begun = true;
    blocks->used -= blocks->length;
    memmove(blocks->text, blocks->text + blocks->length, blocks->used);
    blocks->length = blocks->lines = *lines = 0;
    if (is_first) {
        wanted = wanted < 3 ? 3 : wanted; /* a byte order mark */
    }
    while (blocks->length == 0) {
        ef_status status = fill(blocks, wanted > blocks->used ? wanted : blocks->used + 1, err);
        if (status != EF_OK) {
            return status;
        }
        if (is_first && blocks->used >= 3 && memcmp(blocks->text, "\xEF\xBB\xBF", 3) == 0) {
            blocks->used -= 3;
            memmove(blocks->text, blocks->text + 3, blocks->used);
        }
        is_first = false;
        if (blocks->at_end && blocks->used == 0) {
            return EF_OK;
        }
        blocks->length = whole_lines(blocks->text, blocks->used);
        if (blocks->at_end ? blocks->length < blocks->used : blocks->length == 0 && blocks->used > EF_LONGEST) {
            /* The last line of the file; or one that is too long, which is as good as the last. */
            blocks->text[blocks->used++] = '\n';
            blocks->length = blocks->used;
        }
        wanted = 2 * blocks->used;
    }
    memset(blocks->text + blocks->used, 0, MARGIN);
    cut(blocks);
    *lines = blocks->lines;
    return EF_OK;
}

static bool is_blank(ef_span line)
{
    return ef_span_trim(line).length == 0;
}

/* The line at `at` without its end; returns where the next one begins. */
static const char *take_line(ef_span *line, const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at)); /* a piece ends in LF */
    size_t length = (size_t)(stop - at);
    if (length > 0 && at[length - 1] == '\r') {
        length--;
    }
    *line = (ef_span){at, length};
    return stop + 1;
}

ef_span ef_line_blocks_heading(const ef_line_blocks *blocks)
{
    ef_span line = {blocks->text, 0};
    if (blocks->length > 0) {
        take_line(&line, blocks->text, blocks->text + blocks->length);
    }
    return line;
}

static ef_status parse_line(const ef_line_parser *parser, size_t index, ef_span line, ef_error *err)
{
    if (line.length > EF_LONGEST) {
        return ef_fail(err, EF_FORMAT, "the line is longer than %zu bytes: this is no list", EF_LONGEST);
    }
    if (memchr(line.text, '\0', line.length) != NULL) {
        return ef_fail(err, EF_FORMAT, "not a text file (it holds NUL bytes)");
    }
    if (is_blank(line)) {
        return ef_fail(err, EF_FORMAT, "the line is blank, and the list goes on after it");
    }
    return parser->line(parser->data, index, line, err);
}

const char *ef_line_parse(const ef_line_parser *parser, size_t index, const char *at, const char *end)
{
    ef_span line;
    const char *next = take_line(&line, at, end);
    return parse_line(parser, index, line, NULL) == EF_OK ? next : NULL;
}

static void parse_piece(void *data, size_t index, int worker)
{
    job *shared = data;
    ef_line_piece *piece = &shared->pieces[index];
    (void)worker;
    piece->parsed = 0;
    piece->stop = piece->text;
    if (shared->parser->piece != NULL) {
        shared->parser->piece(shared->parser->data, piece);
        return;
    }
    while (piece->stop < piece->end) {
        const char *next = ef_line_parse(shared->parser, piece->first + piece->parsed, piece->stop, piece->end);
        if (next == NULL) {
            return;
        }
        piece->stop = next;
        piece->parsed++;
    }
}

/* Whether a piece has nothing but blank lines after what was parsed. */
static bool rest_is_blank(const ef_line_piece *piece)
{
    ef_span line;
    for (const char *at = piece->stop; at < piece->end;) {
        at = take_line(&line, at, piece->end);
        if (!is_blank(line)) {
            return false;
        }
    }
    return true;
}

/* The error for line `index` of the block, which stands at `at`. */
static ef_status explain(const ef_line_blocks *blocks, const ef_line_parser *parser, size_t index, const char *at, ef_error *err)
{
    ef_span line;
    take_line(&line, at, blocks->text + blocks->length);
    ef_status status = parse_line(parser, index, line, err);
    return ef_context(err, status, "%s:%zu", blocks->path, blocks->first_line + index);
}

ef_status ef_line_blocks_parse(ef_line_blocks *blocks, const ef_line_parser *parser, size_t *parsed, ef_error *err)
{
    ef_parallel_for(blocks->threads, blocks->piece_count, parse_piece, &(job){blocks->pieces, parser});
    *parsed = 0;
    for (size_t i = 0; i < blocks->piece_count; i++) {
        const ef_line_piece *piece = &blocks->pieces[i];
        bool blank_rest = rest_is_blank(piece);
        if (blocks->blank_line > 0 && (piece->parsed > 0 || !blank_rest)) {
            return ef_line_blocks_fail(blocks, blocks->blank_line, err, "the line is blank, and the list goes on after it");
        }
        *parsed += piece->parsed;
        if (!blank_rest) {
            return explain(blocks, parser, piece->first + piece->parsed, piece->stop, err);
        }
        if (piece->parsed < piece->lines && blocks->blank_line == 0) {
            blocks->blank_line = blocks->first_line + piece->first + piece->parsed;
        }
    }
    return EF_OK;
}
