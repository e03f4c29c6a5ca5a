/* head_arrays.h - the arrays of a head in a file: of the head alone, or of a checkpoint.
 * Thread rule: as set.h, one thread at a time. */
#ifndef EF_TRAIN_HEAD_ARRAYS_H
#define EF_TRAIN_HEAD_ARRAYS_H

#include <eface/status.h>
#include <eface/train.h>

#include "io/array_file.h"

#define EF_HEAD_FORMAT       "eface head"
#define EF_CHECKPOINT_FORMAT "eface checkpoint"
#define EF_HEAD_VERSION      1

/* Shape and arrays. */
void ef_head_arrays_write(ef_array_writer *writer, ef_head *head);
EF_MUST_USE ef_status ef_head_shape_read(ef_head_shape *out, const ef_array_reader *reader, ef_error *err);

/* Whether all arrays of a head of that shape are there. */
EF_MUST_USE ef_status ef_head_arrays_check(const ef_array_reader *reader, const ef_head_shape *shape, ef_error *err);
EF_MUST_USE ef_status ef_head_arrays_read(ef_head *head, const ef_array_reader *reader, ef_error *err);

/* Whether all numbers of parameters[0 .. count-1] are finite: nothing else is worth being saved. */
EF_MUST_USE ef_status ef_parameters_check(const ef_parameter *parameters, size_t count, ef_error *err);

/* The columns of an array of a head: 0 for a vector. */
size_t ef_head_columns(const ef_head_shape *shape, const char *name);

#endif
