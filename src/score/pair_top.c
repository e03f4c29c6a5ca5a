#include "score/pair_top.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

struct ef_pair_top {
    size_t k, count;
    ef_scored_pair *pair;  /* [k] */
    _Atomic double least;  /* the k-th highest so far */
    pthread_mutex_t mutex; /* of all but `least` */
};

ef_status ef_pair_top_create(ef_pair_top **out, size_t k, ef_error *err)
{
    ef_pair_top *top = ef_alloc_zero(1, sizeof *top);
    *out = NULL;
    if (top == NULL || (top->pair = ef_alloc(k, sizeof *top->pair)) == NULL || pthread_mutex_init(&top->mutex, NULL) != 0) {
        if (top != NULL) {
            free(top->pair);
        }
        free(top);
        return ef_fail_memory(err, "the highest pairs");
    }
    top->k = k;
    atomic_init(&top->least, -INFINITY);
    *out = top;
    return EF_OK;
}

void ef_pair_top_free(ef_pair_top *top)
{
    if (top != NULL) {
        pthread_mutex_destroy(&top->mutex);
        free(top->pair);
        free(top);
    }
}

static bool before(const ef_scored_pair *a, const ef_scored_pair *b)
{
    if (a->score != b->score) {
        return a->score > b->score;
    }
    return a->row != b->row ? a->row < b->row : a->column < b->column;
}

static void put(ef_pair_top *top, ef_scored_pair found)
{
    pthread_mutex_lock(&top->mutex);
    if (top->count < top->k || before(&found, &top->pair[top->k - 1])) {
        size_t place = top->count < top->k ? top->count++ : top->k - 1;
        for (; place > 0 && before(&found, &top->pair[place - 1]); place--) {
            top->pair[place] = top->pair[place - 1];
        }
        top->pair[place] = found;
        if (top->count == top->k) {
            atomic_store_explicit(&top->least, top->pair[top->k - 1].score, memory_order_relaxed);
        }
    }
    pthread_mutex_unlock(&top->mutex);
}

static double least_of(const ef_pair_top *top)
{
    return atomic_load_explicit(&top->least, memory_order_relaxed);
}

static void row_limits(void *self, double *limit, size_t first, size_t count)
{
    double least = least_of(self);
    (void)first;
    for (size_t i = 0; i < count; i++) {
        limit[i] = least;
    }
}

static void meet(void *self, ef_pair_batch *batch, int worker)
{
    ef_pair_top *top = self;
    (void)worker;
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        if (pair->high >= least_of(top) && ef_pair_score(batch, pair) >= least_of(top)) {
            put(top, (ef_scored_pair){pair->score, batch->rows->first + pair->row, batch->columns->first + pair->column});
        }
    }
}

ef_pair_visitor ef_pair_top_visitor(ef_pair_top *top)
{
    return (ef_pair_visitor){.self = top, .row_limits = row_limits, .meet = meet};
}

size_t ef_pair_top_count(const ef_pair_top *top)
{
    return top->count;
}

const ef_scored_pair *ef_pair_top_pairs(const ef_pair_top *top)
{
    return top->pair;
}

void ef_pair_top_add(ef_pair_top *top, const ef_scored_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put(top, pairs[i]);
    }
}
