/* h5_find_file.h - finds the file of a virtual dataset's source as HDF5 does. */
#ifndef EF_IO_H5_FIND_FILE_H
#define EF_IO_H5_FIND_FILE_H

#include <hdf5.h>

#include <eface/status.h>

/* Opens the file that a virtual dataset of the file `near` calls `name`: under that name, below $HDF5_VDS_PREFIX, beside `near`, in the folder at work, or beside
 * what a link to `near` leads to, in this order.  *out is negative when there is none.  The caller closes it. */
EF_MUST_USE ef_status ef_h5_find_file(hid_t *out, const char *near, const char *name, ef_error *err);

#endif
