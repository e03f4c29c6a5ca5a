#include <eface/histogram.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

enum { pieces = 64 };

/* Whether edges can be computed as histogram.h writes them, without overflow. */
static bool is_moderate(double low, double high, size_t bins)
{
    return isfinite((high - low) * (double)bins);
}

static double edge(double low, double high, size_t bins, size_t i)
{
    if (!is_moderate(low, high, bins)) {
        double step = (high / 2 - low / 2) * ((double)i / (double)bins);
        return low + step + step;
    }
    return low + (high - low) * (double)i / (double)bins;
}

typedef struct bin_table {
    double low, high;
    double shrink, scale; /* (score - low) * scale guesses the bin, both shrunk where their difference would overflow */
    size_t bins;
    double *edge; /* bins + 1 */
} bin_table;

/* A product guesses the bin; the edges themselves decide, so that a score on an edge is in the bin that begins there. */
static size_t bin_of(const bin_table *table, double score)
{
    double guess = (score * table->shrink - table->low * table->shrink) * table->scale;
    size_t last = table->bins - 1, bin = guess < (double)last ? (size_t)guess : last;
    while (bin > 0 && score < table->edge[bin]) {
        bin--;
    }
    while (bin < last && score >= table->edge[bin + 1]) {
        bin++;
    }
    return bin;
}

static ef_status begin(ef_histogram **out, bin_table *table, double low, double high, size_t bins, ef_error *err)
{
    if (bins == 0 || !(low < high) || !isfinite(low) || !isfinite(high)) {
        return ef_fail(err, EF_INVALID, "%zu bins from %g to %g make no histogram", bins, low, high);
    }
    ef_histogram *histogram = malloc(sizeof *histogram);
    if (histogram == NULL) {
        return ef_fail_memory(err, "a histogram");
    }
    *histogram = (ef_histogram){.low = low,
                                .high = high,
                                .bins = bins,
                                .genuine = ef_alloc_zero(bins, sizeof *histogram->genuine),
                                .impostor = ef_alloc_zero(bins, sizeof *histogram->impostor)};
    double shrink = is_moderate(low, high, bins) ? 1 : 0.5, width = high * shrink - low * shrink;
    *table = (bin_table){low, high, shrink, fmin((double)bins / width, DBL_MAX), bins, ef_alloc(bins + 1, sizeof *table->edge)};
    if (histogram->genuine == NULL || histogram->impostor == NULL || table->edge == NULL) {
        free(table->edge);
        ef_histogram_free(histogram);
        return ef_fail_memory(err, "the bins of a histogram");
    }
    for (size_t i = 0; i <= bins; i++) {
        table->edge[i] = edge(low, high, bins, i);
    }
    *out = histogram;
    return EF_OK;
}

static ef_status fail_outside(const bin_table *table, size_t i, double score, ef_error *err)
{
    return ef_fail(err, EF_INVALID, "score %zu is %g, outside the histogram's %g to %g", i, score, table->low, table->high);
}

ef_status ef_histogram_create(ef_histogram **out, double low, double high, size_t bins, const double *score,
                              const unsigned char *genuine, size_t count, ef_error *err)
{
    ef_histogram *histogram;
    bin_table table;
    ef_status status = begin(&histogram, &table, low, high, bins, err);
    if (status != EF_OK) {
        return status;
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (!(score[i] >= low && score[i] <= high)) {
            status = fail_outside(&table, i, score[i], err);
        } else {
            (genuine[i] != 0 ? histogram->genuine : histogram->impostor)[bin_of(&table, score[i])]++;
        }
    }
    free(table.edge);
    if (status != EF_OK) {
        ef_histogram_free(histogram);
        return status;
    }
    *out = histogram;
    return EF_OK;
}

/* Scores of one class, which several threads count. */
typedef struct counting {
    const bin_table *table;
    const double *score;
    size_t count;
    uint64_t *tally;        /* `bins` for each piece */
    size_t outside[pieces]; /* the first score of the piece that is; `count` for none */
} counting;

static void count_piece(void *data, size_t piece, int worker)
{
    counting *self = data;
    const bin_table *table = self->table;
    uint64_t *mine = self->tally + piece * table->bins;
    size_t step = self->count / pieces, end = piece + 1 == pieces ? self->count : (piece + 1) * step;
    (void)worker;
    self->outside[piece] = self->count;
    for (size_t i = piece * step; i < end; i++) {
        double score = self->score[i];
        if (!(score >= table->low && score <= table->high)) {
            self->outside[piece] = i;
            return;
        }
        mine[bin_of(table, score)]++;
    }
}

static ef_status count_class(uint64_t *out, const bin_table *table, const double *score, size_t count, int threads, ef_error *err)
{
    counting job = {.table = table, .score = score, .count = count};
    ef_status status = EF_OK;
    size_t all;
    if (!ef_size_mul(&all, table->bins, pieces) || (job.tally = ef_alloc_zero(all, sizeof *job.tally)) == NULL) {
        return ef_fail_memory(err, "the bins of a histogram");
    }
    ef_parallel_for(threads, pieces, count_piece, &job);
    for (size_t piece = 0; status == EF_OK && piece < pieces; piece++) {
        if (job.outside[piece] < count) {
            status = fail_outside(table, job.outside[piece], score[job.outside[piece]], err);
        }
        for (size_t i = 0; i < table->bins; i++) {
            out[i] += job.tally[piece * table->bins + i];
        }
    }
    free(job.tally);
    return status;
}

ef_status ef_histogram_create_classes(ef_histogram **out, double low, double high, size_t bins, const double *genuine,
                                      size_t genuine_count, const double *impostor, size_t impostor_count, int threads,
                                      ef_error *err)
{
    ef_histogram *histogram;
    bin_table table;
    ef_status status = begin(&histogram, &table, low, high, bins, err);
    if (status != EF_OK) {
        return status;
    }
    if ((status = count_class(histogram->genuine, &table, genuine, genuine_count, threads, err)) == EF_OK) {
        status = count_class(histogram->impostor, &table, impostor, impostor_count, threads, err);
    }
    free(table.edge);
    if (status != EF_OK) {
        ef_histogram_free(histogram);
        return status;
    }
    *out = histogram;
    return EF_OK;
}

void ef_histogram_free(ef_histogram *histogram)
{
    if (histogram != NULL) {
        free(histogram->genuine);
        free(histogram->impostor);
        free(histogram);
    }
}
