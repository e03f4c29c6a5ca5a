/* memory.h - sizes that cannot overflow, and allocation from them. */
#ifndef EF_BASE_MEMORY_H
#define EF_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

/* *out = a * b or a + b; false, and *out untouched, when it does not fit. */
bool ef_size_mul(size_t *out, size_t a, size_t b);
bool ef_size_add(size_t *out, size_t a, size_t b);

/* Memory for `count` elements of `size` bytes, not cleared; count 0 gives a valid pointer.  NULL when the product overflows
 * or memory is out.  Freed with free().  Large blocks, but for cleared ones, are on huge pages where the system has them. */
void *ef_alloc(size_t count, size_t size);
void *ef_alloc_zero(size_t count, size_t size);

/* The same for vectors: begins on 64 bytes, as long as the widest register. */
void *ef_alloc_aligned(size_t count, size_t size);

/* Makes room for at least `wanted` elements in *array of *capacity elements, growing by half.  On failure nothing has changed.
 * `array` is the address of the pointer: ef_grow(&items, &capacity, count + 1, sizeof *items). */
bool ef_grow(void *array, size_t *capacity, size_t wanted, size_t size);

#endif
