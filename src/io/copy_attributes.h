/* copy_attributes.h - copies the attributes of an HDF5 object to one of another file.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_COPY_ATTRIBUTES_H
#define EF_IO_COPY_ATTRIBUTES_H

#include <hdf5.h>
#include <stdbool.h>

/* References to objects are left out: they would lead to wherever the other file has something by chance.  False when HDF5 failed. */
bool ef_copy_attributes(hid_t from, hid_t to);

#endif
