#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"

enum { attempts = 100 }; /* names to try: others may be left from a process that was killed */

int ef_temporary_create(char **name, const char *path)
{
    for (int attempt = 0; attempt < attempts; attempt++) {
        char *candidate = ef_copy_format("%s.%ld-%d.tmp", path, (long)getpid(), attempt);
        if (candidate == NULL) {
            errno = ENOMEM;
            return -1;
        }
        int file = open(candidate, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0) {
            *name = candidate;
            return file;
        }
        free(candidate);
        if (errno != EEXIST) {
            return -1;
        }
    }
    return -1;
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
