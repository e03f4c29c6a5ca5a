#include <eface/rows.h>

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/and_more.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/normalise.h"
#include "score/flip.h"
#include "score/flip_check.h"
#include "score/rows_threads.h"

#define BLOCK        ((size_t)2 << 20) /* bytes of unit vectors made at once */
#define MOST_COUNTED ((size_t)1 << 30) /* bytes of vectors that are looked at once one is found bad */
#define PIECE        64                /* rows that a thread takes at a time */

struct ef_rows {
    const ef_set *set;
    ef_flip flip;
    size_t dim;        /* of the set */
    size_t block_rows; /* rows that are read at once */
    double *raw;       /* workspace of block_rows x dim, where a row is not as long as what is made of it */
    double *mirrored;  /* workspace of the same size, for mirrored embeddings */
};

/* Whether rows are read elsewhere than what is made of them is put. */
static bool has_raw(ef_flip flip)
{
    return flip == EF_FLIP_CONCAT || ef_flip_splits(flip);
}

ef_status ef_rows_create(ef_rows **out, const ef_set *set, ef_flip flip, ef_error *err)
{
    if (!ef_set_has(set, EF_EMBEDDINGS)) {
        return ef_fail(err, EF_FORMAT, "%s: has no embeddings", ef_set_name(set));
    }
    ef_status status = ef_flip_check(flip, set, err);
    if (status != EF_OK) {
        return status;
    }
    ef_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        return ef_fail_memory(err, ef_set_name(set));
    }
    rows->set = set;
    rows->flip = flip;
    rows->dim = ef_set_dim(set);
    rows->block_rows = BLOCK / sizeof(double) / (ef_flip_splits(flip) ? rows->dim : ef_rows_dim(rows));
    rows->block_rows = rows->block_rows == 0 ? 1 : rows->block_rows;
    if (rows->block_rows > ef_set_rows(set)) {
        rows->block_rows = ef_set_rows(set);
    }
    size_t row_bytes = rows->dim * sizeof(double);
    if ((ef_flip_reads_mirrored(flip) && (rows->mirrored = ef_alloc(rows->block_rows, row_bytes)) == NULL) ||
        (has_raw(flip) && (rows->raw = ef_alloc(rows->block_rows, row_bytes)) == NULL)) {
        ef_rows_free(rows);
        return ef_fail_memory(err, ef_set_name(set));
    }
    *out = rows;
    return EF_OK;
}

void ef_rows_free(ef_rows *rows)
{
    if (rows != NULL) {
        free(rows->raw);
        free(rows->mirrored);
        free(rows);
    }
}

size_t ef_rows_count(const ef_rows *rows)
{
    return ef_set_rows(rows->set);
}

size_t ef_rows_dim(const ef_rows *rows)
{
    return ef_flip_dim(rows->flip, rows->dim);
}

const char *ef_rows_name(const ef_rows *rows)
{
    return ef_set_field_name(rows->set, EF_EMBEDDINGS);
}

/* sum[k] += mirrored[k].  A sum that is too large for a double is made of halves, which have the same direction. */
static void add_mirrored(double *sum, const double *mirrored, size_t n)
{
    bool fits = true;
    for (size_t k = 0; k < n; k++) {
        fits = fits && isfinite(sum[k] + mirrored[k]);
    }
    double factor = fits ? 1.0 : 0.5;
    for (size_t k = 0; k < n; k++) {
        sum[k] = factor * sum[k] + factor * mirrored[k];
    }
}

typedef struct fusion {
    const ef_rows *rows;
    double *unit;
    size_t count;
    atomic_size_t zero;  /* the lowest row without a direction, times ZEROS, and what is zero of it; or SIZE_MAX; */
    atomic_size_t zeros; /* and how many there are */
} fusion;

enum { ZEROS = EF_ZERO_SECOND + 1 };

/* Makes unit[0 .. ] of what has been read of image `i`. */
static ef_zero fuse_image(const ef_rows *rows, double *unit, size_t i)
{
    size_t dim = rows->dim, unit_dim = ef_rows_dim(rows), part = ef_flip_splits(rows->flip) ? unit_dim : dim;
    const double *first = has_raw(rows->flip) ? rows->raw + i * dim : unit, *second = NULL;
    if (ef_flip_reads_mirrored(rows->flip)) {
        second = rows->mirrored + i * dim;
    } else if (rows->flip == EF_FLIP_HALVES) {
        second = first + part;
    }
    ef_zero zero = second == NULL             ? EF_ZERO_NONE
                   : ef_is_zero(first, part)  ? EF_ZERO_FIRST
                   : ef_is_zero(second, part) ? EF_ZERO_SECOND
                                              : EF_ZERO_NONE;
    if (first != unit) {
        memcpy(unit, first, part * sizeof *unit);
    }
    if (rows->flip == EF_FLIP_CONCAT) {
        memcpy(unit + dim, second, dim * sizeof *unit);
    } else if (second != NULL) {
        add_mirrored(unit, second, part);
    }
    return ef_normalise(unit, unit, unit_dim) == 0.0 && zero == EF_ZERO_NONE ? EF_ZERO_FUSED : zero;
}

