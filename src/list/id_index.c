/* Every name becomes a key: its components in reverse order, each with '/' behind it ("a/b/c.jpg": "c/b/a/").  A suffix of
 * components is then a prefix of keys, and the names that share one are neighbours in the sorted keys. */
#include <eface/id_index.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text_file.h"

typedef struct id_entry {
    const char *key;
    const char *name;
    size_t number; /* of the name in its table */
} id_entry;

/* The names of one table, sorted by key. */
typedef struct sorted_ids {
    char *text; /* all keys, each with its NUL */
    id_entry *entries;
    size_t count;
} sorted_ids;

struct ef_id_index {
    sorted_ids set;
};

static void free_sorted(sorted_ids *sorted)
{
    free(sorted->text);
    free(sorted->entries);
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* The length of the last component of a path without the extension of an image file. */
static size_t stem_length(const char *text, size_t length)
{
    static const char *const extensions[] = {".jpg",  ".jpeg", ".png", ".bmp", ".gif", ".tif",
                                             ".tiff", ".webp", ".ppm", ".pgm", ".pnm", ".jp2"};
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        size_t extension = strlen(extensions[i]);
        if (length > extension && ef_span_equal_nocase((ef_span){text + length - extension, extension}, extensions[i])) {
            return length - extension;
        }
    }
    return length;
}

/* Writes the key of a name with its NUL, at most strlen(name) + 2 bytes; returns where the next may begin. */
static char *write_key(char *key, const char *name)
{
    bool last = true;
    size_t end = strlen(name);
    while (end > 0) {
        size_t start = end;
        while (start > 0 && !is_slash(name[start - 1])) {
            start--;
        }
        size_t length = end - start;
        if (length > 0 && !(length == 1 && name[start] == '.')) {
            length = last ? stem_length(name + start, length) : length;
            memcpy(key, name + start, length);
            key += length;
            *key++ = '/';
            last = false;
        }
        end = start > 0 ? start - 1 : 0;
    }
    *key++ = '\0';
    return key;
}

/* By key; equal keys by name and then by number, so that repeated names stand side by side. */
static int compare_entries(const void *a, const void *b)
{
    const id_entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    order = order != 0 ? order : strcmp(x->name, y->name);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static ef_status sort_names(sorted_ids *out, const ef_strings *names, ef_error *err)
{
    size_t count = ef_strings_count(names), size = 0;
    bool fits = true;
    for (size_t i = 0; i < count && fits; i++) {
        fits = ef_size_add(&size, size, strlen(ef_strings_at(names, i)) + 2);
    }
    sorted_ids sorted = {NULL, NULL, count};
    if (fits) {
        sorted.text = ef_alloc(size, 1);
        sorted.entries = ef_alloc(count, sizeof *sorted.entries);
    }
    if (sorted.text == NULL || sorted.entries == NULL) {
        free_sorted(&sorted);
        return ef_fail_memory(err, "an index of image names");
    }
    char *key = sorted.text;
    for (size_t i = 0; i < count; i++) {
        sorted.entries[i] = (id_entry){key, ef_strings_at(names, i), i};
        key = write_key(key, sorted.entries[i].name);
    }
    qsort(sorted.entries, count, sizeof *sorted.entries, compare_entries);
    *out = sorted;
    return EF_OK;
}

static ef_status check_distinct(const sorted_ids *set, const char *name, ef_error *err)
{
    const id_entry *repeated = NULL;
    for (size_t i = 1; i < set->count; i++) {
        const id_entry *entry = &set->entries[i];
        if (strcmp(entry[-1].name, entry->name) == 0 && (repeated == NULL || entry->number < repeated->number)) {
            repeated = entry;
        }
    }
    if (repeated == NULL) {
        return EF_OK;
    }
    return ef_fail(err, EF_FORMAT, "%s: rows %zu and %zu, counted from 0, have the same name \"%s\"", name, repeated[-1].number,
                   repeated->number, repeated->name);
}

ef_status ef_id_index_create(ef_id_index **out, const ef_strings *ids, const char *name, ef_error *err)
{
    ef_id_index *index = calloc(1, sizeof *index);
    if (index == NULL) {
        return ef_fail_memory(err, "an index of image names");
    }
    ef_status status = sort_names(&index->set, ids, err);
    if (status == EF_OK) {
        status = check_distinct(&index->set, name, err);
    }
    if (status != EF_OK) {
        ef_id_index_free(index);
        return status;
    }
    *out = index;
    return EF_OK;
}

void ef_id_index_free(ef_id_index *index)
{
    if (index != NULL) {
        free_sorted(&index->set);
        free(index);
    }
}

/* How many bytes two keys share from the front, whole components only. */
static size_t shared(const char *a, const char *b)
{
    size_t whole = 0;
    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
        if (a[i] == '/') {
            whole = i + 1;
        }
    }
    return whole;
}

