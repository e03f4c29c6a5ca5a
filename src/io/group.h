/* group.h - finds a group of an HDF5 file by its path.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_GROUP_H
#define EF_IO_GROUP_H

#include <hdf5.h>

#include <eface/status.h>

/* Makes "/a/b" of "//a/b/", in place. */
void ef_group_tidy(char *path);

/* Opens the group `path`, tidy and absolute, of `file`, which is called `name` in messages.  Where there is none, the message
 * says which groups there are, and which is nearest.  The caller closes *out with H5Gclose(). */
EF_MUST_USE ef_status ef_group_open(hid_t *out, hid_t file, const char *path, const char *name, ef_error *err);

#endif
