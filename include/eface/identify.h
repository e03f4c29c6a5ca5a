/* identify.h - searching probes in a gallery: what every probe met there.
 *
 * All scores are the float64 dot products of ef_dot() (src/linalg/dot.h); float32 products only decide which of them have to be computed, so the
 * outcome does not depend on threads, blocks or processor.
 * Memory: the gallery in float32, in blocks of half of `memory` at the most, and about 1.5 MiB for each thread.
 * Thread rule: safe from any thread; uses threads of its own, and has OpenBLAS use none (for the whole process). */
#ifndef EFACE_IDENTIFY_H
#define EFACE_IDENTIFY_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>
#include <eface/work.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Vectors to compare: rows of `unit`, picked by `row`, and the subject of each. */
typedef struct ef_search_side {
    const double *unit; /* unit vectors, rows of `dim` */
    const size_t *row;  /* which row each entry is */
    const int64_t *subject;
    size_t count;
} ef_search_side;

/* What one probe met in the gallery. */
typedef struct ef_search_outcome {
    double mate;    /* highest score of a gallery entry of the probe's subject; -infinity when it has none */
    double other;   /* highest score of an entry of another subject; -infinity when there is none */
    uint32_t mates; /* entries of its subject */
    uint32_t above; /* entries of other subjects that score strictly above `mate`; 0 without a mate */
    uint32_t level; /* entries of other subjects that score exactly `mate` */
} ef_search_outcome;

/* Searches every probe in the gallery: outcome[probes->count].  Either side may be empty.  Many equal scores cost time only. */
EF_API EF_MUST_USE ef_status ef_search(ef_search_outcome *outcome, const ef_search_side *probes, const ef_search_side *gallery,
                                       size_t dim, const ef_work *work, ef_error *err);

/* The same for several galleries, and for all of them as one, in one pass: `gallery` holds their entries one gallery after the other,
 * gallery g up to entry end[g] (end[galleries - 1] is gallery->count; a gallery may be empty).  Fills outcome[g][probes->count],
 * all[probes->count], and top[*k] as ef_search_pooled_top() does over all galleries; *k may be 0, and becomes 0 when there are fewer
 * comparisons than that. */
EF_API EF_MUST_USE ef_status ef_search_galleries(ef_search_outcome *const *outcome, ef_search_outcome *all, double *top,
                                                 size_t *k, const ef_search_side *probes, const ef_search_side *gallery,
                                                 const size_t *end, size_t galleries, size_t dim, const ef_work *work,
                                                 ef_error *err);

/* The `k` highest scores of probes against gallery entries of other subjects, all probes pooled, in descending order: top[k], k from 1 to
 * the number of such comparisons (else EF_INVALID).  Memory: besides, up to 16 k bytes for each thread.
 * The k-th of them is the threshold of the older public script. */
EF_API EF_MUST_USE ef_status ef_search_pooled_top(double *top, size_t k, const ef_search_side *probes,
                                                  const ef_search_side *gallery, size_t dim, const ef_work *work, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
