/* loss_parts.h - what the stages of ef_loss_compute() hand to each other.
 *
 * prepare: lengths, cosines and margins; forward: exponentials of all tiles, added up into the loss; backward: the gradients, tile by tile.
 * Tiles are worked on in waves, a slot for each tile of a wave; nothing that is computed depends on how many there are. */
#ifndef EF_LOSS_LOSS_PARTS_H
#define EF_LOSS_LOSS_PARTS_H

#include <eface/loss.h>

#include "linalg/softmax32.h"

/* A sample of the batch, in float64. */
typedef struct ef_loss_row {
    double inverse, class_inverse; /* 1 / |x|, 1 / |w| of its class; an inverse of 0 marks an embedding that will not do */
    double cosine, sine;           /* with its class */
    double margin;
    ef_target_logit target;
    double largest, sum; /* the other classes: their exponentials are sum * exp(largest) */
    double normaliser;   /* log of the sum over all classes */
    double loss, probability;
    double pull; /* how hard the gradient draws it to its class, for a tangent as long as the sine */
} ef_loss_row;

/* Which sample has a label. */
typedef struct ef_loss_owner {
    int64_t label;
    size_t sample;
} ef_loss_owner;

struct ef_loss_workspace {
    size_t most, dim, classes, tiles;
    int threads;
    size_t slots;                  /* tiles in a wave */
    bool keeps;                    /* all exponentials stay from forward to backward: a slot of them for each tile */
    ef_loss_row *row;              /* most */
    double *margin, *cosine;       /* most each: what ef_margins_arrange() works on */
    ef_loss_owner *owner;          /* most: by label, then by number of the sample */
    float *unit;                   /* most x dim: x / |x| */
    double *sum;                   /* most x dim: the embeddings' gradients as they grow */
    float *inverse;                /* classes: 1 / |w|; 0 marks a class that will not do */
    float *exponential;            /* per slot most x EF_LOSS_TILE */
    ef_exponentials *exponentials; /* per slot most */
    float *partial;                /* per slot of a wave most x dim: what a tile adds to the embeddings' gradients */
    double *scratch;               /* per thread 2 x dim */
};

typedef struct ef_loss_call {
    ef_loss_workspace *room;
    const ef_loss_batch *batch;
    const ef_loss_gradients *gradients; /* in backward */
    size_t wave;                        /* the wave's first tile */
} ef_loss_call;

/* The classes of a tile. */
size_t ef_loss_tile_width(const ef_loss_workspace *room, size_t tile);

/* Checks the batch, and fills room->inverse, unit and each row down to its target. */
ef_status ef_loss_prepare(const ef_loss_call *call, ef_error *err);

/* Fills room->exponential and exponentials for the tiles of a wave that begins at call->wave. */
void ef_loss_forward_wave(ef_loss_call *call, size_t tiles);

/* Fills what is left of each row, wave after wave, and returns the mean loss. */
double ef_loss_forward(ef_loss_call *call);

/* The gradients, from rows that know their normaliser and pull. */
void ef_loss_backward(ef_loss_call *call);

#endif
