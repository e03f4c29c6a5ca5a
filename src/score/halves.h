/* halves.h - whether the halves of vectors look like an image and its mirror image. */
#ifndef EF_SCORE_HALVES_H
#define EF_SCORE_HALVES_H

#include <stdbool.h>
#include <stddef.h>

#define EF_HALVES_SAMPLE ((size_t)64) /* vectors that are enough to tell */

/* Mean cosines of the first half of a vector and the second half of the same one, and of another one. */
typedef struct ef_halves {
    double same, strangers;
    bool alike; /* the halves of one vector are far more alike than chance and than those of two vectors are */
} ef_halves;

/* Looks at `count` vectors of `columns` numbers one after another; those with a half of length zero are passed over.  An odd number of columns, and too few
 * vectors to tell, are not alike.  Changes the vectors: their halves are scaled to unit length.  */
ef_halves ef_halves_compare(double *vectors, size_t count, size_t columns);

#endif
