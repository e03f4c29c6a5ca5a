/* train_stream.h - which random stream belongs to what in a training, so that any step can be drawn without those before it. */
#ifndef EF_TRAIN_TRAIN_STREAM_H
#define EF_TRAIN_TRAIN_STREAM_H

#include <stdint.h>

/* The head's first weights, those of the classes; images held out, one stream for each class; for each epoch the order of the blocks, and for each of its windows that
 * of the images; the margins, one stream for each step. */
typedef enum ef_train_use {
    EF_STREAM_HEAD = 1,
    EF_STREAM_CLASSES,
    EF_STREAM_HELD_OUT,
    EF_STREAM_BLOCKS,
    EF_STREAM_WINDOW,
    EF_STREAM_MARGINS
} ef_train_use;

/* epoch below 2^24; number below 2^32, or without an epoch below 2^56. */
static inline uint64_t ef_train_stream(ef_train_use use, uint64_t epoch, uint64_t number)
{
    return (uint64_t)use << 56 | epoch << 32 | number;
}

#endif
