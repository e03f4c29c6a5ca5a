#include <hdf5.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/array_file.h"
#include "io/h5.h"
#include "io/h5_sources.h"
#include "io/h5_written.h"

struct ef_array_reader {
    char *path;
    hid_t file;
    ef_h5_files *files; /* that are read */
};

static ef_status check_kind(const ef_array_reader *reader, const char *const *kinds, uint64_t most, const char *wanted,
                            ef_error *err)
{
    char kind[64] = "";
    uint64_t version = 0;
    bool known = false;
    if (!ef_array_reader_has(reader, "format") || ef_array_reader_text(kind, sizeof kind, reader, "format", NULL) != EF_OK) {
        return ef_fail(err, EF_FORMAT, "%s: is not %s", reader->path, wanted);
    }
    for (size_t i = 0; kinds[i] != NULL; i++) {
        known = known || strcmp(kinds[i], kind) == 0;
    }
    if (!known) {
        return ef_fail(err, EF_FORMAT, "%s: is not %s, but a file of format '%s'", reader->path, wanted, kind);
    }
    ef_status status = ef_array_reader_count(&version, reader, "format_version", err);
    if (status == EF_OK && version > most) {
        return ef_fail(err, EF_FORMAT,
                       "%s: is of version %" PRIu64 " of the format '%s'; this program knows versions up to %" PRIu64,
                       reader->path, version, kind, most);
    }
    return status;
}

ef_status ef_array_reader_open(ef_array_reader **out, const char *path, const char *const *kinds, uint64_t version,
                               const char *wanted, ef_error *err)
{
    ef_array_reader *reader = ef_alloc_zero(1, sizeof *reader);
    if (reader == NULL) {
        return ef_fail_memory(err, path);
    }
    reader->file = H5I_INVALID_HID;
    reader->path = ef_copy(path);
    reader->files = ef_alloc_zero(1, sizeof *reader->files);
    ef_status status =
        reader->path != NULL && reader->files != NULL ? ef_h5_open(&reader->file, path, err) : ef_fail_memory(err, path);
    if (status == EF_OK) {
        status = ef_h5_files_add_of(reader->files, reader->file, path, err);
    }
    if (status == EF_OK) {
        status = check_kind(reader, kinds, version, wanted, err);
    }
    if (status != EF_OK) {
        ef_array_reader_free(reader);
        return status;
    }
    *out = reader;
    return EF_OK;
}

void ef_array_reader_free(ef_array_reader *reader)
{
    if (reader != NULL) {
        if (reader->file >= 0) {
            H5Fclose(reader->file);
        }
        if (reader->files != NULL) {
            ef_h5_files_free(reader->files);
        }
        free(reader->files);
        free(reader->path);
        free(reader);
    }
}

ef_status ef_array_reader_finish(const ef_array_reader *reader, ef_error *err)
{
    return ef_h5_files_check(reader->files, err);
}

const char *ef_array_reader_path(const ef_array_reader *reader)
{
    return reader->path;
}

bool ef_array_reader_has(const ef_array_reader *reader, const char *name)
{
    return H5Aexists(reader->file, name) > 0;
}

/* Opens an attribute of a class of types; *count: its elements.  The caller closes it when this is EF_OK. */
static ef_status open_attribute(hid_t *out, size_t *count, const ef_array_reader *reader, const char *name, H5T_class_t class,
                                const char *wanted, ef_error *err)
{
    if (!ef_array_reader_has(reader, name)) {
        return ef_fail(err, EF_FORMAT, "%s: has no attribute %s", reader->path, name);
    }
    hid_t attribute = H5Aopen(reader->file, name, H5P_DEFAULT);
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
    hid_t space = attribute >= 0 ? H5Aget_space(attribute) : H5I_INVALID_HID;
    hssize_t points = space >= 0 ? H5Sget_simple_extent_npoints(space) : 0;
    ef_status status = EF_OK;
    if (type < 0 || points < 1 || H5Tget_class(type) != class || (class == H5T_STRING && H5Tis_variable_str(type) > 0)) {
        status = ef_fail(err, EF_FORMAT, "%s: its attribute %s must be %s", reader->path, name, wanted);
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (status != EF_OK && attribute >= 0) {
        H5Aclose(attribute);
    }
    *out = attribute;
    *count = (size_t)points;
    return status;
}

/* Reads an attribute whose elements are `most` at the most. */
static ef_status read_attribute(void *out, size_t *count, size_t most, const ef_array_reader *reader, const char *name,
                                H5T_class_t class, hid_t type, const char *wanted, ef_error *err)
{
    hid_t attribute = H5I_INVALID_HID;
    ef_status status = open_attribute(&attribute, count, reader, name, class, wanted, err);
    if (status != EF_OK) {
        return status;
    }
    if (*count > most) {
        status = ef_fail(err, EF_FORMAT, "%s: its attribute %s must be %s, not %zu", reader->path, name, wanted, *count);
    } else if (H5Aread(attribute, type, out) < 0) {
        status = ef_h5_fail(err, EF_IO, "%s: its attribute %s cannot be read", reader->path, name);
    }
    H5Aclose(attribute);
    return status;
}

ef_status ef_array_reader_text(char *out, size_t size, const ef_array_reader *reader, const char *name, ef_error *err)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    size_t count;
    H5Tset_size(type, size);
    H5Tset_strpad(type, H5T_STR_NULLTERM);
    H5Tset_cset(type, H5T_CSET_UTF8);
    memset(out, 0, size);
    ef_status status = read_attribute(out, &count, 1, reader, name, H5T_STRING, type, "one text", err);
    H5Tclose(type);
    return status;
}

