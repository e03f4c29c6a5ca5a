#include "list/path_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* Most comparisons end at the hash, without a look at the path, which is far away in memory. */
typedef struct slot {
    uint32_t hash, number; /* 1 + index of a path; 0 for a free slot */
} slot;

struct ef_path_table {
    const ef_strings *paths;
    size_t components, count, slot_count; /* slots: a power of two, at most half of them used */
    slot *slots;
};

enum { fewest_slots = 1024 };

const char *ef_path_tail(const char *path, size_t components)
{
    for (const char *at = path + strlen(path); at > path; at--) {
        if (at[-1] == '/' && --components == 0) {
            return at;
        }
    }
    return path;
}

/* FNV-1a, 64 bits folded into 32. */
static uint32_t hash_of(const char *text)
{
    uint64_t value = 14695981039346656037u;
    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * 1099511628211u;
    }
    return (uint32_t)(value ^ value >> 32);
}

ef_status ef_path_table_create(ef_path_table **out, const ef_strings *paths, size_t components, ef_error *err)
{
    ef_path_table *table = calloc(1, sizeof *table);
    if (table == NULL || (table->slots = ef_alloc_zero(fewest_slots, sizeof *table->slots)) == NULL) {
        free(table);
        return ef_fail_memory(err, "a table of images");
    }
    table->paths = paths;
    table->components = components;
    table->slot_count = fewest_slots;
    *out = table;
    return EF_OK;
}

void ef_path_table_free(ef_path_table *table)
{
    if (table != NULL) {
        free(table->slots);
        free(table);
    }
}

/* The slot of a tail, or the free slot where it belongs. */
static size_t place_of(const ef_path_table *table, const char *tail, uint32_t hash)
{
    size_t place = hash & (table->slot_count - 1);
    for (; table->slots[place].number != 0; place = (place + 1) & (table->slot_count - 1)) {
        const slot *each = &table->slots[place];
        if (each->hash == hash &&
            strcmp(ef_path_tail(ef_strings_at(table->paths, each->number - 1), table->components), tail) == 0) {
            break;
        }
    }
    return place;
}

static bool enlarge(ef_path_table *table)
{
    size_t count = table->slot_count * 2;
    slot *slots = ef_alloc_zero(count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].number != 0) {
            size_t place = table->slots[i].hash & (count - 1);
            while (slots[place].number != 0) {
                place = (place + 1) & (count - 1);
            }
            slots[place] = table->slots[i];
        }
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    return true;
}

ef_status ef_path_table_add(size_t *found, ef_path_table *table, size_t index, ef_error *err)
{
    if (index >= UINT32_MAX - 1 || (2 * (table->count + 1) > table->slot_count && !enlarge(table))) {
        return ef_fail_memory(err, "a table of images");
    }
    const char *tail = ef_path_tail(ef_strings_at(table->paths, index), table->components);
    uint32_t hash = hash_of(tail);
    slot *place = &table->slots[place_of(table, tail, hash)];
    if (place->number == 0) {
        *place = (slot){hash, (uint32_t)index + 1};
        table->count++;
    }
    *found = place->number - 1;
    return EF_OK;
}

ef_status ef_path_table_add_all(ef_path_table *table, const char *name, const char *unit, size_t base, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; i < ef_strings_count(table->paths) && status == EF_OK; i++) {
        size_t found = i;
        status = ef_path_table_add(&found, table, i, err);
        if (status == EF_OK && found != i) {
            status = ef_fail(err, EF_FORMAT, "%s: %s %zu and %s %zu are the same image, '%s'", name, unit, found + base, unit,
                             i + base, ef_path_tail(ef_strings_at(table->paths, i), table->components));
        }
    }
    return status;
}

size_t ef_path_table_find(const ef_path_table *table, const char *path)
{
    const char *tail = ef_path_tail(path, table->components);
    const slot *place = &table->slots[place_of(table, tail, hash_of(tail))];
    return place->number != 0 ? place->number - 1 : EF_PATH_NONE;
}
