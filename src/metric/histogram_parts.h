/* histogram_parts.h - filling a histogram from scores that are counted elsewhere.
 * Thread rule: one histogram from one thread at a time. */
#ifndef EF_METRIC_HISTOGRAM_PARTS_H
#define EF_METRIC_HISTOGRAM_PARTS_H

#include <eface/histogram.h>

#include "metric/cut_counts.h"

/* Its distinct edges, descending.  Edges may coincide where doubles are further apart than they.  The caller frees *out with free(). */
EF_MUST_USE ef_status ef_histogram_cuts(double **out, size_t *cuts, const ef_histogram *histogram, ef_error *err);

/* Adds impostor scores that were counted between cuts, among which are all edges.  Errors: scores outside. */
EF_MUST_USE ef_status ef_histogram_add_counts(ef_histogram *histogram, const ef_cut_counts *counts, ef_error *err);

/* Adds genuine scores.  Errors: a score outside. */
EF_MUST_USE ef_status ef_histogram_add_genuine(ef_histogram *histogram, const double *score, size_t count, ef_error *err);

#endif
