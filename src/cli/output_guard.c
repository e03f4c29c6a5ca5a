#include "cli/output_guard.h"

#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "io/output.h"

bool output_is(const char *path, const char *other)
{
    struct stat a, b;
    if (strcmp(path, other) == 0) {
        return true;
    }
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

ef_status output_guard(const char *path, bool replace, const char *const *inputs, size_t count, ef_error *err)
{
    struct stat about;
    for (size_t i = 0; i < count; i++) {
        if (inputs[i] != NULL && output_is(path, inputs[i])) {
            return ef_fail(err, EF_INVALID, "%s is an input; the output must go to another file", path);
        }
    }
    if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && !replace) {
        return ef_fail(err, EF_INVALID, "%s is there already; --force replaces it", path);
    }
    return ef_output_check(path, err);
}
