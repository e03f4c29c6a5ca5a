#include "evaluate/experiment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/seconds.h"
#include "evaluate/build_result.h"
#include "base/path.h"
#include "evaluate/distractor_curve.h"
#include "evaluate/distractor_experiment.h"
#include "evaluate/notes.h"
#include "evaluate/wanted.h"
#include "score/far_rank.h"

#define KEPT_BYTES ((uint64_t)48)       /* of a score that is kept: when it is found, and in the curve */
#define LEAST_ROOM ((uint64_t)64 << 20) /* bytes of scores that may be kept even where memory is scarce */

static ef_status holds(bool *found, const char *folder, const char *name, ef_error *err)
{
    struct stat about;
    char *path = ef_path_below(folder, name);
    *found = path != NULL && stat(path, &about) == 0;
    free(path);
    return path != NULL ? EF_OK : ef_fail_memory(err, folder);
}

/* Whether a folder holds some list of the benchmark, or a folder that lists may lie in. */
static ef_status holds_lists(bool *found, const ef_distractor_experiment *self, const char *folder, ef_error *err)
{
    const ef_distractor_names *names = &self->protocol->names;
    const char *own_list = self->options->probe_list;
    bool named = own_list != NULL && strchr(own_list, '/') == NULL; /* a path does not tell where the others are */
    const char *const lists[] = {named ? own_list : names->probe_list, names->noise_list[EF_SIDE_PROBES],
                                 names->noise_list[EF_SIDE_DISTRACTORS]};
    ef_status status = EF_OK;
    *found = false;
    for (size_t i = 0; status == EF_OK && !*found && i < sizeof lists / sizeof *lists; i++) {
        status = lists[i] != NULL ? holds(found, folder, lists[i], err) : EF_OK;
    }
    for (size_t i = 0; status == EF_OK && !*found && i < ef_strings_count(names->places); i++) {
        status = holds(found, folder, ef_strings_at(names->places, i), err);
    }
    return status;
}

/* *out = where lists are: in the folder that is given, or in the protocol's own below it.  Freed with free(). */
static ef_status find_lists(char **out, const ef_distractor_experiment *self, ef_error *err)
{
    const char *folder = self->options->data;
    *out = NULL;
    if (folder == NULL) {
        return EF_OK;
    }
    bool found = false, below = false;
    char *own = ef_path_below(folder, self->protocol->folder);
    ef_status status = own != NULL ? holds_lists(&found, self, folder, err) : ef_fail_memory(err, folder);
    if (status == EF_OK && !found) {
        status = holds_lists(&below, self, own, err);
    }
    if (status == EF_OK && (*out = ef_copy(below ? own : folder)) == NULL) {
        status = ef_fail_memory(err, folder);
    }
    free(own);
    return status;
}

static ef_status open_set(ef_distractor_experiment *self, const char *location, ef_error *err)
{
    const ef_evaluate_options *options = self->options;
    self->noise = options->choose_noise ? options->noise : self->protocol->noise;
    char *lists;
    ef_status status = find_lists(&lists, self, err);
    if (status != EF_OK) {
        return status;
    }
    const ef_distractor_options how = {.names = &self->protocol->names,
                                       .lists = lists,
                                       .probe_list = options->probe_list,
                                       .size_list = options->size_list,
                                       .sizes = options->sizes,
                                       .size_count = options->size_count,
                                       .ending = options->feature_ending,
                                       .list_set = options->list_set,
                                       .threads = options->work.threads,
                                       .labels_from_ids = options->labels_from_ids,
                                       .noises = self->noise != EF_NOISE_KEEP};
    /* Variants of a benchmark are evaluated on one group. */
    status = ef_distractor_set_open(&self->set, location, self->protocol->folder, &how, err);
    free(lists);
    for (size_t i = 0; status == EF_OK && options->fingerprints != NULL && i < ef_distractor_set_input_count(self->set); i++) {
        status = ef_fingerprints_begin(options->fingerprints, ef_distractor_set_input(self->set, i)->path, err);
    }
    if (status != EF_OK) {
        return status;
    }
    status = ef_choose_flip_of_sides(&self->flip, self->protocol, self->set, options, err);
    ef_flip flip = self->flip.flip;
    self->probe_vectors = (ef_distractor_vectors){self->set, EF_SIDE_PROBES, flip, options->work.threads, NULL, 0, 0};
    self->distractor_vectors = (ef_distractor_vectors){self->set, EF_SIDE_DISTRACTORS, flip, options->work.threads, NULL, 0, 0};
    status = status == EF_OK ? ef_note_halves(self->notes, &self->flip, err) : status;
    return status == EF_OK ? ef_note_folders_of_probes(self->notes, self->set, err) : status;
}

