#include "evaluate/experiment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/seconds.h"
#include "evaluate/all_pairs_curve.h"
#include "evaluate/all_pairs_plan.h"
#include "evaluate/build_result.h"
#include "evaluate/compared_others.h"
#include "evaluate/flip_choice.h"
#include "evaluate/low_genuine.h"
#include "evaluate/notes.h"
#include "evaluate/wanted.h"
#include "score/pair_best.h"
#include "score/pair_ranks.h"
#include "score/pair_top.h"
#include "score/row_vectors.h"

#define LEAST_MEMORY  ((size_t)256 << 20) /* that genuine pairs may take, whatever is asked for */
#define GENUINE_BYTES ((size_t)16)        /* a genuine pair: its score, and its place among the distinct ones */
#define CMC_RANKS     ((size_t)1000)      /* of the curve in a result */
#define SUSPICIOUS    0.95                /* an impostor pair that scores above this share of the genuine ones */

/* Everything that the tasks of one evaluation share. */
typedef struct experiment {
    const ef_protocol *protocol;
    const ef_set *set;
    const char *model;
    const ef_evaluate_options *options;
    ef_wanted wanted;
    ef_all_pairs_plan *plan;
    ef_flip_choice flip;
    ef_rows *rows;
    ef_row_vectors side[2];
    const ef_vectors *columns; /* NULL: side[0] with itself */
    ef_work work;              /* for what is not held in memory already */
    ef_pair_totals totals;
    double *best_mate;  /* of each image of side[0], -infinity without one; */
    double *mark;       /* twice for each that has one: just below it, and it */
    size_t *mark_begin; /* of side[0].count + 1 */
    ef_pair_ranks *ranks;
    ef_pair_best *others;
    ef_pair_top *top;
    ef_pair_visitor visitors[EF_MOST_ALSO]; /* what goes along on the first pass */
    size_t visitor_count;
} experiment;

/* Half of the memory is for the vectors, if they fit; what they leave is for comparing them. */
static ef_status open_sides(experiment *self, ef_error *err)
{
    size_t memory = ef_work_memory(&self->options->work), used = 0;
    size_t sides = self->plan->split ? 2 : 1;
    ef_status status = ef_rows_create(&self->rows, self->set, self->flip.flip, err);
    for (size_t s = 0; status == EF_OK && s < sides; s++) {
        const ef_compared_side *side = &self->plan->side[s];
        status = ef_row_vectors_open(&self->side[s], self->rows, side->row, side->count, memory / 2 / sides,
                                     self->options->work.threads, err);
        self->side[s].vectors.label = side->label;
        self->side[s].vectors.group = side->group;
        used += self->side[s].unit != NULL ? side->count * self->side[s].vectors.dim * sizeof(double) : 0;
    }
    self->columns = sides > 1 ? &self->side[1].vectors : NULL;
    self->work = self->options->work;
    self->work.memory = memory - used;
    return status == EF_OK ? ef_pair_count(&self->totals, &self->side[0].vectors, self->columns, err) : status;
}

static ef_status check_pairs(const experiment *self, ef_error *err)
{
    const char *labels = ef_set_field_name(self->set, EF_LABELS);
    char why[160];
    snprintf(why, sizeof why, "%s%s%s", self->plan->split ? ", once probes are compared with the gallery alone" : "",
             self->options->per_subject > 0 ? ", once no more than --per-subject images of each are left" : "",
             self->totals.grouped > 0 ? ", once pairs of one group are left out" : "");
    if (self->totals.mates == 0) {
        return ef_fail(err, EF_FORMAT, "%s: no two images are of the same subject%s; there is no genuine pair", labels, why);
    }
    if (self->totals.mates == self->totals.pairs) {
        return ef_fail(err, EF_FORMAT, "%s: no two images are of different subjects%s; there is no impostor pair", labels, why);
    }
    size_t memory = self->options->work.memory > LEAST_MEMORY ? self->options->work.memory : LEAST_MEMORY;
    memory = self->options->work.memory != 0 ? memory : ef_work_memory(NULL);
    if (self->totals.mates > memory / GENUINE_BYTES) {
        return ef_fail(
            err, EF_NOMEM,
            "%s: %llu genuine pairs of %zu subjects need %.1f GB; --memory can allow that, or --per-subject take fewer "
            "images of each",
            labels, (unsigned long long)self->totals.mates, self->plan->subjects,
            1e-9 * (double)self->totals.mates * GENUINE_BYTES);
    }
    return EF_OK;
}

