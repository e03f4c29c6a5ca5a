#include "cli/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

enum { ATTEMPTS = 100 }; /* temporary names to try */

static ef_status make_folders(char *path, ef_error *err)
{
    for (char *slash = path; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        int made = mkdir(path, 0777);
        int reason = errno;
        ef_status status = EF_OK;
        if (made != 0 && reason != EEXIST && reason != EISDIR) {
            status = ef_fail(err, EF_IO, "%s: the folder cannot be made: %s", path, strerror(reason));
        }
        *slash = '/';
        if (status != EF_OK) {
            return status;
        }
    }
    return EF_OK;
}

static FILE *create(char *temporary, size_t size, const char *path)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        snprintf(temporary, size, "%s.%ld-%d.tmp", path, (long)getpid(), attempt);
        int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0) {
            FILE *stream = fdopen(file, "w");
            if (stream == NULL) {
                close(file);
                unlink(temporary);
            }
            return stream;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return NULL;
}

ef_status whole_file_begin(whole_file *out, const char *path, ef_error *err)
{
    ef_status status = EF_OK;
    size_t size = strlen(path) + 64;
    whole_file file = {NULL, strdup(path), ef_alloc(size, 1)};
    if (file.path == NULL || file.temporary == NULL) {
        status = ef_fail_memory(err, path);
        goto done;
    }
    status = make_folders(file.path, err);
    if (status != EF_OK) {
        goto done;
    }
    file.stream = create(file.temporary, size, path);
    if (file.stream == NULL) {
        status = ef_fail(err, EF_IO, "%s: cannot be made: %s", path, strerror(errno));
    }
done:
    if (status != EF_OK) {
        free(file.path);
        free(file.temporary);
        return status;
    }
    *out = file;
    return EF_OK;
}

ef_status whole_file_finish(whole_file *file, ef_error *err)
{
    ef_status status = EF_OK;
    bool written = !ferror(file->stream);
    written = fclose(file->stream) == 0 && written;
    if (!written || rename(file->temporary, file->path) != 0) {
        status = ef_fail(err, EF_IO, "%s: cannot be written: %s", file->path, strerror(errno));
        unlink(file->temporary);
    }
    free(file->path);
    free(file->temporary);
    *file = (whole_file){0};
    return status;
}
