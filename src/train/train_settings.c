#include "train/train_settings.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define MOST_EPOCHS (((uint64_t)1 << 24) - 1) /* as many as random streams are told apart */

ef_train_settings ef_train_defaults(const ef_loss *loss)
{
    return (ef_train_settings){.loss = loss,
                               .scale = loss->defaults.scale,
                               .margin = loss->defaults.margin,
                               .sigma = loss->defaults.sigma,
                               .epochs = 20,
                               .momentum = 0.9,
                               .decay = 5e-4,
                               .clip = 5,
                               .schedule = EF_RATE_COSINE,
                               .rate = 0.1,
                               .factor = 0.1,
                               .drop_at = {8, 14, 18},
                               .drops = 3,
                               .held_out = 0.1,
                               .least = 1,
                               .seed = 1};
}

/* The settings that are plain numbers. */
static const struct {
    const char *name;
    size_t number;     /* where it is in ef_train_settings; 0: it is a count, */
    size_t count;      /* which is there */
    const char *shape; /* the attribute by which a head says it already; NULL: none */
} plain[] = {
    {"scale", offsetof(ef_train_settings, scale), 0, NULL},       {"margin", offsetof(ef_train_settings, margin), 0, NULL},
    {"sigma", offsetof(ef_train_settings, sigma), 0, NULL},       {"dim", 0, offsetof(ef_train_settings, dim), "out"},
    {"hidden", 0, offsetof(ef_train_settings, hidden), "hidden"}, {"batch", 0, offsetof(ef_train_settings, batch), NULL},
    {"epochs", 0, offsetof(ef_train_settings, epochs), NULL},     {"momentum", offsetof(ef_train_settings, momentum), 0, NULL},
    {"decay", offsetof(ef_train_settings, decay), 0, NULL},       {"clip", offsetof(ef_train_settings, clip), 0, NULL},
    {"rate", offsetof(ef_train_settings, rate), 0, NULL},         {"last_rate", offsetof(ef_train_settings, last_rate), 0, NULL},
    {"factor", offsetof(ef_train_settings, factor), 0, NULL},     {"warm_up", 0, offsetof(ef_train_settings, warm_up), NULL},
    {"held_out", offsetof(ef_train_settings, held_out), 0, NULL}, {"least", 0, offsetof(ef_train_settings, least), NULL},
    {"seed", 0, offsetof(ef_train_settings, seed), NULL},
};
enum { PLAIN = sizeof plain / sizeof *plain };

static double *number_in(ef_train_settings *settings, size_t row)
{
    return (double *)((char *)settings + plain[row].number);
}

static uint64_t *count_in(ef_train_settings *settings, size_t row)
{
    return (uint64_t *)((char *)settings + plain[row].count);
}

static const char *schedule_name(ef_schedule_kind kind)
{
    return kind == EF_RATE_STEPS ? "steps" : "cosine";
}

static ef_status check_loss(const ef_train_settings *settings, ef_error *err)
{
    double margin;
    ef_rng *rng = NULL;
    ef_status status = ef_rng_create(&rng, 0, 0, err);
    if (status == EF_OK) {
        const ef_loss_settings loss = {settings->scale, settings->margin, settings->sigma};
        status = ef_margins_draw(&margin, 1, settings->loss, &loss, rng, err);
    }
    ef_rng_free(rng);
    return status;
}

static ef_status check_sizes(const ef_train_settings *settings, ef_error *err)
{
    if (settings->dim > INT_MAX || settings->hidden > INT_MAX || settings->batch > INT_MAX) {
        return ef_fail(err, EF_INVALID, "%" PRIu64 " elements, %" PRIu64 " hidden features or a batch of %" PRIu64 " is too much",
                       settings->dim, settings->hidden, settings->batch);
    }
    if (settings->epochs == 0 || settings->epochs > MOST_EPOCHS) {
        return ef_fail(err, EF_INVALID, "%" PRIu64 " epochs are not between 1 and %" PRIu64, settings->epochs, MOST_EPOCHS);
    }
    if (settings->batch == 1 && settings->hidden > 0) {
        return ef_fail(err, EF_INVALID, "a batch of one image cannot be normalised in the hidden layer; it has no variance");
    }
    if (!(settings->held_out >= 0 && settings->held_out < 1)) {
        return ef_fail(err, EF_INVALID, "a part of %g cannot be held out: it must be at least 0 and below 1", settings->held_out);
    }
    if (!(settings->clip >= 0 && isfinite(settings->clip))) {
        return ef_fail(err, EF_INVALID, "gradients cannot be clipped at %g", settings->clip);
    }
    for (size_t i = 0; i < settings->drops; i++) {
        if (i >= EF_TRAIN_MOST_DROPS || settings->drop_at[i] == 0 || settings->drop_at[i] > MOST_EPOCHS) {
            return ef_fail(err, EF_INVALID, "the rate may drop after at most %d epochs between 1 and %" PRIu64,
                           EF_TRAIN_MOST_DROPS, MOST_EPOCHS);
        }
    }
    return EF_OK;
}

ef_status ef_train_settings_check(const ef_train_settings *settings, ef_error *err)
{
    ef_status status = check_loss(settings, err);
    return status == EF_OK ? check_sizes(settings, err) : status;
}

