#include "list/line_blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/memory.h"
#include "base/parallel.h"

#define PIECES_PER_THREAD 4 /* so that a thread held up does not hold up the others */
#define MARGIN            8 /* bytes that may be looked at behind the last line */

/* A block, cut into pieces. */
typedef struct block {
    char *text;                    /* the block, and behind it the beginning of the next */
    size_t capacity, used, length; /* bytes: of `text`, in it, of the block */
    size_t lines;                  /* none at the end of the file */
    ef_line_piece *pieces;
    size_t piece_count;
} block;

struct ef_line_blocks {
    char *path;
    int file, threads;
    bool begun, at_end;
    size_t block_bytes, most_pieces;
    block block[2];
    block *now, *ahead; /* the block that is parsed, and the one after it, which is read meanwhile */
    bool is_read;       /* the block ahead, ... */
    ef_status status;   /* ... with this outcome */
    ef_error error;
    size_t first_line; /* of the block that is parsed */
    size_t blank_line; /* the first of the blank lines at the end of what has been parsed; 0: none */
};

/* What the threads share while they parse a block. */
typedef struct job {
    ef_line_blocks *blocks;
    const ef_line_parser *parser;
} job;

static bool create_block(block *self, size_t most_pieces)
{
    self->capacity = 64 + MARGIN + 1; /* it grows when it is first read */
    self->text = ef_alloc(self->capacity, 1);
    self->pieces = ef_alloc(most_pieces, sizeof *self->pieces);
    return self->text != NULL && self->pieces != NULL;
}

/* A short file needs no large buffers: one byte more than it has shows that it is at its end.  No size is known of a pipe, nor of files that are
 * made while they are read. */
