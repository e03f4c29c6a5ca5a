/* temporary.h - files and folders that the process takes away again, also when a signal ends it (cleanup.h).
 *
 * Thread use: each by one thread at a time. */
#ifndef EF_BASE_TEMPORARY_H
#define EF_BASE_TEMPORARY_H

#include <stdbool.h>

#include <eface/status.h>

typedef struct ef_temporary ef_temporary;

/* Makes a new, empty file beside `path`, readable and writable as the umask allows; *file receives its descriptor.  NULL with errno
 * set when it cannot be made. */
ef_temporary *ef_temporary_file(int *file, const char *path);

/* Makes a folder, whose name is `template` with other letters for its last six, XXXXXX.  What is made in it is to be removed before. */
ef_temporary *ef_temporary_folder(const char *template);

/* A file that somebody else will make, or may. */
ef_temporary *ef_temporary_expect(const char *path);

const char *ef_temporary_path(const ef_temporary *self);

/* Takes it away; NULL is fine. */
void ef_temporary_remove(ef_temporary *self);

/* Lets it stay where it is; NULL is fine. */
void ef_temporary_keep(ef_temporary *self);

/* Lets a file stay as `path`, in place of what was there.  False with errno set when that fails: it is still to be removed. */
EF_MUST_USE bool ef_temporary_place(ef_temporary *self, const char *path);

/* Makes the folders of `path` that are missing, to stay; what stands behind the last slash is not made. */
EF_MUST_USE ef_status ef_make_folders(const char *path, ef_error *err);

#endif