/* The first entry whose first `length` bytes are not before those of `key`; `after`: that are after them. */
static size_t bound(const sorted_ids *sorted, const char *key, size_t length, bool after)
{
    size_t low = 0, high = sorted->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(sorted->entries[middle].key, key, length);
        if (order < 0 || (after && order == 0)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* How one name was found: what both have before their common suffix, as keys.  The row's is the replacement for the name's. */
typedef struct found_match {
    size_t number; /* of the name in its table */
    size_t row;
    const char *name_head, *row_head;
    const char *row_folder; /* all of the row's name but the file's own */
    bool exact;             /* letter for letter: nothing goes before it */
} found_match;

static size_t find_row(const sorted_ids *set, const sorted_ids *wanted, const char *key, size_t length, size_t *entry)
{
    /* All rows that share the longest suffix; one that is nothing but the suffix has the shortest key and so comes first. */
    size_t first = bound(set, key, length, false), end = bound(set, key, length, true);
    *entry = first;
    if (set->entries[first].key[length] == '\0') {
        bool twice = first + 1 < end && set->entries[first + 1].key[length] == '\0';
        return twice ? EF_ID_AMBIGUOUS : set->entries[first].number;
    }
    if (key[length] == '\0') {
        return end - first > 1 ? EF_ID_AMBIGUOUS : set->entries[first].number;
    }
    /* Both names go on, and differ there: the suffix must tell them from all others. */
    bool tells = end - first == 1 && bound(wanted, key, length, true) - bound(wanted, key, length, false) == 1;
    return tells ? set->entries[first].number : EF_ID_MISSING;
}

/* What a key has behind the file's own name. */
static const char *folder_of(const char *key)
{
    const char *slash = strchr(key, '/');
    return slash != NULL ? slash + 1 : "";
}

/* The row that has just this name, letter for letter, or EF_ID_MISSING; entries of one key are in the order of their names, from `first` on. */
static size_t find_exact(const sorted_ids *set, const id_entry *name, size_t first)
{
    size_t low = first, high = bound(set, name->key, strlen(name->key) + 1, true);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(set->entries[middle].name, name->name);
        if (order == 0) {
            return set->entries[middle].number;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return EF_ID_MISSING;
}

static found_match match(const sorted_ids *set, const sorted_ids *wanted, const id_entry *name)
{
    const char *key = name->key;
    found_match found = {name->number, EF_ID_MISSING, "", "", "", true};
    size_t at = bound(set, key, strlen(key) + 1, false), length = 0, entry = 0;
    found.row = *key != '\0' ? find_exact(set, name, at) : EF_ID_MISSING;
    if (found.row != EF_ID_MISSING) {
        return found;
    }
    found.exact = false;
    if (at < set->count) {
        length = shared(set->entries[at].key, key);
    }
    if (at > 0) {
        size_t before = shared(set->entries[at - 1].key, key);
        length = before > length ? before : length;
    }
    if (length > 0) {
        found.row = find_row(set, wanted, key, length, &entry);
        found.name_head = key + length;
        found.row_head = set->entries[entry].key + length;
        found.row_folder = folder_of(set->entries[entry].key);
    }
    return found;
}

static int compare_replacements(const void *a, const void *b)
{
    const found_match *x = a, *y = b;
    int order = strcmp(x->name_head, y->name_head);
    return order != 0 ? order : strcmp(x->row_head, y->row_head);
}

/* Whether all names of a set lie in one folder, which then says nothing about who they show. */
static bool is_flat(const sorted_ids *set)
{
    for (size_t i = 1; i < set->count; i++) {
        if (strcmp(folder_of(set->entries[i].key), folder_of(set->entries[0].key)) != 0) {
            return false;
        }
    }
    return set->count > 1;
}

/* Of the matches in which both names go on, lets those stand that are due to the one replacement behind most matches of all; the
 * others join names that merely end alike, as the photographs of two people do. */
static void drop_unlike(found_match *found, size_t count, bool flat)
{
    size_t best = 0, most = 0;
    bool tied = false;
    qsort(found, count, sizeof *found, compare_replacements);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && compare_replacements(&found[first], &found[end]) == 0;) {
            end++;
        }
        tied = end - first == most || (tied && end - first < most);
        if (end - first > most) {
            most = end - first;
            best = first;
        }
    }
    for (size_t i = 0; i < count; i++) {
        bool both_go_on = found[i].name_head[0] != '\0' && found[i].row_head[0] != '\0';
        bool own_name = flat && strcmp(found[i].row_head, found[i].row_folder) == 0; /* the suffix is the file's whole name */
        if (both_go_on && !own_name && (tied || i < best || i >= best + most)) {
            found[i].row = EF_ID_MISSING;
        }
    }
}

ef_status ef_id_index_match(size_t *row, const ef_id_index *index, const ef_strings *wanted, ef_error *err)
{
    ef_status status = EF_OK;
    sorted_ids names = {0};
    size_t found_count = 0;
    bool *taken = ef_alloc_zero(index->set.count, sizeof *taken);
    bool *exact = ef_alloc_zero(ef_strings_count(wanted), sizeof *exact);
    found_match *found = ef_alloc(ef_strings_count(wanted), sizeof *found);
    if (taken == NULL || exact == NULL || found == NULL) {
        status = ef_fail_memory(err, "an index of image names");
        goto done;
    }
    status = sort_names(&names, wanted, err);
    if (status != EF_OK) {
        goto done;
    }
    for (size_t i = 0; i < names.count; i++) {
        found_match one = match(&index->set, &names, &names.entries[i]);
        row[one.number] = one.row;
        if (one.row < index->set.count) {
            found[found_count++] = one;
        }
    }
    drop_unlike(found, found_count, is_flat(&index->set));
    for (size_t i = 0; i < found_count; i++) {
        row[found[i].number] = found[i].row;
        if (found[i].exact) {
            exact[found[i].number] = true;
            taken[found[i].row] = true;
        }
    }
    for (size_t i = 0; i < names.count; i++) {
        if (row[i] >= index->set.count || exact[i]) {
            continue;
        }
        bool *mark = &taken[row[i]];
        row[i] = *mark ? EF_ID_AMBIGUOUS : row[i];
        *mark = true;
    }
done:
    free(found);
    free(exact);
    free(taken);
    free_sorted(&names);
    return status;
}
