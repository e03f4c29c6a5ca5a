#include "io/copy_dataset.h"

#include <stdlib.h>

#include "base/memory.h"
#include "io/copy_attributes.h"
#include "io/h5_output.h"

#define BLOCK ((size_t)4 << 20) /* bytes to copy at a time, unless a row or a chunk is longer */

typedef struct part {
    hid_t from, to, type, space;
    int rank;
    hsize_t shape[H5S_MAX_RANK];
    hsize_t rows; /* to copy at a time */
    size_t row;   /* elements */
    void *block;
} part;

/* How the copy is stored. */
static hid_t storage_of(hid_t dataset)
{
    hid_t list = H5Dget_create_plist(dataset);
    if (list >= 0 && H5Pget_external_count(list) == 0 && H5Pget_layout(list) != H5D_VIRTUAL) {
        H5Pset_obj_track_times(list, false);
        return list;
    }
    if (list >= 0) {
        H5Pclose(list);
    }
    return ef_h5_timeless(H5P_DATASET_CREATE);
}

/* Copies rows first .. first+count-1, or the only element. */
static bool copy_rows(const part *all, hsize_t first, hsize_t count)
{
    hsize_t start[H5S_MAX_RANK] = {first}, size[H5S_MAX_RANK];
    hid_t memory = H5S_ALL;
    bool good = true;
    for (int k = 0; k < all->rank; k++) {
        size[k] = k == 0 ? count : all->shape[k];
    }
    if (all->rank > 0) {
        memory = H5Screate_simple(all->rank, size, NULL);
        good = memory >= 0 && H5Sselect_hyperslab(all->space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0;
    }
    hid_t space = all->rank > 0 ? all->space : H5S_ALL;
    good = good && H5Dread(all->from, all->type, memory, space, H5P_DEFAULT, all->block) >= 0;
    if (good) {
        good = H5Dwrite(all->to, all->type, memory, space, H5P_DEFAULT, all->block) >= 0;
        if (H5Tdetect_class(all->type, H5T_VLEN) > 0 || H5Tis_variable_str(all->type) > 0) {
            hid_t held = all->rank > 0 ? memory : all->space;
            H5Dvlen_reclaim(all->type, held, H5P_DEFAULT, all->block);
        }
    }
    if (memory != H5S_ALL && memory >= 0) {
        H5Sclose(memory);
    }
    return good;
}

/* Sizes: whole chunks at a time, where there are some, lest each be written twice. */
static bool measure(part *all, hid_t storage)
{
    hsize_t chunk[H5S_MAX_RANK] = {1};
    size_t bytes;
    all->rank = H5Sget_simple_extent_dims(all->space, all->shape, NULL);
    all->row = 1;
    for (int k = 1; k < all->rank; k++) {
        if (!ef_size_mul(&all->row, all->row, (size_t)all->shape[k])) {
            return false;
        }
    }
    if (all->rank < 0 || !ef_size_mul(&bytes, all->row, H5Tget_size(all->type))) {
        return false;
    }
    bool chunked = all->rank > 0 && H5Pget_layout(storage) == H5D_CHUNKED;
    if (chunked && (H5Pget_chunk(storage, all->rank, chunk) < 0 || chunk[0] == 0)) {
        return false;
    }
    hsize_t fits = bytes > 0 && bytes < BLOCK ? BLOCK / bytes : 1;
    all->rows = fits > chunk[0] ? fits / chunk[0] * chunk[0] : chunk[0];
    hsize_t most = all->rank > 0 ? all->shape[0] : 1;
    all->rows = all->rows < most ? all->rows : most;
    return true;
}

static bool copy_values(part *all, hid_t storage)
{
    H5S_class_t kind = H5Sget_simple_extent_type(all->space);
    if (kind == H5S_NULL || H5Dget_storage_size(all->from) == 0 || H5Tdetect_class(all->type, H5T_REFERENCE) > 0) {
        return true; /* there is nothing, or nothing that would mean anything there */
    }
    size_t elements;
    if (!measure(all, storage) || !ef_size_mul(&elements, (size_t)all->rows, all->row) ||
        (all->block = ef_alloc(elements, H5Tget_size(all->type))) == NULL) {
        return false;
    }
    hsize_t rows = all->rank > 0 ? all->shape[0] : 1;
    bool good = true;
    for (hsize_t first = 0; good && first < rows; first += all->rows) {
        good = copy_rows(all, first, rows - first < all->rows ? rows - first : all->rows);
    }
    free(all->block);
    return good;
}

/* A type of its own, whatever file the other one is stored in. */
static hid_t loose_type(hid_t type)
{
    hid_t copy = type >= 0 ? H5Tcopy(type) : H5I_INVALID_HID;
    if (type >= 0) {
        H5Tclose(type);
    }
    return copy;
}

bool ef_copy_dataset(hid_t from, hid_t to, const char *name)
{
    part all = {.from = H5Dopen2(from, name, H5P_DEFAULT), .to = H5I_INVALID_HID};
    if (all.from < 0) {
        return false;
    }
    hid_t storage = storage_of(all.from);
    all.type = loose_type(H5Dget_type(all.from));
    all.space = H5Dget_space(all.from);
    bool good = storage >= 0 && all.type >= 0 && all.space >= 0;
    if (good) {
        all.to = H5Dcreate2(to, name, all.type, all.space, H5P_DEFAULT, storage, H5P_DEFAULT);
        good = all.to >= 0 && copy_values(&all, storage) && ef_copy_attributes(all.from, all.to);
    }
    if (all.to >= 0) {
        good = H5Dclose(all.to) >= 0 && good;
    }
    if (all.space >= 0) {
        H5Sclose(all.space);
    }
    if (all.type >= 0) {
        H5Tclose(all.type);
    }
    if (storage >= 0) {
        H5Pclose(storage);
    }
    H5Dclose(all.from);
    return good;
}

bool ef_copy_named_type(hid_t from, hid_t to, const char *name)
{
    hid_t type = loose_type(H5Topen2(from, name, H5P_DEFAULT));
    bool good = type >= 0 && H5Tcommit2(to, name, type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) >= 0;
    if (type >= 0) {
        H5Tclose(type);
    }
    return good;
}
