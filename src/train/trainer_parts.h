/* trainer_parts.h - what a trainer is made of. */
#ifndef EF_TRAIN_TRAINER_PARTS_H
#define EF_TRAIN_TRAINER_PARTS_H

#include <eface/trainer.h>

#include "train/batches.h"
#include "train/classes.h"
#include "train/held_out.h"
#include "train/train_room.h"

#define EF_TRAINED (EF_HEAD_MOST_PARAMETERS + 1) /* arrays: those of the head, and the classes */

/* Sums over the steps of an epoch. */
typedef struct ef_train_tally {
    uint64_t steps, margins;
    double loss, margin, margin_square; /* margins less the mean that they are drawn with: their squares do not cancel */
} ef_train_tally;

struct ef_trainer {
    const ef_set *set;
    ef_train_settings settings;
    ef_head_shape shape;
    size_t memory;
    int threads;
    ef_classes classes;
    char sample_hash[65]; /* of some of the embeddings: a checkpoint is for those */
    ef_held_out held;
    ef_window_plan plan;
    ef_train_room room;
    ef_batches *batches;
    ef_head *head;
    ef_parameter parameters[EF_TRAINED]; /* of the head, then the classes: classes.count x shape.out */
    size_t head_count, count;            /* of these */
    float *weights, *weight_gradients;
    ef_sgd *sgd;
    ef_loss_workspace *loss;
    ef_rng *rng;
    uint64_t drop_at[EF_TRAIN_MOST_DROPS];
    ef_schedule schedule;
    uint64_t step, steps;
    double rate;
    ef_train_tally tally;
    float *x, *y, *y_gradient, *logits; /* batch x in, batch x out twice, room.judged x classes */
    int64_t *labels;                    /* batch, as the next two */
    double *margins;
    ef_loss_sample *samples;
};

/* Which images are of which classes, in short: a checkpoint is for those. */
void ef_trainer_hash_labels(char hex[65], const ef_trainer *trainer);

/* Fills sample_hash, from rows spread evenly over the set: enough to tell other embeddings from these. */
EF_MUST_USE ef_status ef_trainer_hash_sample(ef_trainer *trainer, ef_error *err);

#endif
