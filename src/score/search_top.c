#include <eface/identify.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "linalg/dot.h"
#include "score/search_tiles.h"

/* The highest scores that one thread has met.  When there are 2k, the lower half goes. */
typedef struct best {
    double *score;
    size_t count, capacity;
    double floor; /* k of them are at least this high; -infinity at first */
    float limit;  /* below this no product matters */
    bool out_of_memory;
    char apart[64]; /* from the next thread's */
} best;

typedef struct top {
    const ef_search_tiles *tiles;
    size_t k;
    best *best; /* of each thread */
} top;

static int compare_descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

static void drop_lower_half(best *mine, size_t k, double error)
{
    qsort(mine->score, mine->count, sizeof *mine->score, compare_descending);
    mine->count = k;
    mine->floor = mine->score[k - 1];
    mine->limit = ef_search_below(mine->floor - error);
}

/* A score that only equals the floor would replace its equal, so it is left out: many ties take no memory. */
static void keep(void *data, size_t probe, size_t first, size_t count, const float *product, int worker)
{
    const top *work = data;
    const ef_search_tiles *tiles = work->tiles;
    best *mine = &work->best[worker];
    const double *vector = ef_search_vector(tiles, tiles->probes, probe);
    for (size_t i = 0; (i = ef_search_next(product, count, i, mine->limit)) < count; i++) {
        double exact = ef_dot(vector, ef_search_vector(tiles, tiles->gallery, first + i), tiles->dim);
        if (!(exact > mine->floor)) {
            continue;
        }
        if (!ef_grow(&mine->score, &mine->capacity, mine->count + 1, sizeof *mine->score)) {
            mine->out_of_memory = true;
            mine->limit = INFINITY;
            return;
        }
        mine->score[mine->count++] = exact;
        if (mine->count / 2 >= work->k) {
            drop_lower_half(mine, work->k, tiles->error);
        }
    }
}

static uint64_t count_others(const ef_search_tiles *tiles)
{
    uint64_t count = (uint64_t)tiles->probes->count * tiles->gallery->count;
    for (size_t p = 0; p < tiles->probes->count; p++) {
        count -= tiles->mate_end[p] - tiles->mate_begin[p];
    }
    return count;
}

/* Puts the scores of all threads into one array and sorts it. */
static ef_status merge(double *out, const top *work, size_t threads, ef_error *err)
{
    size_t total = 0;
    for (size_t i = 0; i < threads; i++) {
        if (work->best[i].out_of_memory) {
            return ef_fail_memory(err, "the highest scores");
        }
        total += work->best[i].count;
    }
    double *all = ef_alloc(total, sizeof *all);
    if (all == NULL) {
        return ef_fail_memory(err, "the highest scores");
    }
    size_t filled = 0;
    for (size_t i = 0; i < threads; i++) {
        if (work->best[i].count > 0) {
            memcpy(all + filled, work->best[i].score, work->best[i].count * sizeof *all);
        }
        filled += work->best[i].count;
    }
    qsort(all, total, sizeof *all, compare_descending);
    memcpy(out, all, work->k * sizeof *all);
    free(all);
    return EF_OK;
}

ef_status ef_search_pooled_top(double *out, size_t k, const ef_search_side *probes, const ef_search_side *gallery, size_t dim,
                               const ef_work *work, ef_error *err)
{
    ef_search_tiles tiles;
    size_t threads = (size_t)ef_search_threads(work);
    ef_status status = ef_search_tiles_create(&tiles, probes, gallery, dim, work->threads, err);
    if (status != EF_OK) {
        return status;
    }
    top state = {&tiles, k, NULL};
    uint64_t others = count_others(&tiles);
    if (k < 1 || k > others) {
        status = ef_fail(err, EF_INVALID, "the %zu highest non-mated scores are asked for; there are %llu", k,
                         (unsigned long long)others);
        goto done;
    }
    if ((state.best = ef_alloc_zero(threads, sizeof *state.best)) == NULL) {
        status = ef_fail_memory(err, "the highest scores");
        goto done;
    }
    for (size_t i = 0; i < threads; i++) {
        state.best[i].floor = -INFINITY;
        state.best[i].limit = ef_search_below(-INFINITY);
    }
    status = ef_search_tiles_visit(&tiles, work, keep, &state, err);
    if (status == EF_OK) {
        status = merge(out, &state, threads, err);
    }
done:
    for (size_t i = 0; state.best != NULL && i < threads; i++) {
        free(state.best[i].score);
    }
    free(state.best);
    ef_search_tiles_free(&tiles);
    return status;
}
