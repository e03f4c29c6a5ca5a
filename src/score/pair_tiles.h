/* pair_tiles.h - the inner part of comparing all pairs: a tile of two blocks at a time, multiplied, screened, and handed to visitors.
 * Thread rule: ef_pair_tiles_meet() may be called from all workers at once; the others from one thread. */
#ifndef EF_SCORE_PAIR_TILES_H
#define EF_SCORE_PAIR_TILES_H

#include <stdatomic.h>

#include "score/all_pairs.h"

/* What a worker works in. */
typedef struct ef_pair_desk {
    uint32_t *strips; /* codes: of the rows of tile `tile_row` */
    int32_t *starts, *dot;
    float *product;                  /* floats: of the tile; codes: of 12 x 32 pairs, for those who look */
    float *row_limit, *column_limit; /* of a tile */
    double *limit, *other;           /* of a tile, while they are asked for */
    ef_pair_candidate *pair;
    size_t tile_row;  /* SIZE_MAX: none */
    uint32_t kind[2]; /* limits are those of columns of these kinds, and between */
    size_t fresh;     /* candidates since limits were asked for */
    uint64_t candidates;
    char apart[64]; /* from the next worker's */
} ef_pair_desk;

/* Two blocks under way, and how they are compared. */
typedef struct ef_pair_tiles {
    const ef_vectors *rows, *columns; /* the same ones where a set meets itself */
    const ef_pair_visitor *visitors;
    size_t count; /* of visitors */
    bool self, limits, column_limits, looks;
    const ef_pair_visitor *kinds;   /* the one that has kinds of columns; or NULL */
    size_t tile_rows, tile_columns; /* multiples of EF_TILE_ROWS and EF_TILE_COLUMNS */
    const ef_pair_block *left, *right;
    float *row_slack, *column_slack; /* of the two blocks */
    float *row_fine, *column_fine;   /* the same for fine codes */
    ef_pair_desk *desks;             /* per worker */
    const ef_int8_version *kernel;   /* NULL: not coded */
    size_t codes;                    /* of a vector */
    const ef_progress *progress;
    uint64_t total; /* pairs, for progress; those of one group included */
    atomic_uint_fast64_t done;
} ef_pair_tiles;

/* Good sizes of tiles.  Codes: the strips of 768 rows of 512 elements, 384 KiB, stay in a second-level cache, the panels stream through.  Floats: the larger the better for
 * BLAS, but the products, here 1.8 MB, are to be seen again while they are in a cache; and as many rows as go evenly into the columns, so that blocks of both can be cut into
 * the same tiles however large they are. */
enum { EF_CODE_ROWS = 768, EF_FLOAT_ROWS = 480, EF_CODE_COLUMNS = 2048, EF_FLOAT_COLUMNS = 2 * EF_FLOAT_ROWS };

/* Room for a worker; false when there is too little.  To be freed in either case. */
bool ef_pair_desk_make(ef_pair_desk *mine, const ef_pair_tiles *all);
void ef_pair_desk_free(ef_pair_desk *mine);

/* Tiles of `left` and `right`: how many there are, and tile `index` of them, which any worker may meet. */
size_t ef_pair_tiles_count(const ef_pair_tiles *all);
void ef_pair_tiles_meet(void *tiles, size_t index, int worker);

#endif
