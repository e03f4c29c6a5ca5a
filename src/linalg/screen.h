/* screen.h - which pairs of a tile of approximate products may matter.
 *
 * A product stands for a score within row_slack + column_slack of it.  A pair may matter when that lets the score reach the row's limit or the column's:
 * the test, in float32, is
 *     product + column_slack >= row_limit - row_slack   or   product + row_slack >= column_limit - column_slack
 * where what is on the right has been computed beforehand and rounded down (ef_screen_limit()), and the slacks hold room for the rounding of the sum
 * (quantise.h, gemm.h).  So no pair that matters is missed.  A limit of -infinity lets all pass, +infinity none.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_SCREEN_H
#define EF_LINALG_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linalg/int8_tile.h"

/* One side of a tile: an entry for each row, or for each column. */
typedef struct ef_screen_side {
    const float *scale; /* of the codes; not looked at for float32 products */
    const float *slack;
    const float *limit; /* ef_screen_limit(); for columns NULL when none has one */
} ef_screen_side;

/* What a product is compared with: `limit` less the slack of the row, or column, that has it. */
float ef_screen_limit(double limit, float slack);

/* The product that dot product `dot` of two vectors' codes stands for. */
static inline float ef_screen_product(int32_t dot, float row_scale, float column_scale)
{
    return (float)dot * column_scale * row_scale;
}

/* Sets bit c of mask[r] for each pair of the tile that may matter, EF_TILE_ROWS x EF_TILE_COLUMNS of them, and says whether there is one.  `dot` as
 * ef_int8_product() leaves it. */
bool ef_screen_codes(uint32_t *mask, const int32_t *dot, const ef_screen_side *rows, const ef_screen_side *columns);

/* The same for float32 products, that of row r and column c at product[r * stride + c]. */
bool ef_screen_floats(uint32_t *mask, const float *product, size_t stride, const ef_screen_side *rows,
                      const ef_screen_side *columns);

/* What ef_screen_product() says of every pair of the tile: product[EF_TILE_COLUMNS * r + c]. */
void ef_screen_products(float *product, const int32_t *dot, const float *row_scale, const float *column_scale);

/* The code paths, widest first; for tests: all give the same bits. */
typedef struct ef_screen_version {
    const char *name;
    bool (*runs_here)(void);
    bool (*codes)(uint32_t *mask, const int32_t *dot, const ef_screen_side *rows, const ef_screen_side *columns);
    bool (*floats)(uint32_t *mask, const float *product, size_t stride, const ef_screen_side *rows,
                   const ef_screen_side *columns);
    void (*products)(float *product, const int32_t *dot, const float *row_scale, const float *column_scale);
} ef_screen_version;

const ef_screen_version *ef_screen_versions(size_t *count);

#endif
