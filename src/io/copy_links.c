#include "io/copy_links.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/memory.h"
#include "io/copy_attributes.h"
#include "io/copy_dataset.h"
#include "io/h5.h"
#include "io/h5_output.h"
#include "io/h5_sources.h"

enum { deepest = 64 }; /* groups within groups: far beyond what anybody nests, far below what the stack holds */

/* How an object is told from others of its file. */
#if H5_VERSION_GE(1, 12, 0)
typedef H5O_token_t place;
#else
typedef haddr_t place;
#endif

/* What has been copied, and where it is in the copy. */
typedef struct copied {
    place from;
    char *path;
} copied;

typedef struct walk {
    const ef_copy_links *way;
    hid_t to_file;
    copied *copied;
    size_t count, capacity;
    int depth;
    ef_status status;
    ef_error *err;
} walk;

/* A group that is being copied. */
typedef struct level {
    walk *walk;
    hid_t to;
    const char *path;
} level;

static bool find_place(place *out, unsigned *links, H5O_type_t *kind, hid_t group, const char *name)
{
#if H5_VERSION_GE(1, 12, 0)
    H5O_info2_t info;
    bool found = H5Oget_info_by_name3(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0;
    memset(out, 0, sizeof *out);
    if (found) {
        *out = info.token;
    }
#else
    H5O_info_t info;
    bool found = H5Oget_info_by_name(group, name, &info, H5P_DEFAULT) >= 0;
    *out = found ? info.addr : 0;
#endif
    *links = found ? info.rc : 0;
    *kind = found ? info.type : H5O_TYPE_UNKNOWN;
    return found;
}

static const char *find_copied(const walk *all, const place *from)
{
    for (size_t i = 0; i < all->count; i++) {
        if (memcmp(&all->copied[i].from, from, sizeof *from) == 0) {
            return all->copied[i].path;
        }
    }
    return NULL;
}

static ef_status remember(walk *all, const place *from, const char *path)
{
    char *copy = ef_copy(path);
    if (copy == NULL || !ef_grow(&all->copied, &all->capacity, all->count + 1, sizeof *all->copied)) {
        free(copy);
        return ef_fail_memory(all->err, path);
    }
    all->copied[all->count++] = (copied){*from, copy};
    return EF_OK;
}

static ef_status fail_write(const walk *all, const char *path)
{
    return ef_h5_fail(all->err, EF_IO, "%s: %s cannot be written", all->way->to_name, path);
}

static ef_status copy_group(walk *all, hid_t from, hid_t to, const char *path);

static ef_status copy_subgroup(const level *here, hid_t from, const char *name, const char *path)
{
    walk *all = here->walk;
    ef_status status = EF_OK;
    hid_t creation = ef_h5_timeless(H5P_GROUP_CREATE), group = H5Gopen2(from, name, H5P_DEFAULT);
    hid_t made = group >= 0 ? H5Gcreate2(here->to, name, H5P_DEFAULT, creation, H5P_DEFAULT) : H5I_INVALID_HID;
    if (group < 0) {
        status = ef_h5_fail(all->err, EF_FORMAT, "%s:%s: cannot be opened", all->way->from_name, path);
    } else {
        status = made < 0 ? fail_write(all, path) : copy_group(all, group, made, path);
    }
    if (made >= 0) {
        H5Gclose(made);
    }
    if (group >= 0) {
        H5Gclose(group);
    }
    H5Pclose(creation);
    return status;
}

/* Values that lie in another file would be copied out of it unseen, from wherever the file says. */
static ef_status check_inside(const walk *all, hid_t from, const char *name, const char *path)
{
    char *other = NULL;
    hid_t dataset = H5Dopen2(from, name, H5P_DEFAULT);
    if (dataset < 0) {
        return ef_h5_fail(all->err, EF_FORMAT, "%s:%s: cannot be opened", all->way->from_name, path);
    }
    ef_status status = ef_h5_sources_elsewhere(&other, dataset, all->err);
    if (status == EF_OK && other != NULL) {
        status = ef_fail(all->err, EF_FORMAT,
                         "%s:%s: its values lie in another file, %s, of which nothing is copied: write them into a "
                         "plain dataset first",
                         all->way->from_name, path, other);
    }
    H5Dclose(dataset);
    free(other);
    return status;
}

static ef_status copy_object(const level *here, hid_t from, const char *name, const char *path)
{
    walk *all = here->walk;
    const ef_copy_links *way = all->way;
    place place_from;
    unsigned links;
    H5O_type_t kind;
    if (!find_place(&place_from, &links, &kind, from, name)) {
        return ef_h5_fail(all->err, EF_FORMAT, "%s:%s: cannot be opened", way->from_name, path);
    }
    const char *before = links > 1 || kind == H5O_TYPE_GROUP ? find_copied(all, &place_from) : NULL;
    if (before != NULL) {
        return H5Lcreate_hard(all->to_file, before, here->to, name, H5P_DEFAULT, H5P_DEFAULT) < 0 ? fail_write(all, path) : EF_OK;
    }
    ef_status status = links > 1 || kind == H5O_TYPE_GROUP ? remember(all, &place_from, path) : EF_OK;
    if (status != EF_OK) {
        return status;
    }
    if (kind == H5O_TYPE_GROUP) {
        return copy_subgroup(here, from, name, path);
    }
    if (kind == H5O_TYPE_DATASET && (status = check_inside(all, from, name, path)) != EF_OK) {
        return status;
    }
    if (kind == H5O_TYPE_DATASET && way->is_own(name)) {
        return way->own(way->data, from, here->to, here->path, name, all->err);
    }
    bool good =
        kind == H5O_TYPE_NAMED_DATATYPE ? ef_copy_named_type(from, here->to, name) : ef_copy_dataset(from, here->to, name);
    return good ? EF_OK : ef_h5_fail(all->err, EF_IO, "%s:%s: cannot be copied to %s", way->from_name, path, way->to_name);
}

static ef_status copy_soft(const level *here, hid_t from, const char *name, const char *path, size_t size)
{
    char *value = ef_alloc_zero(size + 1, 1);
    bool good = value != NULL && H5Lget_val(from, name, value, size, H5P_DEFAULT) >= 0 &&
                H5Lcreate_soft(value, here->to, name, H5P_DEFAULT, H5P_DEFAULT) >= 0;
    free(value);
    return good ? EF_OK : fail_write(here->walk, path);
}

static herr_t copy_link(hid_t from, const char *name, const H5L_info_t *info, void *data)
{
    const level *here = data;
    walk *all = here->walk;
    char *path = ef_copy_format("%s/%s", strcmp(here->path, "/") == 0 ? "" : here->path, name);
    if (path == NULL) {
        all->status = ef_fail_memory(all->err, name);
    } else if (info->type == H5L_TYPE_HARD) {
        all->status = copy_object(here, from, name, path);
    } else if (info->type == H5L_TYPE_SOFT) {
        all->status = copy_soft(here, from, name, path, info->u.val_size);
    } else {
        all->status = ef_fail(all->err, EF_FORMAT, "%s:%s: is a link into another file, whose contents would stay as they are",
                              all->way->from_name, path);
    }
    free(path);
    return all->status == EF_OK ? 0 : -1;
}

static ef_status copy_group(walk *all, hid_t from, hid_t to, const char *path)
{
    level here = {all, to, path};
    if (++all->depth > deepest) {
        return ef_fail(all->err, EF_FORMAT, "%s:%s: groups are nested more than %d deep", all->way->from_name, path, deepest);
    }
    if (!ef_copy_attributes(from, to)) {
        return ef_h5_fail(all->err, EF_IO, "%s:%s: its attributes cannot be copied to %s", all->way->from_name, path,
                          all->way->to_name);
    }
    if (H5Literate(from, H5_INDEX_NAME, H5_ITER_INC, NULL, copy_link, &here) < 0 && all->status == EF_OK) {
        all->status = ef_h5_fail(all->err, EF_FORMAT, "%s:%s: what is in it cannot be listed", all->way->from_name, path);
    }
    all->depth--;
    return all->status;
}

ef_status ef_copy_links_run(const ef_copy_links *way, hid_t from, hid_t to, ef_error *err)
{
    walk all = {.way = way, .to_file = to, .err = err};
    place root;
    unsigned links;
    H5O_type_t kind;
    hid_t from_root = H5Gopen2(from, "/", H5P_DEFAULT), to_root = H5Gopen2(to, "/", H5P_DEFAULT);
    ef_status status = from_root >= 0 && to_root >= 0 && find_place(&root, &links, &kind, from_root, ".")
                           ? remember(&all, &root, "/")
                           : ef_h5_fail(err, EF_FORMAT, "%s: its root cannot be opened", way->from_name);
    if (status == EF_OK) {
        status = copy_group(&all, from_root, to_root, "/");
    }
    for (size_t i = 0; i < all.count; i++) {
        free(all.copied[i].path);
    }
    free(all.copied);
    if (to_root >= 0) {
        H5Gclose(to_root);
    }
    if (from_root >= 0) {
        H5Gclose(from_root);
    }
    return status;
}
