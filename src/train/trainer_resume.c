#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/array_file.h"
#include "base/hash.h"
#include "train/head_arrays.h"
#include "train/train_settings.h"
#include "train/trainer_parts.h"

#define PATH    64 /* bytes of "velocity/hidden_weight" */
#define SAMPLED ((size_t)256)

static ef_status open_checkpoint(ef_array_reader **out, const char *path, ef_error *err)
{
    static const char *const kinds[] = {EF_CHECKPOINT_FORMAT, NULL};
    return ef_array_reader_open(out, path, kinds, EF_HEAD_VERSION, "a checkpoint of eface-train", err);
}

void ef_trainer_hash_labels(char hex[65], const ef_trainer *trainer)
{
    ef_hash_memory(hex, trainer->classes.of_row, trainer->classes.rows * sizeof *trainer->classes.of_row);
}

ef_status ef_trainer_hash_sample(ef_trainer *trainer, ef_error *err)
{
    size_t rows = trainer->classes.rows, dim = trainer->shape.in, count = rows < SAMPLED ? rows : SAMPLED;
    float *sample = ef_alloc(count * dim, sizeof *sample);
    ef_status status = sample != NULL ? EF_OK : ef_fail_memory(err, "a training");
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = ef_set_read_floats(trainer->set, EF_EMBEDDINGS, rows / count * i, 1, sample + i * dim, err);
    }
    if (status == EF_OK) {
        ef_hash_memory(trainer->sample_hash, sample, count * dim * sizeof *sample);
    }
    free(sample);
    return status;
}

ef_status ef_checkpoint_settings(ef_train_settings *out, size_t *memory, const char *path, ef_error *err)
{
    ef_array_reader *reader = NULL;
    uint64_t bytes = 0;
    ef_status status = open_checkpoint(&reader, path, err);
    if (status == EF_OK && (status = ef_train_settings_read(out, reader, err)) == EF_OK) {
        status = ef_array_reader_count(&bytes, reader, "memory", err);
    }
    *memory = (size_t)bytes;
    ef_array_reader_free(reader);
    return status;
}

static ef_status check_settings(const ef_trainer *trainer, const ef_array_reader *reader, ef_error *err)
{
    ef_train_settings saved;
    ef_head_shape shape;
    ef_status status = ef_head_shape_read(&shape, reader, err);
    const ef_head_shape *own = &trainer->shape;
    if (status == EF_OK && (shape.in != own->in || shape.out != own->out || shape.hidden != own->hidden)) {
        return ef_fail(
            err, EF_INVALID,
            "%s: holds a head from %zu by %zu to %zu elements (input, hidden, output), but this training is of one from %zu by "
            "%zu to %zu",
            ef_array_reader_path(reader), shape.in, shape.hidden, shape.out, own->in, own->hidden, own->out);
    }
    if (status == EF_OK && (status = ef_train_settings_read(&saved, reader, err)) == EF_OK &&
        (status = ef_train_settings_same(&saved, &trainer->settings, err)) != EF_OK) {
        status = ef_context(err, status, "%s", ef_array_reader_path(reader));
    }
    return status;
}

