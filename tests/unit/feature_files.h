/* feature_files.h - feature files and other bytes written below the folder of list_files.h. */
#ifndef FEATURE_FILES_H
#define FEATURE_FILES_H

#include "list_files.h"

#include <stdint.h>

static inline void put_bytes(const char *name, const void *bytes, size_t length)
{
    char path[512];
    put(name, ""); /* makes the folders */
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
}

static inline void put_int32(unsigned char *to, int64_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (unsigned char)((uint64_t)value >> 8 * i & 0xff);
    }
}

static inline void put_header(unsigned char *to, int64_t rows, int64_t columns, int64_t stride, int64_t type)
{
    put_int32(to, rows);
    put_int32(to + 4, columns);
    put_int32(to + 8, stride);
    put_int32(to + 12, type);
}

/* A feature of `dim` float32 values as the devkit's own, one column. */
static inline void put_feature(const char *name, const float *values, size_t dim)
{
    unsigned char *bytes = malloc(16 + 4 * dim);
    ck_assert_ptr_nonnull(bytes);
    put_header(bytes, (int64_t)dim, 1, 4, 5);
    memcpy(bytes + 16, values, 4 * dim);
    put_bytes(name, bytes, 16 + 4 * dim);
    free(bytes);
}

#endif