/* The best mate of each image is known before ranks can be counted. */
static ef_status find_mates(experiment *self, ef_error *err)
{
    size_t count = self->side[0].vectors.count, marks = 0;
    ef_pair_best *best = NULL;
    ef_status status = ef_pair_best_create(&best, count, 1, EF_AMONG_MATES, self->columns == NULL, err);
    if (status == EF_OK) {
        const ef_pair_visitor visitor = ef_pair_best_visitor(best);
        status = ef_all_pairs(NULL, &self->side[0].vectors, self->columns, &visitor, 1, NULL, &self->work, err);
    }
    self->best_mate = ef_alloc(count, sizeof *self->best_mate);
    self->mark = ef_alloc(count, 2 * sizeof *self->mark);
    self->mark_begin = ef_alloc(count + 1, sizeof *self->mark_begin);
    if (status == EF_OK && (self->best_mate == NULL || self->mark == NULL || self->mark_begin == NULL)) {
        status = ef_fail_memory(err, "ranks");
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        double score = ef_pair_best_of(best, i)->score;
        self->best_mate[i] = score;
        self->mark_begin[i] = marks;
        if (isfinite(score)) {
            self->mark[marks++] = nextafter(score, -INFINITY);
            self->mark[marks++] = score;
        }
    }
    if (status == EF_OK) {
        self->mark_begin[count] = marks;
    }
    ef_pair_best_free(best);
    return status;
}

/* Ranks, the best of all others where a figure needs them, and suspects, are found on the way. */
static ef_status make_visitors(experiment *self, ef_error *err)
{
    size_t count = self->side[0].vectors.count;
    bool with_itself = self->columns == NULL;
    ef_status status = EF_OK;
    if (ef_wants_task(self->wanted, EF_IDENTIFY_ALL_PAIRS) && (status = find_mates(self, err)) == EF_OK &&
        (status = ef_pair_ranks_create(&self->ranks, self->mark, self->mark_begin, count, with_itself, err)) == EF_OK) {
        self->visitors[self->visitor_count++] = ef_pair_ranks_visitor(self->ranks);
    }
    if (status == EF_OK && ef_wants_need(self->wanted, EF_IDENTIFY_ALL_PAIRS, EF_NEEDS_POOLED_TOP) &&
        (status = ef_pair_best_create(&self->others, count, 1, EF_AMONG_OTHERS, with_itself, err)) == EF_OK) {
        self->visitors[self->visitor_count++] = ef_pair_best_visitor(self->others);
    }
    if (status == EF_OK && self->options->suspects > 0 && ef_wants_task(self->wanted, EF_VERIFY_ALL_PAIRS) &&
        (status = ef_pair_top_create(&self->top, self->options->suspects, err)) == EF_OK) {
        self->visitors[self->visitor_count++] = ef_pair_top_visitor(self->top);
    }
    return status;
}

