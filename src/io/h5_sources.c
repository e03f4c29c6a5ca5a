#include "io/h5_sources.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "io/h5.h"
#include "io/h5_find_file.h"
#include "io/h5_holes.h"
#include "io/h5_written.h"

enum { deepest = 16, looked_ahead = 16 }; /* virtual datasets within virtual ones; blocks behind the first that is missing */

#define MOST_PIECES ((uint64_t)1 << 20) /* each piece of a source that is virtual itself counted wherever that is a source */

/* A dataset that was looked at, with its sources. */
typedef struct known_source {
    bool whole;      /* all of it was written, and something fills all of it */
    uint64_t pieces; /* that it is put together from, down to datasets that hold values */
} known_source;

typedef struct known_list {
    ef_strings *keys; /* file and name of each */
    ef_intern *intern;
    known_source *items;
    size_t count, capacity;
} known_list;

/* A dataset whose sources are looked at. */
typedef struct owner {
    ef_h5_files *files;
    known_list *known; /* virtual datasets within virtual ones lead to the same ones over and over */
    hid_t dataset;
    const char *name, *file;
    int depth;
    uint64_t *pieces; /* grows by those of its sources */
} owner;

/* Where one piece of a virtual dataset comes from. */
typedef struct source {
    char *file, *dataset; /* as the virtual dataset has them: "." is its own file, %b the number of a block, %% a per cent sign */
    hid_t space;          /* what is taken of it */
    hssize_t values;      /* that it fills; negative: as many as there are */
} source;

static ef_status check_dataset(const owner *self, ef_error *err);

/* --- External storage: raw files ----------------------------------------------------------------------------------------------- */

/* The path of a raw file; HDF5 looks for it from the folder at work, unless told otherwise. */
static char *raw_path(const owner *self, const char *name)
{
    static const char origin[] = "${ORIGIN}";
    const char *prefix = getenv("HDF5_EXTFILE_PREFIX"), *slash = strrchr(self->file, '/');
    if (name[0] == '/' || prefix == NULL || *prefix == '\0' || strcmp(prefix, ".") == 0) {
        return ef_copy(name);
    }
    if (strncmp(prefix, origin, sizeof origin - 1) != 0) {
        return ef_copy_format("%s/%s", prefix, name);
    }
    return ef_copy_format("%.*s%s/%s", slash != NULL ? (int)(slash - self->file) : 1, slash != NULL ? self->file : ".",
                          prefix + sizeof origin - 1, name);
}

/* One raw file, of which `*left` bytes, or the `size` that it is said to have, are taken from `offset` on. */
static ef_status check_raw(const owner *self, const char *name, uint64_t offset, uint64_t size, uint64_t *left, ef_error *err)
{
    ef_file_mark mark;
    char *path = raw_path(self, name);
    if (path == NULL) {
        return ef_fail_memory(err, name);
    }
    uint64_t wanted = size < *left ? size : *left;
    ef_status status = EF_OK;
    ef_file_mark_take(&mark, path);
    if (!mark.there || mark.once) {
        status = ef_fail(err, EF_IO, "%s: its values lie in %s (external storage), which is %s%s", self->name, path,
                         mark.there ? "no regular file" : "missing",
                         mark.there || name[0] == '/' || getenv("HDF5_EXTFILE_PREFIX") != NULL
                             ? ""
                             : "; HDF5 looked in the folder at work, and looks beside the file with "
                               "HDF5_EXTFILE_PREFIX='${ORIGIN}' in the environment");
    } else if (wanted > 0 && (mark.bytes < offset || mark.bytes - offset < wanted)) {
        status = ef_fail(err, EF_FORMAT, "%s: its values lie in %s (external storage), which has %llu bytes, not %llu",
                         self->name, path, (unsigned long long)mark.bytes, (unsigned long long)(offset + wanted));
    } else {
        status = ef_h5_files_add(self->files, path, &mark, err);
    }
    *left -= wanted;
    free(path);
    return status;
}

