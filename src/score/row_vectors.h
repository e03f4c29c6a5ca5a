/* row_vectors.h - rows of a set as vectors to compare: all of them in memory where they fit, else read whenever a block of them is needed.
 * Thread rule: as rows.h. */
#ifndef EF_SCORE_ROW_VECTORS_H
#define EF_SCORE_ROW_VECTORS_H

#include <eface/rows.h>

#include "score/pair_block.h"

typedef struct ef_row_vectors {
    ef_rows *rows;
    const size_t *row; /* ascending: which rows; NULL for all */
    double *unit;      /* NULL where they do not fit */
    int threads;
    ef_vectors vectors; /* to be compared; label and group are the caller's to set */
} ef_row_vectors;

/* Makes ready `count` rows of `rows`, which along with `row` must outlive *out; *out may not be moved.  They are read at once when they take at most `memory`
 * bytes.  On failure too it is to be freed with ef_row_vectors_free().  Errors: as ef_rows_read(). */
EF_MUST_USE ef_status ef_row_vectors_open(ef_row_vectors *out, ef_rows *rows, const size_t *row, size_t count, size_t memory,
                                          int threads, ef_error *err);
void ef_row_vectors_free(ef_row_vectors *vectors);

#endif
