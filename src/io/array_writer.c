#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/array_file.h"
#include "io/h5.h"
#include "io/h5_output.h"

struct ef_array_writer {
    ef_h5_output output;
    ef_error first; /* what went wrong first; EF_OK while nothing has */
};

ef_status ef_array_writer_create(ef_array_writer **out, const char *path, const char *kind, uint64_t version, ef_error *err)
{
    ef_array_writer *writer = ef_alloc_zero(1, sizeof *writer);
    if (writer == NULL) {
        return ef_fail_memory(err, path);
    }
    ef_status status = ef_h5_output_create(&writer->output, path, err);
    if (status != EF_OK) {
        ef_array_writer_free(writer);
        return status;
    }
    ef_array_writer_text(writer, "format", kind);
    ef_array_writer_count(writer, "format_version", version);
    *out = writer;
    return EF_OK;
}

void ef_array_writer_free(ef_array_writer *writer)
{
    if (writer != NULL) {
        ef_h5_output_abandon(&writer->output);
        free(writer);
    }
}

static bool is_well(const ef_array_writer *writer)
{
    return writer->first.status == EF_OK;
}

/* Ends `space`; the attribute is of the root. */
static void write_attribute(ef_array_writer *writer, const char *name, hid_t file_type, hid_t memory_type, hid_t space,
                            const void *value)
{
    hid_t attribute = H5Acreate2(writer->output.file, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, memory_type, value) < 0) {
        ef_h5_fail(&writer->first, EF_IO, "%s: the attribute %s cannot be written", writer->output.path, name);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    H5Sclose(space);
}

void ef_array_writer_text(ef_array_writer *writer, const char *name, const char *value)
{
    if (is_well(writer)) {
        hid_t type = ef_h5_text_type(strlen(value));
        write_attribute(writer, name, type, type, H5Screate(H5S_SCALAR), value);
        H5Tclose(type);
    }
}

void ef_array_writer_number(ef_array_writer *writer, const char *name, double value)
{
    if (is_well(writer)) {
        write_attribute(writer, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, H5Screate(H5S_SCALAR), &value);
    }
}

void ef_array_writer_count(ef_array_writer *writer, const char *name, uint64_t value)
{
    if (is_well(writer)) {
        write_attribute(writer, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, H5Screate(H5S_SCALAR), &value);
    }
}

void ef_array_writer_counts(ef_array_writer *writer, const char *name, const uint64_t *values, size_t count)
{
    hsize_t length = count;
    if (is_well(writer)) {
        write_attribute(writer, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, H5Screate_simple(1, &length, NULL), values);
    }
}

void ef_array_writer_floats(ef_array_writer *writer, const char *name, const float *values, size_t rows, size_t columns)
{
    hsize_t shape[2] = {rows, columns};
    if (!is_well(writer)) {
        return;
    }
    hid_t space = H5Screate_simple(columns > 0 ? 2 : 1, shape, NULL), creation = ef_h5_timeless(H5P_DATASET_CREATE);
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    hid_t dataset = H5Dcreate2(writer->output.file, name, H5T_IEEE_F32LE, space, links, creation, H5P_DEFAULT);
    if (dataset < 0 || H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        ef_h5_fail(&writer->first, EF_IO, "%s: %s cannot be written", writer->output.path, name);
    }
    if (dataset >= 0 && H5Dclose(dataset) < 0 && is_well(writer)) {
        ef_h5_fail(&writer->first, EF_IO, "%s: %s cannot be written", writer->output.path, name);
    }
    H5Pclose(links);
    H5Pclose(creation);
    H5Sclose(space);
}

ef_status ef_array_writer_finish(ef_array_writer *writer, ef_error *err)
{
    if (!is_well(writer)) {
        return ef_fail(err, writer->first.status, "%s", writer->first.message);
    }
    return ef_h5_output_finish(&writer->output, err);
}
