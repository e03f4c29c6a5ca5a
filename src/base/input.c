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

#define FIRST  ((size_t)1 << 16) /* bytes to read before it is known to be text, and at least later on */
#define JUDGED ((size_t)1 << 20) /* bytes that are judged at most */

static const char hdf5_signature[8] = "\x89HDF\r\n\x1a\n";

/* An input while it is read. */
typedef struct reading {
    const char *name;
    int file;
    const ef_input_rules *rules;
    size_t capacity, most, line_start; /* where the first line begins that has not been looked at */
    bool judged;
} reading;

const char *ef_input_name(const char *path)
{
    return ef_is_standard_input(path) ? "standard input" : path;
}

static size_t half_of_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (size_t)pages / 2 * (size_t)page : SIZE_MAX;
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
    self->most = self->rules->most;
    if (self->most == 0) {
        self->most = out->mark.once ? half_of_memory() : SIZE_MAX;
    }
    return EF_OK;
}

static ef_status fail_long(const reading *self, ef_error *err)
{
    double most = (double)self->most;
    return self->rules->most == 0
               ? ef_fail(err, EF_NOMEM,
                         "%s: more than %.1f GB came through it, half of this machine's memory: too much to be read whole",
                         self->name, most * 1e-9)
               : ef_fail(err, EF_FORMAT, "%s: is longer than %.4g %s: no %s is", self->name,
                         most >= 0x1p30 ? most * 0x1p-30 : most * 0x1p-20, most >= 0x1p30 ? "GiB" : "MiB", self->rules->kind);
}

/* Judges the whole lines that are there. */
static ef_status judge(const ef_input *input, reading *self, bool *more, ef_error *err)
{
    const char *text = input->text;
    size_t length = input->length;
    ef_judgement found = EF_READ_MORE;
    if (self->judged || self->rules->judge == NULL || !input->mark.once) {
        return EF_OK;
    }
    while (length > 0 && text[length - 1] != '\n') {
        length--;
    }
    ef_status status = length > 0 ? self->rules->judge(self->rules->context, text, length, &found, err) : EF_OK;
    self->judged = found == EF_READ_ON || input->length > JUDGED;
    *more = *more && found != EF_READ_NONE;
    return status;
}

/* What the first bytes and the newest block show. */
static ef_status check(const ef_input *input, reading *self, size_t from, ef_error *err)
{
    const char *text = input->text;
    const size_t longest_line = self->rules->longest_line;
    if (input->length >= sizeof hdf5_signature && memcmp(text, hdf5_signature, sizeof hdf5_signature) == 0) {
        return ef_fail(err, EF_FORMAT, "%s: %s", self->name,
                       input->mark.once ? "holds HDF5, which cannot be read from a pipe: save it to a file, and name that"
                                        : "is an HDF5 file, not text");
    }
    if (memchr(text + from, '\0', input->length - from) != NULL) {
        return ef_fail(err, EF_FORMAT, "%s: not a text file (it holds NUL bytes)", self->name);
    }
    while (longest_line < SIZE_MAX && input->length - self->line_start > longest_line) {
        const char *start = text + self->line_start, *end = start + longest_line + 1;
        while (end > start && end[-1] != '\n') {
            end--;
        }
        if (end == start) {
            return ef_fail(err, EF_FORMAT, "%s: not a list: it has a line of more than %zu bytes", self->name, longest_line);
        }
        self->line_start = (size_t)(end - text);
    }
    return EF_OK;
}

/* Reads the next block; *more becomes false at the end. */
static ef_status read_block(ef_input *input, reading *self, bool *more, ef_error *err)
{
    size_t from = input->length, room = input->length + FIRST + 1;
    if (input->mark.bytes > self->most && !input->mark.once) {
        return fail_long(self, err);
    }
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
    ef_status status = check(input, self, from, err);
    if (status == EF_OK && input->length > self->most) {
        return fail_long(self, err);
    }
    return status == EF_OK ? judge(input, self, more, err) : status;
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
    return ef_input_read_by(out, path, &(ef_input_rules){.longest_line = longest_line}, err);
}

ef_status ef_input_read_by(ef_input *out, const char *path, const ef_input_rules *rules, ef_error *err)
{
    ef_input input = {0};
    reading self = {.name = ef_input_name(path), .file = -1, .rules = rules};
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
