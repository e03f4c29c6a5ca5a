#include "base/intern.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

struct ef_intern {
    ef_strings *strings;
    size_t *slot; /* 1 + index of a string, 0 for a free slot; a power of two of them, at most half full */
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
static size_t find(const size_t *slot, size_t slots, const ef_strings *strings, const char *text, size_t length)
{
    size_t i = (size_t)hash(text, length) & (slots - 1);
    while (slot[i] != 0) {
        const char *other = ef_strings_at(strings, slot[i] - 1);
        if (strncmp(other, text, length) == 0 && other[length] == '\0') {
            break;
        }
        i = (i + 1) & (slots - 1);
    }
    return i;
}

static bool enlarge(ef_intern *intern)
{
    size_t slots = intern->slots * 2;
    size_t *slot = ef_alloc_zero(slots, sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    for (size_t i = 0; i < ef_strings_count(intern->strings); i++) {
        const char *text = ef_strings_at(intern->strings, i);
        slot[find(slot, slots, intern->strings, text, strlen(text))] = i + 1;
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
    size_t i = find(intern->slot, intern->slots, intern->strings, text, length);
    if (intern->slot[i] == 0) {
        ef_status status = ef_strings_add(intern->strings, text, length, err);
        if (status != EF_OK) {
            return status;
        }
        intern->slot[i] = count + 1;
    }
    *index = intern->slot[i] - 1;
    return EF_OK;
}