/* The bytes of all values. */
static uint64_t value_bytes(hid_t dataset)
{
    hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
    hssize_t points = space >= 0 ? H5Sget_simple_extent_npoints(space) : 0;
    uint64_t bytes = points > 0 && type >= 0 ? (uint64_t)points * H5Tget_size(type) : 0;
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    return bytes;
}

static ef_status check_external(const owner *self, hid_t creation, ef_error *err)
{
    int count = H5Pget_external_count(creation);
    uint64_t left = value_bytes(self->dataset);
    ef_status status = EF_OK;
    for (int i = 0; status == EF_OK && i < count; i++) {
        char name[4096] = "";
        off_t offset = 0;
        hsize_t size = 0;
        if (H5Pget_external(creation, (unsigned)i, sizeof name - 1, name, &offset, &size) < 0) {
            return ef_h5_fail(err, EF_FORMAT, "%s: the names of the files that it lies in cannot be read", self->name);
        }
        status = check_raw(self, name, (uint64_t)offset, size, &left, err);
    }
    return status;
}

/* --- Virtual datasets: other datasets ------------------------------------------------------------------------------------------ */

static void free_source(source *from)
{
    free(from->file);
    free(from->dataset);
    if (from->space >= 0) {
        H5Sclose(from->space);
    }
}

/* A name of source `index`, by one of HDF5's two functions. */
static char *get_name(hid_t creation, size_t index, ssize_t (*get)(hid_t, size_t, char *, size_t))
{
    ssize_t length = get(creation, index, NULL, 0);
    char *name = length >= 0 ? ef_alloc((size_t)length + 1, 1) : NULL;
    if (name != NULL && get(creation, index, name, (size_t)length + 1) < 0) {
        free(name);
        return NULL;
    }
    return name;
}

static ef_status read_source(source *out, const owner *self, hid_t creation, size_t index, ef_error *err)
{
    hid_t filled = H5Pget_virtual_vspace(creation, index);
    *out = (source){.file = get_name(creation, index, H5Pget_virtual_filename),
                    .dataset = get_name(creation, index, H5Pget_virtual_dsetname),
                    .space = H5Pget_virtual_srcspace(creation, index),
                    .values = filled >= 0 ? H5Sget_select_npoints(filled) : -1};
    bool good = out->file != NULL && out->dataset != NULL && out->space >= 0 && filled >= 0;
    if (filled >= 0) {
        H5Sclose(filled);
    }
    return good ? EF_OK : ef_h5_fail(err, EF_FORMAT, "%s: what it is put together from cannot be read", self->name);
}

/* Whether a name has the number of a block in it. */
static bool is_numbered(const char *name)
{
    for (const char *at = strchr(name, '%'); at != NULL && at[1] != '\0'; at = strchr(at + 2, '%')) {
        if (at[1] == 'b') {
            return true;
        }
    }
    return false;
}

/* A name with the number of a block, and its per cent signs single; NULL when memory is out. */
static char *fill_name(const char *name, unsigned long long block)
{
    char number[32];
    size_t digits = (size_t)snprintf(number, sizeof number, "%llu", block), size, used = 0;
    bool fits = ef_size_mul(&size, strlen(name), digits);
    char *filled = fits ? ef_alloc(size + 1, 1) : NULL;
    for (const char *at = name; filled != NULL && *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 'b') {
            memcpy(filled + used, number, digits);
            used += digits;
            at++;
            continue;
        }
        at += at[0] == '%' && at[1] == '%';
        filled[used++] = *at;
    }
    if (filled != NULL) {
        filled[used] = '\0';
    }
    return filled;
}

