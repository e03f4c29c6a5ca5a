/* Which distractors each number of distractors means. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/distractor_parts.h"
#include "base/path.h"
#include "list/size_list.h"
#include "list/path_table.h"

enum { distractor_components = 3, smallest_size = 10 }; /* of a path that tell one distractor from another */

/* The lists that there are. */
typedef struct found_list {
    size_t size;
    char *path;
    bool names_only; /* not asked for, but it says who the rows are */
} found_list;

typedef struct found_lists {
    found_list *items;
    size_t count, capacity;
    bool other_sets; /* there are lists of another set than the one asked for, which are not among the items */
} found_lists;

static void free_lists(found_lists *lists)
{
    for (size_t i = 0; i < lists->count; i++) {
        free(lists->items[i].path);
    }
    free(lists->items);
}

/* Whether a file is a list of distractors. */
static bool is_size_list(size_t *size, uint64_t *list_set, const char *file, const char *name)
{
    uint64_t number;
    if (!ef_size_list_match(&number, list_set, file, name)) {
        return false;
    }
    *size = (size_t)number;
    return number > 0 && number < UINT32_MAX;
}

static ef_status add_list(found_lists *lists, const char *folder, const char *name, size_t size, ef_error *err)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (lists->items[i].size == size) {
            return EF_OK; /* found in the folder before this one */
        }
    }
    if (!ef_grow(&lists->items, &lists->capacity, lists->count + 1, sizeof *lists->items)) {
        return ef_fail_memory(err, name);
    }
    char *path = ef_path_below(folder, name);
    if (path == NULL) {
        return ef_fail_memory(err, name);
    }
    lists->items[lists->count++] = (found_list){.size = size, .path = path};
    return EF_OK;
}

static ef_status look_into(found_lists *lists, const char *folder, const ef_distractor_options *options, ef_error *err)
{
    ef_status status = EF_OK;
    size_t size;
    uint64_t list_set;
    DIR *open = opendir(folder);
    if (open == NULL) {
        return errno == ENOENT ? EF_OK : ef_fail(err, EF_IO, "%s: %s", folder, strerror(errno));
    }
    for (struct dirent *entry; status == EF_OK && (entry = readdir(open)) != NULL;) {
        if (!is_size_list(&size, &list_set, entry->d_name, options->size_list)) {
            continue;
        }
        if (list_set == (uint64_t)options->list_set) {
            status = add_list(lists, folder, entry->d_name, size, err);
        } else {
            lists->other_sets = true;
        }
    }
    closedir(open);
    return status;
}

static int by_size(const void *a, const void *b)
{
    const found_list *x = a, *y = b;
    return x->size < y->size ? -1 : x->size > y->size;
}

/* All lists in the folder, ascending. */
static ef_status find_lists(found_lists *lists, const ef_distractor_way *way, ef_error *err)
{
    const ef_distractor_options *options = &way->options;
    if (options->lists == NULL || options->size_list == NULL) {
        return EF_OK;
    }
    ef_status status = look_into(lists, options->lists, options, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(way->names.places); i++) {
        char *below = ef_path_below(options->lists, ef_strings_at(way->names.places, i));
        status = below != NULL ? look_into(lists, below, options, err) : ef_fail_memory(err, options->lists);
        free(below);
    }
    if (status == EF_OK && lists->count > 0) {
        qsort(lists->items, lists->count, sizeof *lists->items, by_size);
    }
    return status;
}

/* "10, 100 and 1000" are there, to put into a message. */
static const char *sizes_text(char text[200], const found_lists *lists)
{
    size_t used = 0;
    snprintf(text, 200, "none");
    for (size_t i = 0; i < lists->count && used < 170; i++) {
        used += (size_t)snprintf(text + used, 200 - used, "%s%zu", i > 0 ? ", " : "", lists->items[i].size);
    }
    return text;
}

static ef_status check_sizes(const ef_distractor_options *options, ef_error *err)
{
    for (size_t i = 0; i < options->size_count; i++) {
        if (options->sizes[i] == 0 || (i > 0 && options->sizes[i] <= options->sizes[i - 1])) {
            return ef_fail(err, EF_INVALID, "the numbers of distractors must be above 0 and ascending; %zu is not",
                           options->sizes[i]);
        }
    }
    return EF_OK;
}

