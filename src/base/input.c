#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_mark_of.h"
#include "base/memory.h"
#include "base/path.h"

#define FIRST ((size_t)1 << 16) /* bytes to read before it is known to be text, and at least later on */

static const char hdf5_signature[8] = "\x89HDF\r\n\x1a\n";

/* An input while it is read. */
typedef struct reading {
    const char *name;
    int file;
    size_t capacity, longest_line, line_start; /* where the first line begins that has not been looked at */
} reading;

const char *ef_input_name(const char *path)
{
    return ef_is_standard_input(path) ? "standard input" : path;
}

static ef_status open_input(ef_input *out, reading *self, const char *path, ef_error *err)
{
    struct stat about;
    bool standard = ef_is_standard_input(path);
    self->file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (self->file < 0 || fstat(self->file, &about) != 0) {
        return ef_fail(err, EF_IO, "%s: %s", self->name, strerror(errno));
    }
    out->mark = ef_file_mark_of(&about, standard);
    return EF_OK;
}

/* What the first bytes and the newest block show. */
static ef_status check(const ef_input *input, reading *self, size_t from, ef_error *err)
{
    const char *text = input->text;
    if (input->length >= sizeof hdf5_signature && memcmp(text, hdf5_signature, sizeof hdf5_signature) == 0) {
        return ef_fail(err, EF_FORMAT, "%s: %s", self->name,
                       input->mark.once ? "holds HDF5, which cannot be read from a pipe: save it to a file, and name that"
                                        : "is an HDF5 file, not text");
    }
    if (memchr(text + from, '\0', input->length - from) != NULL) {
        return ef_fail(err, EF_FORMAT, "%s: not a text file (it holds NUL bytes)", self->name);
    }
    while (self->longest_line < SIZE_MAX && input->length - self->line_start > self->longest_line) {
        const char *start = text + self->line_start, *end = start + self->longest_line + 1;
        while (end > start && end[-1] != '\n') {
            end--;
        }
        if (end == start) {
            return ef_fail(err, EF_FORMAT, "%s: not a list: it has a line of more than %zu bytes", self->name,
                           self->longest_line);
        }
        self->line_start = (size_t)(end - text);
    }
    return EF_OK;
}

/* Reads the next block; *more becomes false at the end. */
static ef_status read_block(ef_input *input, reading *self, bool *more, ef_error *err)
{
    size_t from = input->length, room = input->length + FIRST + 1;
    if (from > 0 && !input->mark.once && input->mark.bytes < SIZE_MAX / 2 && input->mark.bytes + 2 > room) {
        room = (size_t)input->mark.bytes + 2; /* one byte more than it has shows its end */
    }
    if (room > self->capacity && !ef_grow(&input->text, &self->capacity, room, 1)) {
        return ef_fail_memory(err, self->name);
    }
    ssize_t got = read(self->file, input->text + from, self->capacity - from - 1);
    if (got < 0) {
        return errno == EINTR ? EF_OK : ef_fail(err, EF_IO, "%s: %s", self->name, strerror(errno));
    }
    input->length += (size_t)got;
    input->text[input->length] = '\0';
    *more = got > 0;
    return check(input, self, from, err);
}

/* Whether a file is still what it was. */
static ef_status check_same(const ef_input *input, const reading *self, ef_error *err)
{
    struct stat about;
    if (fstat(self->file, &about) != 0) {
        return ef_fail(err, EF_IO, "%s: %s", self->name, strerror(errno));
    }
    ef_file_mark now = ef_file_mark_of(&about, input->mark.once);
    return ef_file_mark_compare(&input->mark, &now, self->name, err);
}

ef_status ef_input_read(ef_input *out, const char *path, size_t longest_line, ef_error *err)
{
    ef_input input = {0};
    reading self = {.name = ef_input_name(path), .file = -1, .longest_line = longest_line};
    bool more = true;
    ef_status status = open_input(&input, &self, path, err);
    while (status == EF_OK && more) {
        status = read_block(&input, &self, &more, err);
    }
    if (status == EF_OK && input.mark.once && input.length == 0) {
        status = ef_fail(err, EF_FORMAT, "%s: is empty: nothing came through it", self.name);
    }
    if (status == EF_OK) {
        status = check_same(&input, &self, err);
    }
    if (self.file > STDIN_FILENO) {
        close(self.file);
    }
    if (status != EF_OK) {
        free(input.text);
        return status;
    }
    *out = input;
    return EF_OK;
}
