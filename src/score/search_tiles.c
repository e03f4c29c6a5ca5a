#include "score/search_tiles.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "linalg/gemm.h"

#define TILE_PROBES  ((size_t)256)
#define TILE_GALLERY ((size_t)1024) /* the product, 1 MiB, stays in a second-level cache */
#define PIECE        ((size_t)64)   /* vectors that a thread measures or narrows at a time */

static int compare_mates(const void *left, const void *right)
{
    const ef_mate *a = left, *b = right;
    int order = (a->subject > b->subject) - (a->subject < b->subject);
    return order != 0 ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

/* The first of the sorted entries that belongs to `subject`, or to one after it. */
static size_t first_mate(const ef_mate *mate, size_t count, int64_t subject)
{
    size_t begin = 0, end = count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (mate[middle].subject < subject) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

static ef_status find_mates(ef_search_tiles *tiles, ef_error *err)
{
    size_t probes = tiles->probes->count, entries = tiles->gallery->count;
    tiles->mate = ef_alloc(entries, sizeof *tiles->mate);
    tiles->mate_begin = ef_alloc(probes, sizeof *tiles->mate_begin);
    tiles->mate_end = ef_alloc(probes, sizeof *tiles->mate_end);
    if (tiles->mate == NULL || tiles->mate_begin == NULL || tiles->mate_end == NULL) {
        return ef_fail_memory(err, "a gallery");
    }
    for (size_t i = 0; i < entries; i++) {
        tiles->mate[i] = (ef_mate){tiles->gallery->subject[i], i};
    }
    qsort(tiles->mate, entries, sizeof *tiles->mate, compare_mates);
    for (size_t p = 0; p < probes; p++) {
        int64_t subject = tiles->probes->subject[p];
        size_t begin = first_mate(tiles->mate, entries, subject), end = begin;
        while (end < entries && tiles->mate[end].subject == subject) {
            end++;
        }
        tiles->mate_begin[p] = begin;
        tiles->mate_end[p] = end;
    }
    return EF_OK;
}

uint64_t ef_search_others(const ef_search_tiles *tiles)
{
    uint64_t count = (uint64_t)tiles->probes->count * tiles->gallery->count;
    for (size_t p = 0; p < tiles->probes->count; p++) {
        count -= tiles->mate_end[p] - tiles->mate_begin[p];
    }
    return count;
}

const double *ef_search_vector(const ef_search_tiles *tiles, const ef_search_side *side, size_t entry)
{
    return side->unit + side->row[entry] * tiles->dim;
}

typedef struct measurement {
    const ef_search_tiles *tiles;
    const ef_search_side *side;
    double *square; /* the largest one met in each piece */
} measurement;

static void measure(void *data, size_t piece, int worker)
{
    const measurement *work = data;
    size_t end = (piece + 1) * PIECE < work->side->count ? (piece + 1) * PIECE : work->side->count;
    (void)worker;
    for (size_t i = piece * PIECE; i < end; i++) {
        const double *vector = ef_search_vector(work->tiles, work->side, i);
        work->square[piece] = fmax(work->square[piece], ef_dot(vector, vector, work->tiles->dim));
    }
}

/* The length of the longest vector.  They are unit vectors, but the error band must hold whatever they are. */
static ef_status longest(double *length, const ef_search_tiles *tiles, const ef_search_side *side, int threads, ef_error *err)
{
    size_t pieces = (side->count + PIECE - 1) / PIECE;
    measurement work = {tiles, side, ef_alloc_zero(pieces, sizeof(double))};
    if (work.square == NULL) {
        return ef_fail_memory(err, "a gallery");
    }
    ef_parallel_for(threads, pieces, measure, &work);
    *length = 0.0;
    for (size_t piece = 0; piece < pieces; piece++) {
        *length = fmax(*length, sqrt(work.square[piece]));
    }
    free(work.square);
    return EF_OK;
}

ef_status ef_search_tiles_create(ef_search_tiles *tiles, const ef_search_side *probes, const ef_search_side *gallery, size_t dim,
                                 int threads, ef_error *err)
{
    double probe_length = 0.0, gallery_length = 0.0;
    *tiles = (ef_search_tiles){.probes = probes, .gallery = gallery, .dim = dim};
    ef_status status = find_mates(tiles, err);
    if (status == EF_OK) {
        status = longest(&probe_length, tiles, probes, threads, err);
    }
    if (status == EF_OK) {
        status = longest(&gallery_length, tiles, gallery, threads, err);
    }
    if (status != EF_OK) {
        ef_search_tiles_free(tiles);
        return status;
    }
    tiles->error = ef_gemm_error(dim, probe_length, gallery_length);
    return EF_OK;
}

void ef_search_tiles_free(ef_search_tiles *tiles)
{
    free(tiles->mate);
    free(tiles->mate_begin);
    free(tiles->mate_end);
    *tiles = (ef_search_tiles){0};
}

typedef struct visit {
    const ef_search_tiles *tiles;
    ef_search_look *look;
    void *data;
    const ef_progress *progress;
    size_t tile_probes;
    size_t first, count; /* the gallery entries in the block */
    float *gallery;      /* their vectors */
    float *probes;       /* tile_probes vectors per thread */
    float *products;     /* tile_probes x TILE_GALLERY per thread */
    uint64_t total;      /* comparisons, for progress */
    atomic_uint_fast64_t done;
} visit;

static void narrow(float *out, const double *in, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        out[k] = (float)in[k];
    }
}

static void narrow_gallery(void *data, size_t piece, int worker)
{
    visit *work = data;
    size_t dim = work->tiles->dim, end = (piece + 1) * PIECE < work->count ? (piece + 1) * PIECE : work->count;
    (void)worker;
    for (size_t i = piece * PIECE; i < end; i++) {
        narrow(work->gallery + i * dim, ef_search_vector(work->tiles, work->tiles->gallery, work->first + i), dim);
    }
}

/* Mates are looked at elsewhere: their products, in a row that begins with entry `first`, become -infinity. */
static void hide_mates(const ef_search_tiles *tiles, size_t probe, size_t first, size_t count, float *product)
{
    for (size_t i = tiles->mate_begin[probe]; i < tiles->mate_end[probe]; i++) {
        size_t entry = tiles->mate[i].entry;
        if (entry >= first && entry - first < count) {
            product[entry - first] = -INFINITY;
        }
    }
}

static void visit_tile(void *data, size_t tile, int worker)
{
    visit *work = data;
    const ef_search_tiles *tiles = work->tiles;
    size_t dim = tiles->dim, begin = tile * work->tile_probes, left = tiles->probes->count - begin;
    size_t rows = left < work->tile_probes ? left : work->tile_probes;
    float *probes = work->probes + (size_t)worker * work->tile_probes * dim;
    float *product = work->products + (size_t)worker * work->tile_probes * TILE_GALLERY;
    for (size_t i = 0; i < rows; i++) {
        narrow(probes + i * dim, ef_search_vector(tiles, tiles->probes, begin + i), dim);
    }
    for (size_t start = 0, count; start < work->count; start += count) {
        count = work->count - start < TILE_GALLERY ? work->count - start : TILE_GALLERY;
        ef_gemm(product, probes, rows, work->gallery + start * dim, count, dim);
        for (size_t i = 0; i < rows; i++) {
            hide_mates(tiles, begin + i, work->first + start, count, product + i * count);
            work->look(work->data, begin + i, work->first + start, count, product + i * count, worker);
        }
    }
    uint64_t done = atomic_fetch_add(&work->done, (uint64_t)rows * work->count) + (uint64_t)rows * work->count;
    if (worker == 0 && work->progress != NULL) { /* the caller's own thread */
        work->progress->report(work->progress->context, "searching", done, work->total);
    }
}

int ef_search_threads(const ef_work *work)
{
    return work->threads > 0 ? work->threads : ef_processors();
}

ef_status ef_search_tiles_visit(const ef_search_tiles *tiles, const ef_work *work, ef_search_look *look, void *data,
                                ef_error *err)
{
    size_t threads = (size_t)ef_search_threads(work), entries = tiles->gallery->count, probes = tiles->probes->count;
    size_t memory = ef_work_memory(work), row_bytes = tiles->dim * sizeof(float);
    if (entries == 0 || probes == 0) {
        return EF_OK;
    }
    /* Small enough for all threads to get several. */
    size_t share = (probes + 4 * threads - 1) / (4 * threads);
    visit state = {
        .tiles = tiles,
        .look = look,
        .data = data,
        .progress = work->progress,
        .tile_probes = share < TILE_PROBES ? share : TILE_PROBES,
        .total = (uint64_t)entries * probes,
    };
    atomic_init(&state.done, 0);
    size_t block = memory / 2 / row_bytes;
    block = block < entries ? block : entries;
    block = block > 0 ? block : 1;
    state.gallery = ef_alloc(block, row_bytes);
    state.probes = ef_alloc(threads * state.tile_probes, row_bytes);
    state.products = ef_alloc(threads * state.tile_probes, TILE_GALLERY * sizeof *state.products);
    bool enough = state.gallery != NULL && state.probes != NULL && state.products != NULL;
    ef_gemm_begin();
    for (; enough && state.first < entries; state.first += state.count) {
        state.count = entries - state.first < block ? entries - state.first : block;
        ef_parallel_for((int)threads, (state.count + PIECE - 1) / PIECE, narrow_gallery, &state);
        ef_parallel_for((int)threads, (probes + state.tile_probes - 1) / state.tile_probes, visit_tile, &state);
    }
    if (enough && state.progress != NULL) { /* other threads may have been the last */
        state.progress->report(state.progress->context, "searching", state.total, state.total);
    }
    free(state.gallery);
    free(state.probes);
    free(state.products);
    return enough ? EF_OK : ef_fail_memory(err, "a gallery");
}

/* gcc 12 at -O2 makes no vectors of loops of unknown length. */
typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
typedef int four_flags __attribute__((vector_size(16)));
typedef long long two_words __attribute__((vector_size(16)));

#define GIVEN(pointer) (*(const four *)(const void *)(pointer))

/* Some lane of the 16 products from here on is at least the limit. */
static bool any_of_16(const float *product, four limit)
{
    four_flags some = (GIVEN(product) >= limit) | (GIVEN(product + 4) >= limit) | (GIVEN(product + 8) >= limit) |
                      (GIVEN(product + 12) >= limit);
    two_words words = (two_words)some;
    return (words[0] | words[1]) != 0;
}

size_t ef_search_next(const float *product, size_t count, size_t from, float limit)
{
    const four limits = {limit, limit, limit, limit};
    size_t k = from;
    while (k < count) {
        if (k + 16 <= count && !any_of_16(product + k, limits)) {
            k += 16;
            continue;
        }
        size_t end = k + 16 < count ? k + 16 : count;
        for (; k < end; k++) {
            if (product[k] >= limit) {
                return k;
            }
        }
    }
    return count;
}

float ef_search_below(double value)
{
    if (value < -(double)FLT_MAX) {
        return -FLT_MAX; /* every product, but not the -infinity of mates */
    }
    float near = (float)value;
    return (double)near > value ? nextafterf(near, -INFINITY) : near;
}
