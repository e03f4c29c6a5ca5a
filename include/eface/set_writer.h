/* set_writer.h - writes HDF5 files of sets in the layout that set.h reads.
 *
 * The file is written under a temporary name beside its destination and renamed by ef_set_writer_finish(), so that a
 * file of that name is replaced whole or not at all.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EFACE_SET_WRITER_H
#define EFACE_SET_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>
#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_set_writer ef_set_writer;

/* Begins a new file.  The caller owns *out; ef_set_writer_free() without finish throws the temporary file away. */
EF_API EF_MUST_USE ef_status ef_set_writer_create(ef_set_writer **out, const char *path, ef_error *err);
EF_API void ef_set_writer_free(ef_set_writer *writer); /* NULL is fine */

/* Goes to the group that the next datasets belong to ("/" or "/lfw"), making it when it is new. */
EF_API EF_MUST_USE ef_status ef_set_writer_group(ef_set_writer *writer, const char *group, ef_error *err);

/* Sets the attribute `model` of the current group. */
EF_API EF_MUST_USE ef_status ef_set_writer_model(ef_set_writer *writer, const char *model, ef_error *err);

/* Declares an N x D float32 matrix (D of 1: a vector, for a field that is one), then fills it by rows in any number of blocks. */
EF_API EF_MUST_USE ef_status ef_set_writer_matrix(ef_set_writer *writer, ef_field field, size_t rows, size_t dim, ef_error *err);
EF_API EF_MUST_USE ef_status ef_set_writer_rows(ef_set_writer *writer, ef_field field, size_t first, size_t count,
                                                const float *values, ef_error *err);

/* Declares one that is stored as float16, half as long, and filled in the same way: values are rounded to nearest, ties to even; one beyond 65504 is
 * an error. */
EF_API EF_MUST_USE ef_status ef_set_writer_half_matrix(ef_set_writer *writer, ef_field field, size_t rows, size_t dim,
                                                       ef_error *err);

/* The same with integers. */
EF_API EF_MUST_USE ef_status ef_set_writer_integer_matrix(ef_set_writer *writer, ef_field field, size_t rows, size_t columns,
                                                          ef_error *err);
EF_API EF_MUST_USE ef_status ef_set_writer_integer_rows(ef_set_writer *writer, ef_field field, size_t first, size_t count,
                                                        const int64_t *values, ef_error *err);

/* Writes a whole dataset of strings (fixed length, padded with NUL), or of rows x columns integers (columns 1: a vector). */
EF_API EF_MUST_USE ef_status ef_set_writer_strings(ef_set_writer *writer, ef_field field, const ef_strings *strings,
                                                   ef_error *err);
EF_API EF_MUST_USE ef_status ef_set_writer_integers(ef_set_writer *writer, ef_field field, const int64_t *values, size_t rows,
                                                    size_t columns, ef_error *err);

/* Closes the file and renames it into place. */
EF_API EF_MUST_USE ef_status ef_set_writer_finish(ef_set_writer *writer, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
