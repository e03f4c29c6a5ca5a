/* cut_counts.h - how very many screened scores lie among given cuts, exactly.
 *
 * Cuts are distinct scores, descending.  Interval 2j is open: the scores below cut j-1 and above cut j (no bound before the first cut and
 * after the last); interval 2j + 1 is the scores equal to cut j.  So there are 2 * cuts + 1 intervals, descending.
 *
 * A fine histogram of the approximations is counted first.  A bin that no cut can reach, given the slack, lies inside one open
 * interval whatever the exact scores are; only the scores of the other bins are looked at one by one, and only those within the
 * slack of a cut are computed exactly.
 * Thread use: the functions use threads of their own. */
#ifndef EF_METRIC_CUT_COUNTS_H
#define EF_METRIC_CUT_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/screened.h>
#include <eface/status.h>

typedef struct ef_cut_bins ef_cut_bins;

typedef struct ef_cut_counts {
    const double *cut; /* borrowed */
    size_t cuts;
    uint64_t *count; /* of each interval */
    double *least;   /* the lowest score of each open interval, +infinity where it is empty or they were not asked for */
    ef_cut_bins *bins;
} ef_cut_counts;

/* Counts `scores`, and finds the lowest of every open interval if `least`.  `cut` must outlive *out.  Errors: no cuts, or an approximation that is not
 * finite (EF_INVALID). */
EF_MUST_USE ef_status ef_cut_counts_create(ef_cut_counts *out, const double *cut, size_t cuts, const ef_screened *scores,
                                           bool least, int threads, ef_error *err);
void ef_cut_counts_free(ef_cut_counts *counts);

/* The exact scores of all intervals i with wanted[i], descending, of which there are `total`.  The caller frees *out with free(). */
EF_MUST_USE ef_status ef_cut_counts_collect(double **out, const ef_cut_counts *counts, const bool *wanted, size_t total,
                                            const ef_screened *scores, int threads, ef_error *err);

#endif
