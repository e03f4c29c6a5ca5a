/* file_mark.h - what an input was when it was opened, so that one that changes while it is read is found out.
 *
 * Figures of a file that was half old and half new, or beside the hash of another file, belong to nothing: whoever reads a file marks it before, and checks
 * the mark when all is done.
 * Thread rule: constant once made. */
#ifndef EFACE_FILE_MARK_H
#define EFACE_FILE_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_file_mark {
    bool there; /* else there was no such file */
    bool once;  /* it can be read only once: standard input ("-"), a pipe, a terminal */
    uint64_t device, inode, bytes;
    int64_t seconds, nanoseconds;               /* of its last change, as it says itself, which can be set back */
    int64_t status_seconds, status_nanoseconds; /* of the last change of its contents, owner, mode or links, which cannot */
    char sha256[65]; /* once: of what was read, with its length in `bytes`, where the reader took them down; else empty */
} ef_file_mark;

/* Marks what `path` is now, without opening it. */
EF_API void ef_file_mark_take(ef_file_mark *mark, const char *path);

/* An error, EF_IO, when `path` is no longer what it was: changed, replaced or removed.  What can be read only once always passes. */
EF_API EF_MUST_USE ef_status ef_file_mark_check(const ef_file_mark *mark, const char *path, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
