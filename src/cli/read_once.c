#include "cli/read_once.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/path.h"

static ef_status fail_twice(const read_once_claim *before, const char *path, const char *what, ef_error *err)
{
    const char *also = strcmp(before->what, what) == 0 ? " twice" : "";
    return ef_fail(err, EF_INVALID, "%s can be read only once, but is given to %s%s%s%s: save it to a file, and name that",
                   ef_input_name(path), before->what, *also != '\0' ? "" : " and ", *also != '\0' ? "" : what, also);
}

ef_status read_once_take(read_once *self, const char *path, const char *what, ef_error *err)
{
    ef_file_mark mark;
    ef_file_mark_take(&mark, path);
    if (ef_is_standard_input(path) && isatty(STDIN_FILENO)) {
        return ef_fail(err, EF_INVALID,
                       "standard input, which '-' means for %s, is a terminal: send something through a pipe, or name "
                       "a file",
                       what);
    }
    if (!mark.once) {
        return EF_OK;
    }
    for (size_t i = 0; i < self->count; i++) {
        const read_once_claim *other = &self->claims[i];
        bool same = mark.there && other->mark.there ? other->mark.device == mark.device && other->mark.inode == mark.inode
                                                    : strcmp(other->path, path) == 0;
        if (same) {
            return fail_twice(other, path, what, err);
        }
    }
    char *copy = ef_copy(path);
    if (copy == NULL || !ef_grow(&self->claims, &self->capacity, self->count + 1, sizeof *self->claims)) {
        free(copy);
        return ef_fail_memory(err, "the command line");
    }
    self->claims[self->count++] = (read_once_claim){copy, what, mark};
    return EF_OK;
}

bool read_once_is(const char *path)
{
    ef_file_mark mark;
    ef_file_mark_take(&mark, path);
    return mark.once;
}

void read_once_free(read_once *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->claims[i].path);
    }
    free(self->claims);
    *self = (read_once){0};
}
