#include "io/set_copy.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/copy_attributes.h"
#include "io/copy_links.h"
#include "io/dataset.h"
#include "io/fields.h"
#include "io/h5.h"
#include "io/h5_output.h"

typedef struct replaced {
    ef_dataset *from;
    hid_t to;
} replaced;

struct ef_set_copy {
    hid_t file;
    const char *name, *reason; /* of the file; borrowed while the copy begins */
    ef_h5_output output;
    size_t dim, new_dim;
    replaced *matrices;
    size_t count, capacity;
    ef_h5_files files; /* that are read */
};

static const ef_field_info *info_of(const char *name)
{
    static const ef_field fields[] = {EF_EMBEDDINGS, EF_EMBEDDINGS_FLIP};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        const ef_field_info *info = ef_field_info_of(fields[f]);
        for (size_t i = 0; i < EF_FIELD_NAMES && info->names[i] != NULL; i++) {
            if (strcmp(info->names[i], name) == 0) {
                return info;
            }
        }
    }
    return NULL;
}

static bool is_embeddings(const char *name)
{
    return info_of(name) != NULL;
}

static ef_status make_matrix(replaced *made, const ef_set_copy *copy, hid_t to, const char *name, ef_error *err)
{
    hsize_t shape[2] = {made->from->rows, copy->new_dim};
    hid_t space = H5Screate_simple(2, shape, NULL), creation = ef_h5_timeless(H5P_DATASET_CREATE);
    made->to = H5Dcreate2(to, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    ef_status status = made->to >= 0 && ef_copy_attributes(made->from->handle, made->to)
                           ? EF_OK
                           : ef_h5_fail(err, EF_IO, "%s: %s cannot be made", copy->output.path, name);
    H5Pclose(creation);
    H5Sclose(space);
    return status;
}

static ef_status add_matrix(void *data, hid_t from, hid_t to, const char *group, const char *name, ef_error *err)
{
    ef_set_copy *copy = data;
    char *place = ef_copy_format("%s:%s/%s", copy->name, strcmp(group, "/") == 0 ? "" : group, name);
    if (place == NULL || !ef_grow(&copy->matrices, &copy->capacity, copy->count + 1, sizeof *copy->matrices)) {
        free(place);
        return ef_fail_memory(err, name);
    }
    replaced *made = &copy->matrices[copy->count];
    *made = (replaced){.to = H5I_INVALID_HID};
    ef_status status = ef_dataset_open(&made->from, &copy->files, from, name, place, info_of(name), err);
    free(place);
    if (status != EF_OK) {
        return status;
    }
    copy->count++;
    if (made->from->columns != copy->dim) {
        return ef_fail(err, EF_FORMAT, "%s: has %zu columns, %s", made->from->name, made->from->columns, copy->reason);
    }
    return make_matrix(made, copy, to, name, err);
}

ef_status ef_set_copy_begin(ef_set_copy **out, const char *from, const char *path, size_t dim, size_t new_dim, const char *reason,
                            ef_error *err)
{
    ef_set_copy *copy = ef_alloc_zero(1, sizeof *copy);
    if (copy == NULL) {
        return ef_fail_memory(err, from);
    }
    *copy = (ef_set_copy){.file = H5I_INVALID_HID, .name = from, .reason = reason, .dim = dim, .new_dim = new_dim};
    ef_status status = ef_h5_open(&copy->file, from, err);
    if (status == EF_OK) {
        status = ef_h5_files_add_of(&copy->files, copy->file, from, err);
    }
    if (status == EF_OK) {
        status = ef_h5_output_create(&copy->output, path, err);
    }
    if (status == EF_OK) {
        const ef_copy_links way = {is_embeddings, add_matrix, copy, from, path};
        status = ef_copy_links_run(&way, copy->file, copy->output.file, err);
    }
    if (status == EF_OK && copy->count == 0) {
        status = ef_fail(err, EF_FORMAT,
                         "%s: has no embeddings: no dataset of it is called embeddings, or has another name of them", from);
    }
    copy->name = copy->reason = NULL;
    if (status != EF_OK) {
        ef_set_copy_free(copy);
        return status;
    }
    *out = copy;
    return EF_OK;
}

/* Closes all matrices.  The error is of the first that HDF5 could not write. */
static ef_status close_matrices(ef_set_copy *copy, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; i < copy->count; i++) {
        replaced *each = &copy->matrices[i];
        if (each->to >= 0 && H5Dclose(each->to) < 0 && status == EF_OK) {
            status = ef_h5_fail(err, EF_IO, "%s: cannot be written", copy->output.path);
        }
        ef_dataset_close(each->from);
    }
    copy->count = 0;
    return status;
}

void ef_set_copy_free(ef_set_copy *copy)
{
    if (copy != NULL) {
        (void)close_matrices(copy, NULL);
        ef_h5_output_abandon(&copy->output);
        if (copy->file >= 0) {
            H5Fclose(copy->file);
        }
        free(copy->matrices);
        ef_h5_files_free(&copy->files);
        free(copy);
    }
}

size_t ef_set_copy_count(const ef_set_copy *copy)
{
    return copy->count;
}

size_t ef_set_copy_rows(const ef_set_copy *copy, size_t matrix)
{
    return copy->matrices[matrix].from->rows;
}

const char *ef_set_copy_name(const ef_set_copy *copy, size_t matrix)
{
    return copy->matrices[matrix].from->name;
}

ef_status ef_set_copy_read(float *out, ef_set_copy *copy, size_t matrix, size_t first, size_t count, ef_error *err)
{
    return ef_dataset_read_floats(copy->matrices[matrix].from, first, count, out, err);
}

ef_status ef_set_copy_write(ef_set_copy *copy, size_t matrix, size_t first, size_t count, const float *values, ef_error *err)
{
    hid_t to = copy->matrices[matrix].to;
    hsize_t start[2] = {first, 0}, size[2] = {count, copy->new_dim};
    hid_t memory = H5Screate_simple(2, size, NULL), space = H5Dget_space(to);
    ef_status status = EF_OK;
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(to, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, values) < 0) {
        status = ef_h5_fail(err, EF_IO, "%s: rows of %s cannot be written", copy->output.path, copy->matrices[matrix].from->name);
    }
    H5Sclose(space);
    H5Sclose(memory);
    return status;
}

ef_status ef_set_copy_note(ef_set_copy *copy, const char *name, const char *text, ef_error *err)
{
    hid_t file = copy->output.file, type = ef_h5_text_type(strlen(text)), space = H5Screate(H5S_SCALAR);
    if (H5Aexists(file, name) > 0) {
        H5Adelete(file, name);
    }
    hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    ef_status status = EF_OK;
    if (attribute < 0 || H5Awrite(attribute, type, text) < 0) {
        status = ef_h5_fail(err, EF_IO, "%s: the attribute %s cannot be written", copy->output.path, name);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    H5Sclose(space);
    H5Tclose(type);
    return status;
}

ef_status ef_set_copy_finish(ef_set_copy *copy, ef_error *err)
{
    ef_status status = close_matrices(copy, err);
    if (status == EF_OK) {
        status = ef_h5_files_check(&copy->files, err);
    }
    return status == EF_OK ? ef_h5_output_finish(&copy->output, err) : status;
}
