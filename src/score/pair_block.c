#include "score/pair_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "linalg/quantise.h"

/* Panels are whole, and a strip of rows may begin anywhere and end beyond the last. */
static size_t padded(size_t count)
{
    return (count + EF_TILE_COLUMNS - 1) / EF_TILE_COLUMNS * EF_TILE_COLUMNS + EF_TILE_COLUMNS;
}

/* Bytes of a vector besides: five numbers of the block, two slacks, kind (twice), order and the key for sorting by it, with some room. */
enum { APART = 64 };

size_t ef_pair_block_bytes(const ef_vectors *vectors, bool coded)
{
    size_t dim = vectors->dim, wide = vectors->unit != NULL ? 0 : sizeof(double), bytes;
    size_t product = coded ? sizeof(int8_t) + sizeof(int16_t) : sizeof(float);
    if (!ef_size_mul(&bytes, dim, wide + product) || !ef_size_add(&bytes, bytes, APART)) {
        return 0;
    }
    return bytes;
}

ef_status ef_vectors_copy(double *out, const ef_vectors *from, size_t first, size_t count, ef_error *err)
{
    if (from->unit == NULL) {
        return from->read(from->context, out, first, count, err);
    }
    memcpy(out, from->unit + first * from->dim, count * from->dim * sizeof *out);
    return EF_OK;
}

size_t ef_vectors_run(size_t count, size_t runs, size_t r)
{
    size_t part = count / runs, room = part - EF_SAMPLE_RUN + 1;
    uint64_t mixed =
        (uint64_t)r * UINT64_C(0x9E3779B97F4A7C15); /* Fibonacci hashing: the fractions of multiples of the golden ratio */
    return part * r + (size_t)(mixed >> 32) % room;
}

ef_status ef_pair_block_create(ef_pair_block *block, const ef_vectors *vectors, size_t capacity, const ef_int8_version *kernel,
                               const ef_basis *basis, ef_error *err)
{
    size_t dim = vectors->dim, codes = basis != NULL ? basis->count : dim, words = ef_int8_words(codes), numbers,
           most = padded(capacity);
    *block = (ef_pair_block){.vectors = vectors, .capacity = capacity, .codes = codes, .kernel = kernel, .basis = basis};
    if (!ef_size_mul(&numbers, most, dim) || words > SIZE_MAX / sizeof(uint32_t) / most) {
        return ef_fail_memory(err, "vectors to compare");
    }
    block->scale = ef_alloc_zero(most, sizeof *block->scale);
    block->residual = ef_alloc_zero(most, sizeof *block->residual);
    block->beside = ef_alloc_zero(most, sizeof *block->beside);
    bool enough = block->scale != NULL && block->residual != NULL && block->beside != NULL;
    if (kernel != NULL) {
        block->panels = ef_alloc_aligned(most * words, sizeof *block->panels);
        block->fine = ef_alloc_aligned(numbers, sizeof *block->fine);
        block->fine_scale = ef_alloc_zero(most, sizeof *block->fine_scale);
        block->fine_residual = ef_alloc_zero(most, sizeof *block->fine_residual);
        enough =
            enough && block->panels != NULL && block->fine != NULL && block->fine_scale != NULL && block->fine_residual != NULL;
    } else {
        block->narrow = ef_alloc_aligned(numbers, sizeof *block->narrow);
        enough = enough && block->narrow != NULL;
    }
    if (vectors->unit == NULL) {
        block->own = ef_alloc_aligned(numbers, sizeof *block->own);
        enough = enough && block->own != NULL;
    }
    return enough ? EF_OK : ef_fail_memory(err, "vectors to compare");
}

void ef_pair_block_free(ef_pair_block *block)
{
    free(block->panels);
    free(block->fine);
    free(block->fine_scale);
    free(block->fine_residual);
    free(block->narrow);
    free(block->own);
    free(block->scale);
    free(block->residual);
    free(block->beside);
    free(block->order);
    free(block->kind);
    *block = (ef_pair_block){0};
}

/* What a worker works in: a panel's vectors in float32, and their coordinates; codes of one. */
typedef struct bench {
    float *narrow, *coordinates;
    double *wide;
    int8_t *code;
} bench;

typedef struct preparation {
    ef_pair_block *block;
    float *longest;  /* per panel */
    bench *benches;  /* per worker */
    size_t *bad_row; /* per panel: the first vector of no use, SIZE_MAX for none */
} preparation;

