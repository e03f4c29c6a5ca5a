#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define VECTOR    ((size_t)64)      /* bytes of the widest register */
#define HUGE_PAGE ((size_t)2 << 20) /* bytes; where huge pages are larger, nothing is won and nothing lost */
#define LARGE     (2 * HUGE_PAGE)   /* blocks from here on are worth huge pages */

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

/* Asks for huge pages: a fault then clears 2 MiB and not 4 KiB, and many systems give them only to those who ask.  The ends of the block,
 * where no whole huge page fits, stay on small pages.  All pages that the block touches are meant, so that what malloc() mapped for it stays
 * one mapping, which realloc() can move without a copy.  Refusal is no error. */
static void advise(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    long page = bytes >= LARGE ? sysconf(_SC_PAGESIZE) : 0;
    if (page > 0) {
        size_t before = (uintptr_t)block % (size_t)page;
        (void)madvise((char *)block - before, before + bytes, MADV_HUGEPAGE);
    }
#else
    (void)block, (void)bytes;
#endif
}

/* A large block begins on a huge page.  Not aligned_alloc(): it wants whole multiples of the alignment, and memory checkers would miss what
 * runs over the end. */
static void *allocate(size_t bytes, size_t unit)
{
    void *block = NULL;
    unit = bytes >= LARGE ? HUGE_PAGE : unit;
    if (bytes > PTRDIFF_MAX - unit || posix_memalign(&block, unit, bytes == 0 ? 1 : bytes) != 0) {
        return NULL;
    }
    advise(block, bytes);
    return block;
}

void *ef_alloc(size_t count, size_t size)
{
    size_t bytes;
    return ef_size_mul(&bytes, count, size) ? allocate(bytes, _Alignof(max_align_t)) : NULL;
}

void *ef_alloc_aligned(size_t count, size_t size)
{
    size_t bytes;
    return ef_size_mul(&bytes, count, size) ? allocate(bytes, VECTOR) : NULL;
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
    advise(pointer, bytes);
    memcpy(array, &pointer, sizeof pointer);
    *capacity = next;
    return true;
}
