#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/train_settings.h"
#include "train/train_stream.h"
#include "train/trainer_parts.h"

#define DEFAULT_BATCH   512
#define CLASS_DEVIATION 0.01 /* of the classes' first weights, as in the authors' code */

void ef_trainer_free(ef_trainer *trainer)
{
    if (trainer != NULL) {
        ef_sgd_free(trainer->sgd);
        ef_head_free(trainer->head);
        ef_batches_free(trainer->batches);
        ef_loss_workspace_free(trainer->loss);
        ef_rng_free(trainer->rng);
        ef_classes_free(&trainer->classes);
        ef_held_out_free(&trainer->held);
        free(trainer->weights);
        free(trainer->weight_gradients);
        free(trainer->x);
        free(trainer->y);
        free(trainer->y_gradient);
        free(trainer->logits);
        free(trainer->labels);
        free(trainer->margins);
        free(trainer->samples);
        free(trainer);
    }
}

/* Which images there are, and how large everything is. */
static ef_status plan(ef_trainer *trainer, ef_error *err)
{
    ef_train_settings *settings = &trainer->settings;
    size_t dim = ef_set_dim(trainer->set);
    ef_status status = ef_classes_read(&trainer->classes, trainer->set, (size_t)settings->least, err);
    if (status == EF_OK) {
        status = ef_held_out_draw(&trainer->held, &trainer->classes, settings->held_out, settings->seed, trainer->set, err);
    }
    if (status != EF_OK) {
        return status;
    }
    size_t images = trainer->classes.images - trainer->held.count;
    settings->dim = settings->dim > 0 ? settings->dim : dim;
    settings->batch = settings->batch > 0 ? settings->batch : images < DEFAULT_BATCH ? images : DEFAULT_BATCH;
    trainer->shape = (ef_head_shape){.in = dim, .out = (size_t)settings->dim, .hidden = (size_t)settings->hidden};
    status = ef_train_room_divide(&trainer->room, &trainer->shape, (size_t)settings->batch, trainer->classes.count,
                                  trainer->classes.rows, trainer->memory, err);
    trainer->plan = ef_window_plan_make(trainer->classes.rows, dim, trainer->room.window);
    return status;
}

static ef_status make_head(ef_trainer *trainer, ef_error *err)
{
    const ef_train_settings *settings = &trainer->settings;
    size_t weights = trainer->classes.count * trainer->shape.out; /* fits: the room was divided */
    ef_rng_restart(trainer->rng, settings->seed, ef_train_stream(EF_STREAM_HEAD, 0, 0));
    ef_status status =
        ef_head_create(&trainer->head, &trainer->shape, (size_t)settings->batch, trainer->threads, trainer->rng, err);
    if (status != EF_OK) {
        return status;
    }
    trainer->weights = ef_alloc_aligned(weights, sizeof *trainer->weights);
    trainer->weight_gradients = ef_alloc_aligned(weights, sizeof *trainer->weight_gradients);
    if (trainer->weights == NULL || trainer->weight_gradients == NULL) {
        return ef_fail_memory(err, "the weights of classes");
    }
    ef_rng_restart(trainer->rng, settings->seed, ef_train_stream(EF_STREAM_CLASSES, 0, 0));
    for (size_t k = 0; k < weights; k++) {
        trainer->weights[k] = (float)(CLASS_DEVIATION * ef_rng_normal(trainer->rng));
    }
    trainer->head_count = ef_head_parameters(trainer->parameters, trainer->head);
    trainer->count = trainer->head_count + 1;
    trainer->parameters[trainer->head_count] =
        (ef_parameter){"classes", trainer->weights, trainer->weight_gradients, weights, true};
    const ef_sgd_settings sgd = {settings->momentum, settings->decay};
    return ef_sgd_create(&trainer->sgd, trainer->parameters, trainer->count, &sgd, trainer->threads, err);
}

