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

#endif
