/* shuffle.h - a random order. */
#ifndef EF_TRAIN_SHUFFLE_H
#define EF_TRAIN_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

#include <eface/rng.h>

/* All orders of items[0 .. count-1], below 2^32 of them, are equally likely: Fisher and Yates's method, from the end on. */
static inline void ef_shuffle(uint32_t *items, size_t count, ef_rng *rng)
{
    for (size_t left = count; left > 1; left--) {
        size_t chosen = (size_t)ef_rng_below(rng, left);
        uint32_t kept = items[left - 1];
        items[left - 1] = items[chosen];
        items[chosen] = kept;
    }
}

#endif
