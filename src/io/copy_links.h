/* copy_links.h - copies what a group of an HDF5 file holds into a group of another file, but for what the caller takes care of.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_COPY_LINKS_H
#define EF_IO_COPY_LINKS_H

#include <hdf5.h>
#include <stdbool.h>

#include <eface/status.h>

typedef struct ef_copy_links {
    /* Whether the dataset `name` of a group is the caller's; asked for each. */
    bool (*is_own)(const char *name);
    /* Takes care of such a one: it is `name` in `from`, the group `group` ("/" or "/lfw"), and is to be made in `to`. */
    ef_status (*own)(void *data, hid_t from, hid_t to, const char *group, const char *name, ef_error *err);
    void *data;
    const char *from_name, *to_name; /* the files, for messages */
} ef_copy_links;

/* Copies attributes and links of the root of `from` to that of `to`, and so on below; a soft link stays one.  Errors: what cannot be read or written, groups
 * nested too deep, links into other files, datasets whose values lie in other files. */
EF_MUST_USE ef_status ef_copy_links_run(const ef_copy_links *way, hid_t from, hid_t to, ef_error *err);

#endif
