/* train_settings.h - the settings of a training: checked, saved, read back and compared.
 * Thread rule: safe from any thread; files as set.h. */
#ifndef EF_TRAIN_TRAIN_SETTINGS_H
#define EF_TRAIN_TRAIN_SETTINGS_H

#include <eface/trainer.h>

#include "io/array_file.h"

/* Says what is wrong with settings, as far as they can be judged without a set. */
EF_MUST_USE ef_status ef_train_settings_check(const ef_train_settings *settings, ef_error *err);

/* As attributes of a file, beside those of a head's shape (head_arrays.h), under the names that they have in ef_train_settings. */
void ef_train_settings_write(ef_array_writer *writer, const ef_train_settings *settings);
EF_MUST_USE ef_status ef_train_settings_read(ef_train_settings *out, const ef_array_reader *reader, ef_error *err);

/* An error that names the first difference: "was trained with scale 64, not 30". */
EF_MUST_USE ef_status ef_train_settings_same(const ef_train_settings *saved, const ef_train_settings *wanted, ef_error *err);

/* The schedule in steps; drop_at is room for its drops, which it borrows. */
ef_schedule ef_train_schedule(const ef_train_settings *settings, uint64_t drop_at[EF_TRAIN_MOST_DROPS], uint64_t steps_per_epoch);

#endif
