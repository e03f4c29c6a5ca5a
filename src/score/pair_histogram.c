#include "score/pair_histogram.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* Classes of slacks: each is twice the one before, the first 2^-20, the last unlimited. */
enum { CLASSES = EF_HISTOGRAM_CLASSES, FULL = 1 << 30 };
#define SMALLEST 0x1p-20

/* What a worker has counted since it last emptied its table. */
typedef struct table {
    uint32_t *count[CLASSES]; /* [bins], once needed */
    uint64_t *sum[CLASSES];
    uint64_t waiting; /* pairs in count[] */
} table;

struct ef_pair_histogram {
    size_t bins, workers;
    table *tables;
    double slack[CLASSES]; /* the largest met in each */
    _Atomic double met[CLASSES];
    const uint64_t *above[CLASSES]; /* once finished: [bins], the pairs of a bin and all above; NULL for none */
    atomic_bool out_of_memory;
};

ef_status ef_pair_histogram_create(ef_pair_histogram **out, size_t bins, int workers, ef_error *err)
{
    ef_pair_histogram *histogram = ef_alloc_zero(1, sizeof *histogram);
    *out = histogram;
    if (histogram == NULL || (histogram->tables = ef_alloc_zero((size_t)workers, sizeof *histogram->tables)) == NULL) {
        free(histogram);
        *out = NULL;
        return ef_fail_memory(err, "a histogram of pairs");
    }
    histogram->bins = bins;
    histogram->workers = (size_t)workers;
    for (size_t c = 0; c < CLASSES; c++) {
        atomic_init(&histogram->met[c], 0.0);
    }
    atomic_init(&histogram->out_of_memory, false);
    return EF_OK;
}

void ef_pair_histogram_free(ef_pair_histogram *histogram)
{
    if (histogram == NULL) {
        return;
    }
    for (size_t w = 0; w < histogram->workers; w++) {
        for (size_t c = 0; c < CLASSES; c++) {
            free(histogram->tables[w].count[c]);
            free(histogram->tables[w].sum[c]);
        }
    }
    free(histogram->tables);
    free(histogram);
}

static size_t class_of(double slack)
{
    size_t c = 0;
    for (double end = SMALLEST; c < CLASSES - 1 && slack > end; end *= 2) {
        c++;
    }
    return c;
}

static void empty(const ef_pair_histogram *histogram, table *mine)
{
    for (size_t c = 0; c < CLASSES; c++) {
        for (size_t b = 0; mine->count[c] != NULL && b < histogram->bins; b++) {
            mine->sum[c][b] += mine->count[c][b];
            mine->count[c][b] = 0;
        }
    }
    mine->waiting = 0;
}

/* The table of a class; NULL when memory is out. */
static uint32_t *counts_for(ef_pair_histogram *histogram, table *mine, size_t c)
{
    if (mine->count[c] == NULL) {
        mine->count[c] = ef_alloc_zero(histogram->bins, sizeof *mine->count[c]);
        mine->sum[c] = ef_alloc_zero(histogram->bins, sizeof *mine->sum[c]);
        if (mine->count[c] == NULL || mine->sum[c] == NULL) {
            free(mine->count[c]);
            free(mine->sum[c]);
            mine->count[c] = NULL;
            mine->sum[c] = NULL;
            atomic_store(&histogram->out_of_memory, true);
        }
    }
    return mine->count[c];
}

/* In float32: a product may be counted in the bin beside its own, by the rounding of its place; bounds allow for that. */
typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t four_places __attribute__((vector_size(16)));

static four_places places_of(const float *product, float scale, float last)
{
    four place = (*(const four *)(const void *)product + 1.0f) * scale;
    four_places high = place >= last, positive = place > 0.0f;
    four_places inside = __builtin_convertvector((four)((four_places)place & positive & ~high), four_places);
    return inside | (__builtin_convertvector((four){last, last, last, last}, four_places) & high);
}

static void count_row(uint32_t *count, const float *product, uint32_t valid, size_t bins)
{
    float scale = 0.5f * (float)bins, last = (float)(bins - 1);
    for (size_t c = 0; c < EF_TILE_COLUMNS; c += 4) {
        four_places place = places_of(product + c, scale, last);
        if ((valid >> c & 15) == 15) {
            count[place[0]]++;
            count[place[1]]++;
            count[place[2]]++;
            count[place[3]]++;
            continue;
        }
        for (size_t l = 0; l < 4; l++) {
            count[place[l]] += valid >> (c + l) & 1;
        }
    }
}

