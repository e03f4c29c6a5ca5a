#include "score/all_pairs.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/gemm.h"
#include "linalg/quantise.h"
#include "linalg/screen.h"
#include "score/pair_mates.h"

#define DEFAULT_MEMORY ((size_t)2 << 30)
#define STREAMED       ((size_t)16384) /* more vectors in a block than this save nothing */
#define PIECE          ((size_t)64)    /* rows whose mates a thread scores at a time */

/* Limits are asked for every REFRESH columns, and sooner after MANY candidates: as long as there are so many, limits are rising. */

/* Sizes of tiles.  Codes: the strips of 384 rows of 512 elements are 192 KiB and stay in a second-level cache; the panels stream through.  Floats: so do 252 x 1024
 * products, 1 MiB. */
enum { CODE_ROWS = 768, FLOAT_ROWS = 504, CODE_COLUMNS = 2048, FLOAT_COLUMNS = 1024, REFRESH = 256, MANY = 256 };

/* What a worker works in. */
typedef struct desk {
    uint32_t *strips; /* codes: of the rows of tile `tile_row` */
    int32_t *sums, *dot;
    float *product;                  /* floats: of the tile; codes: of 12 x 32 pairs, for those who look */
    float *row_limit, *column_limit; /* of a tile */
    double *limit, *other;           /* of a tile, while they are asked for */
    ef_pair_candidate *pair;
    size_t tile_row; /* SIZE_MAX: none */
    size_t fresh;    /* candidates since limits were asked for */
    uint64_t candidates;
    char apart[64]; /* from the next worker's */
} desk;

typedef struct run {
    const ef_vectors *rows, *columns; /* the same ones where a set meets itself */
    const ef_pair_visitor *visitors;
    size_t count; /* of visitors */
    const ef_work *work;
    size_t threads, tile_rows, tile_columns, row_block, column_block;
    bool self, coded, column_limits, looks;
    ef_pair_mates mates;
    ef_pair_block block[2];
    float *row_slack, *column_slack; /* of the two blocks under way */
    const ef_pair_block *left, *right;
    desk *desks;
    const ef_int8_version *kernel;
    uint64_t total;
    atomic_uint_fast64_t done;
} run;

