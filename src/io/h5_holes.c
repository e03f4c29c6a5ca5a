#include "io/h5_holes.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/h5.h"

/* A source that fills something, and the rows that it lies in. */
typedef struct filling {
    size_t index;
    hsize_t first, last;
} filling;

typedef struct layout {
    hid_t creation;
    const char *name;
    int rank;
    hsize_t shape[H5S_MAX_RANK];
    filling *pieces; /* by rows */
    size_t count;
    uint64_t values; /* of all of them; what overlaps counts more than once */
    bool overlap;    /* in rows */
    bool endless;    /* one has no end */
} layout;

static ef_status fail_unread(const layout *self, ef_error *err)
{
    return ef_h5_fail(err, EF_FORMAT, "%s: what it is put together from cannot be read", self->name);
}

/* What source `index` fills: a hyperslab within the dataset, or nothing. */
static hid_t take(const layout *self, size_t index)
{
    const hsize_t zero[H5S_MAX_RANK] = {0};
    hsize_t start[H5S_MAX_RANK], end[H5S_MAX_RANK];
    hid_t space = H5Pget_virtual_vspace(self->creation, index);
    bool good = space >= 0 && H5Sget_simple_extent_ndims(space) == self->rank;
    if (good && H5Sget_select_npoints(space) > 0) {
        bool all = H5Sget_select_type(space) == H5S_SEL_ALL, beyond = all;
        good = H5Sget_select_bounds(space, start, end) >= 0;
        for (int k = 0; good && k < self->rank; k++) {
            beyond = beyond || end[k] >= self->shape[k];
        }
        if (good && beyond) {
            good = H5Sselect_hyperslab(space, all ? H5S_SELECT_SET : H5S_SELECT_AND, zero, NULL, self->shape, NULL) >= 0;
        }
    }
    if (!good && space >= 0) {
        H5Sclose(space);
    }
    return good ? space : H5I_INVALID_HID;
}

