#include <eface/pair_scores.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "score/rows_threads.h"

#define READ_BYTES ((size_t)4 << 20) /* unit vectors read at once */
#define TILE       ((size_t)256)     /* rows whose pairs are scored together, so that they stay in the processor's cache */
#define PIECE      ((size_t)512)     /* pairs that a thread takes at a time */
#define BATCH      ((size_t)1 << 18) /* pairs between two reports of progress */
#define UNUSED     SIZE_MAX

/* The rows that pairs name are numbered in ascending order: these numbers are the slots. */
typedef struct plan {
    double *cosine, *distance;
    ef_rows *rows;
    const ef_row_pair *pairs;
    size_t count;
    int threads;
    const ef_progress *progress;
    size_t dim;
    size_t *slot_of_row; /* UNUSED for a row that no pair names */
    size_t *row_of_slot;
    size_t slots;
    size_t block;       /* slots in one block of vectors */
    double *vectors[2]; /* two blocks; the second is NULL when the first holds all slots */
    size_t start[2];    /* the slots that they begin with */
    double *scratch;    /* rows as they are read, before the used ones are picked */
    size_t scratch_rows;
    size_t *order, *spare; /* the pairs in the order in which they are scored, and room to sort them */
    size_t batch;          /* where in `order` the batch in work begins */
    size_t batch_count;
} plan;

static void report(const plan *work, const char *stage, size_t done, size_t total)
{
    if (work->progress != NULL) {
        work->progress->report(work->progress->context, stage, done, total);
    }
}

static size_t low_slot(const plan *work, size_t pair)
{
    size_t a = work->slot_of_row[work->pairs[pair].a], b = work->slot_of_row[work->pairs[pair].b];
    return a < b ? a : b;
}

static size_t high_slot(const plan *work, size_t pair)
{
    size_t a = work->slot_of_row[work->pairs[pair].a], b = work->slot_of_row[work->pairs[pair].b];
    return a < b ? b : a;
}

static ef_status number_slots(plan *work, ef_error *err)
{
    size_t rows = ef_rows_count(work->rows);
    if ((work->slot_of_row = ef_alloc(rows, sizeof *work->slot_of_row)) == NULL) {
        return ef_fail_memory(err, "the rows of a set");
    }
    for (size_t row = 0; row < rows; row++) {
        work->slot_of_row[row] = UNUSED;
    }
    for (size_t i = 0; i < work->count; i++) {
        const ef_row_pair *pair = &work->pairs[i];
        if (pair->a >= rows || pair->b >= rows) {
            return ef_fail(err, EF_INVALID, "pair %zu names row %zu, but %s has %zu rows", i, pair->a >= rows ? pair->a : pair->b,
                           ef_rows_name(work->rows), rows);
        }
        work->slot_of_row[pair->a] = work->slot_of_row[pair->b] = 0;
    }
    for (size_t row = 0; row < rows; row++) {
        if (work->slot_of_row[row] != UNUSED) {
            work->slot_of_row[row] = work->slots++;
        }
    }
    if ((work->row_of_slot = ef_alloc(work->slots, sizeof *work->row_of_slot)) == NULL) {
        return ef_fail_memory(err, "the rows of a set");
    }
    for (size_t row = 0; row < rows; row++) {
        if (work->slot_of_row[row] != UNUSED) {
            work->row_of_slot[work->slot_of_row[row]] = row;
        }
    }
    return EF_OK;
}

/* Divides the memory: one block with all vectors, or two blocks of half the memory each; a row at the least. */
static ef_status make_room(plan *work, size_t memory, ef_error *err)
{
    size_t row_bytes = work->dim * sizeof(double), all;
    bool fits = ef_size_mul(&all, work->slots, row_bytes) && all <= memory;
    size_t half = memory / 2 / row_bytes;
    work->block = fits ? work->slots : half > 0 ? half : 1;
    size_t read = (READ_BYTES < memory ? READ_BYTES : memory) / row_bytes;
    work->scratch_rows = read > 0 ? read : 1;
    work->scratch = ef_alloc(work->scratch_rows, row_bytes);
    work->vectors[0] = ef_alloc(work->block, row_bytes);
    work->vectors[1] = fits ? NULL : ef_alloc(work->block, row_bytes);
    work->order = ef_alloc(work->count, sizeof *work->order);
    work->spare = ef_alloc(work->count, sizeof *work->spare);
    if (work->scratch == NULL || work->vectors[0] == NULL || (!fits && work->vectors[1] == NULL) || work->order == NULL ||
        work->spare == NULL) {
        return ef_fail_memory(err, "the vectors of pairs");
    }
    return EF_OK;
}

/* Sorts work->order by slot(pair) / width, keeping the order of equal ones. */
static ef_status sort_pairs(plan *work, size_t (*slot)(const plan *work, size_t pair), size_t width, ef_error *err)
{
    size_t buckets = work->slots / width + 1;
    size_t *begin = ef_alloc_zero(buckets + 1, sizeof *begin);
    if (begin == NULL) {
        return ef_fail_memory(err, "sorting pairs");
    }
    for (size_t i = 0; i < work->count; i++) {
        begin[slot(work, i) / width + 1]++;
    }
    for (size_t bucket = 0; bucket < buckets; bucket++) {
        begin[bucket + 1] += begin[bucket];
    }
    for (size_t i = 0; i < work->count; i++) {
        work->spare[begin[slot(work, work->order[i]) / width]++] = work->order[i];
    }
    size_t *sorted = work->spare;
    work->spare = work->order;
    work->order = sorted;
    free(begin);
    return EF_OK;
}

/* Least significant key first: by block of the lower slot, in it by block of the higher, in it by tile of the higher, in it by
 * the lower. */
