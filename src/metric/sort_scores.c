#include "metric/sort_scores.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* Scores are sorted by a radix sort of their bits, 11 at a time: 6 passes, whatever the scores. */
#define DIGIT_BITS 11
#define DIGITS     6
#define BUCKETS    (1u << DIGIT_BITS)

/* The bits of a positive double ascend with it, those of a negative one descend. */
uint64_t ef_score_key(double score)
{
    uint64_t bits;
    score += 0.0; /* -0 becomes +0: equal scores must have equal keys */
    memcpy(&bits, &score, sizeof bits);
    return bits >> 63 != 0 ? bits : ~bits & UINT64_MAX >> 1;
}

double ef_score_of_key(uint64_t key)
{
    double score;
    uint64_t bits = key >> 63 != 0 ? key : ~key & UINT64_MAX >> 1;
    memcpy(&score, &bits, sizeof score);
    return score;
}

/* A digit that all keys share costs no pass. */
void ef_sort_score_keys(uint64_t *keys, uint64_t *spare, size_t count)
{
    size_t tally[DIGITS][BUCKETS] = {{0}};
    for (size_t i = 0; i < count; i++) {
        for (int digit = 0; digit < DIGITS; digit++) {
            tally[digit][keys[i] >> digit * DIGIT_BITS & (BUCKETS - 1)]++;
        }
    }
    uint64_t *from = keys, *to = spare;
    for (int digit = 0; digit < DIGITS && count > 0; digit++) {
        int shift = digit * DIGIT_BITS;
        size_t *place = tally[digit], next = 0;
        if (place[from[0] >> shift & (BUCKETS - 1)] == count) {
            continue;
        }
        for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
            size_t size = place[bucket];
            place[bucket] = next;
            next += size;
        }
        for (size_t i = 0; i < count; i++) {
            to[place[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
        }
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) {
        memcpy(keys, from, count * sizeof *keys);
    }
}

ef_status ef_sort_scores(double *score, size_t count, ef_error *err)
{
    uint64_t *keys = ef_alloc(count, 2 * sizeof *keys);
    if (keys == NULL) {
        return ef_fail_memory(err, "sorting the scores");
    }
    for (size_t i = 0; i < count; i++) {
        keys[i] = ef_score_key(score[i]);
    }
    ef_sort_score_keys(keys, keys + count, count);
    for (size_t i = 0; i < count; i++) {
        score[i] = ef_score_of_key(keys[i]);
    }
    free(keys);
    return EF_OK;
}
