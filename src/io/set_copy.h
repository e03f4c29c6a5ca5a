/* set_copy.h - a copy of an HDF5 file of sets in which every matrix of embeddings is replaced by another one.
 *
 * Groups, attributes, soft links and all other datasets are copied as they are, and what several links lead to is copied once; a link into another file is an error.  Every dataset that
 * bears a name of embeddings or of mirrored embeddings (set.h), in whatever group, is a matrix to be replaced: its rows are read here, and rows of
 * another length are written, in float32 and under the same name.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_SET_COPY_H
#define EF_IO_SET_COPY_H

#include <stddef.h>

#include <eface/status.h>

typedef struct ef_set_copy ef_set_copy;

/* Copies all but the embeddings of `from`, of `dim` columns each or else it is an error, to a new file that will be `path`, and makes room there for matrices
 * of `new_dim` columns.  `reason` ends the sentence about other columns: "but head.h5 is for 128".  The caller frees *out with ef_set_copy_free(), which throws away
 * what is not finished. */
EF_MUST_USE ef_status ef_set_copy_begin(ef_set_copy **out, const char *from, const char *path, size_t dim, size_t new_dim,
                                        const char *reason, ef_error *err);
void ef_set_copy_free(ef_set_copy *copy); /* NULL is fine */

size_t ef_set_copy_count(const ef_set_copy *copy); /* of matrices: at least one */
size_t ef_set_copy_rows(const ef_set_copy *copy, size_t matrix);
const char *ef_set_copy_name(const ef_set_copy *copy, size_t matrix); /* "emb.h5:/lfw/embeddings" */

/* Reads, as ef_set_read_floats(), and writes rows first .. first+count-1 of a matrix. */
EF_MUST_USE ef_status ef_set_copy_read(float *out, ef_set_copy *copy, size_t matrix, size_t first, size_t count, ef_error *err);
EF_MUST_USE ef_status ef_set_copy_write(ef_set_copy *copy, size_t matrix, size_t first, size_t count, const float *values,
                                        ef_error *err);

/* Sets the attribute `name` of the copy's root, replacing one that is there. */
EF_MUST_USE ef_status ef_set_copy_note(ef_set_copy *copy, const char *name, const char *text, ef_error *err);

EF_MUST_USE ef_status ef_set_copy_finish(ef_set_copy *copy, ef_error *err);

#endif
