/* h5_output.h - an HDF5 file that appears whole or not at all: written under a temporary name beside its destination, and renamed.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_OUTPUT_H
#define EF_IO_H5_OUTPUT_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

#include "base/temporary.h"

typedef struct ef_h5_output {
    char *path;
    ef_temporary *temporary; /* NULL once the file is in place */
    hid_t file;              /* H5I_INVALID_HID when closed */
} ef_h5_output;

/* Begins a new file.  *out is to be ended with ef_h5_output_abandon() in any case; one that is zeroed, or could not be created, is fine there. */
EF_MUST_USE ef_status ef_h5_output_create(ef_h5_output *out, const char *path, ef_error *err);

/* Closes the file and renames it into place.  Everything in it that was opened must have been closed. */
EF_MUST_USE ef_status ef_h5_output_finish(ef_h5_output *output, ef_error *err);

/* Frees everything; a file that was not finished is thrown away. */
void ef_h5_output_abandon(ef_h5_output *output);

/* A property list under which HDF5 does not note the time, so that equal contents are equal bytes; closed with H5Pclose(). */
hid_t ef_h5_timeless(hid_t class);

/* A string type of fixed length: UTF-8, filled up with NUL; closed with H5Tclose(). */
hid_t ef_h5_text_type(size_t size);

#endif