ef_status ef_array_reader_number(double *out, const ef_array_reader *reader, const char *name, ef_error *err)
{
    size_t count;
    ef_status status = read_attribute(out, &count, 1, reader, name, H5T_FLOAT, H5T_NATIVE_DOUBLE, "one number", err);
    if (status == EF_OK && !isfinite(*out)) {
        status = ef_fail(err, EF_FORMAT, "%s: its attribute %s is not finite", reader->path, name);
    }
    return status;
}

ef_status ef_array_reader_counts(uint64_t *out, size_t *count, size_t most, const ef_array_reader *reader, const char *name,
                                 ef_error *err)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, most == 1 ? "one integer" : "up to %zu integers", most);
    return read_attribute(out, count, most, reader, name, H5T_INTEGER, H5T_NATIVE_UINT64, wanted, err);
}

ef_status ef_array_reader_count(uint64_t *out, const ef_array_reader *reader, const char *name, ef_error *err)
{
    size_t count;
    return ef_array_reader_counts(out, &count, 1, reader, name, err);
}

/* Whether a dataset has the type and the shape that are wanted. */
static ef_status check_shape(hid_t dataset, const ef_array_reader *reader, const char *name, size_t rows, size_t columns,
                             ef_error *err)
{
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    hsize_t shape[2] = {0, 0};
    int rank = H5Sget_simple_extent_ndims(space), wanted = columns > 0 ? 2 : 1;
    ef_status status = EF_OK;
    if (H5Tget_class(type) != H5T_FLOAT) {
        status = ef_fail(err, EF_FORMAT, "%s:/%s: does not hold floating-point numbers", reader->path, name);
    } else if (rank != wanted) {
        status = ef_fail(err, EF_FORMAT, "%s:/%s: has %d dimensions, not %d", reader->path, name, rank, wanted);
    } else if (H5Sget_simple_extent_dims(space, shape, NULL) < 0 || shape[0] != rows || (columns > 0 && shape[1] != columns)) {
        status = columns > 0 ? ef_fail(err, EF_FORMAT, "%s:/%s: is %llu x %llu, not %zu x %zu", reader->path, name,
                                       (unsigned long long)shape[0], (unsigned long long)shape[1], rows, columns)
                             : ef_fail(err, EF_FORMAT, "%s:/%s: has %llu elements, not %zu", reader->path, name,
                                       (unsigned long long)shape[0], rows);
    }
    H5Sclose(space);
    H5Tclose(type);
    return status;
}

/* Opens an array that has that type and shape.  The caller closes it when this is EF_OK. */
static ef_status open_array(hid_t *out, const ef_array_reader *reader, const char *name, size_t rows, size_t columns,
                            ef_error *err)
{
    hid_t dataset = H5I_INVALID_HID;
    if (ef_h5_kind(reader->file, name) == H5I_DATASET) {
        dataset = H5Dopen2(reader->file, name, H5P_DEFAULT);
    }
    if (dataset < 0) {
        return ef_fail(err, EF_FORMAT, "%s: has no dataset %s", reader->path, name);
    }
    char *place = ef_copy_format("%s:/%s", reader->path, name);
    ef_status status = place != NULL ? ef_h5_sources_check(reader->files, dataset, place, err) : ef_fail_memory(err, name);
    if (status == EF_OK && (status = check_shape(dataset, reader, name, rows, columns, err)) == EF_OK) {
        status = ef_h5_written(dataset, place, err);
    }
    free(place);
    if (status != EF_OK) {
        H5Dclose(dataset);
    }
    *out = dataset;
    return status;
}

ef_status ef_array_reader_check(const ef_array_reader *reader, const char *name, size_t rows, size_t columns, ef_error *err)
{
    hid_t dataset = H5I_INVALID_HID;
    ef_status status = open_array(&dataset, reader, name, rows, columns, err);
    if (status == EF_OK) {
        H5Dclose(dataset);
    }
    return status;
}

ef_status ef_array_reader_floats(float *out, const ef_array_reader *reader, const char *name, size_t rows, size_t columns,
                                 ef_error *err)
{
    size_t width = columns > 0 ? columns : 1;
    hid_t dataset = H5I_INVALID_HID;
    ef_status status = open_array(&dataset, reader, name, rows, columns, err);
    if (status != EF_OK) {
        return status;
    }
    if (H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) < 0) {
        status = ef_h5_fail(err, EF_IO, "%s:/%s: cannot be read", reader->path, name);
    }
    for (size_t k = 0; status == EF_OK && k < rows * width; k++) {
        if (!isfinite(out[k])) {
            status = ef_fail(err, EF_FORMAT, "%s:/%s row %zu: not finite", reader->path, name, k / width);
        }
    }
    H5Dclose(dataset);
    return status;
}