/* Fuses and normalises the rows of one piece. */
static void fuse(void *data, size_t piece, int worker)
{
    fusion *work = data;
    const ef_rows *rows = work->rows;
    size_t unit_dim = ef_rows_dim(rows);
    size_t end = (piece + 1) * PIECE < work->count ? (piece + 1) * PIECE : work->count;
    (void)worker;
    for (size_t i = piece * PIECE; i < end; i++) {
        ef_zero found = fuse_image(rows, work->unit + i * unit_dim, i);
        if (found != EF_ZERO_NONE) {
            atomic_fetch_add(&work->zeros, 1);
            size_t lowest = atomic_load(&work->zero), here = i * ZEROS + found;
            while (here < lowest && !atomic_compare_exchange_weak(&work->zero, &lowest, here)) {
            }
        }
    }
}

/* At most block_rows rows; *zero = the first that has no direction, as in a fusion, and *zeros how many have none. */
static ef_status fuse_block(ef_rows *rows, size_t first, size_t count, double *unit, int threads, size_t *zero, size_t *zeros,
                            ef_error *err)
{
    double *raw = has_raw(rows->flip) ? rows->raw : unit;
    ef_status status = ef_set_read_reals(rows->set, EF_EMBEDDINGS, first, count, raw, err);
    if (status == EF_OK && ef_flip_reads_mirrored(rows->flip)) {
        status = ef_set_read_reals(rows->set, EF_EMBEDDINGS_FLIP, first, count, rows->mirrored, err);
    }
    if (status != EF_OK) {
        return status;
    }
    fusion work = {.rows = rows, .unit = unit, .count = count};
    atomic_init(&work.zero, SIZE_MAX);
    atomic_init(&work.zeros, 0);
    ef_parallel_for(threads, (count + PIECE - 1) / PIECE, fuse, &work);
    *zero = atomic_load(&work.zero);
    *zeros = atomic_load(&work.zeros);
    return EF_OK;
}

/* The error for the first row of a block in which `zeros` have no direction; those behind the block are counted as well, as far as they can
 * be read. */
static ef_status fail_zero(ef_rows *rows, size_t first, size_t count, double *unit, int threads, size_t zero, size_t zeros,
                           ef_error *err)
{
    const size_t most = MOST_COUNTED / (rows->dim * sizeof *unit) + first, total = ef_rows_count(rows);
    const size_t limit = most < total ? most : total;
    char more[EF_AND_MORE];
    size_t none, found;
    for (size_t next = first + count; next < limit; next += count) {
        size_t part = limit - next < count ? limit - next : count;
        if (fuse_block(rows, next, part, unit, threads, &none, &found, NULL) != EF_OK) {
            break;
        }
        zeros += found;
    }
    bool mirrored;
    const char *words = ef_zero_words((ef_zero)(zero % ZEROS), rows->flip, &mirrored);
    const char *name = ef_set_field_name(rows->set, mirrored ? EF_EMBEDDINGS_FLIP : EF_EMBEDDINGS);
    return ef_fail(err, EF_FORMAT, "%s row %zu: %s, so it has no direction%s", name, first + zero / ZEROS, words,
                   ef_and_more(more, zeros, "row"));
}

static ef_status read_block(ef_rows *rows, size_t first, size_t count, double *unit, int threads, ef_error *err)
{
    size_t zero, zeros;
    ef_status status = fuse_block(rows, first, count, unit, threads, &zero, &zeros, err);
    return status == EF_OK && zeros > 0 ? fail_zero(rows, first, count, unit, threads, zero, zeros, err) : status;
}

ef_status ef_rows_read_threads(ef_rows *rows, size_t first, size_t count, double *unit, int threads, ef_error *err)
{
    size_t total = ef_rows_count(rows), dim = ef_rows_dim(rows);
    if (first > total || count > total - first) {
        return ef_fail(err, EF_INVALID, "%s: %zu rows from row %zu on are asked for; it has %zu", ef_rows_name(rows), count,
                       first, total);
    }
    while (count > 0) {
        size_t block = count < rows->block_rows ? count : rows->block_rows;
        ef_status status = read_block(rows, first, block, unit, threads, err);
        if (status != EF_OK) {
            return status;
        }
        unit += block * dim;
        first += block;
        count -= block;
    }
    return EF_OK;
}

ef_status ef_rows_read(ef_rows *rows, size_t first, size_t count, double *unit, ef_error *err)
{
    return ef_rows_read_threads(rows, first, count, unit, 1, err);
}
