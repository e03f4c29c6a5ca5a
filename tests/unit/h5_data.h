/* h5_data.h - what tests of HDF5 files share: a folder of their own, and datasets written with HDF5 itself, good and bad. */
#ifndef H5_DATA_H
#define H5_DATA_H

#include "unit.h"

#include <dirent.h>
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
/* HDF5 loses memory of its own when a file is damaged or cannot be written. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}
#endif

static char folder[64];

static inline void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/eface-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void remove_folder(void)
{
    DIR *list = opendir(folder);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            unlink(path);
        }
    }
    closedir(list);
    rmdir(folder);
}

/* The path of a file in the folder.  Four of them may be in use at once. */
static inline const char *path_of(const char *name)
{
    static char path[4][200];
    static int next;
    char *text = path[next++ % 4];
    snprintf(text, sizeof path[0], "%s/%s", folder, name);
    return text;
}

/* A new file; closed with H5Fclose(). */
static inline hid_t new_file(const char *name)
{
    hid_t file = H5Fcreate(path_of(name), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    ck_assert_int_ge(file, 0);
    return file;
}

static inline void close_group(hid_t place, const char *name)
{
    H5Gclose(H5Gcreate2(place, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

/* How a dataset is stored; zeroed: contiguous. */
typedef struct layout {
    hsize_t chunk_rows, chunk_columns;
    int gzip; /* 0 none */
} layout;

/* Writes a dataset of rows x columns (columns 0: a vector), stored as `file_type`, from values of `memory_type`; NULL writes nothing. */
static inline void put(hid_t place, const char *name, hid_t file_type, hid_t memory_type, hsize_t rows, hsize_t columns,
                       layout how, const void *values)
{
    hsize_t dims[2] = {rows, columns}, chunk[2] = {how.chunk_rows, how.chunk_columns};
    int rank = columns == 0 ? 1 : 2;
    hid_t space = H5Screate_simple(rank, dims, NULL), creation = H5Pcreate(H5P_DATASET_CREATE);
    if (how.chunk_rows > 0) {
        ck_assert_int_ge(H5Pset_chunk(creation, rank, chunk), 0);
    }
    if (how.gzip > 0) {
        ck_assert_int_ge(H5Pset_deflate(creation, (unsigned)how.gzip), 0);
    }
    hid_t dataset = H5Dcreate2(place, name, file_type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    ck_assert_int_ge(dataset, 0);
    if (values != NULL) {
        ck_assert_int_ge(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    }
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
}

static inline void put_floats(hid_t place, const char *name, hsize_t rows, hsize_t columns, const float *values)
{
    put(place, name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, rows, columns, (layout){0}, values);
}

/* The type of half-precision numbers, little or big endian; closed with H5Tclose(). */
static inline hid_t half_type(H5T_order_t order)
{
    hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
    H5Tset_order(type, order);
    return type;
}

/* Numbers of high entropy: the same at each call with the same state. */
static inline uint64_t next_bits(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* In (-1, 1), exactly a float. */
static inline float next_float(uint64_t *state)
{
    return (float)((int64_t)(next_bits(state) >> 40) - (1 << 23)) / (float)(1 << 23);
}

static inline float *random_floats(size_t n, uint64_t seed)
{
    float *values = malloc(n * sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < n; i++) {
        values[i] = next_float(&seed);
    }
    return values;
}

#endif
