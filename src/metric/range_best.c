/* A binary tree in an array: node i has children 2i and 2i + 1, the leaves are nodes size .. 2 * size - 1, size a power of 2. */
#include "metric/range_best.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

struct ef_range_best {
    const int64_t *value;
    size_t size;
    size_t *node; /* the index that is best below each node */
};

static size_t better(const int64_t *value, size_t a, size_t b)
{
    if (value[a] != value[b]) {
        return value[a] > value[b] ? a : b;
    }
    return a < b ? a : b;
}

ef_status ef_range_best_create(ef_range_best **out, const int64_t *value, size_t count, ef_error *err)
{
    size_t size = 1;
    while (size < count) {
        size *= 2;
    }
    ef_range_best *best = malloc(sizeof *best);
    size_t *node = ef_alloc(2 * size, sizeof *node);
    if (best == NULL || node == NULL) {
        free(best);
        free(node);
        return ef_fail_memory(err, "a search tree");
    }
    for (size_t i = 0; i < size; i++) {
        node[size + i] = i < count ? i : count - 1; /* repeating the last value changes no answer */
    }
    for (size_t i = size - 1; i > 0; i--) {
        node[i] = better(value, node[2 * i], node[2 * i + 1]);
    }
    *best = (ef_range_best){value, size, node};
    *out = best;
    return EF_OK;
}

void ef_range_best_free(ef_range_best *best)
{
    if (best != NULL) {
        free(best->node);
        free(best);
    }
}

size_t ef_range_best_find(const ef_range_best *best, size_t first, size_t last)
{
    size_t found = first;
    for (size_t low = first + best->size, high = last + best->size + 1; low < high; low /= 2, high /= 2) {
        if (low % 2 == 1) {
            found = better(best->value, found, best->node[low++]);
        }
        if (high % 2 == 1) {
            found = better(best->value, found, best->node[--high]);
        }
    }
    return found;
}
