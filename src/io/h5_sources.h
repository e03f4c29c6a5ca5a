/* h5_sources.h - where the values of a dataset lie when they do not lie in the dataset: in raw files (external storage), or in other datasets, of this file or of
 * others (a virtual dataset).
 *
 * HDF5 reads zeros, or the fill value, where such a source is missing or too short, and says nothing.  Here every source is looked for as HDF5 looks for it.
 * What is taken of a source must be there, and no more of it, whether it holds its values or is virtual itself; but of a virtual source all its own sources must be
 * there, wherever in it they lie.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_SOURCES_H
#define EF_IO_H5_SOURCES_H

#include <hdf5.h>

#include "io/h5_files.h"

/* Checks that all values of a dataset are there, in it or in its sources, and theirs.  Errors name `name`, the source that is missing, too small or not written, and where it
 * was looked for.  A dataset is refused too when it is made of datasets made of datasets, more than 16 deep, or of more than 1,048,576 pieces, those of a
 * source counted each time that it is taken.  Adds the file of the dataset and those of its sources to `files`. */
EF_MUST_USE ef_status ef_h5_sources_check(ef_h5_files *files, hid_t dataset, const char *name, ef_error *err);

/* The name of the first other file that values of a dataset lie in, in new memory; *other stays NULL when there is none. */
EF_MUST_USE ef_status ef_h5_sources_elsewhere(char **other, hid_t dataset, ef_error *err);

#endif
