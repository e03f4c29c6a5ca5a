/* fields.h - the datasets that a set may have: their names, the names that public code gives them, what they must hold. */
#ifndef EF_IO_FIELDS_H
#define EF_IO_FIELDS_H

#include <eface/set.h>

/* What a dataset may hold, as bits. */
typedef enum ef_holds { EF_REALS = 1, EF_INTEGERS = 2, EF_BOOLEANS = 4, EF_TEXT = 8 } ef_holds;

typedef enum ef_per {
    EF_PER_IMAGE,
    EF_PER_COMPARISON,
    EF_PER_ENTRY /* of a list of its own, as long as it likes */
} ef_per;

#define EF_FIELD_NAMES 6

typedef struct ef_field_info {
    const char *names[EF_FIELD_NAMES]; /* the main name, then the aliases, then NULL */
    unsigned holds;                    /* ef_holds bits */
    size_t columns;                    /* 1: a vector; more: a matrix of so many columns; 0: a matrix of any number */
    ef_per per;                        /* what a row stands for */
} ef_field_info;

const ef_field_info *ef_field_info_of(ef_field field);

/* "reals", "integers or strings": for messages. */
const char *ef_holds_name(unsigned holds);

#endif