static ef_status note_plan(ef_result *result, const experiment *self, ef_error *err)
{
    const ef_all_pairs_plan *plan = self->plan;
    ef_status status = ef_strings_create(&result->notes, err);
    if (status == EF_OK) {
        status = ef_note_halves(result->notes, &self->flip, err);
    }
    if (status == EF_OK) {
        status = ef_note_folders(result->notes, self->set, err);
    }
    if (status == EF_OK && plan->split) {
        size_t probes = plan->side[0].count, others = plan->side[1].count;
        status = ef_note(result->notes, err, "%zu %s, by %s, %s compared with the other %zu %s", probes,
                         probes == 1 ? "probe" : "probes",
                         plan->probe_list != NULL ? ef_input_name(plan->probe_list) : ef_set_field_name(self->set, EF_IS_PROBE),
                         probes == 1 ? "is" : "are", others, others == 1 ? "image" : "images");
    }
    if (status == EF_OK && plan->strangers > 0) {
        status =
            ef_note(result->notes, err, "%zu image%s of nobody known (labels below 0 or empty in %s): strangers to all others",
                    plan->strangers, plan->strangers == 1 ? " is" : "s are", ef_set_field_name(self->set, EF_LABELS));
    }
    if (status == EF_OK && self->options->exclude_same != EF_EXCLUDE_NONE) {
        status = ef_note(result->notes, err, "%llu pairs of images with the same value in %s are left out",
                         (unsigned long long)self->totals.grouped,
                         ef_set_field_name(self->set, ef_excluded_field(self->options->exclude_same)));
    }
    if (status == EF_OK && self->options->per_subject > 0) {
        status = ef_note(result->notes, err, "only the first %zu images of each subject are compared: %zu are left out",
                         self->options->per_subject, plan->left_out);
    }
    return status;
}

/* Which pairs there are. */
static ef_status add_settings(ef_settings *settings, const experiment *self, ef_error *err)
{
    const ef_all_pairs_plan *plan = self->plan;
    const ef_exclusion same = self->options->exclude_same;
    size_t most = self->options->per_subject;
    char words[EF_SETTING_WORDS] = "no pairs left out";
    const char *group = same == EF_EXCLUDE_MEDIA ? "media" : same == EF_EXCLUDE_GROUPS ? "groups" : NULL;
    if (group != NULL) {
        snprintf(words, sizeof words, "pairs of the same %s left out", group);
    }
    ef_status status = ef_settings_add_word(settings, "exclude_same", group != NULL ? group : "none", words, err);
    const char *by = !plan->split ? "none" : plan->probe_list != NULL ? "list" : "is_probe";
    snprintf(words, sizeof words, "probes by %s", by);
    status =
        status == EF_OK ? ef_settings_add_word(settings, "probes", by, plan->split ? words : "no probes set apart", err) : status;
    snprintf(words, sizeof words, "%zu images a subject at the most", most);
    return status == EF_OK
               ? ef_settings_add_count(settings, "per_subject", most, most > 0 ? words : "all images of a subject", err)
               : status;
}

static ef_status begin(ef_result **out, const experiment *self, ef_task task, ef_error *err)
{
    ef_result *result = NULL;
    const ef_set *set = self->set;
    const char *model = self->model != NULL ? self->model : ef_set_model(set);
    ef_status status = ef_result_begin(&result, self->protocol, task, self->options, err);
    if (status != EF_OK) {
        return status;
    }
    if ((status = ef_result_name(result, model, ef_set_file(set), ef_set_name(set), err)) != EF_OK ||
        (status = ef_result_flip(result, &self->flip, ef_set_dim(set), err)) != EF_OK ||
        (status = add_settings(&result->settings, self, err)) != EF_OK || (status = note_plan(result, self, err)) != EF_OK ||
        (status = ef_result_add_set(result, "embeddings", set, err)) != EF_OK ||
        (self->plan->probe_list != NULL &&
         (status = ef_result_add_input(result, "probes", self->plan->probe_list, &self->plan->probe_mark, err)) != EF_OK)) {
        ef_result_free(result);
        return status;
    }
    result->images = ef_set_rows(set);
    result->images_used = self->plan->side[0].count + self->plan->side[1].count;
    result->excluded = self->totals.grouped;
    *out = result;
    return EF_OK;
}

