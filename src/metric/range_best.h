/* range_best.h - the first greatest value of any stretch of an array, in logarithmic time. */
#ifndef EF_METRIC_RANGE_BEST_H
#define EF_METRIC_RANGE_BEST_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>

typedef struct ef_range_best ef_range_best;

/* Over value[0 .. count-1], count >= 1, which must outlive *out.  Freed with ef_range_best_free(). */
EF_MUST_USE ef_status ef_range_best_create(ef_range_best **out, const int64_t *value, size_t count, ef_error *err);
void ef_range_best_free(ef_range_best *best); /* NULL is fine */

/* The smallest index among first .. last (first <= last) at which the value is greatest there. */
size_t ef_range_best_find(const ef_range_best *best, size_t first, size_t last);

#endif