static size_t up(size_t count, size_t unit)
{
    return (count + unit - 1) / unit * unit;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

int ef_pair_workers(const ef_work *work)
{
    return work->threads > 0 ? work->threads : ef_processors();
}

/* What a tile is: rows from .. from + rows - 1 of the left block and columns likewise of the right one. */
typedef struct tile {
    size_t row, rows, column, columns;
} tile;

/* Where a set meets itself a pair's column comes after its row. */
static bool comes_after(const run *all, size_t row, size_t column)
{
    return !all->self || all->right->first + column > all->left->first + row;
}

/* The lowest limit of all visitors. */
static void ask_limits(const run *all, bool columns, size_t first, size_t count, float *out, const float *slack, desk *mine)
{
    for (size_t i = 0; i < count; i++) {
        mine->limit[i] = INFINITY;
    }
    for (size_t v = 0; v < all->count; v++) {
        const ef_pair_visitor *visitor = &all->visitors[v];
        void (*ask)(void *, double *, size_t, size_t) = columns ? visitor->column_limits : visitor->row_limits;
        if (ask != NULL) {
            ask(visitor->self, mine->other, first, count);
            for (size_t i = 0; i < count; i++) {
                mine->limit[i] = fmin(mine->limit[i], mine->other[i]);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = ef_screen_limit(mine->limit[i], slack[i]);
    }
}

static void refresh_rows(const run *all, const tile *part, desk *mine)
{
    ask_limits(all, false, all->left->first + part->row, part->rows, mine->row_limit, all->row_slack + part->row, mine);
    mine->fresh = 0;
}

static void refresh_columns(const run *all, const tile *part, size_t column, desk *mine)
{
    if (all->column_limits) {
        size_t count = least(part->column + part->columns - column, EF_TILE_COLUMNS);
        ask_limits(all, true, all->right->first + column, count, mine->column_limit, all->column_slack + column, mine);
    }
}

/* Which pairs of 12 rows and 32 columns there are; false for none. */
static bool find_valid(uint32_t *valid, const run *all, const tile *part, size_t row, size_t column)
{
    size_t rows_end = part->row + part->rows, columns_end = part->column + part->columns;
    uint32_t any = 0, full = columns_end - column < EF_TILE_COLUMNS ? (UINT32_C(1) << (columns_end - column)) - 1 : UINT32_MAX;
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        valid[r] = row + r < rows_end ? full : 0;
        if (all->self && valid[r] != 0) {
            size_t i = all->left->first + row + r, j = all->right->first + column; /* columns up to i are out */
            size_t out = i >= j ? i - j + 1 : 0;
            valid[r] = out >= EF_TILE_COLUMNS ? 0 : valid[r] >> out << out;
        }
        any |= valid[r];
    }
    return any != 0;
}

static void collect_pair(const run *all, size_t row, size_t column, float product, desk *mine, size_t *found)
{
    const ef_vectors *rows = all->rows, *columns = all->columns;
    if (rows->label != NULL && columns->label != NULL &&
        rows->label[all->left->first + row] == columns->label[all->right->first + column]) {
        return; /* a mate */
    }
    double slack = (double)all->row_slack[row] + (double)all->column_slack[column];
    mine->pair[(*found)++] = (ef_pair_candidate){
        .low = (double)product - slack,
        .high = (double)product + slack,
        .row = (uint32_t)row,
        .column = (uint32_t)column,
    };
}

/* Takes the pairs of `mask` out of 12 x 32 products: of codes where `dot` is there. */
static void collect(const run *all, const uint32_t *mask, size_t row, size_t column, const int32_t *dot, const float *product,
                    size_t stride, desk *mine, size_t *found)
{
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        for (uint32_t bits = mask[r]; bits != 0; bits &= bits - 1) {
            size_t c = (size_t)__builtin_ctz(bits);
            float value = dot != NULL ? ef_screen_product(dot[r * EF_TILE_COLUMNS + c], all->left->scale[row + r],
                                                          all->right->scale[column + c])
                                      : product[r * stride + c];
            collect_pair(all, row + r, column + c, value, mine, found);
        }
    }
}

static void hand_over(const run *all, desk *mine, size_t found, int worker)
{
    ef_pair_batch batch = {all->left, all->right, mine->pair, found};
    mine->candidates += found;
    mine->fresh += found;
    for (size_t v = 0; found > 0 && v < all->count; v++) {
        if (all->visitors[v].meet != NULL) {
            all->visitors[v].meet(all->visitors[v].self, &batch, worker);
        }
    }
}

static float largest(const float *slack, size_t count)
{
    float most = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmaxf(most, slack[i]);
    }
    return most;
}

static void show(const run *all, const ef_pair_products *products, int worker)
{
    for (size_t v = 0; v < all->count; v++) {
        if (all->visitors[v].look != NULL) {
            all->visitors[v].look(all->visitors[v].self, products, worker);
        }
    }
}

/* Meets 12 rows and 32 columns, whose products are in `dot` or, if that is NULL, in `product`.  Returns how many candidates there are by now. */
static size_t meet_pairs(const run *all, const uint32_t *valid, const tile *part, size_t row, size_t column, const int32_t *dot,
                         const float *product, desk *mine, size_t found, int worker)
{
    size_t stride = all->tile_columns;
    uint32_t mask[EF_TILE_ROWS];
    const ef_screen_side rows = {all->left->scale + row, all->row_slack + row, mine->row_limit + (row - part->row)};
    const ef_screen_side columns = {all->right->scale + column, all->column_slack + column,
                                    all->column_limits ? mine->column_limit : NULL};
    if (dot != NULL ? ef_screen_codes(mask, dot, &rows, &columns) : ef_screen_floats(mask, product, stride, &rows, &columns)) {
        for (size_t r = 0; r < EF_TILE_ROWS; r++) {
            mask[r] &= valid[r];
        }
        collect(all, mask, row, column, dot, product, stride, mine, &found);
    }
    if (all->looks) {
        if (dot != NULL) {
            ef_screen_products(mine->product, dot, rows.scale, columns.scale);
            product = mine->product;
            stride = EF_TILE_COLUMNS;
        }
        double slack = (double)largest(rows.slack, EF_TILE_ROWS) + (double)largest(columns.slack, EF_TILE_COLUMNS);
        show(all, &(ef_pair_products){product, stride, valid, slack}, worker);
    }
    return found;
}

