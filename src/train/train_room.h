/* train_room.h - how the memory of a training is divided. */
#ifndef EF_TRAIN_TRAIN_ROOM_H
#define EF_TRAIN_TRAIN_ROOM_H

#include <stddef.h>

#include <eface/status.h>
#include <eface/train.h>

typedef struct ef_train_room {
    size_t window; /* bytes for images of the set */
    size_t loss;   /* bytes for the loss's workspace, beyond what it needs at least */
    size_t judged; /* images whose logits are computed at a time, to see which class is nearest */
} ef_train_room;

/* Errors: sizes whose product is beyond all bounds, more than `memory` bytes needed: the sentence says how many. */
EF_MUST_USE ef_status ef_train_room_divide(ef_train_room *out, const ef_head_shape *shape, size_t batch, size_t classes,
                                           size_t images, size_t memory, ef_error *err);

#endif