static int compare_rows(const void *a, const void *b)
{
    const filling *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static ef_status read_pieces(layout *self, size_t count, ef_error *err)
{
    self->pieces = ef_alloc(count, sizeof *self->pieces);
    if (self->pieces == NULL) {
        return ef_fail_memory(err, self->name);
    }
    for (size_t i = 0; i < count; i++) {
        hsize_t start[H5S_MAX_RANK] = {0}, end[H5S_MAX_RANK] = {0};
        hid_t space = take(self, i);
        hssize_t values = space >= 0 ? H5Sget_select_npoints(space) : -1;
        bool endless = space >= 0 && values < 0;
        bool good = values == 0 || endless || (values > 0 && H5Sget_select_bounds(space, start, end) >= 0);
        self->endless = self->endless || endless;
        if (space >= 0) {
            H5Sclose(space);
        }
        if (!good) {
            return fail_unread(self, err);
        }
        if (values > 0) {
            self->pieces[self->count++] = (filling){i, start[0], end[0]};
            self->values += (uint64_t)values;
        }
    }
    qsort(self->pieces, self->count, sizeof *self->pieces, compare_rows);
    hsize_t next = 0;
    for (size_t i = 0; i < self->count; i++) {
        self->overlap = self->overlap || self->pieces[i].first < next;
        next = self->pieces[i].last + 1 > next ? self->pieces[i].last + 1 : next;
    }
    return EF_OK;
}

/* All that pieces `from` to `to` - 1 fill.  Halves are joined: one by one, interleaved pieces would take time by their square. */
static hid_t join(const layout *self, size_t from, size_t to)
{
    if (to - from == 1) {
        return take(self, self->pieces[from].index);
    }
    size_t middle = from + (to - from) / 2;
    hid_t left = join(self, from, middle), right = join(self, middle, to);
    bool good = left >= 0 && right >= 0 && H5Smodify_select(left, H5S_SELECT_OR, right) >= 0;
    if (right >= 0) {
        H5Sclose(right);
    }
    if (!good && left >= 0) {
        H5Sclose(left);
    }
    return good ? left : H5I_INVALID_HID;
}

/* Those of the values in `taken` that are not in `joined`, which becomes them; *there = how many they are. */
static bool take_away(hssize_t *there, hid_t joined, hid_t taken)
{
    bool good = H5Sget_select_npoints(joined) == 0 ? H5Sselect_copy(joined, taken) >= 0
                                                   : H5Smodify_select(joined, H5S_SELECT_NOTA, taken) >= 0;
    *there = good ? H5Sget_select_npoints(joined) : -1;
    return *there >= 0;
}

/* An error when the pieces, joined, leave some of the values in `taken` out. */
static ef_status check_joined(const layout *self, hid_t taken, bool all, ef_error *err)
{
    hsize_t start[H5S_MAX_RANK] = {0}, end[H5S_MAX_RANK] = {0};
    hid_t joined = self->count > 0 ? join(self, 0, self->count) : H5Screate_simple(self->rank, self->shape, NULL);
    if (joined >= 0 && self->count == 0) {
        H5Sselect_none(joined);
    }
    hssize_t points = H5Sget_select_npoints(taken), missing = -1;
    ef_status status = EF_OK;
    if (joined < 0 || !take_away(&missing, joined, taken) || (missing > 0 && H5Sget_select_bounds(joined, start, end) < 0)) {
        status = fail_unread(self, err);
    } else if (missing > 0) {
        status = ef_fail(
            err, EF_FORMAT,
            "%s: its sources (virtual dataset) are %lld of %s %lld values%s; nothing fills the other %lld, in rows %llu "
            "to %llu",
            self->name, (long long)(points - missing), all ? "its" : "the", (long long)points, all ? "" : " that are taken of it",
            (long long)missing, (unsigned long long)start[0], (unsigned long long)end[0]);
    }
    if (joined >= 0) {
        H5Sclose(joined);
    }
    return status;
}

/* All values of the dataset, or those of them that `space` selects. */
static hid_t make_taken(const layout *self, hid_t space, bool *all)
{
    const hsize_t zero[H5S_MAX_RANK] = {0};
    *all = space < 0 || H5Sget_select_type(space) == H5S_SEL_ALL || H5Sget_select_npoints(space) < 0 ||
           H5Sget_simple_extent_ndims(space) != self->rank;
    hid_t taken = *all ? H5Screate_simple(self->rank, self->shape, NULL) : H5Scopy(space);
    if (*all && taken >= 0) {
        H5Sselect_hyperslab(taken, H5S_SELECT_SET, zero, NULL, self->shape, NULL);
    }
    return taken;
}

ef_status ef_h5_holes_check(hid_t dataset, hid_t taken, const char *name, ef_error *err)
{
    layout self = {.creation = H5Dget_create_plist(dataset), .name = name};
    size_t count = 0;
    bool is_virtual = self.creation >= 0 && H5Pget_layout(self.creation) == H5D_VIRTUAL, all = true;
    hid_t space = H5Dget_space(dataset), wanted = H5I_INVALID_HID;
    hssize_t points = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    self.rank = space >= 0 ? H5Sget_simple_extent_dims(space, self.shape, NULL) : -1;
    if (space >= 0) {
        H5Sclose(space);
    }
    ef_status status = EF_OK;
    if (self.creation < 0 || points < 0 || self.rank < 0 || (is_virtual && H5Pget_virtual_count(self.creation, &count) < 0)) {
        status = fail_unread(&self, err);
    } else if (is_virtual && points > 0 && self.rank > 0 && (status = read_pieces(&self, count, err)) == EF_OK && !self.endless &&
               (self.overlap || self.values < (uint64_t)points)) {
        wanted = make_taken(&self, taken, &all);
        status = wanted >= 0 ? check_joined(&self, wanted, all, err) : fail_unread(&self, err);
    }
    if (wanted >= 0) {
        H5Sclose(wanted);
    }
    if (self.creation >= 0) {
        H5Pclose(self.creation);
    }
    free(self.pieces);
    return status;
}
