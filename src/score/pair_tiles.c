#include "score/pair_tiles.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "linalg/dot16.h"
#include "linalg/gemm.h"
#include "linalg/screen.h"

/* Limits are asked for every REFRESH columns, and sooner after MANY candidates: as long as there are so many, limits are rising. */
enum { REFRESH = 256, MANY = 256 };

static size_t up(size_t count, size_t unit)
{
    return (count + unit - 1) / unit * unit;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What a tile is: rows from .. from + rows - 1 of the left block and columns likewise of the right one. */
typedef struct tile {
    size_t row, rows, column, columns;
} tile;

/* Where a set meets itself a pair's column comes after its row. */
static bool comes_after(const ef_pair_tiles *all, size_t row, size_t column)
{
    return !all->self || all->right->first + column > all->left->first + row;
}

static size_t column_number(const ef_pair_tiles *all, size_t place)
{
    return all->right->first + ef_pair_block_at(all->right, place);
}

static void lower(double *limit, const double *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        limit[i] = limit[i] < other[i] ? limit[i] : other[i];
    }
}

/* The lowest limit of all visitors. */
static void ask_limits(const ef_pair_tiles *all, bool columns, size_t first, size_t count, double *limit, ef_pair_desk *mine)
{
    for (size_t i = 0; i < count; i++) {
        limit[i] = INFINITY;
    }
    for (size_t v = 0; v < all->count; v++) {
        const ef_pair_visitor *visitor = &all->visitors[v];
        void (*ask)(void *, double *, size_t, size_t) = columns ? visitor->column_limits : visitor->row_limits;
        if (ask != NULL) {
            ask(visitor->self, mine->other, first, count);
            lower(limit, mine->other, count);
        }
    }
}

static void set_limits(float *out, const double *limit, const float *slack, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = ef_screen_limit(limit[i], slack[i]);
    }
}

static size_t columns_of(const tile *part, size_t column)
{
    return least(part->column + part->columns - column, EF_TILE_COLUMNS);
}

/* Whether the limits of rows are about all kinds of the 32 columns from `column` on. */
static bool of_kinds(const ef_pair_tiles *all, const tile *part, size_t column, const ef_pair_desk *mine)
{
    const uint32_t *kind = all->right->kind;
    return all->kinds == NULL || (mine->kind[0] <= kind[column] && kind[column + columns_of(part, column) - 1] <= mine->kind[1]);
}

static void refresh_rows(const ef_pair_tiles *all, const tile *part, size_t column, ef_pair_desk *mine)
{
    size_t first = all->left->first + part->row, count = columns_of(part, column);
    ask_limits(all, false, first, part->rows, mine->limit, mine);
    if (all->kinds != NULL) {
        const uint32_t *kind = all->right->kind + column;
        for (size_t c = 0; c < count; c++) {
            if (c == 0 || kind[c] != kind[c - 1]) {
                all->kinds->kind_limits(all->kinds->self, mine->other, first, part->rows, kind[c]);
                lower(mine->limit, mine->other, part->rows);
            }
        }
        mine->kind[0] = kind[0];
        mine->kind[1] = kind[count - 1];
    }
    set_limits(mine->row_limit, mine->limit, all->row_slack + part->row, part->rows);
    mine->fresh = 0;
}

static void refresh_columns(const ef_pair_tiles *all, const tile *part, size_t column, ef_pair_desk *mine)
{
    size_t count = columns_of(part, column), together = all->right->order != NULL ? 1 : count; /* numbers in a row */
    if (all->column_limits) {
        for (size_t c = 0; c < count; c += together) {
            ask_limits(all, true, column_number(all, column + c), together, mine->limit + c, mine);
        }
        set_limits(mine->column_limit, mine->limit, all->column_slack + column, count);
    }
}

/* Which pairs of 12 rows and 32 columns there are; false for none. */
static bool find_valid(uint32_t *valid, const ef_pair_tiles *all, const tile *part, size_t row, size_t column)
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

/* Takes out the pairs of vectors that are of one group. */
static void remove_groups(uint32_t *valid, const ef_pair_tiles *all, size_t row, size_t column)
{
    size_t columns = least(all->right->count - column, EF_TILE_COLUMNS);
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        if (valid[r] != 0) {
            int64_t own = all->rows->group[all->left->first + row + r];
            uint32_t same = 0;
            for (size_t c = 0; c < columns; c++) {
                same |= (uint32_t)(all->columns->group[column_number(all, column + c)] == own) << c;
            }
            valid[r] &= ~same;
        }
    }
}

/* Has a row of fine codes brought from memory, for sift(). */
static void fetch(const int16_t *fine, size_t dim)
{
    for (size_t k = 0; k < dim; k += 32) { /* of 64 bytes */
        __builtin_prefetch(fine + k);
    }
}