static float narrow(float *out, const double *in, size_t n)
{
    double square = ef_dot(in, in, n);
    for (size_t k = 0; k < n; k++) {
        out[k] = (float)in[k];
    }
    /* Enlarged because the sum was rounded, and for squares that vanished. */
    return ef_float_above(sqrt(square) * (1 + 0x1p-20) + (double)n * 0x1p-536);
}

static const double *vector_of(const ef_pair_block *block, size_t place)
{
    return block->unit + ef_pair_block_at(block, place) * block->vectors->dim;
}

/* Codes of a vector's coordinates. */
static ef_quantised encode_coordinates(ef_pair_block *block, size_t i, const float *coordinate, bench *mine)
{
    size_t n = block->vectors->dim;
    const double *vector = vector_of(block, i);
    for (size_t k = 0; k < block->codes; k++) {
        mine->wide[k] = (double)coordinate[k];
    }
    double inside = sqrt(ef_dot(mine->wide, mine->wide, block->codes)), length = sqrt(ef_dot(vector, vector, n));
    block->beside[i] = ef_float_above(ef_basis_beside(block->basis, length, inside));
    return ef_quantise(mine->code, mine->wide, block->codes, &block->kernel->range);
}

static float encode(ef_pair_block *block, size_t i, bench *mine)
{
    size_t n = block->vectors->dim, column = i % EF_TILE_COLUMNS;
    uint32_t *panel = block->panels + i / EF_TILE_COLUMNS * EF_TILE_COLUMNS * ef_int8_words(block->codes);
    if (i >= block->count) {
        ef_int8_panel_clear(block->kernel, panel, column, block->codes);
        block->scale[i] = block->residual[i] = block->beside[i] = 0;
        return 0;
    }
    ef_quantised fine = ef_quantise_fine(block->fine + i * n, vector_of(block, i), n);
    if (!(fine.length <= EF_QUANTISE_LENGTH)) {
        return fine.length;
    }
    ef_quantised about = block->basis == NULL ? ef_quantise(mine->code, vector_of(block, i), n, &block->kernel->range)
                                              : encode_coordinates(block, i, mine->coordinates + column * block->codes, mine);
    if (about.length <= EF_QUANTISE_LENGTH) {
        ef_int8_panel_put(block->kernel, panel, column, mine->code, block->codes);
    }
    block->scale[i] = about.scale;
    block->residual[i] = about.residual;
    block->fine_scale[i] = fine.scale;
    block->fine_residual[i] = fine.residual;
    return fmaxf(about.length, fine.length);
}

/* The coordinates of the vectors from `first` on. */
static void find_coordinates(const ef_pair_block *block, size_t first, size_t count, bench *mine)
{
    size_t dim = block->vectors->dim;
    for (size_t i = 0; i < count; i++) {
        const double *vector = vector_of(block, first + i);
        for (size_t k = 0; k < dim; k++) {
            mine->narrow[i * dim + k] = (float)vector[k];
        }
    }
    ef_basis_coordinates(block->basis, mine->coordinates, mine->narrow, count);
}

static void prepare_panel(void *data, size_t panel, int worker)
{
    const preparation *work = data;
    ef_pair_block *block = work->block;
    bench *mine = &work->benches[worker];
    size_t dim = block->vectors->dim, first = panel * EF_TILE_COLUMNS;
    if (block->basis != NULL) {
        find_coordinates(block, first, block->count - first < EF_TILE_COLUMNS ? block->count - first : EF_TILE_COLUMNS, mine);
    }
    work->longest[panel] = 0;
    work->bad_row[panel] = SIZE_MAX;
    for (size_t i = first; i < first + EF_TILE_COLUMNS; i++) {
        float length = 0;
        if (block->kernel != NULL) {
            length = encode(block, i, mine);
        } else if (i < block->count) {
            length = narrow(block->narrow + i * dim, vector_of(block, i), dim);
        }
        if (!(length <= EF_QUANTISE_LENGTH) && work->bad_row[panel] == SIZE_MAX) {
            work->bad_row[panel] = i;
        }
        work->longest[panel] = fmaxf(work->longest[panel], length);
    }
}

static void free_benches(bench *benches, size_t workers)
{
    for (size_t w = 0; benches != NULL && w < workers; w++) {
        free(benches[w].narrow);
        free(benches[w].coordinates);
        free(benches[w].wide);
        free(benches[w].code);
    }
    free(benches);
}

