/* issame.h - the 0/1 labels of a set's pairs or scores. */
#ifndef EF_EVALUATE_ISSAME_H
#define EF_EVALUATE_ISSAME_H

#include <eface/set.h>

/* Reads the dataset `issame`, which holds 0 and 1 only, into genuine[rows of it]. */
EF_MUST_USE ef_status ef_read_issame(unsigned char *genuine, const ef_set *set, ef_error *err);

#endif