static void collect_pair(const ef_pair_tiles *all, size_t row, size_t column, float product, ef_pair_desk *mine, size_t *found)
{
    const ef_vectors *rows = all->rows, *columns = all->columns;
    if (rows->label != NULL && columns->label != NULL &&
        rows->label[all->left->first + row] == columns->label[column_number(all, column)]) {
        return; /* a mate */
    }
    if (all->kernel != NULL) {
        fetch(all->left->fine + row * rows->dim, rows->dim);
        fetch(all->right->fine + column * rows->dim, rows->dim);
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
static void collect(const ef_pair_tiles *all, const uint32_t *mask, size_t row, size_t column, const int32_t *dot,
                    const float *product, size_t stride, ef_pair_desk *mine, size_t *found)
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

/* Looks at candidates of codes again, by fine codes, and takes out those that cannot reach a limit after all.  Returns how many are left. */
static size_t sift(const ef_pair_tiles *all, const tile *part, size_t column, ef_pair_desk *mine, size_t found)
{
    const ef_pair_block *left = all->left, *right = all->right;
    size_t dim = all->rows->dim, kept = 0;
    for (size_t i = 0; i < found; i++) {
        ef_pair_candidate pair = mine->pair[i];
        size_t r = pair.row, c = pair.column;
        double product = ef_dot16(left->fine + r * dim, right->fine + c * dim, dim) *
                         ((double)left->fine_scale[r] * (double)right->fine_scale[c]),
               slack = (double)all->row_fine[r] + (double)all->column_fine[c];
        pair.low = fmax(pair.low, product - slack);
        pair.high = fmin(pair.high, product + slack);
        if (pair.high >= (double)mine->row_limit[r - part->row] + (double)all->row_slack[r] ||
            (all->column_limits && pair.high >= (double)mine->column_limit[c - column] + (double)all->column_slack[c])) {
            mine->pair[kept++] = pair;
        }
    }
    return kept;
}

static void hand_over(const ef_pair_tiles *all, const tile *part, size_t column, ef_pair_desk *mine, size_t found, int worker)
{
    found = all->kernel != NULL ? sift(all, part, column, mine, found) : found;
    for (size_t i = 0; all->right->order != NULL && i < found; i++) {
        mine->pair[i].column = all->right->order[mine->pair[i].column];
    }
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

static void show(const ef_pair_tiles *all, const ef_pair_products *products, int worker)
{
    for (size_t v = 0; v < all->count; v++) {
        if (all->visitors[v].look != NULL) {
            all->visitors[v].look(all->visitors[v].self, products, worker);
        }
    }
}

/* Meets 12 rows and 32 columns, whose products are in `dot` or, if that is NULL, in `product`.  Returns how many candidates there are by now. */
static size_t meet_pairs(const ef_pair_tiles *all, const uint32_t *valid, const tile *part, size_t row, size_t column,
                         const int32_t *dot, const float *product, ef_pair_desk *mine, size_t found, int worker)
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
static void meet_panel(const ef_pair_tiles *all, const tile *part, size_t column, ef_pair_desk *mine, int worker)
{
    size_t found = 0, words = ef_int8_words(all->codes);
    uint32_t valid[EF_TILE_ROWS];
    refresh_columns(all, part, column, mine);
    for (size_t row = part->row, s = 0; row < part->row + part->rows; row += EF_TILE_ROWS, s++) {
        if (!find_valid(valid, all, part, row, column)) {
            continue;
        }
        if (all->rows->group != NULL && all->columns->group != NULL) {
            remove_groups(valid, all, row, column);
        }
        if (all->kernel != NULL) {
            all->kernel->product(mine->dot, mine->strips + s * EF_TILE_ROWS * words,
                                 mine->starts + s * ef_int8_starts(all->kernel, words), all->right->panels + column * words,
                                 words);
            found = meet_pairs(all, valid, part, row, column, mine->dot, NULL, mine, found, worker);
        } else {
            const float *product = mine->product + (row - part->row) * all->tile_columns + (column - part->column);
            found = meet_pairs(all, valid, part, row, column, NULL, product, mine, found, worker);
        }
        if (found >= MANY) {
            hand_over(all, part, column, mine, found, worker);
            refresh_columns(all, part, column, mine);
            found = 0;
        }
    }
    hand_over(all, part, column, mine, found, worker);
}

static void take_strips(const ef_pair_tiles *all, const tile *part, ef_pair_desk *mine)
{
    size_t words = ef_int8_words(all->codes);
    if (mine->tile_row == part->row) {
        return;
    }
    for (size_t r = 0; r < part->rows; r += EF_TILE_ROWS) {
        ef_int8_strip_take(all->kernel, mine->strips + r * words,
                           mine->starts + r / EF_TILE_ROWS * ef_int8_starts(all->kernel, words), all->left->panels, part->row + r,
                           least(part->rows - r, EF_TILE_ROWS), words);
    }
    mine->tile_row = part->row;
}

/* A tile on the diagonal is half empty: there, in narrow slices, only the rows that have pairs. */
static void multiply(const ef_pair_tiles *all, const tile *part, ef_pair_desk *mine)
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

static uint64_t pairs_of(const ef_pair_tiles *all, const tile *part)
{
    uint64_t pairs = (uint64_t)part->rows * part->columns;
    for (size_t r = part->row; all->self && r < part->row + part->rows; r++) {
        size_t row = all->left->first + r, column = all->right->first + part->column; /* columns up to the row are out */
        pairs -= row >= column ? least(row - column + 1, part->columns) : 0;
    }
    return pairs;
}

static void report(ef_pair_tiles *all, const tile *part, int worker)
{
    uint64_t more = pairs_of(all, part), done = atomic_fetch_add(&all->done, more) + more;
    const ef_progress *progress = all->progress;
    if (worker == 0 && progress != NULL) { /* the caller's own thread */
        progress->report(progress->context, "comparing", done, all->total);
    }
}

size_t ef_pair_tiles_count(const ef_pair_tiles *all)
{
    return up(all->left->count, all->tile_rows) / all->tile_rows * (up(all->right->count, all->tile_columns) / all->tile_columns);
}

/* Tiles of the same rows come one after the other, so that a worker can keep its strips. */
void ef_pair_tiles_meet(void *tiles, size_t index, int worker)
{
    ef_pair_tiles *all = tiles;
    ef_pair_desk *mine = &all->desks[worker];
    size_t across = up(all->right->count, all->tile_columns) / all->tile_columns;
    tile part = {.row = index / across * all->tile_rows, .column = index % across * all->tile_columns};
    part.rows = least(all->left->count - part.row, all->tile_rows);
    part.columns = least(all->right->count - part.column, all->tile_columns);
    if (comes_after(all, part.row, part.column + part.columns - 1)) {
        if (all->kernel != NULL) {
            take_strips(all, &part, mine);
        } else {
            multiply(all, &part, mine);
        }
        for (size_t c = 0; c < part.columns; c += EF_TILE_COLUMNS) {
            if (c % REFRESH == 0 || mine->fresh >= MANY || !of_kinds(all, &part, part.column + c, mine)) {
                refresh_rows(all, &part, part.column + c, mine);
            }
            meet_panel(all, &part, part.column + c, mine, worker);
        }
    }
    report(all, &part, worker);
}

void ef_pair_desk_free(ef_pair_desk *mine)
{
    free(mine->strips);
    free(mine->starts);
    free(mine->dot);
    free(mine->product);
    free(mine->row_limit);
    free(mine->column_limit);
    free(mine->limit);
    free(mine->other);
    free(mine->pair);
}

bool ef_pair_desk_make(ef_pair_desk *mine, const ef_pair_tiles *all)
{
    size_t rows = up(all->tile_rows, EF_TILE_ROWS) + EF_TILE_ROWS, words = ef_int8_words(all->codes), numbers;
    size_t starts = all->kernel != NULL ? rows / EF_TILE_ROWS * ef_int8_starts(all->kernel, words) : 0;
    size_t products = all->kernel != NULL ? EF_TILE_ROWS * EF_TILE_COLUMNS : rows * (all->tile_columns + EF_TILE_COLUMNS);
    size_t limits = rows > EF_TILE_COLUMNS ? rows : EF_TILE_COLUMNS;
    if (!ef_size_mul(&numbers, rows, words)) {
        return false;
    }
    *mine = (ef_pair_desk){
        .strips = ef_alloc_aligned(all->kernel != NULL ? numbers : 0, sizeof *mine->strips),
        .starts = ef_alloc(starts, sizeof *mine->starts),
        .dot = ef_alloc_aligned(EF_TILE_ROWS * EF_TILE_COLUMNS, sizeof *mine->dot),
        .product = ef_alloc_zero(products, sizeof *mine->product),
        .row_limit = ef_alloc_zero(rows, sizeof *mine->row_limit),
        .column_limit = ef_alloc_zero(EF_TILE_COLUMNS, sizeof *mine->column_limit),
        .limit = ef_alloc(limits, sizeof *mine->limit),
        .other = ef_alloc(limits, sizeof *mine->other),
        .pair = ef_alloc(MANY + EF_TILE_ROWS * EF_TILE_COLUMNS, sizeof *mine->pair),
    };
    return mine->strips != NULL && mine->starts != NULL && mine->dot != NULL && mine->product != NULL &&
           mine->row_limit != NULL && mine->column_limit != NULL && mine->limit != NULL && mine->other != NULL &&
           mine->pair != NULL;
}
