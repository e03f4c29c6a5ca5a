#include "train/head_arrays.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/error.h"

size_t ef_head_columns(const ef_head_shape *shape, const char *name)
{
    if (strcmp(name, "hidden_weight") == 0) {
        return shape->in;
    }
    return strcmp(name, "weight") == 0 ? (shape->hidden > 0 ? shape->hidden : shape->in) : 0;
}

static size_t rows_of(const ef_parameter *parameter, size_t columns)
{
    return columns > 0 ? parameter->count / columns : parameter->count;
}

void ef_head_arrays_write(ef_array_writer *writer, ef_head *head)
{
    ef_parameter parameters[EF_HEAD_MOST_PARAMETERS];
    ef_head_shape shape = ef_head_shape_of(head);
    size_t count = ef_head_parameters(parameters, head);
    ef_array_writer_count(writer, "in", shape.in);
    ef_array_writer_count(writer, "out", shape.out);
    ef_array_writer_count(writer, "hidden", shape.hidden);
    for (size_t k = 0; k < count; k++) {
        size_t columns = ef_head_columns(&shape, parameters[k].name);
        ef_array_writer_floats(writer, parameters[k].name, parameters[k].value, rows_of(&parameters[k], columns), columns);
    }
}

ef_status ef_head_shape_read(ef_head_shape *out, const ef_array_reader *reader, ef_error *err)
{
    uint64_t in = 0, hidden = 0, to = 0;
    ef_status status = ef_array_reader_count(&in, reader, "in", err);
    if (status == EF_OK && (status = ef_array_reader_count(&hidden, reader, "hidden", err)) == EF_OK) {
        status = ef_array_reader_count(&to, reader, "out", err);
    }
    if (status == EF_OK && (in == 0 || to == 0 || in > INT_MAX || hidden > INT_MAX || to > INT_MAX)) {
        status = ef_fail(err, EF_FORMAT, "%s: a head from %llu by %llu to %llu elements cannot be", ef_array_reader_path(reader),
                         (unsigned long long)in, (unsigned long long)hidden, (unsigned long long)to);
    }
    *out = (ef_head_shape){.in = (size_t)in, .out = (size_t)to, .hidden = (size_t)hidden};
    return status;
}

ef_status ef_head_arrays_check(const ef_array_reader *reader, const ef_head_shape *shape, ef_error *err)
{
    static const char *const vectors[] = {"norm_scale", "norm_shift", "slope", "running_mean", "running_variance"};
    ef_status status = ef_array_reader_check(reader, "weight", shape->out, ef_head_columns(shape, "weight"), err);
    if (status == EF_OK) {
        status = ef_array_reader_check(reader, "bias", shape->out, 0, err);
    }
    if (status == EF_OK && shape->hidden > 0) {
        status = ef_array_reader_check(reader, "hidden_weight", shape->hidden, shape->in, err);
    }
    for (size_t k = 0; status == EF_OK && shape->hidden > 0 && k < sizeof vectors / sizeof *vectors; k++) {
        status = ef_array_reader_check(reader, vectors[k], shape->hidden, 0, err);
    }
    return status;
}

ef_status ef_head_arrays_read(ef_head *head, const ef_array_reader *reader, ef_error *err)
{
    ef_parameter parameters[EF_HEAD_MOST_PARAMETERS];
    ef_head_shape shape = ef_head_shape_of(head);
    size_t count = ef_head_parameters(parameters, head);
    ef_status status = EF_OK;
    for (size_t k = 0; status == EF_OK && k < count; k++) {
        size_t columns = ef_head_columns(&shape, parameters[k].name);
        status = ef_array_reader_floats(parameters[k].value, reader, parameters[k].name, rows_of(&parameters[k], columns),
                                        columns, err);
    }
    return status;
}

ef_status ef_parameters_check(const ef_parameter *parameters, size_t count, ef_error *err)
{
    for (size_t p = 0; p < count; p++) {
        for (size_t k = 0; k < parameters[p].count; k++) {
            if (!isfinite(parameters[p].value[k])) {
                return ef_fail(err, EF_FORMAT, "%s has numbers that are not finite", parameters[p].name);
            }
        }
    }
    return EF_OK;
}
