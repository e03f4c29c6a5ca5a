#include <eface/set_writer.h>

#include <hdf5.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/fields.h"
#include "io/group.h"
#include "io/h5.h"
#include "io/h5_output.h"
#include "io/to_half.h"

#define BLOCK ((size_t)1 << 20) /* bytes of strings laid out at once */

typedef struct matrix {
    ef_field field;
    unsigned holds; /* EF_REALS or EF_INTEGERS */
    char *group;
    hid_t dataset;
    size_t rows, dim, written;
    bool half; /* stored as float16 */
} matrix;

struct ef_set_writer {
    ef_h5_output output;
    char *group; /* the current one */
    hid_t group_handle;
    matrix *matrices; /* all those declared; open until the file is closed */
    size_t matrix_count, matrix_capacity;
    uint16_t *halves; /* workspace */
    size_t half_capacity;
};

ef_status ef_set_writer_create(ef_set_writer **out, const char *path, ef_error *err)
{
    ef_set_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return ef_fail_memory(err, path);
    }
    writer->group_handle = H5I_INVALID_HID;
    ef_status status = ef_h5_output_create(&writer->output, path, err);
    if (status == EF_OK) {
        status = ef_set_writer_group(writer, "/", err);
    }
    if (status != EF_OK) {
        ef_set_writer_free(writer);
        return status;
    }
    *out = writer;
    return EF_OK;
}

/* Closes everything in the file.  The error is of the first dataset that HDF5 could not write. */
static ef_status close_parts(ef_set_writer *writer, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; i < writer->matrix_count; i++) {
        if (H5Dclose(writer->matrices[i].dataset) < 0 && status == EF_OK) {
            status = ef_h5_fail(err, EF_IO, "%s: cannot be written", writer->output.path);
        }
        free(writer->matrices[i].group);
    }
    writer->matrix_count = 0;
    if (writer->group_handle >= 0) {
        H5Gclose(writer->group_handle);
        writer->group_handle = H5I_INVALID_HID;
    }
    return status;
}

void ef_set_writer_free(ef_set_writer *writer)
{
    if (writer != NULL) {
        (void)close_parts(writer, NULL);
        ef_h5_output_abandon(&writer->output);
        free(writer->matrices);
        free(writer->halves);
        free(writer->group);
        free(writer);
    }
}

ef_status ef_set_writer_group(ef_set_writer *writer, const char *group, ef_error *err)
{
    ef_status status = EF_OK;
    hid_t creation = H5I_INVALID_HID, links = H5I_INVALID_HID, handle = H5I_INVALID_HID;
    char *path = strdup(group);
    if (path == NULL) {
        return ef_fail_memory(err, group);
    }
    ef_group_tidy(path);
    if (path[0] != '/') {
        status = ef_fail(err, EF_INVALID, "%s: the group '%s' does not begin with '/'", writer->output.path, group);
        goto done;
    }
    if (path[1] == '\0' || ef_h5_kind(writer->output.file, path) == H5I_GROUP) {
        handle = H5Gopen2(writer->output.file, path, H5P_DEFAULT);
    } else {
        creation = ef_h5_timeless(H5P_GROUP_CREATE);
        links = H5Pcreate(H5P_LINK_CREATE);
        H5Pset_create_intermediate_group(links, 1);
        handle = H5Gcreate2(writer->output.file, path, links, creation, H5P_DEFAULT);
    }
    if (handle < 0) {
        status = ef_h5_fail(err, EF_IO, "%s: the group %s cannot be made", writer->output.path, path);
        goto done;
    }
    if (writer->group_handle >= 0) {
        H5Gclose(writer->group_handle);
    }
    writer->group_handle = handle;
    free(writer->group);
    writer->group = path;
    path = NULL;
done:
    if (links >= 0) {
        H5Pclose(links);
    }
    if (creation >= 0) {
        H5Pclose(creation);
    }
    free(path);
    return status;
}

ef_status ef_set_writer_model(ef_set_writer *writer, const char *model, ef_error *err)
{
    ef_status status = EF_OK;
    hid_t type = ef_h5_text_type(strlen(model)), space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(writer->group_handle, "model", type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, model) < 0) {
        status = ef_h5_fail(err, EF_IO, "%s: the attribute model of %s cannot be written", writer->output.path, writer->group);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    H5Sclose(space);
    H5Tclose(type);
    return status;
}

static const char *main_name(ef_field field)
{
    return ef_field_info_of(field)->names[0];
}