/* Moves a list to place `kept`, which is not after its own. */
static void keep_list(found_lists *lists, size_t at, size_t kept)
{
    found_list other = lists->items[kept];
    lists->items[kept] = lists->items[at];
    lists->items[at] = other;
}

/* Leaves only the lists of the sizes that are asked for, and that of `whole` entries when the set's rows are named by it (0: they are not). */
static ef_status choose_lists(found_lists *lists, const ef_distractor_options *options, size_t whole, ef_error *err)
{
    size_t kept = 0;
    char text[200];
    for (size_t i = 0; i < options->size_count; i++) {
        size_t at = kept;
        while (at < lists->count && lists->items[at].size != options->sizes[i]) {
            at++;
        }
        if (at == lists->count) {
            char *file = ef_size_list_file(options->size_list, options->sizes[i], (uint64_t)options->list_set);
            ef_status status = file != NULL
                                   ? ef_fail(err, EF_INVALID, "%s: holds no list of %zu distractors (%s); sizes there: %s",
                                             options->lists, options->sizes[i], file, sizes_text(text, lists))
                                   : ef_fail_memory(err, options->lists);
            free(file);
            return status;
        }
        keep_list(lists, at, kept++);
    }
    bool named = whole == 0 || lists->items[kept - 1].size == whole;
    for (size_t at = kept; at < lists->count && !named; at++) {
        if (lists->items[at].size == whole) {
            lists->items[at].names_only = named = true;
            keep_list(lists, at, kept++);
        }
    }
    while (lists->count > kept) {
        free(lists->items[--lists->count].path);
    }
    return EF_OK;
}

/* Distractors that are found by name. */
typedef struct reading {
    ef_distractor_set *set;
    ef_strings *names;
    ef_path_table *table;
    bool growing; /* what is not there yet is added */
} reading;

/* rows[i] = the distractor that entry i of a list is; `seen` has a byte for each that there can be. */
static ef_status find_entries(uint32_t *rows, unsigned char *seen, reading *all, const ef_strings *paths, const char *list,
                              ef_error *err)
{
    for (size_t i = 0; i < ef_strings_count(paths); i++) {
        const char *path = ef_strings_at(paths, i);
        size_t row = ef_path_table_find(all->table, path);
        if (row == EF_PATH_NONE && !all->growing) {
            return ef_fail(err, EF_FORMAT, "%s: entry %zu, '%s', is not among %s", list, i + 1, path,
                           ef_set_field_name(all->set->side[EF_SIDE_DISTRACTORS].set, EF_IDS));
        }
        if (row == EF_PATH_NONE) {
            row = ef_strings_count(all->names);
            ef_status status = ef_strings_add(all->names, path, strlen(path), err);
            if (status != EF_OK || (status = ef_path_table_add(&row, all->table, row, err)) != EF_OK) {
                return status;
            }
        }
        if (seen[row]) {
            return ef_fail(err, EF_FORMAT, "%s: entry %zu, '%s', stands in the list twice", list, i + 1, path);
        }
        seen[row] = 1;
        rows[i] = (uint32_t)row;
    }
    return EF_OK;
}

static bool is_beginning(const uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i] != i) {
            return false;
        }
    }
    return true;
}

static ef_status find_members(ef_distractor_size *size, reading *all, const ef_strings *paths, const found_list *list,
                              ef_error *err)
{
    size_t count = ef_strings_count(paths);
    uint32_t *rows = ef_alloc(count, sizeof *rows);
    unsigned char *seen = ef_alloc_zero(ef_strings_count(all->names) + count, 1);
    char *copy = ef_copy(list->path);
    ef_status status = rows != NULL && seen != NULL && copy != NULL ? find_entries(rows, seen, all, paths, list->path, err)
                                                                    : ef_fail_memory(err, list->path);
    free(seen);
    if (status != EF_OK) {
        free(rows);
        free(copy);
        return status;
    }
    if (is_beginning(rows, count)) {
        free(rows);
        rows = NULL;
    }
    *size = (ef_distractor_size){count, rows, copy};
    return EF_OK;
}

