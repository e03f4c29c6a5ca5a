/* trainer.h - trains a head over the embeddings of a set, under any of the margin losses: the whole loop, step by step, with checkpoints.
 *
 *     ef_trainer_create(&trainer, set, &settings, NULL, &err);
 *     while (ef_trainer_course(trainer).step < ef_trainer_about(trainer).steps) { ef_trainer_step(trainer, &err); ... }
 *     ef_trainer_save_head(trainer, "head.h5", &err);
 *
 * Each subject of the set is a class with weights of its own.  A step: a mini-batch of shuffled images, forward through the head, margins drawn for each of its
 * samples, the loss and its gradients, backward, the head's gradients clipped, and a step of gradient descent for the head and for the classes.  Class weights begin normal
 * with standard deviation 0.01, as in the authors' code; there too only the network's gradients are clipped, not those of the classes.
 * Embeddings are taken as they are stored, and mirrored embeddings are not trained on.
 *
 * Same numbers, bit by bit, for every number of threads, and whether or not a training was interrupted: all that is random is drawn by seed and step.  The memory matters
 * only where the set does not fit: it is then shuffled in windows as large as the memory allows.  Across machines results agree as float32 products do.
 * Memory: never more than work->memory, which must hold three numbers for each weight, a batch and its activations, and 40 bytes for each image of the set
 * (labels that are texts need more while they are read).
 * Thread rule: as set.h, one thread at a time; calls use threads of their own inside. */
#ifndef EFACE_TRAINER_H
#define EFACE_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/loss.h>
#include <eface/set.h>
#include <eface/status.h>
#include <eface/train.h>
#include <eface/work.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EF_TRAIN_MOST_DROPS 16

typedef struct ef_train_settings {
    const ef_loss *loss;
    double scale, margin, sigma;
    uint64_t dim;    /* of the projected embeddings; 0: as many as the set's */
    uint64_t hidden; /* features of a hidden layer; 0: none */
    uint64_t batch;  /* images in a step; 0: 512, or all where there are fewer */
    uint64_t epochs;
    double momentum, decay;
    double clip; /* the longest gradient of the head; 0: any */
    ef_schedule_kind schedule;
    double rate, last_rate, factor;               /* ef_schedule's rate, last and factor */
    uint64_t warm_up;                             /* steps */
    uint64_t drop_at[EF_TRAIN_MOST_DROPS], drops; /* EF_RATE_STEPS: after so many epochs the rate drops; ascending */
    double held_out; /* the part of each subject's images that is not trained on but looked at: at least one of them; 0: none */
    uint64_t least;  /* subjects with fewer images are left out */
    uint64_t seed;
} ef_train_settings;

/* The settings to begin with: scale, margin and sigma of the loss, 20 epochs, rate 0.1 by a cosine to 0, momentum 0.9, decay 5e-4, gradients clipped at 5, a tenth held
 * out, seed 1.  For EF_RATE_STEPS: a tenth of the rate after 8, 14 and 18 epochs. */
EF_API ef_train_settings ef_train_defaults(const ef_loss *loss);

/* What a training is about. */
typedef struct ef_train_about {
    size_t classes;
    size_t trained, held_out, left_out; /* images; those left out are of subjects with too few, */
    size_t unknown;                     /* and these of nobody known: their label is negative or empty */
    ef_head_shape shape;
    uint64_t batch, steps_per_epoch, steps; /* steps in all */
    size_t window;                          /* images of the set that are in memory at a time, trained on or not */
    bool whole;                             /* that is all of them */
} ef_train_about;

/* Where it stands. */
typedef struct ef_train_course {
    uint64_t step, epoch;                 /* steps done, and whole epochs */
    double rate;                          /* of the last step */
    double loss;                          /* mean over this epoch's steps so far, or over those of the epoch just finished */
    double margin_mean, margin_deviation; /* of the margins drawn in them; 0 for a loss without */
} ef_train_course;

typedef struct ef_trainer ef_trainer;

/* Prepares to train on a set with labels, which must outlive *out.  work may be NULL; work->progress is not called.
 * Errors: settings out of range, labels that are missing or name nobody, fewer than two subjects, a subject with one image where some are held out, a batch larger than
 * what is there, more than the memory holds.  The caller frees *out with ef_trainer_free(). */
EF_API EF_MUST_USE ef_status ef_trainer_create(ef_trainer **out, const ef_set *set, const ef_train_settings *settings,
                                               const ef_work *work, ef_error *err);
EF_API void ef_trainer_free(ef_trainer *trainer); /* NULL is fine */

EF_API ef_train_about ef_trainer_about(const ef_trainer *trainer);
EF_API ef_train_course ef_trainer_course(const ef_trainer *trainer);
EF_API const ef_train_settings *
ef_trainer_settings(const ef_trainer *trainer); /* with what was 0 filled in; owned by the trainer */

/* One step.  Errors: all steps are done; whatever reading the set finds; EF_FORMAT when training broke down (a loss, gradient or weight that is not a number): the
 * sentence says at which step and over what.  After an error the trainer is good for ef_trainer_free() only. */
EF_API EF_MUST_USE ef_status ef_trainer_step(ef_trainer *trainer, ef_error *err);

/* The share of the images held out that are nearer (by cosine, without margin) to their own class than to any other.  Errors: none is held out; as above. */
EF_API EF_MUST_USE ef_status ef_trainer_accuracy(double *share, ef_trainer *trainer, ef_error *err);

/* Saves the head, with all settings, for ef_head_read().  The file appears whole or not at all.  Errors: weights that are not finite: then nothing is written. */
EF_API EF_MUST_USE ef_status ef_trainer_save_head(ef_trainer *trainer, const char *path, ef_error *err);

/* Saves all that is needed to go on from here: head, class weights, velocities, step.  In the same way: the last good checkpoint stays until the next is whole. */
EF_API EF_MUST_USE ef_status ef_trainer_save_checkpoint(ef_trainer *trainer, const char *path, ef_error *err);

/* The settings that a checkpoint was made under, and the memory, which decides how a large set is shuffled. */
EF_API EF_MUST_USE ef_status ef_checkpoint_settings(ef_train_settings *out, size_t *memory, const char *path, ef_error *err);

/* Goes to where a checkpoint was saved.  Errors: a checkpoint of other settings, of another shape, of other labels, or of windows of another size. */
EF_API EF_MUST_USE ef_status ef_trainer_resume(ef_trainer *trainer, const char *path, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
