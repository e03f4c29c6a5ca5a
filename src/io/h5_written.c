#include "io/h5_written.h"

#include <stdbool.h>

#include "base/error.h"
#include "io/h5.h"

/* How many chunks a dataset of this shape has; 0 for one that is not chunked. */
static hsize_t chunks_of(const hsize_t *shape, int rank, hid_t creation)
{
    hsize_t chunk[H5S_MAX_RANK], count = 1;
    if (H5Pget_layout(creation) != H5D_CHUNKED || rank < 1 || H5Pget_chunk(creation, rank, chunk) != rank) {
        return 0;
    }
    for (int k = 0; k < rank; k++) {
        count *= shape[k] > 0 ? (shape[k] - 1) / chunk[k] + 1 : 0;
    }
    return count;
}

/* A dataset that was declared and never filled reads as zeros, however large it says it is.  Chunks are counted here, because
 * H5Dget_space_status() takes a compressed chunk for half a chunk. */
ef_status ef_h5_written(hid_t dataset, const char *name, ef_error *err)
{
    H5D_space_status_t allocated;
    hsize_t shape[H5S_MAX_RANK] = {0}, written = 0;
    hid_t creation = H5Dget_create_plist(dataset), space = H5Dget_space(dataset);
    int rank = space >= 0 ? H5Sget_simple_extent_dims(space, shape, NULL) : -1;
    ef_status status = EF_OK;
    bool any = true, all = true;
    hsize_t chunks = creation >= 0 ? chunks_of(shape, rank, creation) : 0;
    if (creation < 0 || rank < 0) {
        status = ef_h5_fail(err, EF_FORMAT, "%s: how it is stored cannot be read", name);
    } else if (chunks > 0 && H5Dget_num_chunks(dataset, space, &written) < 0) {
        status = ef_h5_fail(err, EF_FORMAT, "%s: its chunks cannot be found", name);
    } else if (chunks > 0) {
        any = written > 0;
        all = written == chunks;
    } else {
        any = all = H5Pget_layout(creation) == H5D_VIRTUAL || H5Dget_space_status(dataset, &allocated) < 0 ||
                    allocated != H5D_SPACE_STATUS_NOT_ALLOCATED;
    }
    if (status == EF_OK && !all) {
        status = ef_fail(err, EF_FORMAT, "%s: claims %llu rows, but %s of them was ever written", name,
                         (unsigned long long)shape[0], any ? "only a part" : "none");
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    if (creation >= 0) {
        H5Pclose(creation);
    }
    return status;
}