/* Whether a source holds all that is taken of it. */
static ef_status check_extent(const owner *from, const source *piece, const owner *self, ef_error *err)
{
    hsize_t shape[H5S_MAX_RANK] = {0}, start[H5S_MAX_RANK], end[H5S_MAX_RANK];
    hid_t space = H5Dget_space(from->dataset);
    int rank = space >= 0 ? H5Sget_simple_extent_dims(space, shape, NULL) : -1;
    hssize_t there = space >= 0 ? H5Sget_simple_extent_npoints(space) : 0;
    bool fits = rank >= 0;
    if (piece->values == 0) {
        fits = true;
    } else if (fits && H5Sget_select_type(piece->space) == H5S_SEL_ALL) {
        fits = there == piece->values;
    } else if (fits && rank > 0) {
        fits = H5Sget_simple_extent_ndims(piece->space) == rank && H5Sget_select_bounds(piece->space, start, end) >= 0;
        for (int k = 0; fits && k < rank; k++) {
            fits = end[k] < shape[k];
        }
    }
    if (space >= 0) {
        H5Sclose(space);
    }
    return fits ? EF_OK
                : ef_fail(err, EF_FORMAT, "%s: takes values of %s (virtual dataset) that are beyond its end", self->name,
                          from->name);
}

static ef_status create_known(known_list *list, ef_error *err)
{
    ef_status status = ef_strings_create(&list->keys, err);
    return status == EF_OK ? ef_intern_create(&list->intern, list->keys, err) : status;
}

/* What tells a dataset from all others; freed with free(). */
static char *make_key(const char *file_name, const char *name)
{
    ef_file_mark file;
    ef_file_mark_take(&file, file_name);
    return ef_copy_format("%llx:%llx:%s", (unsigned long long)file.device, (unsigned long long)file.inode, name);
}

/* NULL when it was not looked at. */
static const known_source *find_known(const known_list *list, const char *key)
{
    size_t index;
    return ef_intern_find(&index, list->intern, key, strlen(key)) ? &list->items[index] : NULL;
}

static ef_status add_known(known_list *list, const char *key, const known_source *item, ef_error *err)
{
    size_t index;
    if (!ef_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items)) {
        return ef_fail_memory(err, key);
    }
    ef_status status = ef_intern_add(&index, list->intern, key, strlen(key), err);
    if (status == EF_OK) {
        list->items[list->count++] = *item;
    }
    return status;
}

static void free_known(known_list *list)
{
    ef_intern_free(list->intern);
    ef_strings_free(list->keys);
    free(list->items);
}

/* Whether what is taken of a source is there, not asking its own sources. */
static ef_status check_taken(const owner *from, const source *piece, ef_error *err)
{
    ef_status status = ef_h5_written_within(from->dataset, piece->space, from->name, err);
    return status == EF_OK ? ef_h5_holes_check(from->dataset, piece->space, from->name, err) : status;
}

static bool is_whole(const owner *from)
{
    return ef_h5_written(from->dataset, from->name, NULL) == EF_OK &&
           ef_h5_holes_check(from->dataset, H5I_INVALID_HID, from->name, NULL) == EF_OK;
}

/* Checks what is taken of a source, `name` in its file, and its own sources, these once.  It is known only after that: a dataset
 * made of itself is looked at until it is too deep. */
static ef_status check_source(owner *from, const source *piece, const char *name, uint64_t *pieces, ef_error *err)
{
    known_source found = {false, 0};
    char *key = make_key(from->file, name);
    if (key == NULL) {
        return ef_fail_memory(err, name);
    }
    const known_source *seen = find_known(from->known, key);
    ef_status status = EF_OK;
    if (seen != NULL) {
        found = *seen;
    } else {
        from->pieces = &found.pieces;
        status = check_dataset(from, err);
        found.whole = status == EF_OK && is_whole(from);
    }
    if (status == EF_OK && !found.whole) {
        status = check_taken(from, piece, err);
    }
    if (status == EF_OK && seen == NULL) {
        status = add_known(from->known, key, &found, err);
    }
    *pieces = found.pieces > 0 ? found.pieces : 1;
    free(key);
    return status;
}

/* Adds the pieces of a source.  HDF5 goes down to each of them whenever it reads: very many would take it hours. */
static ef_status count_pieces(const owner *self, uint64_t pieces, ef_error *err)
{
    *self->pieces += pieces; /* neither is more than MOST_PIECES */
    return *self->pieces <= MOST_PIECES
               ? EF_OK
               : ef_fail(
                     err, EF_FORMAT,
                     "%s: is put together from more than %llu pieces (virtual dataset), those of its sources counted each time "
                     "they are taken: copy the values into one dataset",
                     self->name, (unsigned long long)MOST_PIECES);
}

