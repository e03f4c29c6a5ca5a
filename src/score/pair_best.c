#include "score/pair_best.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

#define LOCKS 64 /* row r is behind lock r % LOCKS */

struct ef_pair_best {
    size_t count, k;
    ef_pair_among among;
    bool self;
    ef_match *match;       /* [count * k] */
    _Atomic double *least; /* of each row: its k-th best so far */
    pthread_mutex_t lock[LOCKS];
    size_t locks; /* that exist */
};

ef_status ef_pair_best_create(ef_pair_best **out, size_t count, size_t k, ef_pair_among among, bool self, ef_error *err)
{
    size_t matches;
    ef_pair_best *best = ef_alloc_zero(1, sizeof *best);
    *out = NULL;
    if (best == NULL || !ef_size_mul(&matches, count, k)) {
        free(best);
        return ef_fail_memory(err, "the best matches");
    }
    *best = (ef_pair_best){.count = count, .k = k, .among = among, .self = self};
    best->match = ef_alloc(matches, sizeof *best->match);
    best->least = ef_alloc(count, sizeof *best->least);
    while (best->locks < LOCKS && pthread_mutex_init(&best->lock[best->locks], NULL) == 0) {
        best->locks++;
    }
    if (best->match == NULL || best->least == NULL || best->locks < LOCKS) {
        ef_pair_best_free(best);
        return ef_fail_memory(err, "the best matches");
    }
    for (size_t i = 0; i < matches; i++) {
        best->match[i] = (ef_match){-INFINITY, EF_NOBODY};
    }
    for (size_t i = 0; i < count; i++) {
        atomic_init(&best->least[i], -INFINITY);
    }
    *out = best;
    return EF_OK;
}

void ef_pair_best_free(ef_pair_best *best)
{
    if (best != NULL) {
        while (best->locks > 0) {
            pthread_mutex_destroy(&best->lock[--best->locks]);
        }
        free(best->match);
        free(best->least);
        free(best);
    }
}

static double least_of(const ef_pair_best *best, size_t row)
{
    return atomic_load_explicit(&best->least[row], memory_order_relaxed);
}

static bool better(ef_match a, ef_match b)
{
    return a.score > b.score || (a.score == b.score && a.number < b.number);
}

static void put(ef_pair_best *best, size_t row, ef_match found)
{
    ef_match *match = best->match + row * best->k;
    pthread_mutex_t *lock = &best->lock[row % LOCKS];
    pthread_mutex_lock(lock);
    if (better(found, match[best->k - 1])) {
        size_t place = best->k - 1;
        for (; place > 0 && better(found, match[place - 1]); place--) {
            match[place] = match[place - 1];
        }
        match[place] = found;
        atomic_store_explicit(&best->least[row], match[best->k - 1].score, memory_order_relaxed);
    }
    pthread_mutex_unlock(lock);
}

static void limits(void *self, double *limit, size_t first, size_t count)
{
    const ef_pair_best *best = self;
    for (size_t i = 0; i < count; i++) {
        limit[i] = least_of(best, first + i);
    }
}

static void meet(void *self, ef_pair_batch *batch, int worker)
{
    ef_pair_best *best = self;
    (void)worker;
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        size_t row = batch->rows->first + pair->row, column = batch->columns->first + pair->column;
        if (pair->high >= least_of(best, row) && ef_pair_score(batch, pair) >= least_of(best, row)) {
            put(best, row, (ef_match){pair->score, column});
        }
        if (best->self && pair->high >= least_of(best, column) && ef_pair_score(batch, pair) >= least_of(best, column)) {
            put(best, column, (ef_match){pair->score, row});
        }
    }
}

static void mate(void *self, size_t row, size_t column, double score, int worker)
{
    ef_pair_best *best = self;
    (void)worker;
    put(best, row, (ef_match){score, column});
    if (best->self) {
        put(best, column, (ef_match){score, row});
    }
}

ef_pair_visitor ef_pair_best_visitor(ef_pair_best *best)
{
    bool others = (best->among & EF_AMONG_OTHERS) != 0;
    return (ef_pair_visitor){
        .self = best,
        .row_limits = others ? limits : NULL,
        .column_limits = others && best->self ? limits : NULL,
        .meet = others ? meet : NULL,
        .mate = (best->among & EF_AMONG_MATES) != 0 ? mate : NULL,
    };
}

const ef_match *ef_pair_best_of(const ef_pair_best *best, size_t row)
{
    return best->match + row * best->k;
}

void ef_pair_best_add(ef_pair_best *best, const ef_match *matches)
{
    for (size_t i = 0; i < best->count * best->k; i++) {
        if (matches[i].number != EF_NOBODY) {
            put(best, i / best->k, matches[i]);
        }
    }
}
