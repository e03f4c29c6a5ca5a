#include <eface/histogram.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

/* Whether edges can be computed as histogram.h writes them, without overflow. */
static bool is_moderate(const ef_histogram *histogram)
{
    return isfinite((histogram->high - histogram->low) * (double)histogram->bins);
}

static double edge(const ef_histogram *histogram, size_t i)
{
    if (!is_moderate(histogram)) {
        double step = (histogram->high / 2 - histogram->low / 2) * ((double)i / (double)histogram->bins);
        return histogram->low + step + step;
    }
    return histogram->low + (histogram->high - histogram->low) * (double)i / (double)histogram->bins;
}

/* A division guesses the bin; the edges themselves decide, so that a score on an edge is in the bin that begins there. */
static size_t bin_of(const ef_histogram *histogram, double score)
{
    double scale = is_moderate(histogram) ? 1 : 0.5, low = histogram->low * scale;
    double guess = (score * scale - low) / (histogram->high * scale - low) * (double)histogram->bins;
    size_t last = histogram->bins - 1, bin = guess < (double)last ? (size_t)guess : last;
    while (bin > 0 && score < edge(histogram, bin)) {
        bin--;
    }
    while (bin < last && score >= edge(histogram, bin + 1)) {
        bin++;
    }
    return bin;
}

ef_status ef_histogram_create(ef_histogram **out, double low, double high, size_t bins, const double *score,
                              const unsigned char *genuine, size_t count, ef_error *err)
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
    ef_status status = EF_OK;
    if (histogram->genuine == NULL || histogram->impostor == NULL) {
        status = ef_fail_memory(err, "the bins of a histogram");
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        if (!(score[i] >= low && score[i] <= high)) {
            status = ef_fail(err, EF_INVALID, "score %zu is %g, outside the histogram's %g to %g", i, score[i], low, high);
            goto done;
        }
        (genuine[i] != 0 ? histogram->genuine : histogram->impostor)[bin_of(histogram, score[i])]++;
    }
    *out = histogram;
done:
    if (status != EF_OK) {
        ef_histogram_free(histogram);
    }
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
