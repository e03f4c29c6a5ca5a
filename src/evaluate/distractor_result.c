#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "evaluate/build_result.h"
#include "evaluate/distractor_curve.h"
#include "evaluate/distractor_experiment.h"
#include "evaluate/low_genuine.h"
#include "evaluate/notes.h"

static ef_status begin(ef_result **out, const ef_distractor_experiment *self, ef_task task, ef_error *err)
{
    ef_result *result = NULL;
    const ef_distractor_set *set = self->set;
    const char *model = self->model != NULL ? self->model : ef_distractor_set_model(set);
    const char *name = ef_distractor_set_name(set);
    ef_status status = ef_result_begin(&result, self->protocol, task, self->options, err);
    if (status != EF_OK) {
        return status;
    }
    const ef_distractor_input *first = ef_distractor_set_input(set, 0); /* of a folder a list */
    status = ef_result_name(result, model, strcmp(first->role, "embeddings") == 0 ? first->path : name, name, err);
    status = status == EF_OK ? ef_result_flip(result, &self->flip, ef_distractor_set_dim(set), err) : status;
    status = status == EF_OK ? ef_settings_add_word(&result->settings, "noise", ef_noise_name(self->noise), NULL, err) : status;
    if (status == EF_OK) {
        status = ef_strings_create(&result->notes, err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(self->notes); i++) {
        status = ef_note(result->notes, err, "%s", ef_strings_at(self->notes, i));
    }
    for (size_t i = 0; status == EF_OK && i < ef_distractor_set_input_count(set); i++) {
        const ef_distractor_input *input = ef_distractor_set_input(set, i);
        status = ef_result_add_input(result, input->role, input->path, &input->mark, err);
    }
    result->galleries = status == EF_OK ? ef_alloc_zero(self->sizes, sizeof *result->galleries) : NULL;
    if (status == EF_OK && result->galleries == NULL) {
        status = ef_fail_memory(err, "a result");
    }
    for (size_t s = 0; status == EF_OK && s < self->sizes; s++) {
        ef_result_gallery *gallery = &result->galleries[result->gallery_count++];
        gallery->entries = self->entries[s];
        gallery->mated = self->begin[self->probes];
        gallery->listed = ef_distractor_set_size(set, s)->count;
        gallery->name = gallery->listed == gallery->entries
                            ? ef_copy_format("%zu distractors", self->entries[s])
                            : ef_copy_format("%zu of %zu distractors", self->entries[s], (size_t)gallery->listed);
        status = gallery->name != NULL ? EF_OK : ef_fail_memory(err, "a result");
    }
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    result->images = ef_distractor_set_rows(set, EF_SIDE_PROBES) + ef_distractor_set_rows(set, EF_SIDE_DISTRACTORS);
    result->images_used = self->probes;
    for (size_t d = 0; d < self->distractors; d++) {
        result->images_used += self->lists[d] != 0;
    }
    result->probes = self->probes;
    result->identities = self->identities;
    result->distractors = self->entries[self->sizes - 1];
    result->searches = self->begin[self->probes];
    *out = result;
    return EF_OK;
}

/* The figures at the most distractors are those of the result. */
static ef_status copy_rows(ef_result *result, ef_error *err)
{
    const ef_result_gallery *last = &result->galleries[result->gallery_count - 1];
    result->rows = ef_alloc(last->row_count, sizeof *result->rows);
    if (result->rows == NULL) {
        return ef_fail_memory(err, "a result");
    }
    for (size_t i = 0; i < last->row_count; i++) {
        result->rows[i] = last->rows[i];
    }
    result->row_count = last->row_count;
    return EF_OK;
}

/* Scores of mates and of a number of distractors with all probes or with the first. */
static ef_distractor_scores scores_of(const ef_distractor_experiment *self, size_t size, ef_pair_whose whose)
{
    bool first = whose == EF_WHOSE_FIRST && self->first < self->probes;
    uint64_t probes = whose == EF_WHOSE_FIRST ? self->first : self->probes;
    ef_distractor_scores scores = {.genuine = self->genuine, .genuine_count = self->genuine_count};
    scores.kept = ef_pair_distractors_highest(self->found, size, first ? EF_WHOSE_FIRST : EF_WHOSE_ALL, &scores.kept_count);
    scores.impostors = probes * self->entries[size];
    scores.all_kept = scores.kept_count == probes * self->met[size];
    return scores;
}

/* The curve to draw is that under the convention on show, as far as it is exact. */
static ef_status draw(ef_result *result, ef_curve *curve, bool whole, ef_error *err)
{
    size_t points = curve->points;
    curve->points = whole || points == 1 ? points : points - 1;
    ef_status status = ef_result_draw(result, curve, NULL, err);
    curve->points = points;
    return status;
}

/* The scores that are known are those of mates, and the highest others: nothing can be said of all unless these are all. */
static ef_status note_collapse(ef_result *result, const ef_distractor_scores *scores, ef_error *err)
{
    if (!scores->all_kept) {
        return EF_OK;
    }
    double high = scores->genuine[0], low = scores->genuine[scores->genuine_count - 1];
    if (scores->kept_count > 0) {
        high = fmax(high, scores->kept[0]);
        low = fmin(low, scores->kept[scores->kept_count - 1]);
    }
    return ef_note_collapse(result->notes, low, high, NULL, err);
}

/* Mates that fare like strangers, at the most distractors of which all ranks are told apart.  Noisy images that stay in would be such mates. */
static ef_status check_mates(ef_result *result, const ef_distractor_experiment *self, ef_error *err)
{
    size_t size = self->sizes, count = self->begin[self->probes];
    while (size > 0 && self->met[size - 1] > self->ranks) {
        size--;
    }
    if (size == 0 || self->noise == EF_NOISE_KEEP) {
        return EF_OK;
    }
    ef_low_genuine low = {0};
    uint32_t *above = ef_alloc(count, sizeof *above), *level = ef_alloc(count, sizeof *level);
    ef_status status = above != NULL && level != NULL ? EF_OK : ef_fail_memory(err, "the searches");
    if (status == EF_OK) {
        ef_pair_distractors_counts(self->found, size - 1, above, level);
        for (size_t i = 0; i < count; i++) {
            ef_low_genuine_meet(&low, above[i], self->met[size - 1]);
        }
        status = ef_note_low_genuine(result->notes, &low, "mates", "distractors", EF_ASK_IN_STEP, err);
    }
    free(above);
    free(level);
    return status;
}

static ef_status describe_verify(ef_result *result, ef_distractor_experiment *self, size_t size, ef_error *err)
{
    ef_result_gallery *gallery = &result->galleries[size];
    ef_curve *curve = NULL, *first = NULL;
    const ef_distractor_scores all_scores = scores_of(self, size, EF_WHOSE_ALL),
                               first_scores = scores_of(self, size, EF_WHOSE_FIRST);
    ef_status status = ef_distractor_curve(&curve, &all_scores, err);
    if (status != EF_OK || (status = ef_distractor_curve(&first, &first_scores, err)) != EF_OK) {
        goto done;
    }
    bool devkit = result->convention == EF_MEGAFACE_DEVKIT;
    const ef_metric_input input = {.curve = curve, .dropped = curve, .first = first};
    gallery->impostors = devkit ? first_scores.impostors : all_scores.impostors;
    status = ef_result_figures(&gallery->rows, &gallery->row_count, result, &input, self->protocol, self->options, err);
    if (status == EF_OK) {
        status = ef_distractor_list_roc(&gallery->listing, &first_scores, err);
    }
    if (status == EF_OK && size + 1 == self->sizes) {
        result->genuine = self->genuine_count;
        result->impostors = gallery->impostors;
        result->pairs = result->genuine + result->impostors;
        status = devkit ? draw(result, first, first_scores.all_kept, err) : draw(result, curve, all_scores.all_kept, err);
        status = status == EF_OK ? note_collapse(result, &all_scores, err) : status;
    }
done:
    ef_curve_free(curve);
    ef_curve_free(first);
    return status;
}

ef_status ef_distractor_verify(ef_result **out, ef_distractor_experiment *self, ef_error *err)
{
    ef_result *result = NULL;
    ef_status status = begin(&result, self, EF_VERIFY_DISTRACTORS, err);
    if (status == EF_OK && self->first < EF_FIRST_PROBES && result->convention == EF_MEGAFACE_DEVKIT) {
        status =
            ef_note(result->notes, err,
                    "there are only %zu probes: all of them are compared with distractors, where the devkit wants the first %d",
                    self->first, EF_FIRST_PROBES);
    }
    for (size_t s = 0; status == EF_OK && s < self->sizes; s++) {
        status = describe_verify(result, self, s, err);
    }
    if (status == EF_OK) {
        status = copy_rows(result, err);
    }
    if (status == EF_OK) {
        status = check_mates(result, self, err);
    }
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    *out = result;
    return EF_OK;
}

/* Arrays for the searches at one number of distractors. */
typedef struct searches {
    ef_search_outcome *outcome;
    uint32_t *above, *level;
    uint64_t *of_rank; /* searches of each rank from 0 on, up to the last that is told apart */
    size_t count, ranks;
} searches;

static void count_ranks(searches *work, bool with_level)
{
    for (size_t rank = 0; rank < work->ranks; rank++) {
        work->of_rank[rank] = 0;
    }
    for (size_t i = 0; i < work->count; i++) {
        uint64_t rank = (uint64_t)work->above[i] + (with_level ? work->level[i] : 0);
        if (rank < work->ranks) {
            work->of_rank[rank]++;
        }
    }
}

static ef_status describe_identify(ef_result *result, const ef_distractor_experiment *self, size_t size, searches *work,
                                   ef_error *err)
{
    ef_result_gallery *gallery = &result->galleries[size];
    ef_pair_distractors_counts(self->found, size, work->above, work->level);
    for (size_t i = 0; i < work->count; i++) {
        work->outcome[i] = (ef_search_outcome){
            .mate = self->mark[i], .other = NAN, .mates = 1, .above = work->above[i], .level = work->level[i]};
    }
    const ef_gallery_search search = {.outcome = work->outcome, .probes = work->count, .entries = self->entries[size]};
    const ef_identification found = {.gallery = &search, .galleries = 1};
    const ef_metric_input input = {.identification = &found};
    ef_status status = ef_result_figures(&gallery->rows, &gallery->row_count, result, &input, self->protocol, self->options, err);
    if (status != EF_OK) {
        return status;
    }
    count_ranks(work, false);
    status = ef_distractor_list_cmc(&gallery->listing, work->of_rank, work->ranks, work->count, self->entries[size], err);
    count_ranks(work, result->convention != EF_MEGAFACE_DEVKIT);
    size_t most = self->entries[size] < EF_LISTED_RANKS ? self->entries[size] + 1 : EF_LISTED_RANKS;
    gallery->cmc = status == EF_OK ? ef_alloc(most, sizeof *gallery->cmc) : NULL;
    if (gallery->cmc == NULL) {
        return status == EF_OK ? ef_fail_memory(err, "a result") : status;
    }
    uint64_t within = 0;
    for (gallery->ranks = 0; gallery->ranks < most; gallery->ranks++) {
        within += work->of_rank[gallery->ranks];
        gallery->cmc[gallery->ranks] = (double)within / (double)work->count;
    }
    return EF_OK;
}

ef_status ef_distractor_identify(ef_result **out, ef_distractor_experiment *self, ef_error *err)
{
    ef_result *result = NULL;
    searches work = {.count = self->begin[self->probes], .ranks = (size_t)self->ranks + 1};
    ef_status status = begin(&result, self, EF_IDENTIFY_DISTRACTORS, err);
    work.outcome = ef_alloc(work.count, sizeof *work.outcome);
    work.above = ef_alloc(work.count, sizeof *work.above);
    work.level = ef_alloc(work.count, sizeof *work.level);
    work.of_rank = ef_alloc(work.ranks, sizeof *work.of_rank);
    bool enough = work.outcome != NULL && work.above != NULL && work.level != NULL && work.of_rank != NULL;
    if (status == EF_OK && !enough) {
        status = ef_fail_memory(err, "the searches");
    }
    for (size_t s = 0; status == EF_OK && s < self->sizes; s++) {
        status = describe_identify(result, self, s, &work, err);
    }
    if (status == EF_OK) {
        const ef_result_gallery *last = &result->galleries[self->sizes - 1];
        result->cmc = ef_alloc(last->ranks, sizeof *result->cmc);
        status = result->cmc != NULL ? copy_rows(result, err) : ef_fail_memory(err, "a result");
        for (size_t i = 0; status == EF_OK && i < last->ranks; i++) {
            result->cmc[result->ranks++] = last->cmc[i];
        }
    }
    if (status == EF_OK && !ef_wants_task(self->wanted, EF_VERIFY_DISTRACTORS)) {
        status = check_mates(result, self, err);
    }
    free(work.outcome);
    free(work.above);
    free(work.level);
    free(work.of_rank);
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    *out = result;
    return EF_OK;
}
