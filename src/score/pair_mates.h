/* pair_mates.h - which vectors of one side have the label of a vector of the other: enumerated apart, so that labels stay out of the products' way.
 * Thread rule: constant after creation. */
#ifndef EF_SCORE_PAIR_MATES_H
#define EF_SCORE_PAIR_MATES_H

#include "score/pair_block.h"

typedef struct ef_labelled {
    int64_t label;
    size_t number;
} ef_labelled;

typedef struct ef_pair_mates {
    const ef_vectors *rows;
    bool self;           /* rows among themselves: the mates of a row come after it */
    ef_labelled *column; /* by label, then number; NULL when nobody has mates */
    size_t count;
} ef_pair_mates;

/* columns NULL: rows among themselves. */
EF_MUST_USE ef_status ef_pair_mates_create(ef_pair_mates *mates, const ef_vectors *rows, const ef_vectors *columns,
                                           ef_error *err);
void ef_pair_mates_free(ef_pair_mates *mates);

/* The mates of a row among columns first .. end-1 are column[*begin .. *stop - 1], in ascending order. */
void ef_pair_mates_of(const ef_pair_mates *mates, size_t row, size_t first, size_t end, size_t *begin, size_t *stop);

#endif
