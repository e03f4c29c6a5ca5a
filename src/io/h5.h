/* h5.h - HDF5 files opened, walked and complained about in sentences.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_H5_H
#define EF_IO_H5_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>
#include <eface/strings.h>

#include "base/error.h"

/* ef_fail() with HDF5's innermost reason after the sentence, in brackets.  To be called right after the call that failed: the
 * next one forgets the reason. */
ef_status ef_h5_fail(ef_error *err, ef_status status, const char *format, ...) EF_PRINTF(3, 4);

/* Opens a file for reading.  The caller closes *out with H5Fclose(). */
EF_MUST_USE ef_status ef_h5_open(hid_t *out, const char *path, ef_error *err);

/* The same without words: negative when it cannot be opened. */
hid_t ef_h5_try_open(const char *path);

/* The name under which the file of an open object was opened, in new memory; NULL when memory is out. */
char *ef_h5_file_name(hid_t object);

/* What `name`, a link in `place`, leads to: H5I_GROUP, H5I_DATASET, ...; H5I_BADID when there is no such link or it leads nowhere. */
H5I_type_t ef_h5_kind(hid_t place, const char *name);

/* The names in `place` that lead to objects of `kind`, sorted by bytes.  The caller frees *out with ef_strings_free(). */
EF_MUST_USE ef_status ef_h5_list(ef_strings **out, hid_t place, H5I_type_t kind, ef_error *err);

/* The names in one line, "a, b, c", cut with the number left out when there are many; "none" when there are none.  Returns `text`. */
const char *ef_h5_join(char *text, size_t size, const ef_strings *names);

#endif
