#include "base/intern.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* The hash beside the number tells most strings apart without a look at them. */
typedef struct intern_slot {
    uint64_t hash;
    size_t number; /* 1 + index of a string, 0 for a free slot */
} intern_slot;

struct ef_intern {
    ef_strings *strings;
    intern_slot *slot; /* a power of two of them, at most half of them taken */
    size_t slots;
};

static uint64_t hash(const char *text, size_t length)
{
    uint64_t value = 14695981039346656037u; /* FNV-1a, 64 bits */
    for (size_t i = 0; i < length; i++) {
        value = (value ^ (unsigned char)text[i]) * 1099511628211u;
    }
    return value ^ (value >> 29);
}

ef_status ef_intern_create(ef_intern **out, ef_strings *strings, ef_error *err)
{
    ef_intern *intern = calloc(1, sizeof *intern);
    if (intern == NULL || (intern->slot = calloc(1024, sizeof *intern->slot)) == NULL) {
        free(intern);
        return ef_fail_memory(err, "a table of strings");
    }
    intern->strings = strings;
    intern->slots = 1024;
    *out = intern;
    return EF_OK;
}

void ef_intern_free(ef_intern *intern)
{
    if (intern != NULL) {
        free(intern->slot);
        free(intern);
    }
}

/* The slot of a string, or the free slot where it belongs. */
static intern_slot *find(const ef_intern *intern, const char *text, size_t length, uint64_t key)
{
    size_t i = (size_t)key & (intern->slots - 1);
    for (; intern->slot[i].number != 0; i = (i + 1) & (intern->slots - 1)) {
        if (intern->slot[i].hash != key) {
            continue;
        }
        const char *other = ef_strings_at(intern->strings, intern->slot[i].number - 1);
        if (strncmp(other, text, length) == 0 && other[length] == '\0') {
            break;
        }
    }
    return &intern->slot[i];
}

static bool enlarge(ef_intern *intern)
{
    size_t slots = intern->slots * 2;
    intern_slot *slot = ef_alloc_zero(slots, sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    for (size_t i = 0; i < intern->slots; i++) {
        if (intern->slot[i].number != 0) {
            size_t to = (size_t)intern->slot[i].hash & (slots - 1);
            while (slot[to].number != 0) {
                to = (to + 1) & (slots - 1);
            }
            slot[to] = intern->slot[i];
        }
    }
    free(intern->slot);
    intern->slot = slot;
    intern->slots = slots;
    return true;
}

ef_status ef_intern_add(size_t *index, ef_intern *intern, const char *text, size_t length, ef_error *err)
{
    size_t count = ef_strings_count(intern->strings);
    if (2 * (count + 1) > intern->slots && !enlarge(intern)) {
        return ef_fail_memory(err, "a table of strings");
    }
    uint64_t key = hash(text, length);
    intern_slot *slot = find(intern, text, length, key);
    if (slot->number == 0) {
        ef_status status = ef_strings_add(intern->strings, text, length, err);
        if (status != EF_OK) {
            return status;
        }
        *slot = (intern_slot){key, count + 1};
    }
    *index = slot->number - 1;
    return EF_OK;
}

bool ef_intern_find(size_t *index, const ef_intern *intern, const char *text, size_t length)
{
    const intern_slot *slot = find(intern, text, length, hash(text, length));
    *index = slot->number != 0 ? slot->number - 1 : *index;
    return slot->number != 0;
}
