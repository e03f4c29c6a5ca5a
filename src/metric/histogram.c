#include <eface/histogram.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/histogram_parts.h"

/* Whether edges can be computed as histogram.h writes them, without overflow. */
static bool is_moderate(double low, double high, size_t bins)
{
    return isfinite((high - low) * (double)bins);
}

static double edge(double low, double high, size_t bins, size_t i)
{
    if (i == bins) {
        return high;
    }
    if (!is_moderate(low, high, bins)) {
        double step = (high / 2 - low / 2) * ((double)i / (double)bins);
        return fmin(low + step + step, high);
    }
    return fmin(low + (high - low) * (double)i / (double)bins, high);
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
    size_t low = bin > 0 ? bin - 1 : 0, end = bin < last ? bin + 2 : table->bins; /* a guess is hardly ever further off */
    low = score >= table->edge[low] ? low : 0;
    end = end == table->bins || score < table->edge[end] ? end : table->bins;
    while (end - low > 1) {
        size_t middle = low + (end - low) / 2;
        if (score >= table->edge[middle]) {
            low = middle;
        } else {
            end = middle;
        }
    }
    return low;
}

static ef_status table_create(bin_table *table, double low, double high, size_t bins, ef_error *err)
{
    double shrink = is_moderate(low, high, bins) ? 1 : 0.5, width = high * shrink - low * shrink;
    *table = (bin_table){low, high, shrink, fmin((double)bins / width, DBL_MAX), bins, ef_alloc(bins + 1, sizeof *table->edge)};
    if (table->edge == NULL) {
        return ef_fail_memory(err, "the bins of a histogram");
    }
    for (size_t i = 0; i <= bins; i++) {
        table->edge[i] = edge(low, high, bins, i);
    }
    return EF_OK;
}

ef_status ef_histogram_create_empty(ef_histogram **out, double low, double high, size_t bins, ef_error *err)
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
    if (histogram->genuine == NULL || histogram->impostor == NULL) {
        ef_histogram_free(histogram);
        return ef_fail_memory(err, "the bins of a histogram");
    }
    *out = histogram;
    return EF_OK;
}

static bool is_inside(const bin_table *table, double score)
{
    return score >= table->low && score <= table->high;
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
    ef_status status = ef_histogram_create_empty(&histogram, low, high, bins, err);
    if (status != EF_OK) {
        return status;
    }
    if ((status = table_create(&table, low, high, bins, err)) != EF_OK) {
        ef_histogram_free(histogram);
        return status;
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (is_inside(&table, score[i])) {
            (genuine[i] != 0 ? histogram->genuine : histogram->impostor)[bin_of(&table, score[i])]++;
        } else {
            status = fail_outside(&table, i, score[i], err);
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

ef_status ef_histogram_cuts(double **out, size_t *cuts, const ef_histogram *histogram, ef_error *err)
{
    double *cut = ef_alloc(histogram->bins + 1, sizeof *cut);
    if (cut == NULL) {
        return ef_fail_memory(err, "the bins of a histogram");
    }
    *cuts = 0;
    for (size_t i = histogram->bins + 1; i-- > 0;) {
        double next = edge(histogram->low, histogram->high, histogram->bins, i);
        if (*cuts == 0 || next != cut[*cuts - 1]) {
            cut[(*cuts)++] = next;
        }
    }
    *out = cut;
    return EF_OK;
}

/* A bin holds the scores equal to its lower edge and those between it and the next. */
ef_status ef_histogram_add_counts(ef_histogram *histogram, const ef_cut_counts *counts, ef_error *err)
{
    bin_table table;
    ef_status status = table_create(&table, histogram->low, histogram->high, histogram->bins, err);
    if (status != EF_OK) {
        return status;
    }
    uint64_t outside = 0;
    for (size_t i = 0; i <= 2 * counts->cuts; i++) {
        /* The cut that the scores are at or above. */
        double below = i / 2 < counts->cuts ? counts->cut[i / 2] : -INFINITY;
        bool inside = below >= histogram->low && (below < histogram->high || (below == histogram->high && i % 2 != 0));
        if (inside) {
            histogram->impostor[bin_of(&table, below)] += counts->count[i];
        } else {
            outside += counts->count[i];
        }
    }
    free(table.edge);
    return outside == 0 ? EF_OK
                        : ef_fail(err, EF_INVALID, "%llu impostor scores lie outside the histogram's %g to %g",
                                  (unsigned long long)outside, histogram->low, histogram->high);
}

ef_status ef_histogram_add_genuine(ef_histogram *histogram, const double *score, size_t count, ef_error *err)
{
    bin_table table;
    ef_status status = table_create(&table, histogram->low, histogram->high, histogram->bins, err);
    if (status != EF_OK) {
        return status;
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (is_inside(&table, score[i])) {
            histogram->genuine[bin_of(&table, score[i])]++;
        } else {
            status = fail_outside(&table, i, score[i], err);
        }
    }
    free(table.edge);
    return status;
}

void ef_histogram_free(ef_histogram *histogram)
{
    if (histogram != NULL) {
        free(histogram->genuine);
        free(histogram->impostor);
        free(histogram);
    }
}
