#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/trainer_parts.h"

/* Whether no other class has a logit as large. */
static bool is_right(const float *logits, size_t own, size_t classes)
{
    for (size_t j = 0; j < classes; j++) {
        if (j != own && logits[j] >= logits[own]) {
            return false;
        }
    }
    return true;
}

/* Adds to *right those of the first `count` images in trainer->x that are nearest to their class. */
static ef_status judge(size_t *right, ef_trainer *trainer, size_t count, ef_error *err)
{
    size_t classes = trainer->classes.count;
    const ef_loss_batch batch = {.loss = ef_loss_find("softmax"),
                                 .scale = 1,
                                 .embeddings = trainer->y,
                                 .labels = trainer->labels,
                                 .weights = trainer->weights,
                                 .count = count,
                                 .dim = trainer->shape.out,
                                 .classes = classes};
    ef_status status = ef_head_forward(trainer->y, trainer->head, trainer->x, count, false, err);
    if (status == EF_OK) {
        status = ef_loss_logits(trainer->logits, trainer->loss, &batch, err);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        *right += is_right(trainer->logits + i * classes, (size_t)trainer->labels[i], classes);
    }
    return status == EF_INVALID ? EF_FORMAT : status;
}

/* Images one by one, in the order of the set: neighbours come from one chunk of the file, which HDF5 keeps. */
ef_status ef_trainer_accuracy(double *share, ef_trainer *trainer, ef_error *err)
{
    const ef_held_out *held = &trainer->held;
    size_t right = 0, dim = trainer->shape.in;
    ef_status status = EF_OK;
    if (held->count == 0) {
        return ef_fail(err, EF_INVALID, "no images are held out to look at");
    }
    for (size_t first = 0; status == EF_OK && first < held->count; first += trainer->room.judged) {
        size_t left = held->count - first, count = left < trainer->room.judged ? left : trainer->room.judged;
        for (size_t i = 0; status == EF_OK && i < count; i++) {
            uint32_t row = held->row[first + i];
            trainer->labels[i] = trainer->classes.of_row[row];
            status = ef_set_read_floats(trainer->set, EF_EMBEDDINGS, row, 1, trainer->x + i * dim, err);
        }
        if (status == EF_OK) {
            status = judge(&right, trainer, count, err);
        }
    }
    *share = (double)right / (double)held->count;
    return status;
}