static ef_status make_buffers(ef_trainer *trainer, ef_error *err)
{
    size_t batch = (size_t)trainer->settings.batch;
    trainer->x = ef_alloc_aligned(batch * trainer->shape.in, sizeof *trainer->x);
    trainer->y = ef_alloc_aligned(batch * trainer->shape.out, sizeof *trainer->y);
    trainer->y_gradient = ef_alloc_aligned(batch * trainer->shape.out, sizeof *trainer->y_gradient);
    trainer->logits = ef_alloc_aligned(trainer->room.judged * trainer->classes.count, sizeof *trainer->logits);
    trainer->labels = ef_alloc(batch, sizeof *trainer->labels);
    trainer->margins = ef_alloc(batch, sizeof *trainer->margins);
    trainer->samples = ef_alloc(batch, sizeof *trainer->samples);
    bool good = trainer->x != NULL && trainer->y != NULL && trainer->y_gradient != NULL && trainer->logits != NULL &&
                trainer->labels != NULL && trainer->margins != NULL && trainer->samples != NULL;
    return good ? EF_OK : ef_fail_memory(err, "a batch");
}

static ef_status make_parts(ef_trainer *trainer, ef_error *err)
{
    const ef_train_settings *settings = &trainer->settings;
    size_t batch = (size_t)settings->batch;
    const ef_work work = {.memory = trainer->room.loss, .threads = trainer->threads};
    ef_status status = ef_rng_create(&trainer->rng, settings->seed, 0, err);
    if (status == EF_OK) {
        status =
            ef_batches_create(&trainer->batches, trainer->set, trainer->held.trained, batch, &trainer->plan, settings->seed, err);
    }
    if (status == EF_OK) {
        status = ef_loss_workspace_create(&trainer->loss, batch, trainer->shape.out, trainer->classes.count, &work, err);
    }
    if (status == EF_OK && (status = make_head(trainer, err)) == EF_OK) {
        status = make_buffers(trainer, err);
    }
    if (status == EF_OK) {
        uint64_t per_epoch = ef_batches_per_epoch(trainer->batches);
        trainer->steps = per_epoch * settings->epochs; /* below 2^31 times 2^24 */
        trainer->schedule = ef_train_schedule(settings, trainer->drop_at, per_epoch);
        status = ef_schedule_check(&trainer->schedule, err);
    }
    return status;
}

ef_status ef_trainer_create(ef_trainer **out, const ef_set *set, const ef_train_settings *settings, const ef_work *work,
                            ef_error *err)
{
    ef_status status = ef_train_settings_check(settings, err);
    ef_trainer *trainer = status == EF_OK ? ef_alloc_zero(1, sizeof *trainer) : NULL;
    if (trainer == NULL) {
        return status != EF_OK ? status : ef_fail_memory(err, "a training");
    }
    trainer->set = set;
    trainer->settings = *settings;
    trainer->memory = ef_work_memory(work);
    trainer->threads = work != NULL ? work->threads : 0;
    if ((status = plan(trainer, err)) == EF_OK && (status = ef_trainer_hash_sample(trainer, err)) == EF_OK) {
        status = make_parts(trainer, err);
    }
    if (status != EF_OK) {
        ef_trainer_free(trainer);
        return status;
    }
    *out = trainer;
    return EF_OK;
}

ef_train_about ef_trainer_about(const ef_trainer *trainer)
{
    const ef_window_plan *plan = &trainer->plan;
    bool whole = plan->window_blocks >= plan->blocks;
    return (ef_train_about){.classes = trainer->classes.count,
                            .trained = ef_batches_images(trainer->batches),
                            .held_out = trainer->held.count,
                            .left_out = trainer->classes.left_out,
                            .unknown = trainer->classes.unknown,
                            .shape = trainer->shape,
                            .batch = trainer->settings.batch,
                            .steps_per_epoch = ef_batches_per_epoch(trainer->batches),
                            .steps = trainer->steps,
                            .window = whole ? trainer->classes.rows : plan->window_blocks * plan->block_rows,
                            .whole = whole};
}

const ef_train_settings *ef_trainer_settings(const ef_trainer *trainer)
{
    return &trainer->settings;
}

