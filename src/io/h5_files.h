/* h5_files.h - the files that something in HDF5 is read from: its own, and those that links, external storage and virtual datasets lead to; each marked
 * when it was opened.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_FILES_H
#define EF_IO_H5_FILES_H

#include <hdf5.h>
#include <stddef.h>

#include <eface/file_mark.h>

typedef struct ef_h5_file {
    char *path;
    ef_file_mark mark;
} ef_h5_file;

typedef struct ef_h5_files {
    ef_h5_file *items;
    size_t count, capacity;
} ef_h5_files;

/* Adds a file that is marked already, unless it is there; the path is copied. */
EF_MUST_USE ef_status ef_h5_files_add(ef_h5_files *files, const char *path, const ef_file_mark *mark, ef_error *err);

/* Adds the file that an open object, or file, belongs to, as it was when it was opened; it is called `path`, or with NULL by the name it was opened under. */
EF_MUST_USE ef_status ef_h5_files_add_of(ef_h5_files *files, hid_t object, const char *path, ef_error *err);

/* An error when one of them is no longer what it was. */
EF_MUST_USE ef_status ef_h5_files_check(const ef_h5_files *files, ef_error *err);

void ef_h5_files_free(ef_h5_files *files); /* an empty (zeroed) one is fine */

#endif
