#include "io/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/h5.h"
#include "io/h5_sources.h"
#include "io/h5_written.h"

#define DEFAULT_CACHE ((size_t)1 << 20) /* HDF5's, per dataset */
#define LARGEST_CACHE ((size_t)1 << 30)
#define MOST_RANK     8 /* dimensions that a message shows */

/* The shape for messages: "13233 x 512", or "a single value". */
static const char *shape_text(char text[160], const hsize_t *dims, int rank)
{
    size_t used = 0;
    snprintf(text, 160, "a single value");
    for (int i = 0; i < rank && i < MOST_RANK; i++) {
        used += (size_t)snprintf(text + used, 160 - used, "%s%llu", i > 0 ? " x " : "", (unsigned long long)dims[i]);
        if (used > 130) {
            break;
        }
    }
    return text;
}

static ef_status check_shape(ef_dataset *dataset, const ef_field_info *info, ef_error *err)
{
    hsize_t dims[H5S_MAX_RANK] = {0};
    char text[160];
    size_t bytes;
    int rank = H5Sget_simple_extent_ndims(dataset->space);
    int wanted = info->columns == 1 ? 1 : 2;
    if (H5Sget_simple_extent_type(dataset->space) == H5S_NULL) {
        return ef_fail(err, EF_FORMAT, "%s: is empty: it has no shape and no values", dataset->name);
    }
    if (rank < 0 || H5Sget_simple_extent_dims(dataset->space, dims, NULL) < 0) {
        return ef_h5_fail(err, EF_FORMAT, "%s: its shape cannot be read", dataset->name);
    }
    if (rank != wanted) {
        return ef_fail(err, EF_FORMAT, "%s: is %s (%d dimension%s); it must have %d%s", dataset->name,
                       shape_text(text, dims, rank), rank, rank == 1 ? "" : "s", wanted,
                       wanted == 1 ? ", a value per row" : ", rows and columns");
    }
    dataset->is_matrix = rank == 2;
    dataset->rows = (size_t)dims[0];
    dataset->columns = rank == 2 ? (size_t)dims[1] : 1;
    if (dataset->rows == 0 || dataset->columns == 0) {
        return ef_fail(err, EF_FORMAT, "%s: is empty: it has no %s", dataset->name, dataset->rows == 0 ? "rows" : "columns");
    }
    if (info->columns > 1 && dataset->columns != info->columns) {
        return ef_fail(err, EF_FORMAT, "%s: is %s; it must have %zu columns", dataset->name, shape_text(text, dims, rank),
                       info->columns);
    }
    if (!ef_size_mul(&bytes, dataset->rows, dataset->columns) || !ef_size_mul(&bytes, bytes, sizeof(double)) ||
        bytes > PTRDIFF_MAX) {
        return ef_fail(err, EF_FORMAT, "%s: claims to be %s, more than any computer can hold", dataset->name,
                       shape_text(text, dims, rank));
    }
    return EF_OK;
}

/* Is this one of the IEEE formats that ef_widen() knows? */
static bool is_ieee(hid_t type, size_t bytes)
{
    static const struct {
        size_t bytes, sign, exponent, exponent_bits, mantissa_bits, bias;
    } formats[] = {{2, 15, 10, 5, 10, 15}, {4, 31, 23, 8, 23, 127}, {8, 63, 52, 11, 52, 1023}};
    size_t sign, exponent, exponent_bits, mantissa, mantissa_bits;
    if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0 ||
        H5Tget_norm(type) != H5T_NORM_IMPLIED || (H5Tget_order(type) != H5T_ORDER_LE && H5Tget_order(type) != H5T_ORDER_BE)) {
        return false;
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (bytes == formats[i].bytes && sign == formats[i].sign && exponent == formats[i].exponent &&
            exponent_bits == formats[i].exponent_bits && mantissa == 0 && mantissa_bits == formats[i].mantissa_bits &&
            H5Tget_ebias(type) == formats[i].bias) {
            return true;
        }
    }
    return false;
}