static ef_status read_size(ef_distractor_size *size, reading *all, const found_list *list, ef_error *err)
{
    ef_json_list images = {0};
    ef_status status = ef_distractor_check_list(list->path, err);
    if (status == EF_OK) {
        status = ef_json_list_read(&images, list->path, err);
    }
    if (status == EF_OK && ef_strings_count(images.paths) != list->size) {
        status = ef_fail(err, EF_FORMAT, "%s: names %zu images, but its own name says %zu", list->path,
                         ef_strings_count(images.paths), list->size);
    }
    if (status == EF_OK) {
        status = find_members(size, all, images.paths, list, err);
    }
    if (status == EF_OK) {
        status = ef_distractor_set_note(all->set, "distractors", list->path, &images.mark, err);
    }
    ef_json_list_free(&images);
    return status;
}

/* The names that lists are looked up in: the ids; without ids in HDF5 those of the list as long as the set, and in a folder those of all lists, which
 * come about as the lists are read.  *whole = which list is the set; lists->count: none. */
static ef_status begin_names(reading *all, size_t *whole, const found_lists *lists, ef_error *err)
{
    ef_distractor_side *side = &all->set->side[EF_SIDE_DISTRACTORS];
    *whole = lists->count;
    if (side->set != NULL && ef_set_has(side->set, EF_IDS)) {
        ef_status status = ef_set_read_strings(side->set, EF_IDS, &all->names, err);
        if (status == EF_OK) {
            status = ef_path_table_create(&all->table, all->names, distractor_components, err);
        }
        return status == EF_OK ? ef_path_table_add_all(all->table, ef_set_field_name(side->set, EF_IDS), "row", 0, err) : status;
    }
    for (size_t i = 0; i < lists->count && side->set != NULL; i++) {
        *whole = lists->items[i].size == side->count ? i : *whole;
    }
    if (side->set != NULL && *whole == lists->count) {
        return ef_fail(err, EF_FORMAT,
                       "%s: has %zu rows and no ids, and no list has as many entries; write ids, or leave the lists out",
                       side->name, side->count);
    }
    all->growing = true;
    ef_status status = ef_strings_create(&all->names, err);
    return status == EF_OK ? ef_path_table_create(&all->table, all->names, distractor_components, err) : status;
}

/* The longest list first: it is then all of the distractors from the first one on, unless ids say otherwise. */
static ef_status read_sizes(ef_distractor_set *set, const found_lists *lists, ef_error *err)
{
    ef_distractor_side *side = &set->side[EF_SIDE_DISTRACTORS];
    reading all = {.set = set};
    size_t whole;
    if (side->set != NULL && lists->items[lists->count - 1].size > side->count) {
        return ef_fail(err, EF_FORMAT,
                       "%s: names %zu distractors, but %s has only %zu; choose smaller sizes, or leave the lists out",
                       lists->items[lists->count - 1].path, lists->items[lists->count - 1].size, side->name, side->count);
    }
    ef_status status = begin_names(&all, &whole, lists, err);
    for (size_t i = lists->count; i-- > 0 && status == EF_OK;) {
        status = read_size(&set->sizes[i], &all, &lists->items[i], err);
        all.growing = side->set == NULL;
    }
    set->size_count = lists->count;
    if (lists->items[lists->count - 1].names_only) {
        ef_distractor_size_free(&set->sizes[--set->size_count]);
    }
    ef_path_table_free(all.table);
    side->names = all.names;
    if (side->set == NULL) {
        side->count = ef_strings_count(all.names);
    }
    return status;
}

/* Without lists: the first 10, 100, ..., and all; or the first of as many as are asked for. */
static ef_status take_beginnings(ef_distractor_set *set, const ef_distractor_options *options, ef_error *err)
{
    const ef_distractor_side *side = &set->side[EF_SIDE_DISTRACTORS];
    if (options->size_count > 0 && options->sizes[options->size_count - 1] > side->count) {
        return ef_fail(err, EF_INVALID, "%s: has %zu distractors; %zu are asked for", side->name, side->count,
                       options->sizes[options->size_count - 1]);
    }
    for (size_t i = 0; i < options->size_count; i++) {
        set->sizes[set->size_count++].count = options->sizes[i];
    }
    for (size_t size = smallest_size; options->size_count == 0 && size < side->count; size *= 10) {
        set->sizes[set->size_count++].count = size;
    }
    if (options->size_count == 0) {
        set->sizes[set->size_count++].count = side->count;
    }
    return EF_OK;
}

