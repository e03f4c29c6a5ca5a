#include "io/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/and_more.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/h5.h"
#include "io/to_float.h"
#include "io/widen.h"

#define MOST_COUNTED ((size_t)1 << 30) /* bytes of values that are looked at once one is found bad */
#define BLOCK        ((size_t)1 << 19) /* bytes read at once: as fast as any, and they are still in the cache when they are looked at */

static ef_status read_failed(const ef_dataset *dataset, ef_error *err)
{
    return ef_h5_fail(err, EF_IO, "%s: cannot be read: the file is damaged or the disk fails", dataset->name);
}

/* Reads rows first .. first+count-1 as `type`. */
static ef_status read_rows(const ef_dataset *dataset, hid_t type, size_t first, size_t count, void *out, ef_error *err)
{
    hsize_t start[2] = {first, 0}, size[2] = {count, dataset->columns};
    int rank = dataset->is_matrix ? 2 : 1;
    hid_t memory = H5Screate_simple(rank, size, NULL);
    ef_status status = EF_OK;
    if (memory < 0 || H5Sselect_hyperslab(dataset->space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dread(dataset->handle, type, memory, dataset->space, H5P_DEFAULT, out) < 0) {
        status = read_failed(dataset, err);
    }
    if (memory >= 0) {
        H5Sclose(memory);
    }
    return status;
}

static size_t rows_per_block(size_t row_bytes)
{
    return row_bytes >= BLOCK ? 1 : BLOCK / row_bytes;
}

/* Whether all n values are finite: an infinity or a NaN, times zero, is NaN. */
static bool all_finite(const double *value, size_t n)
{
    double zero[4] = {0.0, 0.0, 0.0, 0.0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (size_t l = 0; l < 4; l++) {
            zero[l] += value[i + l] * 0.0;
        }
    }
    for (; i < n; i++) {
        zero[0] += value[i] * 0.0;
    }
    return zero[0] + zero[1] + zero[2] + zero[3] == 0.0;
}

/* The error for row `bad`, which is not finite: rows behind it are counted as well, those of the first MOST_COUNTED bytes. */
static ef_status fail_not_finite(ef_dataset *dataset, size_t bad, const char *reason, bool narrow, ef_error *err)
{
    char more[EF_AND_MORE];
    size_t columns = dataset->columns, most = bad + 1 + MOST_COUNTED / (columns * sizeof(double)), all = 1;
    size_t end = most < dataset->rows ? most : dataset->rows, block_rows = rows_per_block(columns * sizeof(double));
    double *value = ef_alloc(block_rows, columns * sizeof *value);
    for (size_t row = bad + 1; value != NULL && row < end; row += block_rows) {
        size_t rows = end - row < block_rows ? end - row : block_rows;
        if (read_rows(dataset, H5T_NATIVE_DOUBLE, row, rows, value, NULL) != EF_OK) {
            break;
        }
        for (size_t i = 0; i < rows; i++) {
            bool finite = true;
            for (size_t k = 0; k < columns; k++) {
                double one = value[i * columns + k];
                finite = finite && (narrow ? isfinite((float)one) : isfinite(one));
            }
            all += !finite;
        }
    }
    free(value);
    return ef_fail(err, EF_FORMAT, "%s row %zu: not finite%s%s", dataset->name, bad, reason, ef_and_more(more, all, "row"));
}

static ef_status check_finite(ef_dataset *dataset, size_t first, size_t count, const double *value, ef_error *err)
{
    size_t n = count * dataset->columns;
    if (all_finite(value, n)) {
        return EF_OK;
    }
    size_t bad = 0;
    while (isfinite(value[bad])) {
        bad++;
    }
    return fail_not_finite(dataset, first + bad / dataset->columns, "", false, err);
}

static ef_status check_finite_floats(ef_dataset *dataset, size_t first, size_t count, const float *value, ef_error *err)
{
    size_t n = count * dataset->columns;
    if (ef_floats_are_finite(value, n)) {
        return EF_OK;
    }
    size_t bad = 0;
    while (isfinite(value[bad])) {
        bad++;
    }
    return fail_not_finite(dataset, first + bad / dataset->columns,
                           dataset->value_bytes > sizeof *value ? ", or too large for a float32" : "", true, err);
}

static ef_status check_range(const ef_dataset *dataset, size_t first, size_t count, ef_error *err)
{
    size_t end;
    if (!ef_size_add(&end, first, count) || end > dataset->rows) {
        return ef_fail(err, EF_INVALID, "%s: %zu rows from row %zu on are asked for; it has %zu", dataset->name, count, first,
                       dataset->rows);
    }
    return EF_OK;
}

/* Reads rows as they are stored: into `out` if that is as wide, else into the workspace.  *raw says which. */
static ef_status read_raw(ef_dataset *dataset, size_t first, size_t rows, void *out, size_t wide, void **raw, ef_error *err)
{
    size_t row_bytes = dataset->columns * dataset->value_bytes;
    bool direct = dataset->value_bytes == wide;
    if (!direct && dataset->block == NULL && (dataset->block = ef_alloc(rows_per_block(row_bytes), row_bytes)) == NULL) {
        return ef_fail_memory(err, dataset->name);
    }
    *raw = direct ? out : dataset->block;
    return read_rows(dataset, dataset->type, first, rows, *raw, err);
}

/* How numbers become float32, or float64. */
typedef struct target {
    size_t bytes;
    void (*convert)(void *out, const void *raw, size_t count, size_t stored_bytes, bool swapped);
    ef_status (*check)(ef_dataset *dataset, size_t first, size_t rows, const void *value, ef_error *err);
} target;

static void to_float(void *out, const void *raw, size_t count, size_t stored_bytes, bool swapped)
{
    ef_to_float(out, raw, count, stored_bytes, swapped);
}

static void to_double(void *out, const void *raw, size_t count, size_t stored_bytes, bool swapped)
{
    ef_widen(out, raw, count, stored_bytes, swapped);
}

static ef_status check_floats(ef_dataset *dataset, size_t first, size_t rows, const void *value, ef_error *err)
{
    return check_finite_floats(dataset, first, rows, value, err);
}

static ef_status check_doubles(ef_dataset *dataset, size_t first, size_t rows, const void *value, ef_error *err)
{
    return check_finite(dataset, first, rows, value, err);
}

static ef_status read_numbers(ef_dataset *dataset, size_t first, size_t count, void *out, const target *to, ef_error *err)
{
    size_t block_rows = rows_per_block(dataset->columns * dataset->value_bytes);
    unsigned char *at = out;
    ef_status status = check_range(dataset, first, count, err);
    while (status == EF_OK && count > 0) {
        size_t rows = count < block_rows ? count : block_rows;
        void *raw = at;
        if ((status = read_raw(dataset, first, rows, at, to->bytes, &raw, err)) != EF_OK) {
            return status;
        }
        if (raw != at || dataset->is_swapped) {
            to->convert(at, raw, rows * dataset->columns, dataset->value_bytes, dataset->is_swapped);
        }
        status = to->check(dataset, first, rows, at, err);
        at += rows * dataset->columns * to->bytes;
        first += rows;
        count -= rows;
    }
    return status;
}

ef_status ef_dataset_read_floats(ef_dataset *dataset, size_t first, size_t count, float *out, ef_error *err)
{
    static const target floats = {sizeof(float), to_float, check_floats};
    return read_numbers(dataset, first, count, out, &floats, err);
}

ef_status ef_dataset_read_reals(ef_dataset *dataset, size_t first, size_t count, double *out, ef_error *err)
{
    static const target doubles = {sizeof(double), to_double, check_doubles};
    return read_numbers(dataset, first, count, out, &doubles, err);
}

/* HDF5 turns an unsigned number that is too large into the largest int64 without a word. */
static ef_status check_unsigned(const ef_dataset *dataset, size_t first, size_t count, const int64_t *value, ef_error *err)
{
    for (size_t i = 0; i < count * dataset->columns; i++) {
        uint64_t number;
        memcpy(&number, &value[i], sizeof number);
        if (number > INT64_MAX) {
            return ef_fail(err, EF_FORMAT, "%s row %zu: %llu is too large; integers go up to 2^63 - 1", dataset->name,
                           first + i / dataset->columns, (unsigned long long)number);
        }
    }
    return EF_OK;
}

ef_status ef_dataset_read_integers(const ef_dataset *dataset, size_t first, size_t count, int64_t *out, ef_error *err)
{
    ef_status status = check_range(dataset, first, count, err);
    if (status != EF_OK || count == 0) {
        return status;
    }
    bool is_unsigned = dataset->holds == EF_INTEGERS && H5Tget_sign(dataset->type) == H5T_SGN_NONE;
    status = read_rows(dataset, is_unsigned ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64, first, count, out, err);
    return status == EF_OK && is_unsigned ? check_unsigned(dataset, first, count, out, err) : status;
}

/* Strings of fixed length: ended by NUL, or filled up with NUL or spaces. */
static ef_status read_fixed(const ef_dataset *dataset, ef_strings *strings, ef_error *err)
{
    ef_status status = EF_OK;
    size_t size = dataset->value_bytes, block_rows = rows_per_block(size);
    H5T_str_t padding = H5Tget_strpad(dataset->type);
    block_rows = block_rows < dataset->rows ? block_rows : dataset->rows;
    char *block = ef_alloc(block_rows, size);
    if (block == NULL) {
        return ef_fail_memory(err, dataset->name);
    }
    for (size_t first = 0; first < dataset->rows && status == EF_OK; first += block_rows) {
        size_t rows = dataset->rows - first < block_rows ? dataset->rows - first : block_rows;
        status = read_rows(dataset, dataset->type, first, rows, block, err);
        for (size_t i = 0; i < rows && status == EF_OK; i++) {
            const char *text = block + i * size;
            size_t length = strnlen(text, size);
            while (padding == H5T_STR_SPACEPAD && length > 0 && text[length - 1] == ' ') {
                length--;
            }
            status = ef_strings_add(strings, text, length, err);
        }
    }
    free(block);
    return status;
}

static ef_status read_variable(const ef_dataset *dataset, ef_strings *strings, ef_error *err)
{
    ef_status status = EF_OK;
    size_t block_rows = rows_per_block(64); /* bytes: a pointer and a name */
    block_rows = block_rows < dataset->rows ? block_rows : dataset->rows;
    char **block = ef_alloc_zero(block_rows, sizeof *block);
    if (block == NULL) {
        return ef_fail_memory(err, dataset->name);
    }
    for (size_t first = 0; first < dataset->rows && status == EF_OK; first += block_rows) {
        hsize_t rows = dataset->rows - first < block_rows ? dataset->rows - first : block_rows;
        status = read_rows(dataset, dataset->type, first, (size_t)rows, block, err);
        if (status != EF_OK) {
            break;
        }
        for (size_t i = 0; i < rows && status == EF_OK; i++) {
            const char *text = block[i] != NULL ? block[i] : "";
            status = ef_strings_add(strings, text, strlen(text), err);
        }
        hid_t memory = H5Screate_simple(1, &rows, NULL);
        H5Dvlen_reclaim(dataset->type, memory, H5P_DEFAULT, block);
        H5Sclose(memory);
    }
    free(block);
    return status;
}

ef_status ef_dataset_read_strings(const ef_dataset *dataset, ef_strings **out, ef_error *err)
{
    ef_strings *strings = NULL;
    ef_status status = ef_strings_create(&strings, err);
    if (status == EF_OK) {
        status = H5Tis_variable_str(dataset->type) > 0 ? read_variable(dataset, strings, err) : read_fixed(dataset, strings, err);
    }
    if (status != EF_OK) {
        ef_strings_free(strings);
        return status;
    }
    *out = strings;
    return EF_OK;
}
