#include <eface/identify.h>

#include "base/error.h"
#include "linalg/dot.h"
#include "score/search_best.h"
#include "score/search_tiles.h"

typedef struct top {
    const ef_search_tiles *tiles;
    ef_search_best *best; /* of each thread */
} top;

static void keep(void *data, size_t probe, size_t first, size_t count, const float *product, int worker)
{
    const top *work = data;
    const ef_search_tiles *tiles = work->tiles;
    ef_search_best *mine = &work->best[worker];
    const double *vector = ef_search_vector(tiles, tiles->probes, probe);
    for (size_t i = 0; (i = ef_search_next(product, count, i, mine->limit)) < count; i++) {
        ef_search_best_add(mine, ef_dot(vector, ef_search_vector(tiles, tiles->gallery, first + i), tiles->dim));
    }
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
    top state = {&tiles, NULL};
    uint64_t others = ef_search_others(&tiles);
    if (k < 1 || k > others) {
        status = ef_fail(err, EF_INVALID, "the %zu highest non-mated scores are asked for; there are %llu", k,
                         (unsigned long long)others);
    } else if ((state.best = ef_search_best_create(threads, k, tiles.error)) == NULL) {
        status = ef_fail_memory(err, "the highest scores");
    } else if ((status = ef_search_tiles_visit(&tiles, work, keep, &state, err)) == EF_OK) {
        status = ef_search_best_merge(out, state.best, threads, err);
    }
    ef_search_best_free(state.best, threads);
    ef_search_tiles_free(&tiles);
    return status;
}
