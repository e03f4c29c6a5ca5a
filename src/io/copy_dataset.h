/* copy_dataset.h - copies a dataset of an HDF5 file into another file.
 *
 * Not by H5Ocopy(): where the disk is full, that of HDF5 1.10 frees memory twice and crashes.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_COPY_DATASET_H
#define EF_IO_COPY_DATASET_H

#include <hdf5.h>
#include <stdbool.h>

/* Copies the dataset `name` of `from`, with its type, shape, chunks, filters and attributes, to `to`, under the same name.  One that is put together from
 * others becomes a plain one.  References to objects become empty: they would lead to wherever the other file has something by chance.
 * False when HDF5 failed. */
bool ef_copy_dataset(hid_t from, hid_t to, const char *name);

/* The same with a type that is stored under a name. */
bool ef_copy_named_type(hid_t from, hid_t to, const char *name);

#endif
