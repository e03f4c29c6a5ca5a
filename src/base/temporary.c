#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/cleanup.h"

enum { attempts = 100 }; /* names to try: others may be left from a process that was killed */

struct ef_temporary {
    ef_cleanup left;
    char path[];
};

static ef_temporary *create(const char *path, bool folder)
{
    size_t size = strlen(path) + 1;
    ef_temporary *self = malloc(sizeof *self + size);
    if (self != NULL) {
        memcpy(self->path, path, size);
        self->left = (ef_cleanup){.path = self->path, .folder = folder};
    }
    return self;
}

/* The descriptor of a file, 0 for a folder, -1 with errno. */
static int make(ef_temporary *self)
{
    if (self->left.folder) {
        return mkdtemp(self->path) != NULL ? 0 : -1;
    }
    return open(self->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

/* Makes it and lists it in one step. */
static int make_listed(ef_temporary *self)
{
    sigset_t before = ef_cleanup_hold();
    int made = make(self);
    if (made >= 0) {
        ef_cleanup_add(&self->left);
    }
    ef_cleanup_release(before);
    return made;
}

ef_temporary *ef_temporary_file(int *file, const char *path)
{
    for (int attempt = 0; attempt < attempts; attempt++) {
        char *name = ef_copy_format("%s.%ld-%d.tmp", path, (long)getpid(), attempt);
        ef_temporary *self = name != NULL ? create(name, false) : NULL;
        free(name);
        if (self == NULL) {
            errno = ENOMEM;
            return NULL;
        }
        if ((*file = make_listed(self)) >= 0) {
            return self;
        }
        free(self);
        if (errno != EEXIST) {
            return NULL;
        }
    }
    return NULL;
}

ef_temporary *ef_temporary_folder(const char *template)
{
    ef_temporary *self = create(template, true);
    if (self != NULL && make_listed(self) < 0) {
        free(self);
        return NULL;
    }
    return self;
}

ef_temporary *ef_temporary_expect(const char *path)
{
    ef_temporary *self = create(path, false);
    if (self != NULL) {
        sigset_t before = ef_cleanup_hold();
        ef_cleanup_add(&self->left);
        ef_cleanup_release(before);
    }
    return self;
}

const char *ef_temporary_path(const ef_temporary *self)
{
    return self->path;
}

void ef_temporary_remove(ef_temporary *self)
{
    if (self != NULL) {
        (void)(self->left.folder ? rmdir(self->path) : unlink(self->path));
        ef_temporary_keep(self);
    }
}

void ef_temporary_keep(ef_temporary *self)
{
    if (self != NULL) {
        ef_cleanup_forget(&self->left);
        free(self);
    }
}

bool ef_temporary_place(ef_temporary *self, const char *path)
{
    if (rename(self->path, path) != 0) {
        return false;
    }
    ef_temporary_keep(self);
    return true;
}

ef_status ef_make_folders(const char *path, ef_error *err)
{
    ef_status status = EF_OK;
    char *folder = ef_copy(path);
    if (folder == NULL) {
        return ef_fail_memory(err, path);
    }
    for (char *slash = folder; status == EF_OK && (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST && errno != EISDIR) {
            status = ef_fail(err, EF_IO, "%s: the folder cannot be made: %s", folder, strerror(errno));
        }
        *slash = '/';
    }
    free(folder);
    return status;
}