static ef_status take_ids(ef_distractor_side *side, ef_error *err)
{
    return ef_set_has(side->set, EF_IDS) ? ef_set_read_strings(side->set, EF_IDS, &side->names, err) : EF_OK;
}

static ef_status has_list(bool *has, const ef_distractor_way *way, const char *name, ef_error *err)
{
    char *path;
    ef_status status = ef_distractor_list_path(&path, way, name, false, err);
    *has = *has || path != NULL;
    free(path);
    return status;
}

/* Whether a folder of lists without those asked for is there for others: of noisy images alone, as the clean test pack has them. */
static ef_status is_for_noise(bool *only_noise, const ef_distractor_way *way, ef_error *err)
{
    bool noise = false, probes = false;
    ef_status status = has_list(&probes, way, way->options.probe_list, err);
    for (int side = EF_SIDE_PROBES; side <= EF_SIDE_DISTRACTORS && status == EF_OK; side++) {
        status = has_list(&noise, way, way->options.noise_list[side], err);
    }
    *only_noise = noise && !probes;
    return status;
}

static ef_status fail_absent(const found_lists *lists, const ef_distractor_way *way, const ef_distractor_side *side,
                             ef_error *err)
{
    const ef_distractor_options *options = &way->options;
    char places[EF_PLACES_TEXT];
    if (options->size_list == NULL) {
        return ef_fail(
            err, EF_INVALID,
            "%s: nothing says what the lists of distractors are called: neither the protocol ([lists] distractors) nor "
            "--distractor-list",
            side->name);
    }
    char *file = ef_size_list_file(options->size_list, 1000000, (uint64_t)options->list_set);
    ef_status status = EF_OK;
    if (file == NULL) {
        status = ef_fail_memory(err, side->name);
    } else if (options->lists == NULL) {
        status = ef_fail(err, EF_INVALID,
                         "no folder is given to look for lists of distractors in (%s or the like): --data names it", file);
    } else {
        status = ef_fail(err, EF_IO, "%s: holds no list of distractors (%s or the like)%s%s", options->lists, file,
                         ef_distractor_places(places, way),
                         lists->other_sets ? "; there are some of another set, which --list-set chooses" : "");
    }
    free(file);
    return status;
}

/* Rows of HDF5 stand in for lists where nobody said that there are any. */
static ef_status check_absence(const ef_distractor_side *side, const found_lists *lists, const ef_distractor_way *way,
                               ef_error *err)
{
    bool needed = side->set == NULL || way->size_list_named || way->list_set_named || lists->other_sets;
    if (!needed && way->lists_named) {
        bool only_noise;
        ef_status status = is_for_noise(&only_noise, way, err);
        if (status != EF_OK) {
            return status;
        }
        needed = !only_noise;
    }
    return needed ? fail_absent(lists, way, side, err) : EF_OK;
}

ef_status ef_distractor_sizes(ef_distractor_set *set, const ef_distractor_way *way, ef_error *err)
{
    const ef_distractor_options *options = &way->options;
    ef_distractor_side *side = &set->side[EF_SIDE_DISTRACTORS];
    found_lists lists = {0};
    size_t most = options->size_count + 20; /* powers of ten below 2^64 */
    ef_status status = check_sizes(options, err);
    if (status == EF_OK) {
        status = find_lists(&lists, way, err);
    }
    if (status == EF_OK && lists.count == 0) {
        status = check_absence(side, &lists, way, err);
    }
    if (status == EF_OK && lists.count > 0 && options->size_count > 0) {
        bool by_list = side->set != NULL && !ef_set_has(side->set, EF_IDS);
        status = choose_lists(&lists, options, by_list ? side->count : 0, err);
    }
    most = lists.count > most ? lists.count : most;
    if (status == EF_OK && (set->sizes = ef_alloc_zero(most, sizeof *set->sizes)) == NULL) {
        status = ef_fail_memory(err, set->name);
    }
    if (status == EF_OK && lists.count > 0) {
        status = read_sizes(set, &lists, err);
    } else if (status == EF_OK && (status = take_beginnings(set, options, err)) == EF_OK) {
        status = take_ids(side, err);
    }
    free_lists(&lists);
    return status;
}