/* How many scores each number of distractors must keep, and how many ranks are told apart, for the figures that are asked for. */
static ef_status plan_kept(ef_distractor_question *ask, ef_distractor_experiment *self, ef_error *err)
{
    const ef_evaluate_options *options = self->options;
    const ef_metric_request *requests = self->wanted.request;
    size_t all = self->wanted.count;
    uint64_t room = ef_work_memory(&options->work) / 4, total = 0;
    room = room > LEAST_ROOM ? room : LEAST_ROOM;
    self->ranks = EF_LISTED_RANKS;
    bool apart = self->first < self->probes; /* else the first are all */
    for (size_t s = 0; ef_wants_task(self->wanted, EF_VERIFY_DISTRACTORS) && s < self->sizes; s++) {
        uint64_t impostors[EF_WHOSE_COUNT] = {self->probes * (uint64_t)self->entries[s],
                                              self->first * (uint64_t)self->entries[s]};
        for (int whose = 0; whose < (apart ? EF_WHOSE_COUNT : EF_WHOSE_FIRST); whose++) {
            uint64_t keep = impostors[whose] < EF_LISTED_SCORES ? impostors[whose] : EF_LISTED_SCORES;
            for (size_t i = 0; i < all; i++) {
                bool is_far = requests[i].task == EF_VERIFY_DISTRACTORS && !isnan(requests[i].point);
                uint64_t iso = is_far && whose == EF_WHOSE_ALL ? ef_far_rank(requests[i].point, impostors[whose]) : 0;
                uint64_t devkit = is_far && (whose == EF_WHOSE_FIRST || !apart)
                                      ? ef_distractor_kept_devkit(requests[i].point, impostors[whose])
                                      : 0;
                keep = iso > keep ? iso : keep;
                keep = devkit > keep ? devkit : keep;
            }
            ask->keep[s][whose] = (size_t)keep;
            total += keep > EF_LISTED_SCORES ? KEPT_BYTES * keep : 0;
        }
    }
    for (size_t i = 0; i < all; i++) {
        if (requests[i].task == EF_IDENTIFY_DISTRACTORS && requests[i].point > self->ranks) {
            self->ranks = (uint32_t)requests[i].point;
        }
    }
    ask->ranks = self->ranks;
    return total <= room
               ? EF_OK
               : ef_fail(err, EF_INVALID,
                         "the false accept rates asked for need %llu MiB for the scores above their thresholds, of %llu: ask "
                         "for lower rates, or give four times as much --memory",
                         (unsigned long long)(total >> 20), (unsigned long long)(room >> 20));
}

/* The devkit compares features as they are: lengths other than one change its figures, and not these. */
static ef_status note_lengths(ef_distractor_experiment *self, ef_error *err)
{
    const ef_distractor_vectors *probes = &self->probe_vectors, *others = &self->distractor_vectors;
    double shortest = others->longest > 0 ? fmin(probes->shortest, others->shortest) : probes->shortest;
    double longest = fmax(probes->longest, others->longest);
    if (shortest >= 0.999 && longest <= 1.001) {
        return EF_OK;
    }
    return ef_note(
        self->notes, err,
        "features have lengths from %.4g to %.4g and are compared by cosine; the devkit itself takes Euclidean distances of "
        "features as they are",
        shortest, longest);
}

static ef_status compare(ef_distractor_experiment *self, ef_error *err)
{
    self->first = self->probes < EF_FIRST_PROBES ? self->probes : EF_FIRST_PROBES;
    ef_distractor_question ask = {.mark = self->mark,
                                  .begin = self->begin,
                                  .probes = self->probes,
                                  .lists = self->lists,
                                  .distractors = self->distractors,
                                  .sizes = self->sizes,
                                  .first = self->first};
    const ef_vectors rows = {.count = self->probes, .dim = self->dim, .unit = self->unit};
    const ef_vectors columns = {
        .count = self->distractors, .dim = self->dim, .read = ef_distractor_vectors_read, .context = &self->distractor_vectors};
    const ef_work *work = &self->options->work;
    ef_status status = plan_kept(&ask, self, err);
    if (status == EF_OK) {
        status = ef_pair_distractors_create(&self->found, &ask, ef_pair_workers(work), err);
    }
    if (status == EF_OK) {
        const ef_pair_visitor visitor = ef_pair_distractors_visitor(self->found);
        status = ef_all_pairs(NULL, &rows, &columns, &visitor, 1, NULL, work, err);
    }
    return status == EF_OK ? note_lengths(self, err) : status;
}

static void experiment_free(ef_distractor_experiment *self)
{
    ef_pair_distractors_free(self->found);
    ef_distractor_set_close(self->set);
    ef_strings_free(self->notes);
    free(self->unit);
    free(self->label);
    free(self->lists);
    free(self->on_no_list);
    free(self->begin);
    free(self->mark);
    free(self->genuine);
}

static void add_stage(ef_result *result, const char *name, double seconds)
{
    result->stages[result->stage_count++] = (ef_result_stage){name, seconds};
}

static ef_status run(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const char *location,
                     const char *model, const ef_evaluate_options *options, ef_error *err)
{
    ef_distractor_experiment self = {
        .protocol = protocol, .model = model, .options = options, .wanted = ef_wanted_of(protocol, options)};
    double start = ef_seconds(), middle = start;
    *count = 0;
    ef_status status = ef_strings_create(&self.notes, err);
    if (status == EF_OK && (status = open_set(&self, location, err)) == EF_OK &&
        (status = ef_distractor_prepare(&self, err)) == EF_OK && (status = ef_distractor_mates(&self, err)) == EF_OK) {
        middle = ef_seconds();
        status = compare(&self, err);
    }
    if (status == EF_OK && ef_wants_task(self.wanted, EF_VERIFY_DISTRACTORS) &&
        (status = ef_distractor_verify(&results[*count], &self, err)) == EF_OK) {
        (*count)++;
    }
    if (status == EF_OK && ef_wants_task(self.wanted, EF_IDENTIFY_DISTRACTORS) &&
        (status = ef_distractor_identify(&results[*count], &self, err)) == EF_OK) {
        (*count)++;
    }
    status = ef_results_end(results, count, status, err);
    if (*count > 0) {
        add_stage(results[0], "read", middle - start);
        add_stage(results[0], "search", ef_seconds() - middle);
    }
    experiment_free(&self);
    return status;
}

const ef_experiment ef_experiment_distractors = {
    .name = "distractors",
    .what = "distractors",
    .tasks = EF_VERIFY_DISTRACTORS | EF_IDENTIFY_DISTRACTORS,
    .reads = EF_READS_LABELS | EF_READS_FLIP | EF_READS_DISTRACTORS | EF_READS_DATA | EF_READS_PARTIAL | EF_READS_CONTRADICTIONS,
    .run_location = run,
};
