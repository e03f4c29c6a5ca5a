#include "score/search_best.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/search_tiles.h"

static int compare_descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

ef_search_best *ef_search_best_create(size_t threads, size_t k, double error)
{
    ef_search_best *best = ef_alloc_zero(threads, sizeof *best);
    for (size_t i = 0; best != NULL && i < threads; i++) {
        best[i].k = k;
        best[i].error = error;
        best[i].floor = k > 0 ? -INFINITY : INFINITY;
        best[i].limit = k > 0 ? ef_search_below(-INFINITY) : INFINITY;
    }
    return best;
}

void ef_search_best_free(ef_search_best *best, size_t threads)
{
    for (size_t i = 0; best != NULL && i < threads; i++) {
        free(best[i].score);
    }
    free(best);
}

static void drop_lower_half(ef_search_best *mine)
{
    qsort(mine->score, mine->count, sizeof *mine->score, compare_descending);
    mine->count = mine->k;
    mine->floor = mine->score[mine->k - 1];
    mine->limit = ef_search_below(mine->floor - mine->error);
}

void ef_search_best_add(ef_search_best *mine, double score)
{
    if (!(score > mine->floor)) {
        return;
    }
    if (!ef_grow(&mine->score, &mine->capacity, mine->count + 1, sizeof *mine->score)) {
        mine->out_of_memory = true;
        mine->floor = INFINITY;
        mine->limit = INFINITY;
        return;
    }
    mine->score[mine->count++] = score;
    if (mine->count / 2 >= mine->k) {
        drop_lower_half(mine);
    }
}

ef_status ef_search_best_merge(double *out, const ef_search_best *best, size_t threads, ef_error *err)
{
    size_t total = 0, filled = 0;
    for (size_t i = 0; i < threads; i++) {
        if (best[i].out_of_memory) {
            return ef_fail_memory(err, "the highest scores");
        }
        total += best[i].count;
    }
    double *all = ef_alloc(total, sizeof *all);
    if (all == NULL) {
        return ef_fail_memory(err, "the highest scores");
    }
    for (size_t i = 0; i < threads; i++) {
        if (best[i].count > 0) {
            memcpy(all + filled, best[i].score, best[i].count * sizeof *all);
        }
        filled += best[i].count;
    }
    qsort(all, total, sizeof *all, compare_descending);
    memcpy(out, all, best[0].k * sizeof *all);
    free(all);
    return EF_OK;
}