static ef_status describe_image(char **name, char **subject, const experiment *self, int side, size_t number, ef_error *err)
{
    const ef_compared_side *from = &self->plan->side[side];
    *name = self->plan->ids != NULL ? ef_copy(ef_strings_at(self->plan->ids, from->row[number]))
                                    : ef_copy_format("row %zu", from->row[number]);
    *subject = from->label[number] < 0 ? ef_copy("nobody known")
                                       : ef_copy(ef_strings_at(self->plan->subject_name, (size_t)from->label[number]));
    return *name != NULL && *subject != NULL ? EF_OK : ef_fail_memory(err, "a result");
}

/* Impostors that score like genuine pairs. */
static ef_status find_suspects(ef_result *result, const experiment *self, const ef_pair_points *points, ef_error *err)
{
    size_t count = self->top != NULL ? ef_pair_top_count(self->top) : 0;
    ef_status status = EF_OK;
    result->suspects = ef_alloc_zero(count, sizeof *result->suspects);
    if (result->suspects == NULL) {
        return ef_fail_memory(err, "a result");
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        const ef_scored_pair *pair = ef_pair_top_pairs(self->top) + i;
        size_t genuine = (size_t)points->genuine,
               below = genuine - ef_count_above(points->genuine_score, genuine, nextafter(pair->score, -INFINITY));
        ef_result_suspect *suspect = &result->suspects[i];
        suspect->score = pair->score;
        suspect->above = (double)below / (double)points->genuine;
        if (suspect->above < SUSPICIOUS) {
            break; /* the others score lower */
        }
        result->suspect_count++;
        status = describe_image(&suspect->image[0], &suspect->subject[0], self, 0, pair->row, err);
        if (status == EF_OK) {
            status = describe_image(&suspect->image[1], &suspect->subject[1], self, self->columns != NULL, pair->column, err);
        }
    }
    return status;
}

/* Of impostors the highest are known, and of the others their bins, where areas are asked for. */
static ef_status note_collapse(ef_result *result, const ef_pair_points *points, ef_error *err)
{
    if (result->histogram == NULL && points->tail_count < points->impostors) {
        return EF_OK;
    }
    double high = points->genuine_score[0], low = points->genuine_score[points->genuine - 1];
    if (points->tail_count > 0) {
        high = fmax(high, points->tail[0]);
        low = fmin(low, points->tail[points->tail_count - 1]);
    }
    return ef_note_collapse(result->notes, low, high, result->histogram, err);
}

static ef_status measure(ef_result *result, const experiment *self, const ef_pair_points *points,
                         const ef_pair_question *question, ef_error *err)
{
    ef_curve *curve = NULL, *drawing = NULL;
    ef_status status = ef_all_pairs_curve(&curve, points, question, err);
    const ef_metric_input input = {.curve = curve, .dropped = curve, .area = &points->auc};
    result->genuine = points->genuine;
    result->impostors = points->impostors;
    result->pairs = points->genuine + points->impostors;
    if (status == EF_OK && (status = ef_result_figures(&result->rows, &result->row_count, result, &input, self->protocol,
                                                       self->options, err)) == EF_OK) {
        ef_curve_free(curve);
        curve = NULL;
        status = ef_all_pairs_drawing(&drawing, &result->curve_far_error, points, question, err);
    }
    if (status == EF_OK && (status = ef_result_draw(result, drawing, question->areas ? &points->auc : NULL, err)) == EF_OK &&
        (status = note_collapse(result, points, err)) == EF_OK) {
        status = find_suspects(result, self, points, err);
    }
    ef_curve_free(curve);
    ef_curve_free(drawing);
    return status;
}

