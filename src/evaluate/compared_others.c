#include "evaluate/compared_others.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

/* What two images may have in common. */
typedef enum common { SUBJECT = 1, GROUP = 2, BOTH = SUBJECT | GROUP } common;

typedef struct keyed {
    int64_t subject, group;
    size_t place; /* of an image of side[0]; ENTRY for one that it is compared with */
} keyed;

#define ENTRY SIZE_MAX

static int by_key(const void *left, const void *right)
{
    const keyed *a = left, *b = right;
    return a->subject != b->subject ? (a->subject > b->subject) - (a->subject < b->subject)
                                    : (a->group > b->group) - (a->group < b->group);
}

static size_t add_side(keyed *keys, const ef_compared_side *side, common what, bool entries)
{
    for (size_t i = 0; i < side->count; i++) {
        keys[i] =
            (keyed){(what & SUBJECT) != 0 ? side->label[i] : 0, (what & GROUP) != 0 ? side->group[i] : 0, entries ? ENTRY : i};
    }
    return side->count;
}

/* Adds `step` to others[i] for each entry that has this in common with image i; an image meets itself too. */
static void count(uint64_t *others, keyed *keys, const ef_all_pairs_plan *plan, common what, uint64_t step)
{
    size_t all = add_side(keys, &plan->side[0], what, false);
    all += add_side(keys + all, &plan->side[plan->split ? 1 : 0], what, true);
    qsort(keys, all, sizeof *keys, by_key);
    for (size_t begin = 0, end; begin < all; begin = end) {
        uint64_t entries = 0;
        for (end = begin; end < all && by_key(&keys[begin], &keys[end]) == 0; end++) {
            entries += keys[end].place == ENTRY;
        }
        for (size_t i = begin; i < end; i++) {
            if (keys[i].place != ENTRY) {
                others[keys[i].place] += step * entries;
            }
        }
    }
}

ef_status ef_compared_others(uint64_t **out, const ef_all_pairs_plan *plan, ef_error *err)
{
    const ef_compared_side *rows = &plan->side[0], *entries = &plan->side[plan->split ? 1 : 0];
    uint64_t *others = ef_alloc(rows->count, sizeof *others);
    keyed *keys = ef_alloc(rows->count + entries->count, sizeof *keys);
    *out = NULL;
    if (others == NULL || keys == NULL) {
        free(others);
        free(keys);
        return ef_fail_memory(err, "the searches");
    }
    for (size_t i = 0; i < rows->count; i++) {
        others[i] = entries->count;
    }
    count(others, keys, plan, SUBJECT, UINT64_MAX); /* - 1: unsigned numbers wrap */
    if (rows->group != NULL) {
        count(others, keys, plan, GROUP, UINT64_MAX);
        count(others, keys, plan, BOTH, 1); /* they were taken away twice */
    }
    free(keys);
    *out = others;
    return EF_OK;
}
