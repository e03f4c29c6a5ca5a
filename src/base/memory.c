#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool ef_size_mul(size_t *out, size_t a, size_t b)
{
    if (b != 0 && a > SIZE_MAX / b) {
        return false;
    }
    *out = a * b;
    return true;
}

bool ef_size_add(size_t *out, size_t a, size_t b)
{
    if (a > SIZE_MAX - b) {
        return false;
    }
    *out = a + b;
    return true;
}

void *ef_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (!ef_size_mul(&bytes, count, size) || bytes > PTRDIFF_MAX) {
        return NULL;
    }
    return malloc(bytes == 0 ? 1 : bytes);
}

void *ef_alloc_aligned(size_t count, size_t size)
{
    const size_t unit = 64;
    size_t bytes;
    if (!ef_size_mul(&bytes, count, size) || bytes > PTRDIFF_MAX - unit) {
        return NULL;
    }
    return aligned_alloc(unit, bytes == 0 ? unit : (bytes + unit - 1) / unit * unit);
}

void *ef_alloc_zero(size_t count, size_t size)
{
    return calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
}

bool ef_grow(void *array, size_t *capacity, size_t wanted, size_t size)
{
    if (wanted <= *capacity) {
        return true;
    }
    size_t next = *capacity < 16 ? 16 : *capacity;
    while (next < wanted) {
        if (!ef_size_add(&next, next, next / 2)) {
            return false;
        }
    }
    size_t bytes;
    if (!ef_size_mul(&bytes, next, size) || bytes > PTRDIFF_MAX) {
        return false;
    }
    void *pointer;
    memcpy(&pointer, array, sizeof pointer);
    pointer = realloc(pointer, bytes);
    if (pointer == NULL) {
        return false;
    }
    memcpy(array, &pointer, sizeof pointer);
    *capacity = next;
    return true;
}