static void fit_block(ef_line_blocks *blocks)
{
    struct stat about;
    if (fstat(blocks->file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
        (uintmax_t)about.st_size < blocks->block_bytes) {
        blocks->block_bytes = (size_t)about.st_size + 1;
    }
}

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
    blocks->now = &blocks->block[0];
    blocks->ahead = &blocks->block[1];
    blocks->path = ef_copy(path);
    bool enough = create_block(blocks->now, blocks->most_pieces) && create_block(blocks->ahead, blocks->most_pieces);
    if (!enough || blocks->path == NULL) {
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
    fit_block(blocks);
    *out = blocks;
    return EF_OK;
}

void ef_line_blocks_close(ef_line_blocks *blocks)
{
    if (blocks != NULL) {
        if (blocks->file >= 0) {
            close(blocks->file);
        }
        for (size_t i = 0; i < 2; i++) {
            free(blocks->block[i].text);
            free(blocks->block[i].pieces);
        }
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

/* Makes room for `wanted` bytes of text. */
static ef_status make_room(block *self, size_t wanted, const char *path, ef_error *err)
{
    if (wanted + MARGIN + 1 > self->capacity) {
        char *larger = ef_alloc(wanted + MARGIN + 1, 1);
        if (larger == NULL) {
            return ef_fail_memory(err, path);
        }
        memcpy(larger, self->text, self->used);
        free(self->text);
        self->text = larger;
        self->capacity = wanted + MARGIN + 1;
    }
    return EF_OK;
}

/* Reads on until `wanted` bytes are there, or the file ends. */
static ef_status fill(ef_line_blocks *blocks, block *self, size_t wanted, ef_error *err)
{
    ef_status status = make_room(self, wanted, blocks->path, err);
    while (status == EF_OK && self->used < wanted && !blocks->at_end) {
        ssize_t got = read(blocks->file, self->text + self->used, wanted - self->used);
        if (got < 0 && errno != EINTR) {
            return ef_fail(err, EF_IO, "%s: %s", blocks->path, strerror(errno));
        }
        blocks->at_end = got == 0;
        self->used += got > 0 ? (size_t)got : 0;
    }
    return status;
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

/* Cuts the block into pieces of about the same size, numbers and all. */
static void cut(block *self, size_t most_pieces)
{
    const char *at = self->text, *end = self->text + self->length;
    size_t step = self->length / most_pieces + 1;
    self->piece_count = self->lines = 0;
    while (at < end) {
        const char *stop = end;
        if ((size_t)(end - at) > step && self->piece_count + 1 < most_pieces) {
            stop = memchr(at + step - 1, '\n', (size_t)(end - at) - step + 1);
            stop++; /* the block ends in LF: there is one */
        }
        size_t lines = count_lines(at, stop);
        self->pieces[self->piece_count++] = (ef_line_piece){.text = at, .end = stop, .lines = lines, .first = self->lines};
        self->lines += lines;
        at = stop;
    }
}

/* A byte order mark at the beginning of the file is passed over. */
static void drop_mark(block *self)
{
    if (self->used >= 3 && memcmp(self->text, "\xEF\xBB\xBF", 3) == 0) {
        self->used -= 3;
        memmove(self->text, self->text + 3, self->used);
    }
}

/* Reads a block that begins with what is left behind the one before. */
static ef_status read_block(ef_line_blocks *blocks, block *self, const block *before, ef_error *err)
{
    bool is_first = !blocks->begun;
    size_t wanted = is_first && blocks->block_bytes < 3 ? 3 : blocks->block_bytes;
    blocks->begun = true;
    self->used = self->length = self->lines = 0;
    ef_status status = make_room(self, before->used - before->length, blocks->path, err);
    if (status != EF_OK) {
        return status;
    }
    self->used = before->used - before->length;
    memcpy(self->text, before->text + before->length, self->used);
    while (self->length == 0) {
        if ((status = fill(blocks, self, wanted > self->used ? wanted : self->used + 1, err)) != EF_OK) {
            return status;
        }
        if (is_first) {
            drop_mark(self);
            is_first = false;
        }
        if (blocks->at_end && self->used == 0) {
            return EF_OK;
        }
        self->length = whole_lines(self->text, self->used);
        if (blocks->at_end ? self->length < self->used : self->length == 0 && self->used > EF_LONGEST) {
            /* The last line of the file; or one that is too long, which is as good as the last. */
            self->text[self->used++] = '\n';
            self->length = self->used;
        }
        wanted = 2 * self->used;
    }
    memset(self->text + self->used, 0, MARGIN);
    cut(self, blocks->most_pieces);
    return EF_OK;
}

static void read_ahead(void *data)
{
    ef_line_blocks *blocks = ((job *)data)->blocks;
    blocks->status = read_block(blocks, blocks->ahead, blocks->now, &blocks->error);
    blocks->is_read = true;
}

ef_status ef_line_blocks_next(ef_line_blocks *blocks, size_t *lines, ef_error *err)
{
    if (!blocks->is_read) {
        read_ahead(&(job){.blocks = blocks});
    }
    *lines = 0;
    if (blocks->status != EF_OK) {
        if (err != NULL) {
            *err = blocks->error;
        }
        return blocks->status;
    }
    block *done = blocks->now;
    blocks->first_line += done->lines;
    blocks->now = blocks->ahead;
    blocks->ahead = done;
    blocks->is_read = false;
    *lines = blocks->now->lines;
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
    const block *now = blocks->now;
    ef_span line = {now->text, 0};
    if (now->length > 0) {
        take_line(&line, now->text, now->text + now->length);
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
    ef_line_piece *piece = &shared->blocks->now->pieces[index];
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
    take_line(&line, at, blocks->now->text + blocks->now->length);
    ef_status status = parse_line(parser, index, line, err);
    return ef_context(err, status, "%s:%zu", blocks->path, blocks->first_line + index);
}

ef_status ef_line_blocks_parse(ef_line_blocks *blocks, const ef_line_parser *parser, size_t *parsed, ef_error *err)
{
    const block *now = blocks->now;
    ef_parallel_beside(blocks->threads, read_ahead, now->piece_count, parse_piece, &(job){blocks, parser});
    *parsed = 0;
    for (size_t i = 0; i < now->piece_count; i++) {
        const ef_line_piece *piece = &now->pieces[i];
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
