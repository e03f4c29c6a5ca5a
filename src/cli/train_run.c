#include "cli/train_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/output_guard.h"
#include "cli/program.h"
#include "evaluate/flip_choice.h"
#include "io/labels_advice.h"

typedef struct run {
    const train_request *request;
    ef_set *set;
    ef_trainer *trainer;
    ef_train_about about;
    uint64_t end;   /* the step to stop after */
    uint64_t saved; /* the step of the last checkpoint; UINT64_MAX: none */
} run;

/* Files are checked before any work. */
static ef_status check_files(const train_request *request, ef_error *err)
{
    const char *group, *inputs[] = {NULL, request->resume};
    char file[4096];
    size_t length = ef_set_split(request->set, &group);
    snprintf(file, sizeof file, "%.*s", (int)(length < sizeof file ? length : sizeof file - 1), request->set);
    inputs[0] = file;
    ef_status status = output_guard(request->output, request->force, inputs, 2, err);
    if (status == EF_OK && request->checkpoint != NULL) {
        bool goes_on = request->resume != NULL && output_is(request->checkpoint, request->resume);
        status = output_guard(request->checkpoint, request->force || goes_on, inputs, 1, err);
        if (status == EF_OK && output_is(request->checkpoint, request->output)) {
            status = ef_fail(err, EF_INVALID, "%s cannot be the checkpoint and the head", request->output);
        }
    }
    return status;
}

/* The only set of a file need not be named. */
static ef_status open_set(ef_set **out, const char *location, ef_error *err)
{
    const char *group;
    ef_strings *sets = NULL;
    (void)ef_set_split(location, &group);
    if (group == NULL && ef_set_list(&sets, location, NULL) != EF_OK) {
        sets = NULL; /* opening it says why */
    }
    const char *preferred = ef_strings_count(sets) == 1 ? ef_strings_at(sets, 0) + 1 : NULL;
    ef_status status = ef_set_open(out, location, preferred, err);
    ef_strings_free(sets);
    return status;
}

static void say_plan(const run *self)
{
    const ef_train_about *about = &self->about;
    const ef_train_settings *settings = ef_trainer_settings(self->trainer);
    char left[64] = "", unknown[96] = "", hidden[64] = "";
    if (about->left_out > 0) {
        snprintf(left, sizeof left, " (%zu images of others left out)", about->left_out);
    }
    if (about->unknown > 0) {
        snprintf(unknown, sizeof unknown, " (%zu image%s of nobody known left out: labels below 0 or empty)", about->unknown,
                 about->unknown == 1 ? "" : "s");
    }
    if (about->shape.hidden > 0) {
        snprintf(hidden, sizeof hidden, "by %zu hidden features ", about->shape.hidden);
    }
    program_say("%zu images of %zu subjects%s%s, %zu to train on and %zu held out", about->trained + about->held_out,
                about->classes, left, unknown, about->trained, about->held_out);
    program_say("a head from %zu %sto %zu, under %s: %" PRIu64 " steps of %" PRIu64 " images, %" PRIu64 " in an epoch",
                about->shape.in, hidden, about->shape.out, settings->loss->title, about->steps, about->batch,
                about->steps_per_epoch);
    if (!about->whole) {
        program_say("memory for %zu of %zu images at a time: blocks of the set are shuffled, and the images within what fits",
                    about->window, ef_set_rows(self->set));
    }
}

/* Who the people are where folders of names say it. */
static ef_status say_folders(const run *self, ef_error *err)
{
    char *told = NULL;
    ef_status status = ef_labels_told(&told, self->set, err);
    if (told != NULL) {
        program_say("%s", told);
    }
    free(told);
    return status;
}

/* Rows are trained on as they stand: two images of each in one row, if so. */
static ef_status say_halves(const run *self, ef_error *err)
{
    ef_halves halves;
    ef_status status = ef_halves_of_set(&halves, self->set, err);
    if (status == EF_OK && halves.alike) {
        program_say("note: the halves of each row look like an image and its mirror image (mean cosine %.2f against %.2f of "
                    "strangers): the head is made for rows of both; one for single images needs a set of the first halves, or of "
                    "the sums of the halves, as its embeddings",
                    halves.same, halves.strangers);
    }
    return status;
}

static void print_heading(void)
{
    printf("epoch      step        rate        loss   held out   margin mean  deviation\n");
}

static ef_status print_epoch(run *self, ef_error *err)
{
    ef_train_course course = ef_trainer_course(self->trainer);
    const ef_loss *loss = ef_trainer_settings(self->trainer)->loss;
    char held[32] = "-", mean[32] = "-", deviation[32] = "-";
    double share;
    if (self->about.held_out > 0) {
        ef_status status = ef_trainer_accuracy(&share, self->trainer, err);
        if (status != EF_OK) {
            return ef_context(err, status, "after step %" PRIu64, course.step);
        }
        snprintf(held, sizeof held, "%.5f", share);
    }
    if (loss->has_margin) {
        snprintf(mean, sizeof mean, "%.5f", course.margin_mean);
        snprintf(deviation, sizeof deviation, "%.5f", course.margin_deviation);
    }
    program_progress_end();
    printf("%5" PRIu64 " %9" PRIu64 "  %10.3e  %10.5f  %9s  %12s  %9s\n", course.epoch, course.step, course.rate, course.loss,
           held, mean, deviation);
    program_flush();
    return EF_OK;
}