/* All rows of a tile against 32 columns. */
static void meet_panel(const run *all, const tile *part, size_t column, desk *mine, int worker)
{
    size_t found = 0, words = ef_int8_words(all->rows->dim);
    uint32_t valid[EF_TILE_ROWS];
    refresh_columns(all, part, column, mine);
    for (size_t row = part->row, s = 0; row < part->row + part->rows; row += EF_TILE_ROWS, s++) {
        if (!find_valid(valid, all, part, row, column)) {
            continue;
        }
        if (all->coded) {
            all->kernel->product(mine->dot, mine->strips + s * EF_TILE_ROWS * words, mine->sums + s * EF_TILE_ROWS,
                                 all->right->panels + column * words, words);
            found = meet_pairs(all, valid, part, row, column, mine->dot, NULL, mine, found, worker);
        } else {
            const float *product = mine->product + (row - part->row) * all->tile_columns + (column - part->column);
            found = meet_pairs(all, valid, part, row, column, NULL, product, mine, found, worker);
        }
        if (found >= MANY) {
            hand_over(all, mine, found, worker);
            refresh_columns(all, part, column, mine);
            found = 0;
        }
    }
    hand_over(all, mine, found, worker);
}

static void take_strips(const run *all, const tile *part, desk *mine)
{
    size_t words = ef_int8_words(all->rows->dim);
    if (mine->tile_row == part->row) {
        return;
    }
    for (size_t r = 0; r < part->rows; r += EF_TILE_ROWS) {
        ef_int8_strip_take(mine->strips + r * words, mine->sums + r, all->left->panels, part->row + r,
                           least(part->rows - r, EF_TILE_ROWS), words);
    }
    mine->tile_row = part->row;
}

/* A tile on the diagonal is half empty: there, in narrow slices, only the rows that have pairs. */
static void multiply(const run *all, const tile *part, desk *mine)
{
    size_t dim = all->rows->dim, step = comes_after(all, part->row + part->rows - 1, part->column) ? part->columns : REFRESH;
    for (size_t c = 0; c < part->columns; c += step) {
        size_t columns = least(part->columns - c, step), rows = part->rows;
        while (rows > 0 && !comes_after(all, part->row + rows - 1, part->column + c + columns - 1)) {
            rows--;
        }
        if (rows > 0) {
            ef_gemm_tile(mine->product + c, all->tile_columns, all->left->narrow + part->row * dim, rows,
                         all->right->narrow + (part->column + c) * dim, columns, dim);
        }
    }
}

static void report(run *all, const tile *part, int worker)
{
    uint64_t more = (uint64_t)part->rows * part->columns, done = atomic_fetch_add(&all->done, more) + more;
    const ef_progress *progress = all->work->progress;
    if (worker == 0 && progress != NULL) { /* the caller's own thread */
        progress->report(progress->context, "comparing", done, all->total);
    }
}

/* Tiles of the same rows come one after the other, so that a worker can keep its strips. */
static void meet_tile(void *data, size_t index, int worker)
{
    run *all = data;
    desk *mine = &all->desks[worker];
    size_t across = up(all->right->count, all->tile_columns) / all->tile_columns;
    tile part = {.row = index / across * all->tile_rows, .column = index % across * all->tile_columns};
    part.rows = least(all->left->count - part.row, all->tile_rows);
    part.columns = least(all->right->count - part.column, all->tile_columns);
    if (comes_after(all, part.row, part.column + part.columns - 1)) {
        if (all->coded) {
            take_strips(all, &part, mine);
        } else {
            multiply(all, &part, mine);
        }
        for (size_t c = 0; c < part.columns; c += EF_TILE_COLUMNS) {
            if (c % REFRESH == 0 || mine->fresh >= MANY) {
                refresh_rows(all, &part, mine);
            }
            meet_panel(all, &part, part.column + c, mine, worker);
        }
    }
    report(all, &part, worker);
}