/* Whether it is about the same images, shuffled in the same way. */
static ef_status check_images(const ef_trainer *trainer, const ef_array_reader *reader, ef_error *err)
{
    char saved[65] = "", own[65];
    const char *path = ef_array_reader_path(reader), *name = ef_set_field_name(trainer->set, EF_LABELS);
    uint64_t classes = 0, window = 0, rows = 0;
    ef_status status = ef_array_reader_count(&classes, reader, "classes", err);
    if (status == EF_OK && classes != trainer->classes.count) {
        return ef_fail(err, EF_INVALID, "%s: is of %" PRIu64 " classes, but %s has %zu", path, classes, name,
                       trainer->classes.count);
    }
    if (status == EF_OK && (status = ef_array_reader_text(saved, sizeof saved, reader, "labels_sha256", err)) == EF_OK) {
        ef_trainer_hash_labels(own, trainer);
        if (strcmp(saved, own) != 0) {
            return ef_fail(err, EF_INVALID, "%s: was trained on other labels than those in %s", path, name);
        }
    }
    if (status == EF_OK && (status = ef_array_reader_text(saved, sizeof saved, reader, "sample_sha256", err)) == EF_OK &&
        strcmp(saved, trainer->sample_hash) != 0) {
        return ef_fail(err, EF_INVALID, "%s: was trained on other embeddings than those in %s", path,
                       ef_set_field_name(trainer->set, EF_EMBEDDINGS));
    }
    if (status == EF_OK && (status = ef_array_reader_count(&window, reader, "window_blocks", err)) == EF_OK &&
        (status = ef_array_reader_count(&rows, reader, "block_rows", err)) == EF_OK &&
        (window != trainer->plan.window_blocks || rows != trainer->plan.block_rows)) {
        return ef_fail(err, EF_INVALID,
                       "%s: images were shuffled in windows of %" PRIu64
                       " rows, but now there is memory for %zu; use the same memory",
                       path, window * rows, trainer->plan.window_blocks * trainer->plan.block_rows);
    }
    return status;
}

static ef_status read_state(ef_trainer *trainer, const ef_array_reader *reader, ef_error *err)
{
    ef_parameter state[EF_TRAINED];
    char path[PATH];
    size_t count = ef_sgd_state(state, trainer->sgd), out = trainer->shape.out;
    ef_status status = ef_head_arrays_read(trainer->head, reader, err);
    if (status == EF_OK) {
        status = ef_array_reader_floats(trainer->weights, reader, "class_weights", trainer->classes.count, out, err);
    }
    for (size_t k = 0; status == EF_OK && k < count; k++) {
        size_t columns = k + 1 == count ? out : ef_head_columns(&trainer->shape, state[k].name);
        snprintf(path, sizeof path, "velocity/%s", state[k].name);
        status = ef_array_reader_floats(state[k].value, reader, path, columns > 0 ? state[k].count / columns : state[k].count,
                                        columns, err);
    }
    return status;
}

static ef_status read_course(ef_trainer *trainer, const ef_array_reader *reader, ef_error *err)
{
    ef_train_tally tally = {0};
    uint64_t step = 0;
    ef_status status = ef_array_reader_count(&step, reader, "step", err);
    if (status == EF_OK && step > trainer->steps) {
        status = ef_fail(err, EF_FORMAT, "%s: was saved after step %" PRIu64 ", but there are only %" PRIu64,
                         ef_array_reader_path(reader), step, trainer->steps);
    }
    if (status == EF_OK && (status = ef_array_reader_count(&tally.steps, reader, "tally_steps", err)) == EF_OK &&
        (status = ef_array_reader_count(&tally.margins, reader, "tally_margins", err)) == EF_OK &&
        (status = ef_array_reader_number(&tally.loss, reader, "tally_loss", err)) == EF_OK &&
        (status = ef_array_reader_number(&tally.margin, reader, "tally_margin", err)) == EF_OK) {
        status = ef_array_reader_number(&tally.margin_square, reader, "tally_margin_square", err);
    }
    if (status == EF_OK) {
        trainer->step = step;
        trainer->tally = tally;
        trainer->rate = step > 0 ? ef_schedule_rate(&trainer->schedule, step - 1) : 0;
    }
    return status;
}

ef_status ef_trainer_resume(ef_trainer *trainer, const char *path, ef_error *err)
{
    ef_array_reader *reader = NULL;
    ef_status status = open_checkpoint(&reader, path, err);
    if (status == EF_OK && (status = check_settings(trainer, reader, err)) == EF_OK &&
        (status = check_images(trainer, reader, err)) == EF_OK && (status = read_state(trainer, reader, err)) == EF_OK) {
        status = read_course(trainer, reader, err);
    }
    if (status == EF_OK) {
        status = ef_array_reader_finish(reader, err);
    }
    ef_array_reader_free(reader);
    return status;
}
