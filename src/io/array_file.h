/* array_file.h - an HDF5 file of one kind that holds named arrays, and settings as attributes of its root: a trained head, a checkpoint.
 *
 * Names may be paths, "velocity/weight".  Numbers are stored in float64, counts as 64-bit integers, texts in UTF-8, arrays in float32.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_IO_ARRAY_FILE_H
#define EF_IO_ARRAY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

/* --- Writing: the first thing that goes wrong is kept, what follows does nothing, and ef_array_writer_finish() says it. ---------------- */

typedef struct ef_array_writer ef_array_writer;

/* Begins a new file of a kind ("eface head") and a version of it.  The caller frees *out with ef_array_writer_free(), which throws away what is not
 * finished. */
EF_MUST_USE ef_status ef_array_writer_create(ef_array_writer **out, const char *path, const char *kind, uint64_t version,
                                             ef_error *err);
void ef_array_writer_free(ef_array_writer *writer); /* NULL is fine */

void ef_array_writer_text(ef_array_writer *writer, const char *name, const char *value);
void ef_array_writer_number(ef_array_writer *writer, const char *name, double value);
void ef_array_writer_count(ef_array_writer *writer, const char *name, uint64_t value);
void ef_array_writer_counts(ef_array_writer *writer, const char *name, const uint64_t *values, size_t count); /* count from 1 */

/* A matrix of rows x columns, or with columns 0 a vector of `rows`. */
void ef_array_writer_floats(ef_array_writer *writer, const char *name, const float *values, size_t rows, size_t columns);

EF_MUST_USE ef_status ef_array_writer_finish(ef_array_writer *writer, ef_error *err);

/* --- Reading ------------------------------------------------------------------------------------------------------------------- */

typedef struct ef_array_reader ef_array_reader;

/* Opens a file, which must be of one of `kinds` (ended by NULL) and of a version up to `version`; `wanted` says in messages what it should have been ("a
 * head that eface-train saved").  The caller frees *out with ef_array_reader_free(). */
EF_MUST_USE ef_status ef_array_reader_open(ef_array_reader **out, const char *path, const char *const *kinds, uint64_t version,
                                           const char *wanted, ef_error *err);
void ef_array_reader_free(ef_array_reader *reader); /* NULL is fine */

/* When all is read: an error when the file is no longer what it was when it was opened. */
EF_MUST_USE ef_status ef_array_reader_finish(const ef_array_reader *reader, ef_error *err);

const char *ef_array_reader_path(const ef_array_reader *reader);
bool ef_array_reader_has(const ef_array_reader *reader, const char *name); /* such an attribute */

/* Each is an error when there is no such attribute, or one of another type or length, or a number that is not finite.  A text is cut at size - 1 bytes. */
EF_MUST_USE ef_status ef_array_reader_text(char *out, size_t size, const ef_array_reader *reader, const char *name,
                                           ef_error *err);
EF_MUST_USE ef_status ef_array_reader_number(double *out, const ef_array_reader *reader, const char *name, ef_error *err);
EF_MUST_USE ef_status ef_array_reader_count(uint64_t *out, const ef_array_reader *reader, const char *name, ef_error *err);
/* Up to `most` of them into out; *count: how many there are. */
EF_MUST_USE ef_status ef_array_reader_counts(uint64_t *out, size_t *count, size_t most, const ef_array_reader *reader,
                                             const char *name, ef_error *err);

/* Whether an array is there in that type and shape, before room is made for it: an error that names the dataset. */
EF_MUST_USE ef_status ef_array_reader_check(const ef_array_reader *reader, const char *name, size_t rows, size_t columns,
                                            ef_error *err);

/* Reads an array into out[rows x columns] (columns 0: a vector).  Another shape or type, and a number that is not finite, is an error that names the dataset. */
EF_MUST_USE ef_status ef_array_reader_floats(float *out, const ef_array_reader *reader, const char *name, size_t rows,
                                             size_t columns, ef_error *err);

#endif