static void meet_mates(void *data, size_t piece, int worker)
{
    const run *all = data;
    const ef_pair_block *left = all->left, *right = all->right;
    size_t dim = all->rows->dim, end = least((piece + 1) * PIECE, left->count);
    for (size_t r = piece * PIECE; r < end; r++) {
        size_t row = left->first + r, begin, stop;
        ef_pair_mates_of(&all->mates, row, right->first, right->first + right->count, &begin, &stop);
        for (size_t m = begin; m < stop; m++) {
            size_t column = all->mates.column[m].number;
            double score = ef_dot(left->unit + r * dim, right->unit + (column - right->first) * dim, dim);
            for (size_t v = 0; v < all->count; v++) {
                if (all->visitors[v].mate != NULL) {
                    all->visitors[v].mate(all->visitors[v].self, row, column, score, worker);
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

static void find_slack(const run *all)
{
    size_t dim = all->rows->dim;
    float left = all->left->length, right = all->right->length, each = float_slack(dim, (double)left, (double)right);
    for (size_t i = 0; i < all->left->count; i++) {
        all->row_slack[i] = all->coded ? ef_quantised_slack(all->left->residual[i], dim, left, right) : each;
    }
    for (size_t i = 0; i < all->right->count; i++) {
        all->column_slack[i] = all->coded ? ef_quantised_slack(all->right->residual[i], dim, right, left) : each;
    }
}

static void meet_blocks(run *all)
{
    size_t down = up(all->left->count, all->tile_rows) / all->tile_rows;
    size_t across = up(all->right->count, all->tile_columns) / all->tile_columns;
    find_slack(all);
    for (size_t i = 0; i < all->threads; i++) {
        all->desks[i].tile_row = SIZE_MAX;
    }
    if (all->mates.count > 0) {
        ef_parallel_for((int)all->threads, up(all->left->count, PIECE) / PIECE, meet_mates, all);
    }
    ef_parallel_for((int)all->threads, down * across, meet_tile, all);
}

/* Every block of rows with every block of columns, from its own on where a set meets itself. */
static ef_status meet_all(run *all, ef_error *err)
{
    int threads = (int)all->threads;
    size_t rows = all->rows->count, columns = all->columns->count;
    ef_status status = EF_OK;
    all->left = &all->block[0];
    for (size_t r = 0; status == EF_OK && r < rows; r += all->row_block) {
        status = ef_pair_block_prepare(&all->block[0], r, least(rows - r, all->row_block), threads, err);
        for (size_t c = all->self ? r : 0; status == EF_OK && c < columns; c += all->column_block) {
            all->right = &all->block[1];
            if (all->self && c == r) {
                all->right = &all->block[0];
            } else {
                status = ef_pair_block_prepare(&all->block[1], c, least(columns - c, all->column_block), threads, err);
            }
            if (status == EF_OK) {
                meet_blocks(all);
            }
        }
    }
    return status;
}

static void free_desk(desk *mine)
{
    free(mine->strips);
    free(mine->sums);
    free(mine->dot);
    free(mine->product);
    free(mine->row_limit);
    free(mine->column_limit);
    free(mine->limit);
    free(mine->other);
    free(mine->pair);
}

static bool make_desk(const run *all, desk *mine)
{
    size_t rows = up(all->tile_rows, EF_TILE_ROWS) + EF_TILE_ROWS, words = ef_int8_words(all->rows->dim), numbers;
    size_t products = all->coded ? EF_TILE_ROWS * EF_TILE_COLUMNS : rows * (all->tile_columns + EF_TILE_COLUMNS);
    size_t limits = rows > EF_TILE_COLUMNS ? rows : EF_TILE_COLUMNS;
    if (!ef_size_mul(&numbers, rows, words)) {
        return false;
    }
    *mine = (desk){
        .strips = ef_alloc_aligned(all->coded ? numbers : 0, sizeof *mine->strips),
        .sums = ef_alloc(rows, sizeof *mine->sums),
        .dot = ef_alloc_aligned(EF_TILE_ROWS * EF_TILE_COLUMNS, sizeof *mine->dot),
        .product = ef_alloc_zero(products, sizeof *mine->product),
        .row_limit = ef_alloc_zero(rows, sizeof *mine->row_limit),
        .column_limit = ef_alloc_zero(EF_TILE_COLUMNS, sizeof *mine->column_limit),
        .limit = ef_alloc(limits, sizeof *mine->limit),
        .other = ef_alloc(limits, sizeof *mine->other),
        .pair = ef_alloc(MANY + EF_TILE_ROWS * EF_TILE_COLUMNS, sizeof *mine->pair),
    };
    return mine->strips != NULL && mine->sums != NULL && mine->dot != NULL && mine->product != NULL && mine->row_limit != NULL &&
           mine->column_limit != NULL && mine->limit != NULL && mine->other != NULL && mine->pair != NULL;
}

/* How many vectors a block holds.  Vectors that one block can hold need no second one where they meet themselves; else a quarter of the memory is for
 * the side that streams, and no more than is of use. */
static void plan_blocks(run *all, const ef_pair_way *way)
{
    size_t memory = all->work->memory != 0 ? all->work->memory : DEFAULT_MEMORY;
    size_t row_bytes = ef_pair_block_bytes(all->rows, all->coded), column_bytes = ef_pair_block_bytes(all->columns, all->coded);
    size_t most = UINT32_MAX / 2, rows = row_bytes > 0 ? least(memory / 2 / row_bytes, most) : 1;
    size_t columns = column_bytes > 0 ? least(memory / 4 / column_bytes, STREAMED) : 1;
    if (all->self && rows < all->rows->count) {
        rows = columns;
    }
    rows = way->block > 0 ? way->block : rows;
    columns = way->block > 0 ? way->block : columns;
    all->row_block = least(rows > 0 ? rows : 1, all->rows->count);
    all->column_block = all->self ? all->row_block : least(columns > 0 ? columns : 1, all->columns->count);
}

bool ef_pair_by_codes(const ef_pair_way *way, size_t dim)
{
    ef_pair_product product = way != NULL ? way->product : EF_PRODUCT_FASTEST;
    bool wanted = product == EF_PRODUCT_CODES || (product == EF_PRODUCT_FASTEST && ef_int8_best()->fast);
    return wanted && dim <= EF_QUANTISE_MOST;
}

static void plan(run *all, const ef_pair_way *way)
{
    const ef_pair_way by_itself = {0};
    way = way != NULL ? way : &by_itself;
    all->kernel = ef_int8_best();
    all->coded = ef_pair_by_codes(way, all->rows->dim);
    plan_blocks(all, way);
    size_t rows = way->tile_rows > 0 ? way->tile_rows : all->coded ? CODE_ROWS : FLOAT_ROWS;
    size_t columns = way->tile_columns > 0 ? way->tile_columns : all->coded ? CODE_COLUMNS : FLOAT_COLUMNS;
    /* Small enough for all threads to get several. */
    size_t share = up(all->row_block, 4 * all->threads) / (4 * all->threads);
    all->tile_rows = up(way->tile_rows > 0 ? rows : least(rows, share), EF_TILE_ROWS);
    all->tile_columns = up(columns, EF_TILE_COLUMNS);
    for (size_t v = 0; v < all->count; v++) {
        all->column_limits = all->column_limits || all->visitors[v].column_limits != NULL;
        all->looks = all->looks || all->visitors[v].look != NULL;
    }
}

static ef_status prepare(run *all, ef_error *err)
{
    size_t pad = EF_TILE_COLUMNS + EF_TILE_ROWS;
    bool second = !all->self || all->row_block < all->rows->count;
    ef_status status = ef_pair_block_create(&all->block[0], all->rows, all->row_block, all->coded, err);
    if (status == EF_OK && second) {
        status = ef_pair_block_create(&all->block[1], all->columns, all->column_block, all->coded, err);
    }
    if (status != EF_OK) {
        return status;
    }
    all->row_slack = ef_alloc_zero(all->row_block + pad, sizeof *all->row_slack);
    all->column_slack = ef_alloc_zero(all->column_block + pad, sizeof *all->column_slack);
    all->desks = ef_alloc_zero(all->threads, sizeof *all->desks);
    bool enough = all->row_slack != NULL && all->column_slack != NULL && all->desks != NULL;
    for (size_t i = 0; enough && i < all->threads; i++) {
        enough = make_desk(all, &all->desks[i]);
    }
    return enough ? EF_OK : ef_fail_memory(err, "vectors to compare");
}

static void free_run(run *all)
{
    for (size_t i = 0; all->desks != NULL && i < all->threads; i++) {
        free_desk(&all->desks[i]);
    }
    free(all->desks);
    free(all->row_slack);
    free(all->column_slack);
    ef_pair_block_free(&all->block[0]);
    ef_pair_block_free(&all->block[1]);
    ef_pair_mates_free(&all->mates);
}

/* Pairs and mates there are. */
static void count_pairs(ef_pair_totals *totals, const ef_pair_mates *mates, const ef_vectors *rows, const ef_vectors *columns)
{
    uint64_t n = rows->count;
    totals->pairs = mates->self ? (n % 2 == 0 ? n / 2 * (n - 1) : (n - 1) / 2 * n) : n * columns->count;
    for (size_t r = 0; mates->count > 0 && r < rows->count; r++) {
        size_t begin, stop;
        ef_pair_mates_of(mates, r, 0, columns->count, &begin, &stop);
        totals->mates += stop - begin;
    }
}

/* What progress is measured in: products, those of a block with itself twice. */
static void count_work(run *all)
{
    uint64_t rows = all->rows->count, columns = all->columns->count;
    all->total = 0;
    atomic_init(&all->done, 0);
    for (uint64_t r = 0; r < rows; r += all->row_block) {
        uint64_t here = rows - r < all->row_block ? rows - r : all->row_block;
        all->total += here * (all->self ? columns - r : columns);
    }
}

ef_status ef_pair_count(ef_pair_totals *totals, const ef_vectors *rows, const ef_vectors *columns, ef_error *err)
{
    ef_pair_mates mates;
    ef_status status = ef_pair_mates_create(&mates, rows, columns, err);
    *totals = (ef_pair_totals){0};
    if (status == EF_OK) {
        count_pairs(totals, &mates, rows, columns != NULL ? columns : rows);
    }
    ef_pair_mates_free(&mates);
    return status;
}

ef_status ef_all_pairs(ef_pair_totals *totals, const ef_vectors *rows, const ef_vectors *columns, const ef_pair_visitor *visitors,
                       size_t count, const ef_pair_way *way, const ef_work *work, ef_error *err)
{
    ef_pair_totals found = {0};
    run all = {
        .rows = rows,
        .columns = columns != NULL ? columns : rows,
        .self = columns == NULL,
        .visitors = visitors,
        .count = count,
        .work = work,
        .threads = (size_t)ef_pair_workers(work),
    };
    if (all.rows->dim != all.columns->dim || rows->dim == 0) {
        return ef_fail(err, EF_INVALID, "vectors of %zu elements cannot be compared with those of %zu", rows->dim,
                       all.columns->dim);
    }
    ef_status status = ef_pair_mates_create(&all.mates, rows, columns, err);
    if (status == EF_OK && rows->count > 0 && all.columns->count > 0) {
        count_pairs(&found, &all.mates, rows, all.columns);
        ef_gemm_begin();
        plan(&all, way);
        count_work(&all);
        status = prepare(&all, err);
        if (status == EF_OK) {
            status = meet_all(&all, err);
        }
        for (size_t i = 0; status == EF_OK && i < all.threads; i++) {
            found.candidates += all.desks[i].candidates;
        }
    }
    free_run(&all);
    if (totals != NULL) {
        *totals = found;
    }
    return status;
}