/* What the dataset holds, in words, when it is nothing that a set can have. */
static const char *class_text(H5T_class_t class)
{
    switch (class) {
    case H5T_INTEGER: return "integers";
    case H5T_FLOAT: return "floating-point numbers";
    case H5T_STRING: return "strings";
    case H5T_BITFIELD: return "bit fields";
    case H5T_OPAQUE: return "opaque bytes";
    case H5T_COMPOUND: return "compound values (complex numbers, or the columns of a table)";
    case H5T_REFERENCE: return "references";
    case H5T_ENUM: return "booleans or named constants";
    case H5T_VLEN: return "lists of varying length";
    case H5T_ARRAY: return "arrays";
    case H5T_TIME: return "times";
    default: return "values of an unknown type";
    }
}

/* The ef_holds bit for this class of type, 0 for one that cannot be read at all. */
static unsigned holds_of(hid_t type, H5T_class_t class)
{
    switch (class) {
    case H5T_FLOAT: return EF_REALS;
    case H5T_INTEGER: return EF_INTEGERS;
    case H5T_STRING: return EF_TEXT;
    case H5T_ENUM: return H5Tget_size(type) <= sizeof(int64_t) ? EF_BOOLEANS : 0;
    default: return 0;
    }
}

static ef_status check_type(ef_dataset *dataset, const ef_field_info *info, ef_error *err)
{
    H5T_class_t class = H5Tget_class(dataset->type);
    unsigned holds = holds_of(dataset->type, class);
    dataset->value_bytes = H5Tget_size(dataset->type);
    if ((holds & info->holds) == 0) {
        return ef_fail(err, EF_FORMAT, "%s: holds %s; %s must be %s", dataset->name, class_text(class), info->names[0],
                       ef_holds_name(info->holds));
    }
    if (holds == EF_REALS && !is_ieee(dataset->type, dataset->value_bytes)) {
        return ef_fail(err, EF_FORMAT,
                       "%s: holds unusual floating-point numbers of %zu bytes; %s must be float16, float32 or float64",
                       dataset->name, dataset->value_bytes, info->names[0]);
    }
    if (holds == EF_INTEGERS && dataset->value_bytes > sizeof(int64_t)) {
        return ef_fail(err, EF_FORMAT, "%s: holds integers of %zu bytes; at most 8 can be read", dataset->name,
                       dataset->value_bytes);
    }
    dataset->holds = (ef_holds)holds;
    dataset->is_swapped = holds == EF_REALS && H5Tget_order(dataset->type) != H5Tget_order(H5T_NATIVE_DOUBLE);
    return EF_OK;
}

static ef_status check_filters(const ef_dataset *dataset, hid_t creation, ef_error *err)
{
    for (int i = 0; i < H5Pget_nfilters(creation); i++) {
        unsigned flags, setting;
        size_t values = 0;
        char name[64] = "";
        H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)i, &flags, &values, NULL, sizeof name, name, &setting);
        if (filter >= 0 && H5Zfilter_avail(filter) <= 0) {
            return ef_fail(
                err, EF_FORMAT,
                "%s: is compressed with filter %d (%s), which this HDF5 library does not have: write it uncompressed or "
                "with gzip, or install the filter's plug-in",
                dataset->name, (int)filter, name);
        }
    }
    return EF_OK;
}

/* The bytes of chunk cache with which reading row after row visits each chunk once: those of the chunks that share a row,
 * when the default would not hold them.  A large chunk without filters needs none: HDF5 reads pieces of it in place. */
static size_t cache_bytes(const ef_dataset *dataset, hid_t creation)
{
    hsize_t chunk[2];
    size_t chunk_bytes, band;
    int rank = dataset->is_matrix ? 2 : 1;
    if (H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, rank, chunk) != rank) {
        return DEFAULT_CACHE;
    }
    size_t columns = rank == 2 ? (size_t)chunk[1] : 1;
    size_t across = (dataset->columns + columns - 1) / columns;
    if (!ef_size_mul(&chunk_bytes, (size_t)chunk[0], columns) || !ef_size_mul(&chunk_bytes, chunk_bytes, dataset->value_bytes) ||
        !ef_size_mul(&band, chunk_bytes, across) || band <= DEFAULT_CACHE || band > LARGEST_CACHE ||
        (H5Pget_nfilters(creation) <= 0 && chunk_bytes > DEFAULT_CACHE)) {
        return DEFAULT_CACHE;
    }
    return band;
}

