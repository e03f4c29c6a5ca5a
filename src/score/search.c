#include <eface/identify.h>

#include <math.h>
#include <stdbool.h>

#include "base/parallel.h"
#include "linalg/dot.h"
#include "score/search_tiles.h"

#define PIECE ((size_t)256) /* probes whose mates a thread scores at a time */

typedef struct search {
    const ef_search_tiles *tiles;
    ef_search_outcome *outcome;
} search;

static double score(const ef_search_tiles *tiles, size_t probe, size_t entry)
{
    return ef_dot(ef_search_vector(tiles, tiles->probes, probe), ef_search_vector(tiles, tiles->gallery, entry), tiles->dim);
}

static void meet_mates(void *data, size_t piece, int worker)
{
    const search *work = data;
    const ef_search_tiles *tiles = work->tiles;
    size_t probes = tiles->probes->count, end = (piece + 1) * PIECE < probes ? (piece + 1) * PIECE : probes;
    (void)worker;
    for (size_t p = piece * PIECE; p < end; p++) {
        ef_search_outcome *outcome = &work->outcome[p];
        *outcome = (ef_search_outcome){.mate = -INFINITY, .other = -INFINITY};
        outcome->mates = (uint32_t)(tiles->mate_end[p] - tiles->mate_begin[p]);
        for (size_t i = tiles->mate_begin[p]; i < tiles->mate_end[p]; i++) {
            outcome->mate = fmax(outcome->mate, score(tiles, p, tiles->mate[i].entry));
        }
    }
}

/* A product c stands for a score in [c - error, c + error].  It is of interest when that may reach the highest score of others so
 * far, or the mate's; where it settles a comparison the score itself is not computed. */
static void meet_others(void *data, size_t probe, size_t first, size_t count, const float *product, int worker)
{
    const search *work = data;
    ef_search_outcome *outcome = &work->outcome[probe];
    double error = work->tiles->error, mate = outcome->mates > 0 ? outcome->mate : INFINITY;
    (void)worker;
    float limit = ef_search_below(fmin(outcome->other, mate) - error);
    for (size_t i = 0; (i = ef_search_next(product, count, i, limit)) < count; i++) {
        double c = (double)product[i];
        bool above = c - error > mate;
        if (!above || c + error >= outcome->other) {
            double exact = score(work->tiles, probe, first + i);
            above = exact > mate;
            outcome->level += exact == mate;
            if (exact > outcome->other) {
                outcome->other = exact;
                limit = ef_search_below(fmin(exact, mate) - error);
            }
        }
        outcome->above += above;
    }
}

ef_status ef_search(ef_search_outcome *outcome, const ef_search_side *probes, const ef_search_side *gallery, size_t dim,
                    const ef_work *work, ef_error *err)
{
    ef_search_tiles tiles;
    ef_status status = ef_search_tiles_create(&tiles, probes, gallery, dim, work->threads, err);
    if (status != EF_OK) {
        return status;
    }
    search state = {&tiles, outcome};
    ef_parallel_for(work->threads, (probes->count + PIECE - 1) / PIECE, meet_mates, &state);
    status = ef_search_tiles_visit(&tiles, work, meet_others, &state, err);
    ef_search_tiles_free(&tiles);
    return status;
}
