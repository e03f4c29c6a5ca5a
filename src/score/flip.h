/* flip.h - what a mode of fusing mirrored embeddings needs, and what it makes. */
#ifndef EF_SCORE_FLIP_H
#define EF_SCORE_FLIP_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/rows.h>

/* Whether a mode reads EF_EMBEDDINGS_FLIP beside the embeddings: sum, concat. */
bool ef_flip_reads_mirrored(ef_flip flip);

/* Whether a mode splits each row of the embeddings into two halves: halves, first-half. */
bool ef_flip_splits(ef_flip flip);

/* The dimension of what a mode makes of embeddings with so many columns. */
size_t ef_flip_dim(ef_flip flip, size_t columns);

/* What is zero of an image, so that it has no direction.  A part of zeros is a failure of whoever made it, though what is made of both parts may have a
 * direction. */
typedef enum ef_zero {
    EF_ZERO_NONE,
    EF_ZERO_FUSED, /* the parts add up to zero, or there is only one */
    EF_ZERO_FIRST, /* the embedding, or its first half */
    EF_ZERO_SECOND /* the mirrored embedding, or the second half */
} ef_zero;

/* What to say of an image: "is zero".  `*mirrored` says whether it is said of a row of EF_EMBEDDINGS_FLIP. */
const char *ef_zero_words(ef_zero zero, ef_flip flip, bool *mirrored);

#endif
