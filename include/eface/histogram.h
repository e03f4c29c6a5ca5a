/* histogram.h - how genuine and impostor scores are distributed, for drawing.
 * Thread rule: constant after creation. */
#ifndef EFACE_HISTOGRAM_H
#define EFACE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bin i of n holds the scores s with edge(i) <= s < edge(i + 1), edge(i) = low + (high - low) * i / n; the last bin holds `high` too.
 * Any finite low < high will do. */
typedef struct ef_histogram {
    double low, high;
    size_t bins;
    uint64_t *genuine, *impostor; /* counts, `bins` of each; they sum to the number of comparisons */
} ef_histogram;

/* Counts all scores into `bins` equal bins over [low, high].  A score outside is an error: no comparison is lost.
 * The caller frees *out with ef_histogram_free(). */
EF_API EF_MUST_USE ef_status ef_histogram_create(ef_histogram **out, double low, double high, size_t bins, const double *score,
                                                 const unsigned char *genuine, size_t count, ef_error *err);

/* One whose counts are all zero, for ef_curve_create_reduced() to fill. */
EF_API EF_MUST_USE ef_status ef_histogram_create_empty(ef_histogram **out, double low, double high, size_t bins, ef_error *err);
EF_API void ef_histogram_free(ef_histogram *histogram); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
