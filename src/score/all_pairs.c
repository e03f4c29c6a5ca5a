#include "score/all_pairs.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/gemm.h"
#include "linalg/quantise.h"
#include "score/pair_basis.h"
#include "score/pair_mates.h"
#include "score/pair_tiles.h"

#define STREAMED ((size_t)16384) /* more vectors in a block than this save nothing */
#define PIECE    ((size_t)64)    /* rows whose mates a thread scores at a time */

typedef struct run {
    ef_pair_tiles tiles;
    const ef_work *work;
    size_t threads, row_block, column_block;
    bool fixed; /* tiles and slacks are the same for all blocks, threads and memory */
    ef_pair_mates mates;
    ef_pair_block block[2];
    uint32_t *kind; /* of a block of columns */
    ef_basis basis; /* count 0: none */
} run;

static size_t memory_of(const ef_work *work)
{
    return ef_work_memory(work);
}

/* How many pieces of at most `size` make up `count`. */
static size_t pieces(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

int ef_pair_workers(const ef_work *work)
{
    return ef_thread_count(work->threads);
}

static bool of_one_group(const ef_vectors *rows, size_t row, const ef_vectors *columns, size_t column)
{
    return rows->group != NULL && columns->group != NULL && rows->group[row] == columns->group[column];
}

static void meet_mates(void *data, size_t piece, int worker)
{
    const run *all = data;
    const ef_pair_block *left = all->tiles.left, *right = all->tiles.right;
    size_t dim = all->tiles.rows->dim, end = least((piece + 1) * PIECE, left->count);
    for (size_t r = piece * PIECE; r < end; r++) {
        size_t row = left->first + r, begin, stop;
        ef_pair_mates_of(&all->mates, row, right->first, right->first + right->count, &begin, &stop);
        for (size_t m = begin; m < stop; m++) {
            size_t column = all->mates.column[m].number;
            if (of_one_group(all->tiles.rows, row, all->tiles.columns, column)) {
                continue;
            }
            double score = ef_dot(left->unit + r * dim, right->unit + (column - right->first) * dim, dim);
            for (size_t v = 0; v < all->tiles.count; v++) {
                if (all->tiles.visitors[v].mate != NULL) {
                    all->tiles.visitors[v].mate(all->tiles.visitors[v].self, row, column, score, worker);
                }
            }
        }
    }
}

/* The slack of a pair in float32: half of the bound for each side, with room for the rounding of the sum that screening compares. */
static float float_slack(size_t dim, double left, double right)
{
    double error = ef_gemm_error(dim, left, right);
    return ef_float_above(0.5 * error + 0x1p-23 * (left * right + error));
}

/* The slack of codes, for vector i of a block. */
static float code_slack(const ef_pair_block *block, size_t i, float others)
{
    float slack = ef_quantised_slack(block->residual[i], block->vectors->dim, block->length, others);
    if (block->basis == NULL) {
        return slack;
    }
    return ef_float_above((double)slack +
                          ef_basis_slack(block->basis, (double)block->beside[i], (double)block->length, (double)others));
}

/* The slacks of one side; `fine` for its fine codes. */
static void find_slack(const run *all, const ef_pair_block *block, float others, float *slack, float *fine)
{
    size_t dim = block->vectors->dim;
    float shortest = all->fixed ? EF_PAIR_ABOUT_ONE : 0; /* lest a block of zeros have other slacks */
    float each = float_slack(dim, (double)fmaxf(block->length, shortest), (double)fmaxf(others, shortest));
    for (size_t i = 0; i < block->count; i++) {
        slack[i] = block->kernel != NULL ? code_slack(block, i, others) : each;
        fine[i] = block->kernel != NULL ? ef_quantised_slack(block->fine_residual[i], dim, block->length, others) : each;
    }
}

static void meet_blocks(run *all)
{
    const ef_pair_tiles *tiles = &all->tiles;
    find_slack(all, tiles->left, tiles->right->length, tiles->row_slack, tiles->row_fine);
    find_slack(all, tiles->right, tiles->left->length, tiles->column_slack, tiles->column_fine);
    for (size_t i = 0; i < all->threads; i++) {
        all->tiles.desks[i].tile_row = SIZE_MAX;
    }
    if (all->mates.count > 0) {
        ef_parallel_for((int)all->threads, pieces(all->tiles.left->count, PIECE), meet_mates, all);
    }
    if (all->tiles.looks || all->tiles.limits) {
        ef_parallel_for((int)all->threads, ef_pair_tiles_count(&all->tiles), ef_pair_tiles_meet, &all->tiles);
    }
}

/* Those of a stretch of columns; NULL where there are none. */
static const uint32_t *find_kinds(const run *all, size_t first, size_t count)
{
    const ef_pair_visitor *kinds = all->tiles.kinds;
    for (size_t i = 0; kinds != NULL && i < count; i++) {
        all->kind[i] = kinds->column_kind(kinds->self, first + i);
    }
    return kinds != NULL ? all->kind : NULL;
}

/* Every block of rows with every block of columns, from its own on where a set meets itself. */
static ef_status meet_all(run *all, ef_error *err)
{
    int threads = (int)all->threads;
    size_t rows = all->tiles.rows->count, columns = all->tiles.columns->count;
    ef_status status = EF_OK;
    all->tiles.left = &all->block[0];
    for (size_t r = 0; status == EF_OK && r < rows; r += all->row_block) {
        status = ef_pair_block_prepare(&all->block[0], r, least(rows - r, all->row_block), NULL, threads, err);
        for (size_t c = all->tiles.self ? r : 0; status == EF_OK && c < columns; c += all->column_block) {
            all->tiles.right = &all->block[1];
            if (all->tiles.self && c == r) {
                all->tiles.right = &all->block[0];
            } else {
                size_t count = least(columns - c, all->column_block);
                status = ef_pair_block_prepare(&all->block[1], c, count, find_kinds(all, c, count), threads, err);
            }
            if (status == EF_OK) {
                meet_blocks(all);
            }
        }
    }
    return status;
}

/* Where there is room for so many of `count` vectors: all, or else what makes up whole tiles of floats; one at the least, for blocks of fewer take longer to read than to
 * compare. */
static size_t block_of(size_t room, size_t count, const ef_pair_way *way)
{
    size_t tiles = room / EF_FLOAT_COLUMNS;
    if (way->block > 0 || room >= count) {
        return least(way->block > 0 ? way->block : room, count);
    }
    return least(EF_FLOAT_COLUMNS * (tiles > 0 ? tiles : 1), count);
}

/* How many vectors a block holds.  Vectors that one block can hold need no second one where they meet themselves; else a quarter of the memory is for
 * the side that streams, and no more than is of use. */
static void plan_blocks(run *all, const ef_pair_way *way)
{
    size_t memory = memory_of(all->work), row_bytes = ef_pair_block_bytes(all->tiles.rows, all->tiles.kernel != NULL),
           column_bytes = ef_pair_block_bytes(all->tiles.columns, all->tiles.kernel != NULL);
    size_t most = UINT32_MAX / 2, rows = row_bytes > 0 ? least(memory / 2 / row_bytes, most) : 0;
    size_t columns = column_bytes > 0 ? least(memory / 4 / column_bytes, STREAMED) : 0;
    if (all->tiles.self && rows < all->tiles.rows->count) {
        rows = columns;
    }
    all->row_block = block_of(rows, all->tiles.rows->count, way);
    all->column_block = all->tiles.self ? all->row_block : block_of(columns, all->tiles.columns->count, way);
}

bool ef_pair_by_codes(const ef_pair_way *way, size_t dim)
{
    ef_pair_product product = way != NULL ? way->product : EF_PRODUCT_FASTEST;
    bool wanted = product == EF_PRODUCT_CODES || (product == EF_PRODUCT_FASTEST && ef_int8_best()->ahead > 1);
    return wanted && dim <= EF_QUANTISE_MOST;
}

/* What visitors want. */
static void plan_visits(ef_pair_tiles *tiles)
{
    for (size_t v = 0; v < tiles->count; v++) {
        const ef_pair_visitor *one = &tiles->visitors[v];
        tiles->column_limits = tiles->column_limits || one->column_limits != NULL;
        tiles->kinds = one->column_kind != NULL ? one : tiles->kinds;
        tiles->limits = tiles->limits || one->row_limits != NULL || one->column_limits != NULL || tiles->kinds != NULL;
        tiles->looks = tiles->looks || one->look != NULL;
    }
}

static void plan(run *all, const ef_pair_way *way)
{
    plan_visits(&all->tiles);
    if (ef_pair_by_codes(way, all->tiles.rows->dim)) {
        all->tiles.kernel = way->kernel != NULL ? way->kernel : ef_int8_best();
    }
    all->fixed = all->tiles.looks && all->tiles.kernel == NULL;
    plan_blocks(all, way);
    size_t rows = way->tile_rows > 0 ? way->tile_rows : all->tiles.kernel != NULL ? EF_CODE_ROWS : EF_FLOAT_ROWS;
    size_t columns = way->tile_columns > 0 ? way->tile_columns : all->tiles.kernel != NULL ? EF_CODE_COLUMNS : EF_FLOAT_COLUMNS;
    all->tiles.tile_columns = pieces(columns, EF_TILE_COLUMNS) * EF_TILE_COLUMNS;
    /* Small enough for all threads to get several. */
    size_t across = pieces(all->column_block, all->tiles.tile_columns),
           share = pieces(all->row_block, 1 + 4 * all->threads / (across + 1));
    bool given = way->tile_rows > 0 || all->fixed;
    all->tiles.tile_rows = pieces(given ? rows : least(rows, share), EF_TILE_ROWS) * EF_TILE_ROWS;
    all->tiles.codes = all->tiles.rows->dim;
}

/* Those who look at all products want them as near to the scores as can be. */
static ef_status find_basis(run *all, const ef_pair_way *way, ef_error *err)
{
    const ef_pair_tiles *tiles = &all->tiles;
    if (tiles->kernel == NULL || tiles->looks) {
        return EF_OK;
    }
    const ef_pair_basis_terms terms = {way->directions, tiles->kernel->ahead, all->threads, memory_of(all->work)};
    ef_status status = ef_pair_basis_find(&all->basis, tiles->rows, tiles->self ? NULL : tiles->columns, &terms, err);
    all->tiles.codes = all->basis.count > 0 ? all->basis.count : tiles->rows->dim;
    return status;
}

static ef_status prepare(run *all, const ef_pair_way *way, ef_error *err)
{
    size_t pad = EF_TILE_COLUMNS + EF_TILE_ROWS;
    bool second = !all->tiles.self || all->row_block < all->tiles.rows->count;
    ef_status status = find_basis(all, way, err);
    const ef_basis *basis = all->basis.count > 0 ? &all->basis : NULL;
    if (status == EF_OK) {
        status = ef_pair_block_create(&all->block[0], all->tiles.rows, all->row_block, all->tiles.kernel, basis, err);
    }
    if (status == EF_OK && second) {
        status = ef_pair_block_create(&all->block[1], all->tiles.columns, all->column_block, all->tiles.kernel, basis, err);
    }
    if (status != EF_OK) {
        return status;
    }
    all->tiles.row_slack = ef_alloc_zero(all->row_block + pad, sizeof *all->tiles.row_slack);
    all->tiles.column_slack = ef_alloc_zero(all->column_block + pad, sizeof *all->tiles.column_slack);
    all->kind = ef_alloc(all->tiles.kinds != NULL ? all->column_block : 0, sizeof *all->kind);
    all->tiles.row_fine = ef_alloc_zero(all->row_block + pad, sizeof *all->tiles.row_fine);
    all->tiles.column_fine = ef_alloc_zero(all->column_block + pad, sizeof *all->tiles.column_fine);
    all->tiles.desks = ef_alloc_zero(all->threads, sizeof *all->tiles.desks);
    bool enough = all->tiles.row_slack != NULL && all->tiles.column_slack != NULL && all->tiles.row_fine != NULL &&
                  all->tiles.column_fine != NULL && all->tiles.desks != NULL && all->kind != NULL;
    for (size_t i = 0; enough && i < all->threads; i++) {
        enough = ef_pair_desk_make(&all->tiles.desks[i], &all->tiles);
    }
    return enough ? EF_OK : ef_fail_memory(err, "vectors to compare");
}

static void free_run(run *all)
{
    for (size_t i = 0; all->tiles.desks != NULL && i < all->threads; i++) {
        ef_pair_desk_free(&all->tiles.desks[i]);
    }
    free(all->tiles.desks);
    free(all->tiles.row_slack);
    free(all->tiles.column_slack);
    free(all->tiles.row_fine);
    free(all->tiles.column_fine);
    free(all->kind);
    ef_pair_block_free(&all->block[0]);
    ef_pair_block_free(&all->block[1]);
    ef_basis_free(&all->basis);
    ef_pair_mates_free(&all->mates);
}

/* How many mates there are, those of one group left out. */
static uint64_t count_mates(const ef_pair_mates *mates, const ef_vectors *rows, const ef_vectors *columns)
{
    uint64_t count = 0;
    for (size_t r = 0; mates->count > 0 && r < rows->count; r++) {
        size_t begin, stop;
        ef_pair_mates_of(mates, r, 0, columns->count, &begin, &stop);
        for (size_t m = begin; rows->group != NULL && columns->group != NULL && m < stop; m++) {
            count -= of_one_group(rows, r, columns, mates->column[m].number);
        }
        count += stop - begin;
    }
    return count;
}

/* How many pairs are of one group: mates, if groups were labels. */
static ef_status count_grouped(uint64_t *out, const ef_vectors *rows, const ef_vectors *columns, ef_error *err)
{
    ef_vectors left = *rows, right = columns != NULL ? *columns : *rows;
    ef_pair_mates mates = {0};
    left.label = left.group;
    right.label = right.group;
    left.group = right.group = NULL;
    ef_status status = ef_pair_mates_create(&mates, &left, columns != NULL ? &right : NULL, err);
    *out = status == EF_OK ? count_mates(&mates, &left, &right) : 0;
    ef_pair_mates_free(&mates);
    return status;
}

static uint64_t all_pairs_of(uint64_t rows, uint64_t columns, bool self)
{
    return !self ? rows * columns : rows % 2 == 0 ? rows / 2 * (rows - 1) : (rows - 1) / 2 * rows;
}

/* Pairs and mates there are. */
static ef_status count_pairs(ef_pair_totals *totals, const ef_pair_mates *mates, const ef_vectors *rows,
                             const ef_vectors *columns, ef_error *err)
{
    uint64_t grouped;
    ef_status status = count_grouped(&grouped, rows, mates->self ? NULL : columns, err);
    totals->pairs = all_pairs_of(rows->count, columns->count, mates->self) - grouped;
    totals->mates = count_mates(mates, rows, columns);
    totals->grouped = grouped;
    return status;
}

ef_status ef_pair_count(ef_pair_totals *totals, const ef_vectors *rows, const ef_vectors *columns, ef_error *err)
{
    ef_pair_mates mates;
    ef_status status = ef_pair_mates_create(&mates, rows, columns, err);
    *totals = (ef_pair_totals){0};
    if (status == EF_OK) {
        status = count_pairs(totals, &mates, rows, columns != NULL ? columns : rows, err);
    }
    ef_pair_mates_free(&mates);
    return status;
}

static ef_status check_kinds(const ef_pair_visitor *visitors, size_t count, bool self, ef_error *err)
{
    size_t with = 0;
    for (size_t v = 0; v < count; v++) {
        with += visitors[v].column_kind != NULL;
    }
    return with > 1 || (with > 0 && self) ? ef_fail(err, EF_INVALID, "columns can be of one visitor's kinds, and of another set")
                                          : EF_OK;
}

ef_status ef_all_pairs(ef_pair_totals *totals, const ef_vectors *rows, const ef_vectors *columns, const ef_pair_visitor *visitors,
                       size_t count, const ef_pair_way *way, const ef_work *work, ef_error *err)
{
    const ef_pair_way by_itself = {0};
    way = way != NULL ? way : &by_itself;
    ef_pair_totals found = {0};
    run all = {
        .tiles = {.rows = rows,
                  .columns = columns != NULL ? columns : rows,
                  .self = columns == NULL,
                  .visitors = visitors,
                  .count = count,
                  .progress = work->progress},
        .work = work,
        .threads = (size_t)ef_pair_workers(work),
    };
    if (all.tiles.rows->dim != all.tiles.columns->dim || rows->dim == 0) {
        return ef_fail(err, EF_INVALID, "vectors of %zu elements cannot be compared with those of %zu", rows->dim,
                       all.tiles.columns->dim);
    }
    ef_status status = check_kinds(visitors, count, columns == NULL, err);
    if (status == EF_OK) {
        status = ef_pair_mates_create(&all.mates, rows, columns, err);
    }
    if (status == EF_OK && rows->count > 0 && all.tiles.columns->count > 0) {
        status = count_pairs(&found, &all.mates, rows, all.tiles.columns, err);
        ef_gemm_begin();
        plan(&all, way);
        atomic_init(&all.tiles.done, 0);
        all.tiles.total = all_pairs_of(rows->count, all.tiles.columns->count, all.tiles.self);
        status = status == EF_OK ? prepare(&all, way, err) : status;
        if (status == EF_OK) {
            status = meet_all(&all, err);
        }
        for (size_t i = 0; status == EF_OK && i < all.threads; i++) {
            found.candidates += all.tiles.desks[i].candidates;
        }
        found.directions = all.basis.count;
    }
    free_run(&all);
    if (totals != NULL) {
        *totals = found;
    }
    return status;
}