/* Opens one source, and checks it as the virtual dataset itself.  *there = false, and no error, when it is missing. */
static ef_status check_block(bool *there, const owner *self, const source *piece, const char *file, const char *dataset,
                             ef_error *err)
{
    bool own = strcmp(file, ".") == 0;
    hid_t handle = H5I_INVALID_HID;
    ef_status status = own ? EF_OK : ef_h5_find_file(&handle, self->file, file, err);
    owner from = {.files = self->files, .known = self->known, .dataset = H5I_INVALID_HID, .depth = self->depth + 1};
    char *path = NULL, *name = NULL;
    uint64_t pieces = 0;
    *there = false;
    handle = own ? H5Iget_file_id(self->dataset) : handle;
    if (status == EF_OK && handle >= 0 && ef_h5_kind(handle, dataset) == H5I_DATASET) {
        path = ef_h5_file_name(handle);
        name = path != NULL ? ef_copy_format("%s:%s%s", path, dataset[0] == '/' ? "" : "/", dataset) : NULL;
        from.dataset = H5Dopen2(handle, dataset, H5P_DEFAULT);
        from.file = path;
        from.name = name;
        *there = from.dataset >= 0;
        status = name != NULL ? EF_OK : ef_fail_memory(err, self->name);
    }
    if (status == EF_OK && *there && piece->values >= 0) {
        status = check_extent(&from, piece, self, err);
    }
    if (status == EF_OK && *there) {
        status = check_source(&from, piece, dataset, &pieces, err);
    }
    if (status == EF_OK && *there) {
        status = count_pieces(self, pieces, err);
    }
    if (from.dataset >= 0) {
        H5Dclose(from.dataset);
    }
    if (handle >= 0) {
        H5Fclose(handle);
    }
    free(name);
    free(path);
    return status;
}

static ef_status fail_missing(const owner *self, const char *file, const char *dataset, ef_error *err)
{
    bool own = strcmp(file, ".") == 0;
    hid_t found = H5I_INVALID_HID;
    if (!own && ef_h5_find_file(&found, self->file, file, NULL) == EF_OK && found >= 0) {
        H5Fclose(found);
        return ef_fail(err, EF_IO,
                       "%s: takes its values from %s:%s (virtual dataset), of which the file is there, but no such dataset in it",
                       self->name, file, dataset);
    }
    return ef_fail(err, EF_IO, "%s: takes its values from %s%s%s (virtual dataset), which is missing; looked for %s", self->name,
                   own ? "" : file, own ? "" : ":", dataset,
                   own ? "in this file" : "under that name, beside the file and in the folder at work");
}

static ef_status check_numbered_block(bool *there, const owner *self, const source *piece, unsigned long long block,
                                      ef_error *err)
{
    char *file = fill_name(piece->file, block), *dataset = fill_name(piece->dataset, block);
    ef_status status =
        file != NULL && dataset != NULL ? check_block(there, self, piece, file, dataset, err) : ef_fail_memory(err, self->name);
    if (status == EF_OK && !*there && !is_numbered(piece->file) && !is_numbered(piece->dataset)) {
        status = fail_missing(self, file, dataset, err);
    }
    free(file);
    free(dataset);
    return status;
}

/* Blocks are counted by HDF5 until one is missing; one that is there behind it would be left out. */
static ef_status check_numbered(const owner *self, const source *piece, ef_error *err)
{
    unsigned long long block = 0;
    bool there = true;
    ef_status status = EF_OK;
    while (status == EF_OK && there) {
        status = check_numbered_block(&there, self, piece, block, err);
        block += there;
    }
    for (unsigned long long next = block + 1; status == EF_OK && next <= block + looked_ahead; next++) {
        status = check_numbered_block(&there, self, piece, next, err);
        if (status == EF_OK && there) {
            return ef_fail(err, EF_IO,
                           "%s: takes its values from %s:%s (virtual dataset), of which block %llu is missing, but block %llu is "
                           "there",
                           self->name, piece->file, piece->dataset, block, next);
        }
    }
    return status == EF_OK && block == 0 ? fail_missing(self, piece->file, piece->dataset, err) : status;
}

