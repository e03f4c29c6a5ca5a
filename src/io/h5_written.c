#include "io/h5_written.h"

#include <stdbool.h>

#include "base/error.h"
#include "io/h5.h"

/* A chunked dataset, and what is taken of it. */
typedef struct grid {
    hid_t dataset, space;
    int rank;
    hsize_t shape[H5S_MAX_RANK], chunk[H5S_MAX_RANK];
    hsize_t row; /* the first of the chunk that is missing */
} grid;

/* What became of chunks. */
typedef enum found { WRITTEN, MISSING, UNREAD } found;

/* The chunks in each direction: at least one, unless the dataset is empty. */
static hsize_t chunks_along(const grid *self, int k)
{
    return self->shape[k] > 0 ? (self->shape[k] - 1) / self->chunk[k] + 1 : 0;
}

static hsize_t count_chunks(const grid *self)
{
    hsize_t count = 1;
    for (int k = 0; k < self->rank; k++) {
        count *= chunks_along(self, k);
    }
    return count;
}

/* One chunk.  Some releases of HDF5 call the size of a missing one an error; the function that can tell walks through all. */
static found find_chunk(const grid *self, const hsize_t *start)
{
    hsize_t bytes = 0;
    haddr_t address = HADDR_UNDEF;
    unsigned filters = 0;
    if (H5Dget_chunk_storage_size(self->dataset, start, &bytes) >= 0 && bytes > 0) {
        return WRITTEN;
    }
    if (H5Dget_chunk_info_by_coord(self->dataset, start, &filters, &address, &bytes) < 0) {
        return UNREAD;
    }
    return address == HADDR_UNDEF ? MISSING : WRITTEN;
}

/* Looks for the chunks from `first` to `last`, in each direction, out of which something is taken: the block is halved, and halves
 * out of which nothing is taken are left out, so that huge datasets cost no more than what is taken. */
static found find_chunks(grid *self, const hsize_t *first, const hsize_t *last)
{
    hsize_t start[H5S_MAX_RANK], end[H5S_MAX_RANK], middle[H5S_MAX_RANK];
    int longest = 0;
    for (int k = 0; k < self->rank; k++) {
        start[k] = first[k] * self->chunk[k];
        end[k] = last[k] + 1 < chunks_along(self, k) ? (last[k] + 1) * self->chunk[k] - 1 : self->shape[k] - 1;
        longest = last[k] - first[k] > last[longest] - first[longest] ? k : longest;
        middle[k] = last[k];
    }
    htri_t taken = H5Sselect_intersect_block(self->space, start, end);
    if (taken <= 0) {
        return taken == 0 ? WRITTEN : UNREAD;
    }
    if (first[longest] == last[longest]) {
        self->row = start[0];
        return find_chunk(self, start);
    }
    middle[longest] = first[longest] + (last[longest] - first[longest]) / 2;
    found status = find_chunks(self, first, middle);
    if (status != WRITTEN) {
        return status;
    }
    for (int k = 0; k < self->rank; k++) {
        middle[k] = first[k];
    }
    middle[longest] = first[longest] + (last[longest] - first[longest]) / 2 + 1;
    return find_chunks(self, middle, last);
}

/* Fills in `self`; *chunked = false when the dataset is not stored in chunks, or is empty. */
static ef_status read_grid(grid *self, bool *chunked, hid_t creation, const char *name, ef_error *err)
{
    hid_t space = H5Dget_space(self->dataset);
    self->rank = space >= 0 ? H5Sget_simple_extent_dims(space, self->shape, NULL) : -1;
    if (space >= 0) {
        H5Sclose(space);
    }
    *chunked = creation >= 0 && self->rank > 0 && H5Pget_layout(creation) == H5D_CHUNKED &&
               H5Pget_chunk(creation, self->rank, self->chunk) == self->rank && count_chunks(self) > 0;
    return creation >= 0 && self->rank >= 0 ? EF_OK : ef_h5_fail(err, EF_FORMAT, "%s: how it is stored cannot be read", name);
}

/* Checks a chunked dataset.  Chunks are counted, because H5Dget_space_status() takes a compressed chunk for half a chunk. */
static ef_status check_chunks(grid *self, const char *name, ef_error *err)
{
    const hsize_t first[H5S_MAX_RANK] = {0};
    hsize_t last[H5S_MAX_RANK], written = 0;
    hid_t space = H5Dget_space(self->dataset);
    bool counted = space >= 0 && H5Dget_num_chunks(self->dataset, space, &written) >= 0;
    if (space >= 0) {
        H5Sclose(space);
    }
    if (counted && written == count_chunks(self)) {
        return EF_OK;
    }
    if (counted && (written == 0 || self->space < 0)) {
        return ef_fail(err, EF_FORMAT, "%s: claims %llu rows, but %s of them was ever written", name,
                       (unsigned long long)self->shape[0], written > 0 ? "only a part" : "none");
    }
    for (int k = 0; k < self->rank; k++) {
        last[k] = chunks_along(self, k) - 1;
    }
    found chunks = counted ? find_chunks(self, first, last) : UNREAD;
    if (chunks == MISSING) {
        return ef_fail(err, EF_FORMAT,
                       "%s: claims %llu rows, but only a part of them was ever written; not the chunk of row %llu, out of which "
                       "values are taken",
                       name, (unsigned long long)self->shape[0], (unsigned long long)self->row);
    }
    return chunks == WRITTEN ? EF_OK : ef_h5_fail(err, EF_FORMAT, "%s: its chunks cannot be found", name);
}

/* A dataset that was declared and never filled reads as zeros, however large it says it is. */
static ef_status check(hid_t dataset, hid_t space, const char *name, ef_error *err)
{
    H5D_space_status_t allocated;
    grid self = {.dataset = dataset, .space = space};
    hid_t creation = H5Dget_create_plist(dataset);
    bool chunked;
    ef_status status = read_grid(&self, &chunked, creation, name, err);
    if (status == EF_OK && chunked) {
        status = check_chunks(&self, name, err);
    } else if (status == EF_OK && H5Pget_layout(creation) != H5D_VIRTUAL && H5Dget_space_status(dataset, &allocated) >= 0 &&
               allocated == H5D_SPACE_STATUS_NOT_ALLOCATED) {
        status = ef_fail(err, EF_FORMAT, "%s: claims %llu rows, but none of them was ever written", name,
                         (unsigned long long)self.shape[0]);
    }
    if (creation >= 0) {
        H5Pclose(creation);
    }
    return status;
}

ef_status ef_h5_written(hid_t dataset, const char *name, ef_error *err)
{
    return check(dataset, H5I_INVALID_HID, name, err);
}

ef_status ef_h5_written_within(hid_t dataset, hid_t space, const char *name, ef_error *err)
{
    hid_t own = H5Dget_space(dataset);
    bool all = own < 0 || H5Sget_select_type(space) == H5S_SEL_ALL || H5Sget_select_npoints(space) < 0 ||
               H5Sget_simple_extent_ndims(space) != H5Sget_simple_extent_ndims(own);
    bool nothing = !all && H5Sget_select_npoints(space) == 0;
    if (own >= 0) {
        H5Sclose(own);
    }
    return nothing ? EF_OK : check(dataset, all ? H5I_INVALID_HID : space, name, err);
}