static ef_status save_checkpoint(run *self, ef_error *err)
{
    ef_status status = ef_trainer_save_checkpoint(self->trainer, self->request->checkpoint, err);
    if (status == EF_OK) {
        self->saved = ef_trainer_course(self->trainer).step;
    }
    return status;
}

/* Whether a checkpoint is due after this step. */
static bool is_due(const run *self, ef_train_course course)
{
    const train_request *request = self->request;
    bool epoch_ends = course.step % self->about.steps_per_epoch == 0;
    uint64_t epochs = request->every > 0 ? (uint64_t)request->every : request->every_steps > 0 ? 0 : 1;
    if (request->checkpoint == NULL) {
        return false;
    }
    return course.step == self->end || (epoch_ends && epochs > 0 && course.epoch % epochs == 0) ||
           (request->every_steps > 0 && course.step % (uint64_t)request->every_steps == 0);
}

static ef_status take_step(run *self, ef_error *err)
{
    const ef_progress *progress = self->request->quiet ? NULL : program_progress();
    ef_status status = ef_trainer_step(self->trainer, err);
    ef_train_course course = ef_trainer_course(self->trainer);
    if (progress != NULL) {
        progress->report(progress->context, "training", course.step, self->about.steps);
    }
    if (status == EF_OK && course.step % self->about.steps_per_epoch == 0 && !self->request->quiet) {
        status = print_epoch(self, err);
    }
    if (status == EF_OK && is_due(self, course)) {
        status = save_checkpoint(self, err);
    }
    return status;
}

/* What remains of a training that could not go on. */
static void say_remains(const run *self, ef_error *err)
{
    size_t length = strlen(err->message);
    if (self->saved != UINT64_MAX) {
        snprintf(err->message + length, sizeof err->message - length, "; %s holds what there was after step %" PRIu64,
                 self->request->checkpoint, self->saved);
    }
}

static ef_status train(run *self, ef_error *err)
{
    const train_request *request = self->request;
    ef_status status = EF_OK;
    if (!request->quiet) {
        if ((status = say_folders(self, err)) != EF_OK || (status = say_halves(self, err)) != EF_OK) {
            return status;
        }
        say_plan(self);
        print_heading();
        program_flush();
    }
    if (request->checkpoint != NULL && self->end <= ef_trainer_course(self->trainer).step) {
        status = save_checkpoint(self, err);
    }
    while (status == EF_OK && ef_trainer_course(self->trainer).step < self->end) {
        status = take_step(self, err);
    }
    bool whole = self->end == self->about.steps;
    if (status == EF_OK && whole) {
        status = ef_trainer_save_head(self->trainer, request->output, err);
    }
    if (status != EF_OK) {
        say_remains(self, err);
    } else if (!request->quiet && whole) {
        program_say("wrote %s", request->output);
    } else if (!request->quiet) {
        program_say("stopped after step %" PRIu64 "; --resume %s goes on", self->saved, request->checkpoint);
    }
    return status;
}

ef_status train_run(const train_request *request, ef_error *err)
{
    run self = {.request = request, .saved = UINT64_MAX};
    ef_train_settings settings;
    ef_work work = {.threads = request->threads};
    ef_status status = train_request_settings(&settings, &work.memory, request, err);
    if (status == EF_OK && request->labels_from != NULL && strcmp(request->labels_from, "ids") != 0) {
        status = ef_fail(err, EF_INVALID, "'%s' is not a value for --labels-from: there is ids", request->labels_from);
    }
    if (status == EF_OK && (status = check_files(request, err)) == EF_OK &&
        (status = open_set(&self.set, request->set, err)) == EF_OK &&
        (request->labels_from == NULL || (status = ef_set_labels_from_ids(self.set, err)) == EF_OK) &&
        (status = ef_trainer_create(&self.trainer, self.set, &settings, &work, err)) == EF_OK && request->resume != NULL) {
        status = ef_trainer_resume(self.trainer, request->resume, err);
        self.saved = request->checkpoint != NULL && output_is(request->resume, request->checkpoint)
                         ? (status == EF_OK ? ef_trainer_course(self.trainer).step : UINT64_MAX)
                         : UINT64_MAX;
    }
    if (status == EF_OK) {
        self.about = ef_trainer_about(self.trainer);
        self.end = request->stop_at < self.about.steps ? request->stop_at : self.about.steps;
        status = train(&self, err);
    }
    ef_trainer_free(self.trainer);
    ef_set_close(self.set);
    return status;
}
