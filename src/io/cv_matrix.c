#include "io/cv_matrix.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "io/to_float.h"
#include "io/widen.h"

static const bool swapped = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

enum { type_float32 = 5, type_float64 = 6 }; /* CV_32FC1 and CV_64FC1 */

static int64_t int32_at(const unsigned char *bytes)
{
    uint32_t word = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    return word < 0x80000000u ? (int64_t)word : (int64_t)word - 0x100000000;
}

ef_status ef_cv_matrix_open(ef_cv_matrix *out, const unsigned char *header, size_t length, ef_error *err)
{
    if (length < EF_CV_HEADER) {
        return ef_fail(err, EF_FORMAT, "is no feature: it has %zu bytes, and the header alone takes %d", length, EF_CV_HEADER);
    }
    int64_t rows = int32_at(header), columns = int32_at(header + 4), stride = int32_at(header + 8), type = int32_at(header + 12);
    if (type != type_float32 && type != type_float64) {
        return ef_fail(err, EF_FORMAT, "is no feature: its header says type %lld; 5 (float32) and 6 (float64) are features",
                       (long long)type);
    }
    if (rows < 1 || columns < 1 || (rows > 1 && columns > 1)) {
        return ef_fail(err, EF_FORMAT, "is no feature: its header says %lld x %lld values; a feature has one column or one row",
                       (long long)rows, (long long)columns);
    }
    int64_t value_bytes = type == type_float32 ? 4 : 8, row_bytes = columns * value_bytes;
    uint64_t body = length - EF_CV_HEADER;
    if (type == type_float64 && stride == columns * 4 && body == (uint64_t)(rows * row_bytes)) {
        stride = row_bytes; /* what the public writer of float64 means */
    }
    if (stride < row_bytes) {
        return ef_fail(err, EF_FORMAT, "is no feature: its header says %lld bytes from row to row; %lld x %lld values need %lld",
                       (long long)stride, (long long)rows, (long long)columns, (long long)row_bytes);
    }
    /* Both factors are below 2^31. */
    if (body != (uint64_t)(rows * stride)) {
        return ef_fail(err, EF_FORMAT, "%s: its header says %lld x %lld values, %lld bytes in all, and it has %zu",
                       body < (uint64_t)(rows * stride) ? "is cut off" : "is too long", (long long)rows, (long long)columns,
                       (long long)(rows * stride + EF_CV_HEADER), length);
    }
    *out = (ef_cv_matrix){(size_t)(rows * columns), (size_t)value_bytes, (size_t)(columns == 1 ? stride : value_bytes)};
    return EF_OK;
}

void ef_cv_matrix_floats(float *out, const ef_cv_matrix *matrix, const unsigned char *file)
{
    const unsigned char *value = file + EF_CV_HEADER;
    bool dense = matrix->step == matrix->value_bytes;
    size_t pieces = dense ? 1 : matrix->dim;
    for (size_t i = 0; i < pieces; i++) {
        ef_to_float(out + i, value + i * matrix->step, dense ? matrix->dim : 1, matrix->value_bytes, swapped);
    }
}

void ef_cv_matrix_reals(double *out, const ef_cv_matrix *matrix, const unsigned char *file)
{
    const unsigned char *value = file + EF_CV_HEADER;
    bool dense = matrix->step == matrix->value_bytes;
    size_t pieces = dense ? 1 : matrix->dim;
    for (size_t i = 0; i < pieces; i++) {
        ef_widen(out + i, value + i * matrix->step, dense ? matrix->dim : 1, matrix->value_bytes, swapped);
    }
}