static ef_status reopen_with_cache(ef_dataset *dataset, hid_t group, const char *link, hid_t creation, ef_error *err)
{
    size_t bytes = cache_bytes(dataset, creation);
    if (bytes == DEFAULT_CACHE) {
        return EF_OK;
    }
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Dclose(dataset->handle);
    /* As many slots as there can be chunks in a row, so that they do not push each other out; chunks read to the end go first. */
    H5Pset_chunk_cache(access, dataset->columns < 521 ? 521 : dataset->columns + 1, bytes, 1.0);
    dataset->handle = H5Dopen2(group, link, access);
    ef_status status = dataset->handle >= 0 ? EF_OK : ef_h5_fail(err, EF_FORMAT, "%s: cannot be opened again", dataset->name);
    H5Pclose(access);
    return status;
}

ef_status ef_dataset_open(ef_dataset **out, ef_h5_files *files, hid_t group, const char *link, const char *name,
                          const ef_field_info *info, ef_error *err)
{
    ef_status status = EF_OK;
    hid_t creation = H5I_INVALID_HID;
    ef_dataset *dataset = calloc(1, sizeof *dataset);
    if (dataset == NULL || (dataset->name = strdup(name)) == NULL) {
        free(dataset);
        return ef_fail_memory(err, name);
    }
    dataset->handle = dataset->type = dataset->space = H5I_INVALID_HID;
    H5I_type_t kind = ef_h5_kind(group, link);
    if (kind != H5I_DATASET) {
        status = ef_fail(err, EF_FORMAT, "%s: %s", name,
                         kind == H5I_GROUP   ? "is a group; it must be a dataset"
                         : kind == H5I_BADID ? "is a link that leads nowhere"
                                             : "is not a dataset");
        goto done;
    }
    dataset->handle = H5Dopen2(group, link, H5P_DEFAULT);
    if (dataset->handle < 0) {
        status = ef_h5_fail(err, EF_FORMAT, "%s: cannot be opened", name);
        goto done;
    }
    dataset->type = H5Dget_type(dataset->handle);
    dataset->space = H5Dget_space(dataset->handle);
    creation = H5Dget_create_plist(dataset->handle);
    if (dataset->type < 0 || dataset->space < 0 || creation < 0) {
        status = ef_h5_fail(err, EF_FORMAT, "%s: its type and shape cannot be read", name);
        goto done;
    }
    /* Without all its sources a dataset may have another shape. */
    if ((status = check_type(dataset, info, err)) != EF_OK ||
        (status = ef_h5_sources_check(files, dataset->handle, name, err)) != EF_OK ||
        (status = check_shape(dataset, info, err)) != EF_OK || (status = ef_h5_written(dataset->handle, name, err)) != EF_OK ||
        (status = check_filters(dataset, creation, err)) != EF_OK ||
        (status = reopen_with_cache(dataset, group, link, creation, err)) != EF_OK) {
        goto done;
    }
    *out = dataset;
    dataset = NULL;
done:
    if (creation >= 0) {
        H5Pclose(creation);
    }
    ef_dataset_close(dataset);
    return status;
}

void ef_dataset_close(ef_dataset *dataset)
{
    if (dataset != NULL) {
        if (dataset->space >= 0) {
            H5Sclose(dataset->space);
        }
        if (dataset->type >= 0) {
            H5Tclose(dataset->type);
        }
        if (dataset->handle >= 0) {
            H5Dclose(dataset->handle);
        }
        free(dataset->block);
        free(dataset->name);
        free(dataset);
    }
}
