/* h5_written.h - whether the values of a dataset were ever written: what was not reads as zeros.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_WRITTEN_H
#define EF_IO_H5_WRITTEN_H

#include <hdf5.h>

#include <eface/status.h>

/* An error, which calls the dataset `name`, when a part of it was declared and never written.  Where a dataset is put together from others, it is they who are asked. */
EF_MUST_USE ef_status ef_h5_written(hid_t dataset, const char *name, ef_error *err);

/* The same of what the selection of `space` takes of the dataset alone, chunk by chunk. */
EF_MUST_USE ef_status ef_h5_written_within(hid_t dataset, hid_t space, const char *name, ef_error *err);

#endif