static ef_status verify(ef_result **out, experiment *self, ef_error *err)
{
    const double most = 1 + 1e-9; /* rounding may leave a cosine a hair beyond 1 */
    ef_result *result = NULL;
    ef_pair_points *points = NULL;
    double edge[EF_HISTOGRAM_BINS];
    bool areas = ef_wants_need(self->wanted, EF_VERIFY_ALL_PAIRS, EF_NEEDS_EVERY_IMPOSTOR);
    double *fars = NULL, start = ef_seconds();
    ef_pair_question question = {.areas = areas,
                                 .edge = edge,
                                 .edges = areas ? EF_HISTOGRAM_BINS : 0,
                                 .also = self->visitors,
                                 .also_count = self->visitor_count};
    ef_status status = begin(&result, self, EF_VERIFY_ALL_PAIRS, err);
    if (status == EF_OK) {
        fars = ef_wanted_points(&question.fars, self->wanted, EF_VERIFY_ALL_PAIRS);
        question.far = fars;
        status = fars != NULL ? EF_OK : ef_fail_memory(err, "a result");
    }
    if (status == EF_OK && areas) {
        status = ef_histogram_create_empty(&result->histogram, -most, most, EF_HISTOGRAM_BINS, err);
    }
    for (size_t b = 0; b < EF_HISTOGRAM_BINS; b++) {
        edge[b] = -most + 2 * most * (double)b / EF_HISTOGRAM_BINS;
    }
    if (status == EF_OK) {
        status = ef_pair_points_create(&points, &self->side[0].vectors, self->columns, &question, NULL, &self->work, err);
    }
    if (status == EF_OK && areas) {
        ef_all_pairs_fill(result->histogram, points);
    }
    if (status == EF_OK && (status = measure(result, self, points, &question, err)) == EF_OK) {
        result->stages[result->stage_count++] = (ef_result_stage){"compare", ef_seconds() - start};
        *out = result;
        result = NULL;
    }
    free(fars);
    ef_pair_points_free(points);
    ef_result_free(result);
    return status;
}

/* What each image met among the others: its best mate, and how many others are before it. */
static ef_search_outcome *make_outcomes(const experiment *self)
{
    size_t count = self->side[0].vectors.count;
    ef_search_outcome *outcome = ef_alloc(count, sizeof *outcome);
    uint64_t *above = ef_alloc(self->mark_begin[count], sizeof *above);
    if (outcome == NULL || above == NULL) {
        free(outcome);
        free(above);
        return NULL;
    }
    ef_pair_ranks_above(self->ranks, above);
    for (size_t i = 0; i < count; i++) {
        size_t mark = self->mark_begin[i];
        bool mated = mark < self->mark_begin[i + 1];
        outcome[i] = (ef_search_outcome){
            .mate = self->best_mate[i],
            .other = self->others != NULL ? ef_pair_best_of(self->others, i)->score : -INFINITY,
            .mates = mated ? 1 : 0,
            .above = mated ? (uint32_t)above[mark + 1] : 0,
            .level = mated ? (uint32_t)(above[mark] - above[mark + 1]) : 0,
        };
    }
    free(above);
    return outcome;
}

static ef_status make_cmc(ef_result *result, const ef_gallery_search *search, ef_error *err)
{
    size_t ranks = search->entries < CMC_RANKS ? search->entries : CMC_RANKS, mated = 0, found = 0;
    size_t *count = ef_alloc_zero(ranks + 1, sizeof *count);
    result->cmc = ef_alloc(ranks, sizeof *result->cmc);
    if (count == NULL || result->cmc == NULL) {
        free(count);
        return ef_fail_memory(err, "a CMC curve");
    }
    for (size_t i = 0; i < search->probes; i++) {
        const ef_search_outcome *outcome = &search->outcome[i];
        size_t rank = (size_t)outcome->above + outcome->level;
        mated += outcome->mates > 0;
        count[rank < ranks ? rank : ranks] += outcome->mates > 0;
    }
    for (size_t i = 0; i < ranks; i++) {
        found += count[i];
        result->cmc[i] = (double)found / (double)mated;
    }
    result->ranks = ranks;
    free(count);
    return EF_OK;
}

static ef_status describe_gallery(ef_result *result, const experiment *self, const ef_gallery_search *search, ef_error *err)
{
    result->galleries = ef_alloc_zero(1, sizeof *result->galleries);
    if (result->galleries == NULL) {
        return ef_fail_memory(err, "a result");
    }
    ef_result_gallery *gallery = &result->galleries[result->gallery_count++];
    gallery->name = ef_copy(self->plan->split ? "the other images" : "all other images");
    gallery->entries = search->entries;
    for (size_t i = 0; i < search->probes; i++) {
        gallery->mated += search->outcome[i].mates > 0;
    }
    gallery->unmated = search->probes - gallery->mated;
    return gallery->name != NULL ? EF_OK : ef_fail_memory(err, "a result");
}

