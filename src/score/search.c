#include <eface/identify.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "score/search_best.h"
#include "score/search_tiles.h"

#define PIECE ((size_t)256) /* probes whose mates a thread scores at a time */

typedef struct search {
    const ef_search_tiles *tiles;
    ef_search_outcome *const *outcome; /* of each gallery */
    const size_t *end;                 /* of each gallery among the entries */
    size_t galleries;
    ef_search_outcome *all; /* of the galleries as one */
    ef_search_best *best;   /* of each thread */
} search;

static double score(const ef_search_tiles *tiles, size_t probe, size_t entry)
{
    return ef_dot(ef_search_vector(tiles, tiles->probes, probe), ef_search_vector(tiles, tiles->gallery, entry), tiles->dim);
}

static size_t gallery_of(const search *work, size_t entry)
{
    size_t g = 0;
    while (entry >= work->end[g]) {
        g++;
    }
    return g;
}

static void add_mate(ef_search_outcome *outcome, double mate)
{
    outcome->mate = fmax(outcome->mate, mate);
    outcome->mates++;
}

static void meet_mates(void *data, size_t piece, int worker)
{
    const search *work = data;
    const ef_search_tiles *tiles = work->tiles;
    const ef_search_outcome nothing = {.mate = -INFINITY, .other = -INFINITY};
    size_t probes = tiles->probes->count, end = (piece + 1) * PIECE < probes ? (piece + 1) * PIECE : probes;
    (void)worker;
    for (size_t p = piece * PIECE; p < end; p++) {
        work->all[p] = nothing;
        for (size_t g = 0; g < work->galleries; g++) {
            work->outcome[g][p] = nothing;
        }
        for (size_t i = tiles->mate_begin[p]; i < tiles->mate_end[p]; i++) {
            double mate = score(tiles, p, tiles->mate[i].entry);
            add_mate(&work->outcome[gallery_of(work, tiles->mate[i].entry)][p], mate);
            add_mate(&work->all[p], mate);
        }
    }
}

/* What a probe's mate is compared with; nothing is above it when there is none. */
static double mate_of(const ef_search_outcome *outcome)
{
    return outcome->mates > 0 ? outcome->mate : INFINITY;
}

static void count_exact(ef_search_outcome *outcome, double exact)
{
    double mate = mate_of(outcome);
    outcome->above += exact > mate;
    outcome->level += exact == mate;
    outcome->other = fmax(outcome->other, exact);
}

/* A product c stands for a score in [c - error, c + error].  It is of interest when that may reach the highest score of others in its
 * gallery so far, a mate, or the scores that are kept; where it settles every comparison the score itself is not computed. */
static void meet_stretch(const search *work, size_t probe, size_t g, size_t first, size_t count, const float *product,
                         ef_search_best *best)
{
    ef_search_outcome *one = &work->outcome[g][probe], *all = &work->all[probe];
    double error = work->tiles->error, mate = mate_of(one), mate_of_all = mate_of(all), lowest = fmin(mate, mate_of_all);
    float limit = fminf(ef_search_below(fmin(one->other, lowest) - error), best->limit);
    for (size_t i = 0; (i = ef_search_next(product, count, i, limit)) < count; i++) {
        double c = (double)product[i];
        bool above = c - error > mate, above_all = c - error > mate_of_all;
        bool settled = (above || c + error < mate) && (above_all || c + error < mate_of_all);
        if (settled && c + error < one->other && product[i] < best->limit) {
            one->above += above;
            all->above += above_all;
            continue;
        }
        double exact = score(work->tiles, probe, first + i);
        count_exact(one, exact);
        count_exact(all, exact);
        ef_search_best_add(best, exact);
        limit = fminf(ef_search_below(fmin(one->other, lowest) - error), best->limit);
    }
}

static void meet_others(void *data, size_t probe, size_t first, size_t count, const float *product, int worker)
{
    const search *work = data;
    for (size_t done = 0, g = gallery_of(work, first), part; done < count; done += part, g++) {
        size_t left = count - done, room = work->end[g] - (first + done);
        part = room < left ? room : left;
        meet_stretch(work, probe, g, first + done, part, product + done, &work->best[worker]);
    }
}

ef_status ef_search_galleries(ef_search_outcome *const *outcome, ef_search_outcome *all, double *top, size_t *k,
                              const ef_search_side *probes, const ef_search_side *gallery, const size_t *end, size_t galleries,
                              size_t dim, const ef_work *work, ef_error *err)
{
    ef_search_tiles tiles;
    size_t threads = (size_t)ef_search_threads(work);
    ef_status status = ef_search_tiles_create(&tiles, probes, gallery, dim, work->threads, err);
    if (status != EF_OK) {
        return status;
    }
    *k = *k > ef_search_others(&tiles) ? 0 : *k;
    search state = {&tiles, outcome, end, galleries, all, ef_search_best_create(threads, *k, tiles.error)};
    if (state.best == NULL) {
        status = ef_fail_memory(err, "the searches");
    } else {
        ef_parallel_for(work->threads, (probes->count + PIECE - 1) / PIECE, meet_mates, &state);
        status = ef_search_tiles_visit(&tiles, work, meet_others, &state, err);
    }
    if (status == EF_OK && *k > 0) {
        status = ef_search_best_merge(top, state.best, threads, err);
    }
    ef_search_best_free(state.best, threads);
    ef_search_tiles_free(&tiles);
    return status;
}

ef_status ef_search(ef_search_outcome *outcome, const ef_search_side *probes, const ef_search_side *gallery, size_t dim,
                    const ef_work *work, ef_error *err)
{
    size_t none = 0;
    ef_search_outcome *all = ef_alloc(probes->count, sizeof *all);
    if (all == NULL) {
        return ef_fail_memory(err, "the searches");
    }
    ef_status status = ef_search_galleries(&outcome, all, NULL, &none, probes, gallery, &gallery->count, 1, dim, work, err);
    free(all);
    return status;
}
