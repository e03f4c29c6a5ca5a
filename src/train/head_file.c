#include <eface/head_file.h>

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/array_file.h"
#include "train/head_arrays.h"

ef_status ef_head_write(const char *path, ef_head *head, ef_error *err)
{
    ef_parameter parameters[EF_HEAD_MOST_PARAMETERS];
    ef_array_writer *writer = NULL;
    ef_status status = ef_parameters_check(parameters, ef_head_parameters(parameters, head), err);
    if (status == EF_OK) {
        status = ef_array_writer_create(&writer, path, EF_HEAD_FORMAT, EF_HEAD_VERSION, err);
    }
    if (status == EF_OK) {
        ef_head_arrays_write(writer, head);
        status = ef_array_writer_finish(writer, err);
    }
    ef_array_writer_free(writer);
    return status;
}

ef_status ef_head_read(ef_head **out, const char *path, size_t most, int threads, ef_error *err)
{
    static const char *const kinds[] = {EF_HEAD_FORMAT, EF_CHECKPOINT_FORMAT, NULL};
    ef_array_reader *reader = NULL;
    ef_head *head = NULL;
    ef_rng *rng = NULL;
    ef_head_shape shape;
    ef_status status = ef_array_reader_open(&reader, path, kinds, EF_HEAD_VERSION, "a head that eface-train saved", err);
    if (status == EF_OK && (status = ef_head_shape_read(&shape, reader, err)) == EF_OK &&
        (status = ef_head_arrays_check(reader, &shape, err)) == EF_OK && (status = ef_rng_create(&rng, 0, 0, err)) == EF_OK &&
        (status = ef_head_create(&head, &shape, most, threads, rng, err)) == EF_OK) {
        status = ef_head_arrays_read(head, reader, err);
    }
    if (status == EF_OK) {
        status = ef_array_reader_finish(reader, err);
    }
    ef_rng_free(rng);
    ef_array_reader_free(reader);
    if (status != EF_OK) {
        ef_head_free(head);
        return status;
    }
    *out = head;
    return EF_OK;
}
