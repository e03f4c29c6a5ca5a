/* temporary.h - files that are written beside their destination first. */
#ifndef EF_BASE_TEMPORARY_H
#define EF_BASE_TEMPORARY_H

#include <eface/status.h>

/* Makes a new, empty file beside `path`, readable and writable as the umask allows.  *name receives its name, freed with free().
 * Returns the descriptor of it, or -1 with errno set. */
int ef_temporary_create(char **name, const char *path);

/* Makes the folders of `path` that are missing; what stands behind the last slash is not made. */
EF_MUST_USE ef_status ef_make_folders(const char *path, ef_error *err);

#endif