/* Makes a dataset of `rows` x `columns`, or a vector of `rows` when the field is one. */
static ef_status make_dataset(hid_t *out, ef_set_writer *writer, ef_field field, unsigned holds, hid_t type, size_t rows,
                              size_t columns, ef_error *err)
{
    const ef_field_info *info = ef_field_info_of(field);
    hsize_t dims[2] = {rows, columns};
    if ((info->holds & holds) == 0) {
        return ef_fail(err, EF_INVALID, "%s: %s must be %s", writer->output.path, info->names[0], ef_holds_name(info->holds));
    }
    if (rows == 0 || columns == 0 || (info->columns != 0 && columns != info->columns)) {
        return ef_fail(err, EF_INVALID, "%s: %s cannot be %zu x %zu", writer->output.path, info->names[0], rows, columns);
    }
    hid_t space = H5Screate_simple(info->columns == 1 ? 1 : 2, dims, NULL);
    hid_t creation = ef_h5_timeless(H5P_DATASET_CREATE);
    ef_status status = EF_OK;
    *out = H5Dcreate2(writer->group_handle, info->names[0], type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (*out < 0) {
        status =
            ef_h5_fail(err, EF_IO, "%s: the dataset %s of %s cannot be made", writer->output.path, info->names[0], writer->group);
    }
    H5Pclose(creation);
    if (space >= 0) {
        H5Sclose(space);
    }
    return status;
}

/* Writes rows first .. first+count-1 of a dataset. */
static ef_status write_rows(ef_set_writer *writer, ef_field field, hid_t dataset, hid_t type, size_t first, size_t count,
                            size_t columns, const void *values, ef_error *err)
{
    int rank = ef_field_info_of(field)->columns == 1 ? 1 : 2;
    hsize_t start[2] = {first, 0}, size[2] = {count, columns};
    hid_t memory = H5Screate_simple(rank, size, NULL), space = H5Dget_space(dataset);
    ef_status status = EF_OK;
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, values) < 0) {
        status = ef_h5_fail(err, EF_IO, "%s: %s cannot be written", writer->output.path, main_name(field));
    }
    H5Sclose(space);
    H5Sclose(memory);
    return status;
}

/* Closes a dataset, if it was made, which may be when it is written.  Returns `status` if that is an error already. */
static ef_status close_dataset(ef_set_writer *writer, ef_field field, hid_t dataset, ef_status status, ef_error *err)
{
    if (dataset >= 0 && H5Dclose(dataset) < 0 && status == EF_OK) {
        status = ef_h5_fail(err, EF_IO, "%s: %s cannot be written", writer->output.path, main_name(field));
    }
    return status;
}

/* The type of float16 numbers, which HDF5 has no name for before 1.14; closed with H5Tclose(). */
static hid_t half_type(H5T_order_t order)
{
    hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
    H5Tset_order(type, order);
    return type;
}

static ef_status declare(ef_set_writer *writer, ef_field field, unsigned holds, bool half, size_t rows, size_t dim, ef_error *err)
{
    if (!ef_grow(&writer->matrices, &writer->matrix_capacity, writer->matrix_count + 1, sizeof *writer->matrices)) {
        return ef_fail_memory(err, writer->output.path);
    }
    matrix made = {.field = field, .holds = holds, .group = strdup(writer->group), .rows = rows, .dim = dim, .half = half};
    if (made.group == NULL) {
        return ef_fail_memory(err, writer->output.path);
    }
    hid_t type = half ? half_type(H5T_ORDER_LE) : H5Tcopy(holds == EF_REALS ? H5T_IEEE_F32LE : H5T_STD_I64LE);
    ef_status status = make_dataset(&made.dataset, writer, field, holds, type, rows, dim, err);
    H5Tclose(type);
    if (status != EF_OK) {
        free(made.group);
        return status;
    }
    writer->matrices[writer->matrix_count++] = made;
    return EF_OK;
}

/* Rows narrowed in pieces: HDF5 would take a hundred times longer to do it. */
static ef_status write_halves(ef_set_writer *writer, const matrix *to, size_t first, size_t count, const float *values,
                              ef_error *err)
{
    size_t most = BLOCK / sizeof(uint16_t) / to->dim, piece = most > 0 ? most : 1, room = piece < count ? piece : count;
    ef_status status = EF_OK;
    if (!ef_grow(&writer->halves, &writer->half_capacity, room * to->dim, sizeof *writer->halves)) {
        return ef_fail_memory(err, writer->output.path);
    }
    hid_t type = half_type(H5Tget_order(H5T_NATIVE_FLOAT));
    for (size_t done = 0; done < count && status == EF_OK; done += piece) {
        size_t rows = count - done < piece ? count - done : piece;
        if (!ef_to_half(writer->halves, values + done * to->dim, rows * to->dim)) {
            status = ef_fail(err, EF_INVALID, "%s: rows %zu to %zu of %s of %s do not fit into float16, which ends at 65504",
                             writer->output.path, first + done, first + done + rows - 1, main_name(to->field), to->group);
            break;
        }
        status = write_rows(writer, to->field, to->dataset, type, first + done, rows, to->dim, writer->halves, err);
    }
    H5Tclose(type);
    return status;
}

