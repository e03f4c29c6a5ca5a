#include "score/pair_tail.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/highest.h"

#define BUFFER 1024 /* scores that a worker gathers before it takes the lock */

typedef struct buffer {
    double score[BUFFER];
    size_t count;
} buffer;

struct ef_pair_tail {
    size_t k, count, capacity, workers;
    double *score;
    buffer *buffers;       /* per worker */
    _Atomic double least;  /* below this no score matters */
    bool full;             /* k scores are at least `least`: one that only equals it does not matter either */
    pthread_mutex_t mutex; /* of all but the buffers and `least` */
};

ef_status ef_pair_tail_create(ef_pair_tail **out, size_t k, double least, int workers, ef_error *err)
{
    size_t capacity;
    ef_pair_tail *tail = ef_alloc_zero(1, sizeof *tail);
    *out = tail;
    if (tail == NULL || pthread_mutex_init(&tail->mutex, NULL) != 0) {
        free(tail);
        *out = NULL;
        return ef_fail_memory(err, "the highest scores");
    }
    tail->k = k;
    tail->workers = (size_t)workers;
    atomic_init(&tail->least, least);
    if (ef_size_mul(&capacity, k, 2)) {
        tail->capacity = capacity < 2 * BUFFER ? 2 * BUFFER : capacity;
        tail->score = ef_alloc(tail->capacity, sizeof *tail->score);
        tail->buffers = ef_alloc_zero(tail->workers, sizeof *tail->buffers);
    }
    if (tail->score == NULL || tail->buffers == NULL) {
        ef_pair_tail_free(tail);
        *out = NULL;
        return ef_fail_memory(err, "the highest scores");
    }
    return EF_OK;
}

void ef_pair_tail_free(ef_pair_tail *tail)
{
    if (tail != NULL) {
        free(tail->score);
        free(tail->buffers);
        pthread_mutex_destroy(&tail->mutex);
        free(tail);
    }
}

static void drop_lower(ef_pair_tail *tail)
{
    if (tail->count >= tail->k) {
        double least = ef_highest_first(tail->score, tail->count, tail->k);
        tail->count = tail->k;
        tail->full = true;
        atomic_store_explicit(&tail->least, least, memory_order_relaxed);
    }
}

/* With the lock held.  Scores that a higher limit has overtaken are left out. */
static void put(ef_pair_tail *tail, const double *score, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double least = atomic_load_explicit(&tail->least, memory_order_relaxed);
        if (score[i] > least || (score[i] == least && !tail->full)) {
            tail->score[tail->count++] = score[i];
            if (tail->count == tail->capacity) {
                drop_lower(tail);
            }
        }
    }
}

static void flush(ef_pair_tail *tail, buffer *mine)
{
    pthread_mutex_lock(&tail->mutex);
    put(tail, mine->score, mine->count);
    pthread_mutex_unlock(&tail->mutex);
    mine->count = 0;
}

static void row_limits(void *self, double *limit, size_t first, size_t count)
{
    ef_pair_tail *tail = self;
    double least = atomic_load_explicit(&tail->least, memory_order_relaxed);
    (void)first;
    for (size_t i = 0; i < count; i++) {
        limit[i] = least;
    }
}

static void meet(void *self, ef_pair_batch *batch, int worker)
{
    ef_pair_tail *tail = self;
    buffer *mine = &tail->buffers[worker];
    double least = atomic_load_explicit(&tail->least, memory_order_relaxed);
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        if (pair->high < least || ef_pair_score(batch, pair) < least) {
            continue;
        }
        mine->score[mine->count++] = pair->score;
        if (mine->count == BUFFER) {
            flush(tail, mine);
            least = atomic_load_explicit(&tail->least, memory_order_relaxed);
        }
    }
}

ef_pair_visitor ef_pair_tail_visitor(ef_pair_tail *tail)
{
    return (ef_pair_visitor){.self = tail, .row_limits = row_limits, .meet = meet};
}

void ef_pair_tail_add(ef_pair_tail *tail, const double *score, size_t count)
{
    pthread_mutex_lock(&tail->mutex);
    put(tail, score, count);
    pthread_mutex_unlock(&tail->mutex);
}

static void settle(ef_pair_tail *tail)
{
    for (size_t i = 0; i < tail->workers; i++) {
        flush(tail, &tail->buffers[i]);
    }
    if (tail->count > tail->k || !tail->full) { /* else scores that were sorted stay so */
        drop_lower(tail);
    }
}

size_t ef_pair_tail_count(ef_pair_tail *tail)
{
    settle(tail);
    return tail->count;
}

const double *ef_pair_tail_scores(ef_pair_tail *tail)
{
    settle(tail);
    ef_sort_descending(tail->score, tail->count);
    return tail->score;
}
