#define _XOPEN_SOURCE 700 /* realpath */
#include "io/output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/error.h"

static FILE *open_temporary(ef_temporary **temporary, const char *path)
{
    int file = -1;
    *temporary = ef_temporary_file(&file, path);
    FILE *stream = *temporary != NULL ? fdopen(file, "w") : NULL;
    if (*temporary != NULL && stream == NULL) {
        close(file);
        ef_temporary_remove(*temporary);
        *temporary = NULL;
        errno = ENOMEM;
    }
    return stream;
}

ef_status ef_output_open(ef_output *out, const char *path, ef_error *err)
{
    struct stat about;
    bool there = stat(path, &about) == 0;
    char *real = there ? realpath(path, NULL) : NULL;
    ef_output output = {.path = ef_copy(real != NULL ? real : path)};
    free(real);
    if (output.path == NULL) {
        return ef_fail_memory(err, path);
    }
    bool special = there && !S_ISREG(about.st_mode);
    output.stream = special ? fopen(path, "w") : open_temporary(&output.temporary, output.path);
    if (output.stream == NULL) {
        ef_status status = ef_fail(err, EF_IO, "%s: cannot be written: %s", path, strerror(errno));
        free(output.path);
        return status;
    }
    if (there && !special) {
        (void)!fchmod(fileno(output.stream), about.st_mode & 07777); /* as well as can be: the file may be somebody else's */
    }
    *out = output;
    return EF_OK;
}

ef_status ef_output_check(const char *path, ef_error *err)
{
    struct stat about;
    ef_output output = {0};
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
        return EF_OK; /* opening a pipe twice would end it for its reader */
    }
    ef_status status = ef_output_open(&output, path, err);
    if (status == EF_OK) {
        ef_output_abandon(&output);
    }
    return status;
}

ef_status ef_output_commit(ef_output *out, ef_error *err)
{
    ef_status status = EF_OK;
    int failed = ferror(out->stream), why = failed ? errno : 0; /* of the last write, if nothing has failed since */
    errno = 0;
    if (fclose(out->stream) != 0 || failed) {
        why = errno != 0 ? errno : why;
        if (why != EPIPE || out->temporary != NULL) { /* who reads a pipe no longer has seen enough */
            status = ef_fail(err, EF_IO, "%s: could not be written: %s", out->path, strerror(why != 0 ? why : EIO));
        }
    } else if (out->temporary != NULL && !ef_temporary_place(out->temporary, out->path)) {
        status = ef_fail(err, EF_IO, "%s: cannot be replaced: %s", out->path, strerror(errno));
    }
    out->stream = NULL;
    if (status == EF_OK) {
        out->temporary = NULL; /* it is in place */
    }
    ef_output_abandon(out);
    return status;
}

void ef_output_abandon(ef_output *out)
{
    if (out->stream != NULL) {
        fclose(out->stream);
    }
    ef_temporary_remove(out->temporary);
    free(out->path);
    *out = (ef_output){0};
}
