#include <stdio.h>

#include <eface/version.h>

#include "base/error.h"
#include "io/array_file.h"
#include "train/head_arrays.h"
#include "train/train_settings.h"
#include "train/trainer_parts.h"

#define PATH 64 /* bytes of "velocity/hidden_weight" */

/* What both kinds of files hold. */
static void write_common(ef_array_writer *writer, ef_trainer *trainer)
{
    ef_train_course course = ef_trainer_course(trainer);
    const char *model = ef_set_model(trainer->set);
    ef_head_arrays_write(writer, trainer->head);
    ef_train_settings_write(writer, &trainer->settings);
    ef_array_writer_text(writer, "program", "eface " EF_VERSION);
    if (model != NULL) {
        ef_array_writer_text(writer, "model", model);
    }
    ef_array_writer_count(writer, "classes", trainer->classes.count);
    ef_array_writer_count(writer, "images", ef_batches_images(trainer->batches));
    ef_array_writer_count(writer, "images_held_out", trainer->held.count);
    ef_array_writer_count(writer, "step", trainer->step);
    ef_array_writer_count(writer, "epoch", course.epoch);
    ef_array_writer_number(writer, "mean_loss", course.loss);
}

static ef_status begin(ef_array_writer **out, ef_trainer *trainer, const char *path, const char *kind, ef_error *err)
{
    ef_status status = ef_parameters_check(trainer->parameters, trainer->count, err);
    if (status != EF_OK) {
        return ef_context(err, status, "%s: is not written: after step %llu", path, (unsigned long long)trainer->step);
    }
    if ((status = ef_set_check_files(trainer->set, err)) != EF_OK) {
        return ef_context(err, status, "%s: is not written", path);
    }
    return ef_array_writer_create(out, path, kind, EF_HEAD_VERSION, err);
}

ef_status ef_trainer_save_head(ef_trainer *trainer, const char *path, ef_error *err)
{
    ef_array_writer *writer = NULL;
    ef_status status = begin(&writer, trainer, path, EF_HEAD_FORMAT, err);
    if (status == EF_OK) {
        write_common(writer, trainer);
        status = ef_array_writer_finish(writer, err);
    }
    ef_array_writer_free(writer);
    return status;
}

static void write_state(ef_array_writer *writer, ef_trainer *trainer)
{
    ef_parameter state[EF_TRAINED];
    char labels[65], path[PATH];
    size_t count = ef_sgd_state(state, trainer->sgd), out = trainer->shape.out;
    const ef_train_tally *tally = &trainer->tally;
    ef_trainer_hash_labels(labels, trainer);
    ef_array_writer_text(writer, "labels_sha256", labels);
    ef_array_writer_text(writer, "sample_sha256", trainer->sample_hash);
    ef_array_writer_count(writer, "memory", trainer->memory);
    ef_array_writer_count(writer, "window_blocks", trainer->plan.window_blocks);
    ef_array_writer_count(writer, "block_rows", trainer->plan.block_rows);
    ef_array_writer_count(writer, "tally_steps", tally->steps);
    ef_array_writer_count(writer, "tally_margins", tally->margins);
    ef_array_writer_number(writer, "tally_loss", tally->loss);
    ef_array_writer_number(writer, "tally_margin", tally->margin);
    ef_array_writer_number(writer, "tally_margin_square", tally->margin_square);
    ef_array_writer_floats(writer, "class_weights", trainer->weights, trainer->classes.count, out);
    for (size_t k = 0; k < count; k++) {
        size_t columns = k + 1 == count ? out : ef_head_columns(&trainer->shape, state[k].name);
        snprintf(path, sizeof path, "velocity/%s", state[k].name);
        ef_array_writer_floats(writer, path, state[k].value, columns > 0 ? state[k].count / columns : state[k].count, columns);
    }
}

ef_status ef_trainer_save_checkpoint(ef_trainer *trainer, const char *path, ef_error *err)
{
    ef_array_writer *writer = NULL;
    ef_status status = begin(&writer, trainer, path, EF_CHECKPOINT_FORMAT, err);
    if (status == EF_OK) {
        write_common(writer, trainer);
        write_state(writer, trainer);
        status = ef_array_writer_finish(writer, err);
    }
    ef_array_writer_free(writer);
    return status;
}
