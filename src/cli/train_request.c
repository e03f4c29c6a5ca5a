#include "cli/train_request.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text_file.h"

train_request train_request_begin(void)
{
    return (train_request){.scale = NAN,
                           .margin = NAN,
                           .sigma = NAN,
                           .rate = NAN,
                           .last_rate = NAN,
                           .factor = NAN,
                           .momentum = NAN,
                           .decay = NAN,
                           .clip = NAN,
                           .held_out = NAN,
                           .dim = -1,
                           .hidden = -1,
                           .batch = -1,
                           .epochs = -1,
                           .warm_up = -1,
                           .least = -1,
                           .every = -1,
                           .every_steps = -1,
                           .seed = UINT64_MAX,
                           .stop_at = UINT64_MAX};
}

ef_status train_loss_find(const ef_loss **out, const char *name, ef_error *err)
{
    char names[EF_NEAREST_TEXT];
    *out = ef_loss_find(name);
    if (*out != NULL) {
        return EF_OK;
    }
    ef_nearest nearest = ef_nearest_begin(name);
    for (size_t i = 0; i < ef_loss_count(); i++) {
        ef_nearest_offer(&nearest, ef_loss_at(i)->name);
        if (ef_loss_at(i)->alias != NULL) {
            ef_nearest_offer(&nearest, ef_loss_at(i)->alias);
        }
    }
    if (nearest.best != NULL) {
        return ef_fail(err, EF_INVALID, "no loss '%s'; did you mean %s?", name, ef_nearest_names(names, "", &nearest));
    }
    return ef_fail(err, EF_INVALID, "no loss '%s'; --list-losses names them", name);
}

static ef_status find_schedule(ef_schedule_kind *out, const char *name, ef_error *err)
{
    *out = ef_same_name(name, "steps") ? EF_RATE_STEPS : EF_RATE_COSINE;
    if (*out == EF_RATE_COSINE && !ef_same_name(name, "cosine")) {
        return ef_fail(err, EF_INVALID, "no schedule '%s'; there are steps and cosine", name);
    }
    return EF_OK;
}

/* "8,14,20" */
static ef_status read_epochs(ef_train_settings *out, const char *list, ef_error *err)
{
    ef_span rest = {list, strlen(list)}, field;
    out->drops = 0;
    memset(out->drop_at, 0, sizeof out->drop_at);
    while (ef_span_field(&rest, ',', &field)) {
        field = ef_span_trim(field);
        uint64_t epoch = 0;
        if (!ef_parse_unsigned(&epoch, field.text, field.length) || epoch == 0 || out->drops == EF_TRAIN_MOST_DROPS) {
            return ef_fail(err, EF_INVALID, "'%s' is not a value for --drop-at: up to %d epochs, counted from 1, 8,14,20", list,
                           EF_TRAIN_MOST_DROPS);
        }
        out->drop_at[out->drops++] = epoch;
    }
    return EF_OK;
}

/* An option that would be ignored in silence is a mistake. */
static ef_status check_use(const train_request *request, const ef_train_settings *settings, ef_error *err)
{
    bool steps = settings->schedule == EF_RATE_STEPS;
    const struct {
        const char *option;
        bool given, used;
        const char *user;
    } uses[] = {
        {"margin", !isnan(request->margin), settings->loss->has_margin, settings->loss->name},
        {"sigma", !isnan(request->sigma), settings->loss->has_sigma, settings->loss->name},
        {"drop-at", request->drop_at != NULL, steps, "the schedule cosine"},
        {"factor", !isnan(request->factor), steps, "the schedule cosine"},
        {"last-rate", !isnan(request->last_rate), !steps, "the schedule steps"},
        {"every", request->every >= 0, request->checkpoint != NULL, "a training without --checkpoint"},
        {"every-steps", request->every_steps >= 0, request->checkpoint != NULL, "a training without --checkpoint"},
        {"stop-at", request->stop_at != UINT64_MAX, request->checkpoint != NULL, "a training without --checkpoint"},
    };
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        if (uses[i].given && !uses[i].used) {
            return ef_fail(err, EF_INVALID, "--%s is given, but %s has no use for it", uses[i].option, uses[i].user);
        }
    }
    if (request->every == 0 || request->every_steps == 0) {
        return ef_fail(err, EF_INVALID, "--%s must be at least 1", request->every == 0 ? "every" : "every-steps");
    }
    return EF_OK;
}

static void take_numbers(ef_train_settings *out, const train_request *request)
{
    const struct {
        double given, *to;
    } reals[] = {{request->scale, &out->scale},       {request->margin, &out->margin},       {request->sigma, &out->sigma},
                 {request->rate, &out->rate},         {request->last_rate, &out->last_rate}, {request->factor, &out->factor},
                 {request->momentum, &out->momentum}, {request->decay, &out->decay},         {request->clip, &out->clip},
                 {request->held_out, &out->held_out}};
    const struct {
        int given;
        uint64_t *to;
    } counts[] = {{request->dim, &out->dim},       {request->hidden, &out->hidden},   {request->batch, &out->batch},
                  {request->epochs, &out->epochs}, {request->warm_up, &out->warm_up}, {request->least, &out->least}};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        *reals[i].to = isnan(reals[i].given) ? *reals[i].to : reals[i].given;
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        *counts[i].to = counts[i].given < 0 ? *counts[i].to : (uint64_t)counts[i].given;
    }
    out->seed = request->seed == UINT64_MAX ? out->seed : request->seed;
}

/* Sizes of nothing are slips: they must not stand for what is usual. */
static ef_status check_sizes(const train_request *request, ef_error *err)
{
    if (request->dim == 0 || request->batch == 0) {
        return ef_fail(err, EF_INVALID, "--%s must be at least 1", request->dim == 0 ? "dim" : "batch");
    }
    return EF_OK;
}

ef_status train_request_settings(ef_train_settings *out, size_t *memory, const train_request *request, ef_error *err)
{
    const ef_loss *loss = ef_loss_find("elasticface_arc");
    ef_status status = request->loss != NULL ? train_loss_find(&loss, request->loss, err) : EF_OK;
    *memory = 0;
    if (status == EF_OK && request->resume != NULL) {
        status = ef_checkpoint_settings(out, memory, request->resume, err);
        out->loss = request->loss != NULL ? loss : out->loss;
    } else if (status == EF_OK) {
        *out = ef_train_defaults(loss);
    }
    if (status == EF_OK && request->schedule != NULL) {
        status = find_schedule(&out->schedule, request->schedule, err);
    }
    if (status == EF_OK && request->drop_at != NULL) {
        status = read_epochs(out, request->drop_at, err);
    }
    if (status == EF_OK && (status = check_use(request, out, err)) == EF_OK && (status = check_sizes(request, err)) == EF_OK) {
        take_numbers(out, request);
        *memory = request->memory > 0 ? request->memory : *memory;
    }
    return status;
}