void ef_train_settings_write(ef_array_writer *writer, const ef_train_settings *settings)
{
    ef_train_settings copy = *settings;
    ef_array_writer_text(writer, "loss", settings->loss->name);
    ef_array_writer_text(writer, "schedule", schedule_name(settings->schedule));
    for (size_t i = 0; i < PLAIN; i++) {
        if (plain[i].shape != NULL) {
            continue;
        }
        if (plain[i].count > 0) {
            ef_array_writer_count(writer, plain[i].name, *count_in(&copy, i));
        } else {
            ef_array_writer_number(writer, plain[i].name, *number_in(&copy, i));
        }
    }
    if (settings->drops > 0) {
        ef_array_writer_counts(writer, "drop_at", settings->drop_at, (size_t)settings->drops);
    }
}

static ef_status read_names(ef_train_settings *out, const ef_array_reader *reader, ef_error *err)
{
    char loss[64] = "", schedule[64] = "";
    ef_status status = ef_array_reader_text(loss, sizeof loss, reader, "loss", err);
    if (status == EF_OK && (out->loss = ef_loss_find(loss)) == NULL) {
        status = ef_fail(err, EF_FORMAT, "%s: this program has no loss '%s'", ef_array_reader_path(reader), loss);
    }
    if (status == EF_OK) {
        status = ef_array_reader_text(schedule, sizeof schedule, reader, "schedule", err);
    }
    out->schedule = strcmp(schedule, "steps") == 0 ? EF_RATE_STEPS : EF_RATE_COSINE;
    if (status == EF_OK && strcmp(schedule, schedule_name(out->schedule)) != 0) {
        status = ef_fail(err, EF_FORMAT, "%s: this program has no schedule '%s'", ef_array_reader_path(reader), schedule);
    }
    return status;
}

ef_status ef_train_settings_read(ef_train_settings *out, const ef_array_reader *reader, ef_error *err)
{
    size_t drops = 0;
    *out = (ef_train_settings){0};
    ef_status status = read_names(out, reader, err);
    for (size_t i = 0; status == EF_OK && i < PLAIN; i++) {
        const char *name = plain[i].shape != NULL ? plain[i].shape : plain[i].name;
        status = plain[i].count > 0 ? ef_array_reader_count(count_in(out, i), reader, name, err)
                                    : ef_array_reader_number(number_in(out, i), reader, name, err);
    }
    if (status == EF_OK && ef_array_reader_has(reader, "drop_at")) {
        status = ef_array_reader_counts(out->drop_at, &drops, EF_TRAIN_MOST_DROPS, reader, "drop_at", err);
        out->drops = drops;
    }
    if (status == EF_OK && (status = ef_train_settings_check(out, err)) != EF_OK) {
        status = ef_context(err, EF_FORMAT, "%s", ef_array_reader_path(reader));
    }
    return status;
}

/* With as many digits as tell them apart. */
static ef_status fail_number(const char *name, double old, double new, ef_error *err)
{
    char texts[2][32];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(texts[0], sizeof texts[0], "%.*g", digits, old);
        snprintf(texts[1], sizeof texts[1], "%.*g", digits, new);
        if (strcmp(texts[0], texts[1]) != 0) {
            break;
        }
    }
    return ef_fail(err, EF_INVALID, "was trained with %s %s, not %s", name, texts[0], texts[1]);
}

ef_status ef_train_settings_same(const ef_train_settings *saved, const ef_train_settings *wanted, ef_error *err)
{
    ef_train_settings old = *saved, new = *wanted;
    if (old.loss != new.loss) {
        return ef_fail(err, EF_INVALID, "was trained with the loss %s, not %s", old.loss->name, new.loss->name);
    }
    if (old.schedule != new.schedule) {
        return ef_fail(err, EF_INVALID, "was trained with the schedule %s, not %s", schedule_name(old.schedule),
                       schedule_name(new.schedule));
    }
    for (size_t i = 0; i < PLAIN; i++) {
        if (plain[i].count > 0 && *count_in(&old, i) != *count_in(&new, i)) {
            return ef_fail(err, EF_INVALID, "was trained with %s %" PRIu64 ", not %" PRIu64, plain[i].name, *count_in(&old, i),
                           *count_in(&new, i));
        }
        if (plain[i].count == 0 && *number_in(&old, i) != *number_in(&new, i)) {
            return fail_number(plain[i].name, *number_in(&old, i), *number_in(&new, i), err);
        }
    }
    if (old.drops != new.drops || memcmp(old.drop_at, new.drop_at, (size_t)old.drops * sizeof *old.drop_at) != 0) {
        return ef_fail(err, EF_INVALID, "was trained with a rate that drops after other epochs");
    }
    return EF_OK;
}

ef_schedule ef_train_schedule(const ef_train_settings *settings, uint64_t drop_at[EF_TRAIN_MOST_DROPS], uint64_t steps_per_epoch)
{
    for (size_t i = 0; i < settings->drops; i++) {
        drop_at[i] = settings->drop_at[i] * steps_per_epoch;
    }
    return (ef_schedule){.kind = settings->schedule,
                         .rate = settings->rate,
                         .warm_up = settings->warm_up,
                         .drop_at = drop_at,
                         .drops = (size_t)settings->drops,
                         .factor = settings->factor,
                         .steps = settings->epochs * steps_per_epoch,
                         .last = settings->last_rate};
}
