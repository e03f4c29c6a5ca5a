/* wide.h - products of two counts, exactly.
 *
 * A count stays below 2^60 (its scores were in memory), so a product stays below 2^120 and a few of them can be added. */
#ifndef EF_METRIC_WIDE_H
#define EF_METRIC_WIDE_H

#include <stdint.h>

__extension__ typedef __int128 ef_wide;

static inline ef_wide ef_product(uint64_t a, uint64_t b)
{
    return (ef_wide)a * (ef_wide)b;
}

#endif