/* NULL when memory is out. */
static bench *make_benches(const ef_pair_block *block, size_t workers)
{
    bench *benches = ef_alloc_zero(workers, sizeof *benches);
    size_t rows = block->basis != NULL ? EF_TILE_COLUMNS : 0;
    for (size_t w = 0; benches != NULL && w < workers; w++) {
        benches[w] = (bench){.narrow = ef_alloc_aligned(rows * block->vectors->dim, sizeof *benches->narrow),
                             .coordinates = ef_alloc_aligned(rows * block->codes, sizeof *benches->coordinates),
                             .wide = ef_alloc(block->codes, sizeof *benches->wide),
                             .code = ef_alloc(block->codes, sizeof *benches->code)};
        if (benches[w].narrow == NULL || benches[w].coordinates == NULL || benches[w].wide == NULL || benches[w].code == NULL) {
            free_benches(benches, workers);
            return NULL;
        }
    }
    return benches;
}

static ef_status find_rows(ef_pair_block *block, ef_error *err)
{
    const ef_vectors *vectors = block->vectors;
    if (vectors->unit != NULL) {
        block->unit = vectors->unit + block->first * vectors->dim;
        return EF_OK;
    }
    block->unit = block->own;
    return vectors->read(vectors->context, block->own, block->first, block->count, err);
}

/* Rounded up to eleven bits: unit vectors' lengths differ by their rounding only, and bounds should not differ from block to block for that. */
static float coarsely(float length)
{
    int exponent;
    double mantissa = frexp((double)length, &exponent);
    return (float)ldexp(ceil(mantissa * 2048) / 2048, exponent);
}

static ef_status gather(const preparation *work, size_t panels, ef_error *err)
{
    ef_pair_block *block = work->block;
    block->length = 0;
    for (size_t panel = 0; panel < panels; panel++) {
        if (work->bad_row[panel] != SIZE_MAX) {
            return ef_fail(err, EF_INVALID, "vector %zu is not finite, or far too long for a unit vector",
                           block->first + ef_pair_block_at(block, work->bad_row[panel]));
        }
        block->length = fmaxf(block->length, work->longest[panel]);
    }
    block->length = coarsely(block->length);
    return EF_OK;
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Vectors of one kind stay as they come. */
static ef_status put_in_order(ef_pair_block *block, const uint32_t *kind, ef_error *err)
{
    uint64_t *key = ef_alloc(block->count, sizeof *key);
    block->order = block->order != NULL ? block->order : ef_alloc(block->capacity, sizeof *block->order);
    block->kind = block->kind != NULL ? block->kind : ef_alloc(block->capacity, sizeof *block->kind);
    bool enough = key != NULL && block->order != NULL && block->kind != NULL;
    for (size_t i = 0; enough && i < block->count; i++) {
        key[i] = (uint64_t)kind[i] << 32 | i;
    }
    if (enough) {
        qsort(key, block->count, sizeof *key, by_number);
    }
    for (size_t i = 0; enough && i < block->count; i++) {
        block->order[i] = (uint32_t)key[i];
        block->kind[i] = (uint32_t)(key[i] >> 32);
    }
    free(key);
    return enough ? EF_OK : ef_fail_memory(err, "vectors to compare");
}

ef_status ef_pair_block_prepare(ef_pair_block *block, size_t first, size_t count, const uint32_t *kind, int threads,
                                ef_error *err)
{
    size_t panels = (count + EF_TILE_COLUMNS - 1) / EF_TILE_COLUMNS, workers = threads > 0 ? (size_t)threads : 1;
    block->first = first;
    block->count = count;
    ef_status status = find_rows(block, err);
    if (kind == NULL) {
        free(block->order);
        free(block->kind);
        block->order = block->kind = NULL;
    } else if (status == EF_OK) {
        status = put_in_order(block, kind, err);
    }
    if (status != EF_OK) {
        return status;
    }
    preparation work = {
        .block = block,
        .longest = ef_alloc(panels, sizeof *work.longest),
        .benches = make_benches(block, workers),
        .bad_row = ef_alloc(panels, sizeof *work.bad_row),
    };
    if (work.longest == NULL || work.benches == NULL || work.bad_row == NULL) {
        status = ef_fail_memory(err, "vectors to compare");
    } else {
        ef_parallel_for((int)workers, panels, prepare_panel, &work);
        status = gather(&work, panels, err);
    }
    free(work.longest);
    free_benches(work.benches, workers);
    free(work.bad_row);
    return status;
}
