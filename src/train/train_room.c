#include "train/train_room.h"

#include <stdint.h>

#include <eface/loss.h>

#include "base/error.h"
#include "base/memory.h"

#define LOGITS    ((size_t)1 << 22) /* numbers, unless one image alone needs more */
#define PER_IMAGE ((size_t)40)      /* bytes, at the most: label, class, order, whether it is held out */
#define MEGABYTE  1048576.0

/* *sum += a * b * size; false when that is beyond all bounds. */
static bool add(size_t *sum, size_t a, size_t b, size_t size)
{
    size_t product;
    return ef_size_mul(&product, a, b) && ef_size_mul(&product, product, size) && ef_size_add(sum, *sum, product);
}

/* What a training cannot do without. */
static bool needed(size_t *out, const ef_head_shape *shape, size_t batch, size_t classes, size_t images, size_t judged)
{
    enum { COPIES = 3 }; /* of each weight: itself, its gradient, its velocity */
    size_t last = shape->hidden > 0 ? shape->hidden : shape->in, number = sizeof(float);
    *out = 0;
    return add(out, classes, shape->out, COPIES * number) && add(out, shape->out, last, COPIES * number) &&
           add(out, shape->hidden, shape->in, COPIES * number) && add(out, batch, shape->in, number) &&
           add(out, batch, shape->hidden, COPIES * number) && add(out, batch, shape->out, 2 * number + 12) &&
           add(out, batch, EF_LOSS_TILE, number) && add(out, batch, shape->out, number) && add(out, judged, classes, number) &&
           add(out, classes, 1, number) && add(out, images, 1, PER_IMAGE);
}

ef_status ef_train_room_divide(ef_train_room *out, const ef_head_shape *shape, size_t batch, size_t classes, size_t images,
                               size_t memory, ef_error *err)
{
    size_t fixed, least, judged = LOGITS / classes > 0 ? LOGITS / classes : 1;
    judged = judged < batch ? judged : batch;
    if (!needed(&fixed, shape, batch, classes, images, judged) ||
        !ef_size_add(&least, fixed, 2 * (shape->in + 2) * sizeof(float))) {
        return ef_fail(err, EF_INVALID,
                       "a head from %zu by %zu to %zu elements over %zu classes, in batches of %zu, is beyond any memory",
                       shape->in, shape->hidden, shape->out, classes, batch);
    }
    if (least > memory) {
        return ef_fail(
            err, EF_INVALID,
            "a head from %zu by %zu to %zu elements over %zu classes, in batches of %zu, needs %.1f MB, but --memory is %.1f MB",
            shape->in, shape->hidden, shape->out, classes, batch, (double)least / MEGABYTE, (double)memory / MEGABYTE);
    }
    *out = (ef_train_room){(memory - fixed) / 2, (memory - fixed) / 2, judged};
    return EF_OK;
}