ef_train_course ef_trainer_course(const ef_trainer *trainer)
{
    const ef_train_tally *tally = &trainer->tally;
    ef_train_course course = {.step = trainer->step, .rate = trainer->rate};
    course.epoch = trainer->step / ef_batches_per_epoch(trainer->batches);
    if (tally->steps > 0) {
        double n = (double)tally->margins, mean = tally->margin / n;
        course.loss = tally->loss / (double)tally->steps;
        if (trainer->settings.loss->has_margin) {
            course.margin_mean = trainer->settings.margin + mean;
            course.margin_deviation = sqrt(fmax(tally->margin_square / n - mean * mean, 0));
        }
    }
    return course;
}

static void count_step(ef_trainer *trainer, double loss)
{
    ef_train_tally *tally = &trainer->tally;
    if (trainer->step % ef_batches_per_epoch(trainer->batches) == 0) {
        *tally = (ef_train_tally){0};
    }
    tally->steps++;
    tally->loss += loss;
    for (size_t i = 0; i < trainer->settings.batch; i++) {
        double margin = trainer->samples[i].margin - (trainer->settings.loss->has_margin ? trainer->settings.margin : 0);
        tally->margins++;
        tally->margin += margin;
        tally->margin_square += margin * margin;
    }
}

/* The step itself, from a batch that has been read: *mean is the loss. */
static ef_status learn(double *mean, ef_trainer *trainer, ef_error *err)
{
    const ef_train_settings *settings = &trainer->settings;
    size_t batch = (size_t)settings->batch;
    const ef_loss_settings drawn = {settings->scale, settings->margin, settings->sigma};
    const ef_loss_batch samples = {.loss = settings->loss,
                                   .scale = settings->scale,
                                   .embeddings = trainer->y,
                                   .labels = trainer->labels,
                                   .margins = trainer->margins,
                                   .weights = trainer->weights,
                                   .count = batch,
                                   .dim = trainer->shape.out,
                                   .classes = trainer->classes.count};
    const ef_loss_gradients gradients = {trainer->y_gradient, trainer->weight_gradients};
    ef_rng_restart(trainer->rng, settings->seed, ef_train_stream(EF_STREAM_MARGINS, 0, trainer->step));
    ef_status status = ef_margins_draw(trainer->margins, batch, settings->loss, &drawn, trainer->rng, err);
    if (status == EF_OK && (status = ef_head_forward(trainer->y, trainer->head, trainer->x, batch, true, err)) == EF_OK &&
        (status = ef_loss_compute(mean, trainer->loss, &samples, &gradients, trainer->samples, err)) == EF_OK &&
        (status = ef_head_backward(NULL, trainer->head, trainer->y_gradient, err)) == EF_OK && settings->clip > 0) {
        status = ef_gradients_clip(NULL, trainer->parameters, trainer->head_count, settings->clip, err);
    }
    if (status == EF_OK && !isfinite(*mean)) {
        status = ef_fail(err, EF_FORMAT, "it is not a number");
    }
    return status;
}

ef_status ef_trainer_step(ef_trainer *trainer, ef_error *err)
{
    double mean = 0;
    if (trainer->step >= trainer->steps) {
        return ef_fail(err, EF_INVALID, "all %" PRIu64 " steps are done", trainer->steps);
    }
    trainer->rate = ef_schedule_rate(&trainer->schedule, trainer->step);
    ef_status status = ef_batches_read(trainer->x, trainer->labels, trainer->batches, trainer->step, err);
    if (status != EF_OK) {
        return status;
    }
    if ((status = learn(&mean, trainer, err)) != EF_OK) {
        return ef_context(err, status == EF_NOMEM ? EF_NOMEM : EF_FORMAT,
                          "step %" PRIu64 " of %" PRIu64 ", at a rate of %g: the loss cannot be computed", trainer->step + 1,
                          trainer->steps, trainer->rate);
    }
    count_step(trainer, mean);
    ef_sgd_step(trainer->sgd, trainer->rate);
    trainer->step++;
    return EF_OK;
}
