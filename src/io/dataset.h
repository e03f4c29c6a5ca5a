/* dataset.h - one dataset of an HDF5 file: type and shape checked when it is opened, then read.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_DATASET_H
#define EF_IO_DATASET_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>
#include <eface/strings.h>

#include "io/fields.h"
#include "io/h5_files.h"

typedef struct ef_dataset {
    char *name; /* "emb.h5:/lfw/embeddings", for messages */
    hid_t handle, type, space;
    ef_holds holds;
    size_t rows, columns; /* both at least 1; a vector has 1 column */
    size_t value_bytes;   /* as stored */
    bool is_matrix, is_swapped;
    void *block; /* workspace for reading reals, made when it is first needed */
} ef_dataset;

/* Opens the dataset `link` of `group` and checks it against `info`, and that its values are there.  It is called `name` in messages (copied).
 * Adds the files that it is read from to `files`.  The caller frees *out with ef_dataset_close(). */
EF_MUST_USE ef_status ef_dataset_open(ef_dataset **out, ef_h5_files *files, hid_t group, const char *link, const char *name,
                                      const ef_field_info *info, ef_error *err);
void ef_dataset_close(ef_dataset *dataset); /* NULL is fine */

/* As ef_set_read_reals(), ef_set_read_floats(), ef_set_read_integer_rows() and ef_set_read_strings().  The dataset must hold
 * what is read. */
EF_MUST_USE ef_status ef_dataset_read_reals(ef_dataset *dataset, size_t first, size_t count, double *out, ef_error *err);
EF_MUST_USE ef_status ef_dataset_read_floats(ef_dataset *dataset, size_t first, size_t count, float *out, ef_error *err);
EF_MUST_USE ef_status ef_dataset_read_integers(const ef_dataset *dataset, size_t first, size_t count, int64_t *out,
                                               ef_error *err);
EF_MUST_USE ef_status ef_dataset_read_strings(const ef_dataset *dataset, ef_strings **out, ef_error *err);

#endif