static ef_status identify(ef_result **out, const experiment *self, bool alone, ef_error *err)
{
    ef_result *result = NULL;
    size_t probes = self->side[0].vectors.count;
    ef_search_outcome *outcome = NULL;
    uint64_t *others = NULL;
    ef_status status = begin(&result, self, EF_IDENTIFY_ALL_PAIRS, err);
    if (status == EF_OK) {
        outcome = make_outcomes(self);
        status = outcome != NULL ? EF_OK : ef_fail_memory(err, "the searches");
    }
    if (status == EF_OK && alone) {
        status = ef_compared_others(&others, self->plan, err);
    }
    const ef_gallery_search search = {.outcome = outcome,
                                      .probes = probes,
                                      .entries = self->plan->split ? self->side[1].vectors.count : probes - 1,
                                      .others = others};
    const ef_identification found = {.gallery = &search, .galleries = 1};
    const ef_metric_input input = {.identification = &found};
    if (status == EF_OK && (status = describe_gallery(result, self, &search, err)) == EF_OK &&
        (status = ef_result_figures(&result->rows, &result->row_count, result, &input, self->protocol, self->options, err)) ==
            EF_OK &&
        (status = make_cmc(result, &search, err)) == EF_OK &&
        (!alone || (status = ef_result_check_searches(result, &found, err)) == EF_OK)) {
        result->probes = probes;
        *out = result;
        result = NULL;
    }
    free(outcome);
    free(others);
    ef_result_free(result);
    return status;
}

static void free_experiment(experiment *self)
{
    ef_pair_ranks_free(self->ranks);
    ef_pair_best_free(self->others);
    ef_pair_top_free(self->top);
    free(self->best_mate);
    free(self->mark);
    free(self->mark_begin);
    ef_row_vectors_free(&self->side[0]);
    ef_row_vectors_free(&self->side[1]);
    ef_rows_free(self->rows);
    ef_all_pairs_plan_free(self->plan);
}

static ef_status run(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const ef_set *set,
                     const char *model, const ef_evaluate_options *options, ef_error *err)
{
    experiment self = {
        .protocol = protocol, .set = set, .model = model, .options = options, .wanted = ef_wanted_of(protocol, options)};
    *count = 0;
    ef_status status = ef_choose_flip(&self.flip, protocol, set, options, err);
    if (status == EF_OK && (status = ef_all_pairs_plan_create(&self.plan, set, options, err)) == EF_OK &&
        (status = open_sides(&self, err)) == EF_OK && (status = check_pairs(&self, err)) == EF_OK) {
        status = make_visitors(&self, err);
    }
    if (status == EF_OK && ef_wants_task(self.wanted, EF_VERIFY_ALL_PAIRS)) {
        status = verify(&results[*count], &self, err);
        *count += status == EF_OK;
    } else if (status == EF_OK) {
        status =
            ef_all_pairs(NULL, &self.side[0].vectors, self.columns, self.visitors, self.visitor_count, NULL, &self.work, err);
    }
    if (status == EF_OK && self.ranks != NULL) {
        status = identify(&results[*count], &self, *count == 0, err);
        *count += status == EF_OK;
    }
    status = ef_results_end(results, count, status, err);
    free_experiment(&self);
    return status;
}

const ef_experiment ef_experiment_all_pairs = {
    .name = "all pairs",
    .what = "all pairs of a set",
    .tasks = EF_VERIFY_ALL_PAIRS | EF_IDENTIFY_ALL_PAIRS,
    .reads = EF_READS_LABELS | EF_READS_FLIP | EF_READS_CHOICE,
    .run = run,
};