static void look(void *self, const ef_pair_products *products, int worker)
{
    ef_pair_histogram *histogram = self;
    table *mine = &histogram->tables[worker];
    size_t c = class_of(products->slack);
    uint32_t *count = counts_for(histogram, mine, c);
    double met = atomic_load_explicit(&histogram->met[c], memory_order_relaxed);
    while (products->slack > met && !atomic_compare_exchange_weak(&histogram->met[c], &met, products->slack)) {
    }
    if (count == NULL) {
        return;
    }
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        if (products->valid[r] != 0) {
            count_row(count, products->product + r * products->stride, products->valid[r], histogram->bins);
        }
    }
    mine->waiting += (uint64_t)EF_TILE_ROWS * EF_TILE_COLUMNS;
    if (mine->waiting >= FULL) {
        empty(histogram, mine);
    }
}

ef_pair_visitor ef_pair_histogram_visitor(ef_pair_histogram *histogram)
{
    return (ef_pair_visitor){.self = histogram, .look = look};
}

/* The sums of a class of all workers, in the first of them that has any. */
static uint64_t *gather(ef_pair_histogram *histogram, size_t c)
{
    uint64_t *all = NULL;
    for (size_t w = 0; w < histogram->workers; w++) {
        table *one = &histogram->tables[w];
        if (one->waiting > 0) {
            empty(histogram, one);
        }
        for (size_t b = 0; all != NULL && one->sum[c] != NULL && b < histogram->bins; b++) {
            all[b] += one->sum[c][b];
            one->sum[c][b] = 0;
        }
        all = all != NULL ? all : one->sum[c];
    }
    return all;
}

const uint64_t *ef_pair_histogram_class(ef_pair_histogram *histogram, size_t number, double *slack)
{
    *slack = atomic_load(&histogram->met[number]);
    return gather(histogram, number);
}

ef_status ef_pair_histogram_add(ef_pair_histogram *histogram, size_t number, const uint64_t *count, double slack, ef_error *err)
{
    table *first = &histogram->tables[0];
    if (counts_for(histogram, first, number) == NULL) {
        return ef_fail_memory(err, "a histogram of pairs");
    }
    for (size_t b = 0; b < histogram->bins; b++) {
        first->sum[number][b] += count[b];
    }
    atomic_store(&histogram->met[number], fmax(slack, atomic_load(&histogram->met[number])));
    return EF_OK;
}

ef_status ef_pair_histogram_finish(ef_pair_histogram *histogram, ef_error *err)
{
    if (atomic_load(&histogram->out_of_memory)) {
        return ef_fail_memory(err, "a histogram of pairs");
    }
    for (size_t c = 0; c < CLASSES; c++) {
        uint64_t *all = gather(histogram, c);
        for (size_t b = histogram->bins - 1; all != NULL && b-- > 0;) {
            all[b] += all[b + 1];
        }
        histogram->slack[c] = atomic_load(&histogram->met[c]);
        histogram->above[c] = all;
    }
    return EF_OK;
}

static uint64_t pairs_from(const ef_pair_histogram *histogram, size_t c, size_t first)
{
    return first < histogram->bins ? histogram->above[c][first] : 0;
}

/* The place of a score among the bins' edges, and room for the rounding of places: 3 roundings of numbers up to `bins`. */
ef_count_bounds ef_pair_histogram_at_least(const ef_pair_histogram *histogram, double score)
{
    ef_count_bounds bounds = {0, 0};
    double bins = (double)histogram->bins, rounding = 4 * 0x1p-24 * bins;
    for (size_t c = 0; c < CLASSES; c++) {
        if (histogram->above[c] == NULL) {
            continue;
        }
        double lowest = (score - histogram->slack[c] + 1.0) * bins / 2 - rounding; /* products from here on may count */
        double surely = (score + histogram->slack[c] + 1.0) * bins / 2 + rounding; /* those from here on do */
        size_t from = lowest > bins - 1 ? histogram->bins - 1 : lowest > 0 ? (size_t)lowest : 0;
        size_t to = surely > bins - 1 ? histogram->bins : surely > 0 ? (size_t)ceil(surely) : 0;
        /* The first bin has no lower edge. */
        bounds.most += pairs_from(histogram, c, from);
        bounds.least += pairs_from(histogram, c, to > 0 ? to : 1);
    }
    return bounds;
}