static ef_status order_pairs(plan *work, ef_error *err)
{
    for (size_t i = 0; i < work->count; i++) {
        work->order[i] = i;
    }
    ef_status status = sort_pairs(work, low_slot, 1, err);
    if (status == EF_OK) {
        status = sort_pairs(work, high_slot, TILE, err);
    }
    if (status == EF_OK && work->block < work->slots) {
        status = sort_pairs(work, high_slot, work->block, err);
    }
    if (status == EF_OK && work->block < work->slots) {
        status = sort_pairs(work, low_slot, work->block, err);
    }
    return status;
}

/* Reads rows first .. end-1 and keeps the vectors of those that have one of the slots of block `side`. */
static ef_status read_rows(plan *work, int side, size_t first, size_t end, const char *stage, ef_error *err)
{
    size_t begin = work->start[side];
    for (size_t row = first; row < end;) {
        size_t count = end - row < work->scratch_rows ? end - row : work->scratch_rows;
        ef_status status = ef_rows_read_threads(work->rows, row, count, work->scratch, work->threads, err);
        if (status != EF_OK) {
            return status;
        }
        for (size_t i = 0; i < count; i++) {
            size_t slot = work->slot_of_row[row + i];
            if (slot != UNUSED && slot >= begin && slot - begin < work->block) {
                memcpy(work->vectors[side] + (slot - begin) * work->dim, work->scratch + i * work->dim,
                       work->dim * sizeof *work->scratch);
            }
        }
        row += count;
        if (stage != NULL) {
            report(work, stage, row, end);
        }
    }
    return EF_OK;
}

/* Fills block `side` with the slots from `start` on. */
static ef_status load_block(plan *work, int side, size_t start, ef_error *err)
{
    size_t end = work->slots - start < work->block ? work->slots : start + work->block;
    work->start[side] = start;
    return read_rows(work, side, work->row_of_slot[start], work->row_of_slot[end - 1] + 1, NULL, err);
}

static const double *vector_of(const plan *work, size_t slot)
{
    int side = slot >= work->start[0] && slot - work->start[0] < work->block ? 0 : 1;
    return work->vectors[side] + (slot - work->start[side]) * work->dim;
}

static void score_piece(void *data, size_t piece, int worker)
{
    const plan *work = data;
    size_t end = (piece + 1) * PIECE < work->batch_count ? (piece + 1) * PIECE : work->batch_count;
    (void)worker;
    for (size_t i = piece * PIECE; i < end; i++) {
        size_t pair = work->order[work->batch + i];
        const double *a = vector_of(work, low_slot(work, pair)), *b = vector_of(work, high_slot(work, pair));
        if (work->cosine != NULL) {
            work->cosine[pair] = ef_dot(a, b, work->dim);
        }
        if (work->distance != NULL) {
            work->distance[pair] = ef_distance2(a, b, work->dim);
        }
    }
}

/* Scores the pairs order[first .. end-1], whose vectors are all loaded. */
static void score_loaded(plan *work, size_t first, size_t end)
{
    for (work->batch = first; work->batch < end; work->batch += work->batch_count) {
        work->batch_count = end - work->batch < BATCH ? end - work->batch : BATCH;
        ef_parallel_for(work->threads, (work->batch_count + PIECE - 1) / PIECE, score_piece, work);
        report(work, "scoring pairs", work->batch + work->batch_count, work->count);
    }
}

/* Two blocks at a time; pairs that need the same two blocks are neighbours in the order. */
static ef_status score_by_blocks(plan *work, ef_error *err)
{
    size_t loaded[2] = {0, UNUSED}; /* the first block was kept when all rows were read */
    for (size_t first = 0, end; first < work->count; first = end) {
        size_t low = low_slot(work, work->order[first]) / work->block, high = high_slot(work, work->order[first]) / work->block;
        for (end = first + 1; end < work->count && low_slot(work, work->order[end]) / work->block == low &&
                              high_slot(work, work->order[end]) / work->block == high;) {
            end++;
        }
        size_t wanted[2] = {low, high};
        for (int side = 0; side < (low == high ? 1 : 2); side++) {
            if (loaded[side] != wanted[side]) {
                ef_status status = load_block(work, side, wanted[side] * work->block, err);
                if (status != EF_OK) {
                    return status;
                }
                loaded[side] = wanted[side];
            }
        }
        score_loaded(work, first, end);
    }
    return EF_OK;
}

ef_status ef_score_pairs(double *cosine, double *distance, size_t *used, ef_rows *rows, const ef_row_pair *pairs, size_t count,
                         const ef_work *work, ef_error *err)
{
    plan all = {
        .cosine = cosine,
        .distance = distance,
        .rows = rows,
        .pairs = pairs,
        .count = count,
        .threads = work->threads,
        .progress = work->progress,
        .dim = ef_rows_dim(rows),
    };
    ef_status status = number_slots(&all, err);
    if (status == EF_OK) {
        status = make_room(&all, ef_work_memory(work), err);
    }
    if (status == EF_OK) {
        status = order_pairs(&all, err);
    }
    if (status == EF_OK) {
        status = read_rows(&all, 0, 0, ef_rows_count(rows), "reading embeddings", err);
    }
    if (status == EF_OK && all.block < all.slots) {
        status = score_by_blocks(&all, err);
    } else if (status == EF_OK) {
        score_loaded(&all, 0, count);
    }
    if (status == EF_OK && used != NULL) {
        *used = all.slots;
    }
    free(all.slot_of_row);
    free(all.row_of_slot);
    free(all.vectors[0]);
    free(all.vectors[1]);
    free(all.scratch);
    free(all.order);
    free(all.spare);
    return status;
}
