#include <limits.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "loss/loss_parts.h"

#define MOST_THREADS 256 /* as many as ef_parallel_for() starts */
#define WAVE         8 /* tiles in a wave for each thread: few enough to be small, enough that no thread waits long at its end */

void ef_loss_workspace_free(ef_loss_workspace *room)
{
    if (room != NULL) {
        free(room->row);
        free(room->margin);
        free(room->cosine);
        free(room->owner);
        free(room->unit);
        free(room->sum);
        free(room->inverse);
        free(room->exponential);
        free(room->exponentials);
        free(room->partial);
        free(room->scratch);
        free(room);
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Divides the memory: exponentials of all tiles if they fit beside one slot for sums, else as many whole slots as there is room for. */
static void divide_memory(ef_loss_workspace *room, size_t memory)
{
    size_t row = EF_LOSS_TILE * sizeof *room->exponential + sizeof *room->exponentials, sums = room->dim * sizeof *room->partial;
    size_t rows = memory / room->most, wanted = least(room->tiles, WAVE * (size_t)room->threads);
    room->keeps = rows / row >= room->tiles && rows - room->tiles * row >= sums;
    room->slots = least(wanted, room->keeps ? (rows - room->tiles * row) / sums : rows / (row + sums));
    room->slots = room->slots > 0 ? room->slots : 1;
}

static bool allocate(ef_loss_workspace *room)
{
    size_t most = room->most, kept = room->keeps ? room->tiles : room->slots, elements, exponentials;
    if (!ef_size_mul(&elements, most, room->dim) || !ef_size_mul(&exponentials, most, EF_LOSS_TILE)) {
        return false;
    }
    room->row = ef_alloc_zero(most, sizeof *room->row);
    room->margin = ef_alloc(most, sizeof *room->margin);
    room->cosine = ef_alloc(most, sizeof *room->cosine);
    room->owner = ef_alloc(most, sizeof *room->owner);
    room->unit = ef_alloc_aligned(elements, sizeof *room->unit);
    room->sum = ef_alloc(elements, sizeof *room->sum);
    room->inverse = ef_alloc_aligned(room->classes, sizeof *room->inverse);
    room->exponential = ef_alloc_aligned(exponentials, kept * sizeof *room->exponential);
    room->exponentials = ef_alloc(most, kept * sizeof *room->exponentials);
    room->partial = ef_alloc_aligned(elements, room->slots * sizeof *room->partial);
    room->scratch = ef_alloc((size_t)room->threads * 2, room->dim * sizeof *room->scratch);
    return room->row != NULL && room->margin != NULL && room->cosine != NULL && room->owner != NULL && room->unit != NULL &&
           room->sum != NULL && room->inverse != NULL && room->exponential != NULL && room->exponentials != NULL &&
           room->partial != NULL && room->scratch != NULL;
}

ef_status ef_loss_workspace_create(ef_loss_workspace **out, size_t most, size_t dim, size_t classes, const ef_work *work,
                                   ef_error *err)
{
    if (most == 0 || dim == 0) {
        return ef_fail(err, EF_INVALID, "a loss needs %s", most == 0 ? "samples" : "embeddings of at least one element");
    }
    if (classes < 2) {
        return ef_fail(err, EF_INVALID, "a loss needs at least two classes, not %zu", classes);
    }
    if (most > INT_MAX || dim > INT_MAX || classes > INT_MAX) {
        return ef_fail(err, EF_INVALID, "%zu samples of %zu elements and %zu classes are too many", most, dim, classes);
    }
    ef_loss_workspace *room = ef_alloc_zero(1, sizeof *room);
    if (room == NULL) {
        return ef_fail_memory(err, "a loss");
    }
    size_t memory = ef_work_memory(work);
    int threads = work != NULL && work->threads > 0 ? work->threads : ef_processors();
    *room = (ef_loss_workspace){.most = most, .dim = dim, .classes = classes, .threads = threads};
    room->threads = threads < MOST_THREADS ? threads : MOST_THREADS;
    room->tiles = (classes + EF_LOSS_TILE - 1) / EF_LOSS_TILE;
    divide_memory(room, memory);
    if (!allocate(room)) {
        ef_loss_workspace_free(room);
        return ef_fail_memory(err, "a loss");
    }
    *out = room;
    return EF_OK;
}

size_t ef_loss_tile_width(const ef_loss_workspace *room, size_t tile)
{
    size_t left = room->classes - tile * EF_LOSS_TILE;
    return left < EF_LOSS_TILE ? left : EF_LOSS_TILE;
}