static ef_status check_virtual(const owner *self, hid_t creation, ef_error *err)
{
    size_t count = 0;
    bool there;
    ef_status status = EF_OK;
    if (self->depth >= deepest) {
        return ef_fail(err, EF_FORMAT, "%s: virtual datasets are made of virtual datasets more than %d deep", self->name,
                       deepest);
    }
    if (H5Pget_virtual_count(creation, &count) < 0) {
        return ef_h5_fail(err, EF_FORMAT, "%s: what it is put together from cannot be read", self->name);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        source piece;
        status = read_source(&piece, self, creation, i, err);
        if (status == EF_OK && (is_numbered(piece.file) || is_numbered(piece.dataset))) {
            status = check_numbered(self, &piece, err);
        } else if (status == EF_OK) {
            status = check_numbered_block(&there, self, &piece, 0, err);
        }
        free_source(&piece);
    }
    return status;
}

/* --- Both ---------------------------------------------------------------------------------------------------------------------- */

static ef_status check_dataset(const owner *self, ef_error *err)
{
    hid_t creation = H5Dget_create_plist(self->dataset);
    if (creation < 0) {
        return ef_h5_fail(err, EF_FORMAT, "%s: how it is stored cannot be read", self->name);
    }
    ef_status status = ef_h5_files_add_of(self->files, self->dataset, self->file, err);
    if (status == EF_OK && H5Pget_layout(creation) == H5D_VIRTUAL) {
        status = check_virtual(self, creation, err);
    } else if (status == EF_OK && H5Pget_external_count(creation) > 0) {
        status = check_external(self, creation, err);
    }
    H5Pclose(creation);
    return status;
}

ef_status ef_h5_sources_check(ef_h5_files *files, hid_t dataset, const char *name, ef_error *err)
{
    char *file = ef_h5_file_name(dataset);
    known_list known = {0};
    uint64_t pieces = 0;
    const owner self = {.files = files, .known = &known, .dataset = dataset, .name = name, .file = file, .pieces = &pieces};
    ef_status status = file != NULL ? create_known(&known, err) : ef_fail_memory(err, name);
    if (status == EF_OK && (status = check_dataset(&self, err)) == EF_OK) {
        status = ef_h5_holes_check(dataset, H5I_INVALID_HID, name, err);
    }
    free_known(&known);
    free(file);
    return status;
}

ef_status ef_h5_sources_elsewhere(char **other, hid_t dataset, ef_error *err)
{
    hid_t creation = H5Dget_create_plist(dataset);
    size_t count = 0;
    ef_status status = creation >= 0 ? EF_OK : ef_h5_fail(err, EF_FORMAT, "how a dataset is stored cannot be read");
    *other = NULL;
    if (status == EF_OK && H5Pget_external_count(creation) > 0) {
        char name[4096] = "";
        H5Pget_external(creation, 0, sizeof name - 1, name, NULL, NULL);
        *other = ef_copy(name);
        status = *other != NULL ? EF_OK : ef_fail_memory(err, "a name");
    } else if (status == EF_OK && H5Pget_layout(creation) == H5D_VIRTUAL && H5Pget_virtual_count(creation, &count) >= 0) {
        for (size_t i = 0; status == EF_OK && *other == NULL && i < count; i++) {
            *other = get_name(creation, i, H5Pget_virtual_filename);
            status = *other != NULL ? EF_OK : ef_fail_memory(err, "a name");
            if (status == EF_OK && strcmp(*other, ".") == 0) {
                free(*other);
                *other = NULL;
            }
        }
    }
    if (creation >= 0) {
        H5Pclose(creation);
    }
    return status;
}