static ef_status fill(ef_set_writer *writer, ef_field field, unsigned holds, size_t first, size_t count, const void *values,
                      ef_error *err)
{
    matrix *found = NULL;
    size_t end;
    for (size_t i = 0; i < writer->matrix_count; i++) {
        matrix *each = &writer->matrices[i];
        if (each->field == field && each->holds == holds && strcmp(each->group, writer->group) == 0) {
            found = each;
        }
    }
    if (found == NULL) {
        return ef_fail(err, EF_INVALID, "%s: %s of %s was not declared", writer->output.path, main_name(field), writer->group);
    }
    if (!ef_size_add(&end, first, count) || end > found->rows) {
        return ef_fail(err, EF_INVALID, "%s: %s of %s has %zu rows; %zu from row %zu on do not fit", writer->output.path,
                       main_name(field), writer->group, found->rows, count, first);
    }
    if (count == 0) {
        return EF_OK;
    }
    hid_t type = holds == EF_REALS ? H5T_NATIVE_FLOAT : H5T_NATIVE_INT64;
    ef_status status = found->half ? write_halves(writer, found, first, count, values, err)
                                   : write_rows(writer, field, found->dataset, type, first, count, found->dim, values, err);
    found->written += status == EF_OK ? count : 0;
    return status;
}

ef_status ef_set_writer_matrix(ef_set_writer *writer, ef_field field, size_t rows, size_t dim, ef_error *err)
{
    return declare(writer, field, EF_REALS, false, rows, dim, err);
}

ef_status ef_set_writer_half_matrix(ef_set_writer *writer, ef_field field, size_t rows, size_t dim, ef_error *err)
{
    return declare(writer, field, EF_REALS, true, rows, dim, err);
}

ef_status ef_set_writer_rows(ef_set_writer *writer, ef_field field, size_t first, size_t count, const float *values,
                             ef_error *err)
{
    return fill(writer, field, EF_REALS, first, count, values, err);
}

ef_status ef_set_writer_integer_matrix(ef_set_writer *writer, ef_field field, size_t rows, size_t columns, ef_error *err)
{
    return declare(writer, field, EF_INTEGERS, false, rows, columns, err);
}

ef_status ef_set_writer_integer_rows(ef_set_writer *writer, ef_field field, size_t first, size_t count, const int64_t *values,
                                     ef_error *err)
{
    return fill(writer, field, EF_INTEGERS, first, count, values, err);
}

ef_status ef_set_writer_strings(ef_set_writer *writer, ef_field field, const ef_strings *strings, ef_error *err)
{
    size_t rows = ef_strings_count(strings), size = 1;
    hid_t dataset = H5I_INVALID_HID;
    char *block = NULL;
    for (size_t i = 0; i < rows; i++) {
        size_t length = strlen(ef_strings_at(strings, i));
        size = length > size ? length : size;
    }
    size_t block_rows = size >= BLOCK ? 1 : BLOCK / size;
    hid_t type = ef_h5_text_type(size);
    ef_status status = make_dataset(&dataset, writer, field, EF_TEXT, type, rows, 1, err);
    if (status != EF_OK) {
        goto done;
    }
    if ((block = ef_alloc(block_rows, size)) == NULL) {
        status = ef_fail_memory(err, writer->output.path);
        goto done;
    }
    for (size_t first = 0; first < rows && status == EF_OK; first += block_rows) {
        size_t count = rows - first < block_rows ? rows - first : block_rows;
        memset(block, 0, count * size);
        for (size_t i = 0; i < count; i++) {
            const char *text = ef_strings_at(strings, first + i);
            memcpy(block + i * size, text, strlen(text));
        }
        status = write_rows(writer, field, dataset, type, first, count, 1, block, err);
    }
done:
    free(block);
    H5Tclose(type);
    return close_dataset(writer, field, dataset, status, err);
}

ef_status ef_set_writer_integers(ef_set_writer *writer, ef_field field, const int64_t *values, size_t rows, size_t columns,
                                 ef_error *err)
{
    hid_t dataset = H5I_INVALID_HID;
    ef_status status = make_dataset(&dataset, writer, field, EF_INTEGERS, H5T_STD_I64LE, rows, columns, err);
    if (status == EF_OK) {
        status = write_rows(writer, field, dataset, H5T_NATIVE_INT64, 0, rows, columns, values, err);
    }
    return close_dataset(writer, field, dataset, status, err);
}

ef_status ef_set_writer_finish(ef_set_writer *writer, ef_error *err)
{
    for (size_t i = 0; i < writer->matrix_count; i++) {
        const matrix *each = &writer->matrices[i];
        if (each->written != each->rows) {
            return ef_fail(err, EF_INVALID, "%s: %s of %s was declared with %zu rows, and %zu were written", writer->output.path,
                           main_name(each->field), each->group, each->rows, each->written);
        }
    }
    ef_status status = close_parts(writer, err);
    return status == EF_OK ? ef_h5_output_finish(&writer->output, err) : status;
}
