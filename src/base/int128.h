/* int128.h - products of two counts, exactly.
 *
 * A count of comparisons stays below 2^60, so a product stays below 2^120 and a few of them can be added. */
#ifndef EF_BASE_INT128_H
#define EF_BASE_INT128_H

#include <stdint.h>

__extension__ typedef __int128 ef_wide;

static inline ef_wide ef_product(uint64_t a, uint64_t b)
{
    return (ef_wide)a * (ef_wide)b;
}

#endif
