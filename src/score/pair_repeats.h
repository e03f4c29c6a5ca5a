/* pair_repeats.h - which pairs of a list say nothing new: those of one image with itself, and those that stand in it again, in either order.
 * Thread rule: safe from any thread. */
#ifndef EF_SCORE_PAIR_REPEATS_H
#define EF_SCORE_PAIR_REPEATS_H

#include <stddef.h>
#include <stdint.h>

#include <eface/pair_scores.h>
#include <eface/status.h>

typedef struct ef_pair_repeats {
    uint64_t again[2]; /* impostor and genuine pairs of which the list has had the same one, called the same, before */
    uint64_t self;     /* pairs of one image with itself */
    uint64_t repeated; /* pairs of two images, each counted once, that stand in the list more than once; */
    uint64_t most;     /* and how often the one stands there that does so most often */
    uint64_t
        both; /* pairs, each counted once, that are called genuine in one place and impostor in another, or one image with itself
                          that is called an impostor pair; */
    ef_row_pair first_both; /* the first of them by their numbers */
} ef_pair_repeats;

/* Finds them in a list whose rows are below 2^31.  Memory: 16 bytes a pair; time: linear, a radix sort of the pairs as integers. */
EF_MUST_USE ef_status ef_pair_repeats_find(ef_pair_repeats *out, const ef_row_pair *rows, const unsigned char *genuine,
                                           size_t count, ef_error *err);

/* Two rows as one number, in either order the same; rows below 2^31. */
static inline uint64_t ef_pair_key(uint64_t a, uint64_t b)
{
    return a < b ? b << 31 | a : a << 31 | b;
}

/* Counts one pair (its key) that is called impostor and genuine so many times; pairs in ascending order. */
void ef_pair_repeats_take(ef_pair_repeats *out, uint64_t pair, uint64_t impostors, uint64_t genuine);

/* Sorts numbers in time linear in their count, with `room` for as many. */
void ef_sort_keys(uint64_t *key, uint64_t *room, size_t count);

#endif
