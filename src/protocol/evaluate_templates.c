#include <eface/evaluate.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/identify.h>
#include <eface/pool.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/seconds.h"
#include "protocol/build_result.h"
#include "protocol/notes.h"
#include "protocol/plan.h"
#include "protocol/template_plan.h"
#include "protocol/template_remarks.h"
#include "score/template_scores.h"

enum { most_galleries = 2, set_piece = 1 << 20 /* pairs read from a set at a time */ };

/* Everything that the tasks of one evaluation share. */
typedef struct experiment {
    const ef_protocol *protocol;
    const ef_set *set;
    const char *model;
    const ef_evaluate_options *options;
    ef_template_plan *plan;
    ef_templates *templates;
    ef_pool_options pool;
    bool flip_absent;
} experiment;

static ef_status choose_pooling(experiment *self, ef_error *err)
{
    const ef_evaluate_options *options = self->options;
    const ef_protocol *protocol = self->protocol;
    ef_flip flip = options->choose_flip ? options->flip : protocol->flip;
    self->flip_absent = flip != EF_FLIP_NONE && !ef_set_has(self->set, EF_EMBEDDINGS_FLIP);
    if (self->flip_absent && options->choose_flip) {
        return ef_fail(err, EF_INVALID, "--flip %s needs the dataset %s, which is not there", ef_flip_name(flip),
                       ef_set_field_name(self->set, EF_EMBEDDINGS_FLIP));
    }
    self->pool = (ef_pool_options){.flip = self->flip_absent ? EF_FLIP_NONE : flip,
                                   .norm = options->choose_norm ? options->norm : protocol->norm,
                                   .weight_quality = options->choose_weight ? options->weight_quality : protocol->weight_quality,
                                   .unit_media = options->choose_media ? options->unit_media : protocol->unit_media,
                                   .work = options->work};
    return EF_OK;
}

/* Whether a task reads a list. */
static bool is_read(const experiment *self, int file, ef_task task)
{
    bool images = file <= EF_FILE_QUALITY || (self->plan->nist && file != EF_FILE_PAIRS); /* both tasks need the images */
    bool used = images || (file == EF_FILE_PAIRS) == (task == EF_VERIFY_TEMPLATES);
    return self->plan->file[file] != NULL && used && (file != EF_FILE_QUALITY || self->pool.weight_quality);
}

static void note_stage(ef_result *result, const char *name, double seconds)
{
    result->stages[result->stage_count++] = (ef_result_stage){name, seconds};
}

/* A result of one task that says how the templates were made. */
static ef_status begin(ef_result **out, const experiment *self, ef_task task, ef_error *err)
{
    ef_result *result = NULL;
    const char *model = self->model != NULL ? self->model : ef_set_model(self->set);
    ef_status status = ef_result_begin(&result, self->protocol, task, self->options, err);
    if (status != EF_OK) {
        return status;
    }
    status = ef_result_name(result, model, ef_set_file(self->set), ef_set_name(self->set), ef_flip_name(self->pool.flip), err);
    if (status == EF_OK) {
        status = ef_strings_create(&result->notes, err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(self->plan->notes); i++) {
        status = ef_note(result->notes, err, "%s", ef_strings_at(self->plan->notes, i));
    }
    if (status == EF_OK) {
        status = ef_result_add_input(result, "embeddings", ef_set_file(self->set), err);
    }
    static const char *const roles[] = {"templates", "quality", "pairs", "gallery", "gallery", "probes", "pairs"};
    for (int file = 0; status == EF_OK && file < EF_FILE_COUNT; file++) {
        if (is_read(self, file, task)) {
            status = ef_result_add_input(result, roles[file], self->plan->file[file], err);
        }
    }
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    result->flip_absent = self->flip_absent;
    result->norm = self->pool.norm == EF_NORM_UNIT ? "unit" : "keep";
    result->weight = self->pool.weight_quality ? "quality" : "none";
    result->media = self->pool.unit_media ? "unit" : "mean";
    result->images = ef_set_rows(self->set);
    result->images_used = self->plan->images.count;
    result->dim = ef_set_dim(self->set);
    result->templates = self->templates->count;
    result->media_count = self->templates->media_count;
    result->partial = self->plan->partial;
    *out = result;
    return EF_OK;
}

static void report(const experiment *self, const char *stage, uint64_t done, uint64_t total)
{
    const ef_progress *progress = self->options->work.progress;
    if (progress != NULL) {
        progress->report(progress->context, stage, done < total ? done : total, total);
    }
}

static ef_status file_list(ef_template_scores *scores, const experiment *self, ef_error *err)
{
    const ef_templates *templates = self->templates;
    int threads = self->options->work.threads;
    ef_template_pairs *pairs = NULL;
    ef_template_pair_chunk chunk = {0};
    const ef_expected *expected = &self->protocol->expect_pairs;
    uint64_t read = 0;
    ef_status status = ef_template_plan_open_pairs(&pairs, self->plan, templates->id, templates->count, threads, err);
    while (status == EF_OK && (status = ef_template_pairs_next(pairs, &chunk, err)) == EF_OK && chunk.count > 0) {
        status = ef_template_scores_add(scores, chunk.a, chunk.b, chunk.genuine, chunk.count, threads, err);
        read += chunk.count;
        if (expected->known) {
            report(self, "reading pairs", read, expected->count);
        }
    }
    ef_template_pairs_close(pairs);
    return status;
}

/* The same from the dataset template_pairs. */
static ef_status file_set(ef_template_scores *scores, const experiment *self, ef_error *err)
{
    const ef_templates *templates = self->templates;
    const ef_set *set = self->set;
    size_t rows = ef_set_field_rows(set, EF_TEMPLATE_PAIRS), most = rows < set_piece ? rows : set_piece;
    int64_t *values = ef_alloc(most, 3 * sizeof *values);
    uint32_t *a = ef_alloc(most, sizeof *a), *b = ef_alloc(most, sizeof *b);
    unsigned char *label = ef_alloc(most, sizeof *label);
    ef_status status = values != NULL && a != NULL && b != NULL && label != NULL ? EF_OK : ef_fail_memory(err, "the pairs");
    for (size_t first = 0; status == EF_OK && first < rows; first += most) {
        size_t count = rows - first < most ? rows - first : most;
        status = ef_set_read_integer_rows(set, EF_TEMPLATE_PAIRS, first, count, values, err);
        for (size_t i = 0; status == EF_OK && i < count; i++) {
            const int64_t *row = values + 3 * i;
            size_t left = ef_templates_find(templates, row[0]), right = ef_templates_find(templates, row[1]);
            if (left == (size_t)-1 || right == (size_t)-1) {
                status =
                    ef_fail(err, EF_FORMAT, "%s row %zu: template %lld has no images", ef_set_field_name(set, EF_TEMPLATE_PAIRS),
                            first + i, (long long)row[left == (size_t)-1 ? 0 : 1]);
            } else if (row[2] != 0 && row[2] != 1) {
                status = ef_fail(err, EF_FORMAT, "%s row %zu: label %lld is neither 0 (impostor) nor 1 (genuine)",
                                 ef_set_field_name(set, EF_TEMPLATE_PAIRS), first + i, (long long)row[2]);
            }
            a[i] = (uint32_t)left;
            b[i] = (uint32_t)right;
            label[i] = (unsigned char)row[2];
        }
        if (status == EF_OK) {
            status = ef_template_scores_add(scores, a, b, label, count, self->options->work.threads, err);
            report(self, "reading pairs", first + count, rows);
        }
    }
    free(values);
    free(a);
    free(b);
    free(label);
    return status;
}

/* The points at which figures are read off the curve. */
static double *points_of(size_t *count, const experiment *self)
{
    const ef_evaluate_options *options = self->options;
    const ef_metric_request *requests = options->metrics != NULL ? options->metrics : self->protocol->metrics;
    size_t all = options->metrics != NULL ? options->metric_count : self->protocol->metric_count;
    double *points = ef_alloc(all, sizeof *points);
    *count = 0;
    for (size_t i = 0; points != NULL && i < all; i++) {
        if (requests[i].task == EF_VERIFY_TEMPLATES && !isnan(requests[i].point)) {
            points[(*count)++] = requests[i].point;
        }
    }
    return points;
}

static ef_status check_verify_counts(ef_result *result, const experiment *self, ef_error *err)
{
    const ef_protocol *protocol = self->protocol;
    const char *where = self->plan->from_set ? ef_set_name(self->set) : self->plan->file[EF_FILE_PAIRS];
    const struct {
        const ef_expected *expected;
        const char *what;
        uint64_t found;
    } counts[] = {
        {&protocol->expect_pairs, "pairs", result->pairs},
        {&protocol->expect_genuine, "genuine pairs", result->genuine},
        {&protocol->expect_impostors, "impostor pairs", result->impostors},
    };
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < sizeof counts / sizeof *counts; i++) {
        status = ef_plan_expect(&result->partial, result->notes, protocol, counts[i].expected, counts[i].what, counts[i].found,
                                where, self->options->allow_partial, err);
    }
    if (status == EF_OK && (result->genuine == 0 || result->impostors == 0)) {
        status = ef_fail(err, EF_FORMAT, "%s has %llu genuine and %llu impostor pairs; verification needs both", where,
                         (unsigned long long)result->genuine, (unsigned long long)result->impostors);
    }
    return status;
}

/* Reads and scores the pairs; how long each took is noted. */
static ef_status score_pairs(ef_template_scores **out, ef_result *result, const experiment *self, ef_error *err)
{
    const ef_templates *templates = self->templates;
    const ef_expected *expected = &self->protocol->expect_pairs;
    int threads = self->options->work.threads;
    ef_template_scores *scores = NULL;
    double start = ef_seconds();
    ef_status status = ef_template_scores_create(&scores, templates->unit, templates->count, templates->dim,
                                                 expected->known ? (size_t)expected->count : 0, err);
    if (status != EF_OK ||
        (status = self->plan->from_set ? file_set(scores, self, err) : file_list(scores, self, err)) != EF_OK) {
        ef_template_scores_free(scores);
        return status;
    }
    double middle = ef_seconds();
    report(self, "scoring pairs", 0, 1); /* threads do it in one go */
    if ((status = ef_template_scores_compute(scores, threads, err)) != EF_OK) {
        ef_template_scores_free(scores);
        return status;
    }
    note_stage(result, "parse", middle - start);
    note_stage(result, "score", ef_seconds() - middle);
    *out = scores;
    return EF_OK;
}

static ef_status verify(ef_result **out, const experiment *self, ef_error *err)
{
    ef_result *result = NULL;
    ef_curve *curve = NULL, *dropped = NULL;
    ef_template_scores *scores = NULL;
    size_t point_count, genuine_count;
    int threads = self->options->work.threads;
    double *points = points_of(&point_count, self);
    ef_status status = points != NULL ? begin(&result, self, EF_VERIFY_TEMPLATES, err) : ef_fail_memory(err, "a result");
    if (status != EF_OK || (status = score_pairs(&scores, result, self, err)) != EF_OK) {
        goto done;
    }
    double start = ef_seconds(), *genuine = ef_template_scores_genuine(scores, &genuine_count);
    const ef_screened impostors = ef_template_scores_impostors(scores);
    result->genuine = genuine_count;
    result->impostors = impostors.count;
    result->pairs = result->genuine + result->impostors;
    const double most = 1 + 1e-9; /* rounding may leave a cosine a hair beyond 1 */
    if ((status = check_verify_counts(result, self, err)) != EF_OK ||
        (status = ef_histogram_create_empty(&result->histogram, -most, most, EF_HISTOGRAM_BINS, err)) != EF_OK ||
        (status = ef_curve_create_reduced(&curve, result->histogram, genuine, genuine_count, &impostors, points, point_count,
                                          threads, err)) != EF_OK ||
        (status = ef_curve_drop_intermediate(&dropped, curve, err)) != EF_OK) {
        goto done;
    }
    const ef_metric_input input = {.curve = curve, .dropped = dropped};
    if ((status = ef_result_figures(&result->rows, &result->row_count, result, &input, self->protocol, self->options, err)) !=
            EF_OK ||
        (status = ef_result_draw(result, curve, err)) != EF_OK) {
        goto done;
    }
    note_stage(result, "curve", ef_seconds() - start);
    *out = result;
    result = NULL;
done:
    free(points);
    ef_template_scores_free(scores);
    ef_curve_free(curve);
    ef_curve_free(dropped);
    ef_result_free(result);
    return status;
}

/* A gallery or the probes, with the position of each template. */
typedef struct side {
    ef_subjects subjects;
    size_t *row;
} side;

static void side_free(side *self)
{
    ef_subjects_free(&self->subjects);
    free(self->row);
}

/* Where a gallery (0 or 1) or the probes (2) come from. */
static const char *subjects_origin(const experiment *self, int which)
{
    static const ef_field fields[] = {EF_GALLERY_1, EF_GALLERY_2, EF_PROBE};
    static const ef_template_file files[] = {EF_FILE_GALLERY_1, EF_FILE_GALLERY_2, EF_FILE_PROBE};
    const char *file = self->plan->file[files[which]];
    if (self->plan->from_set) {
        return ef_set_has(self->set, fields[which]) ? ef_set_field_name(self->set, fields[which]) : ef_set_name(self->set);
    }
    return file != NULL ? file : self->plan->where;
}

/* The error for a template that no image belongs to. */
static ef_status fail_no_images(const experiment *self, int which, const ef_subjects *subjects, size_t index, ef_error *err)
{
    char place[32] = "";
    if (subjects->place != NULL) {
        snprintf(place, sizeof place, self->plan->from_set ? " row %zu" : ":%zu", subjects->place[index]);
    }
    return ef_fail(err, EF_FORMAT, "%s%s: template %lld has no images", subjects_origin(self, which), place,
                   (long long)subjects->template_id[index]);
}

static ef_status side_read(side *out, const experiment *self, int which, ef_error *err)
{
    ef_status status = ef_template_plan_subjects(&out->subjects, self->plan, self->set, which, err);
    if (status != EF_OK) {
        return status;
    }
    out->row = ef_alloc(out->subjects.count, sizeof *out->row);
    if (out->row == NULL) {
        return ef_fail_memory(err, "a gallery");
    }
    for (size_t i = 0; i < out->subjects.count; i++) {
        out->row[i] = ef_templates_find(self->templates, out->subjects.template_id[i]);
        if (out->row[i] == (size_t)-1) {
            return fail_no_images(self, which, &out->subjects, i, err);
        }
    }
    return EF_OK;
}

/* A template that is in several lists must have the same subject in all of them. */
static ef_status check_subjects(const experiment *self, const side *const *sides, const int *which, size_t count, ef_error *err)
{
    size_t templates = self->templates->count;
    int64_t *subject = ef_alloc(templates, sizeof *subject);
    int *list = ef_alloc_zero(templates, sizeof *list); /* where the subject is from, from 1; 0: not known yet */
    ef_status status = subject != NULL && list != NULL ? EF_OK : ef_fail_memory(err, "the subjects");
    for (size_t s = 0; status == EF_OK && s < count; s++) {
        for (size_t i = 0; status == EF_OK && i < sides[s]->subjects.count; i++) {
            size_t row = sides[s]->row[i];
            int64_t own = sides[s]->subjects.subject_id[i];
            if (list[row] != 0 && subject[row] != own) {
                status = ef_fail(err, EF_FORMAT, "%s: template %lld is of subject %lld here, and of %lld in %s",
                                 subjects_origin(self, which[s]), (long long)self->templates->id[row], (long long)own,
                                 (long long)subject[row], subjects_origin(self, list[row] - 1));
            }
            subject[row] = own;
            list[row] = which[s] + 1;
        }
    }
    free(subject);
    free(list);
    return status;
}

static ef_search_side search_side(const experiment *self, const side *from)
{
    return (ef_search_side){self->templates->unit, from->row, from->subjects.subject_id, from->subjects.count};
}

/* All galleries as one. */
static ef_status side_union(side *out, const side *sides, size_t count, ef_error *err)
{
    size_t total = 0;
    for (size_t g = 0; g < count; g++) {
        total += sides[g].subjects.count;
    }
    *out = (side){{total, ef_alloc(total, sizeof(int64_t)), ef_alloc(total, sizeof(int64_t)), NULL},
                  ef_alloc(total, sizeof(size_t))};
    if (out->subjects.template_id == NULL || out->subjects.subject_id == NULL || out->row == NULL) {
        return ef_fail_memory(err, "a gallery");
    }
    size_t next = 0;
    for (size_t g = 0; g < count; g++) {
        for (size_t i = 0; i < sides[g].subjects.count; i++, next++) {
            out->subjects.template_id[next] = sides[g].subjects.template_id[i];
            out->subjects.subject_id[next] = sides[g].subjects.subject_id[i];
            out->row[next] = sides[g].row[i];
        }
    }
    return EF_OK;
}

/* The share of mated searches that find the mate within rank i + 1, for every rank up to `ranks`. */
static ef_status make_cmc(double **out, size_t *ranks, const ef_gallery_search *search, size_t galleries, ef_error *err)
{
    size_t most = 0;
    uint64_t mated = 0, found = 0;
    for (size_t g = 0; g < galleries; g++) {
        most = search[g].entries > most ? search[g].entries : most;
    }
    uint64_t *count = ef_alloc_zero(most + 1, sizeof *count);
    double *cmc = ef_alloc(most, sizeof *cmc);
    if (count == NULL || cmc == NULL) {
        free(count);
        free(cmc);
        return ef_fail_memory(err, "a CMC curve");
    }
    for (size_t g = 0; g < galleries; g++) {
        for (size_t i = 0; i < search[g].probes; i++) {
            const ef_search_outcome *outcome = &search[g].outcome[i];
            if (outcome->mates > 0) {
                mated++;
                count[outcome->above + outcome->level]++;
            }
        }
    }
    for (size_t rank = 0; rank < most; rank++) {
        found += count[rank];
        cmc[rank] = mated > 0 ? (double)found / (double)mated : 0;
    }
    free(count);
    *out = cmc;
    *ranks = mated > 0 ? most : 0;
    return EF_OK;
}

/* FPIR and TPIR at every threshold: the best scores of probes without a mate against those of mates that stand alone at rank 1.  A mate that
 * does not is never identified, whatever the threshold: it counts among the mated searches only. */
static ef_status make_det(ef_curve **out, const ef_gallery_search *search, uint64_t mated, ef_error *err)
{
    size_t count = 0;
    ef_curve *full = NULL;
    double *score = ef_alloc(search->probes, sizeof *score);
    unsigned char *label = ef_alloc(search->probes, sizeof *label);
    uint64_t right = 0, alarms = 0;
    ef_status status = score != NULL && label != NULL ? EF_OK : ef_fail_memory(err, "a DET curve");
    for (size_t i = 0; status == EF_OK && i < search->probes; i++) {
        const ef_search_outcome *outcome = &search->outcome[i];
        if (outcome->mates > 0 && outcome->mate > outcome->other) {
            label[count] = 1;
            score[count++] = outcome->mate;
            right++;
        } else if (outcome->mates == 0 && isfinite(outcome->other)) {
            label[count] = 0;
            score[count++] = outcome->other;
            alarms++;
        }
    }
    if (status == EF_OK && right > 0 && alarms > 0) {
        status = ef_curve_create(&full, score, label, count, err);
    }
    if (status == EF_OK && full != NULL) {
        full->genuine = mated;
        status = ef_curve_thin(out, full, EF_CURVE_POINTS, EF_CURVE_TOLERANCE, err);
    }
    ef_curve_free(full);
    free(score);
    free(label);
    return status;
}

static ef_status describe_gallery(ef_result_gallery *out, const ef_result *result, const ef_gallery_search *search, int number,
                                  const experiment *self, ef_error *err)
{
    const ef_identification one = {.gallery = search, .galleries = 1};
    const ef_metric_input input = {.identification = &one};
    out->name = ef_copy_format("gallery_%d", number);
    if (out->name == NULL) {
        return ef_fail_memory(err, "a result");
    }
    out->entries = search->entries;
    for (size_t i = 0; i < search->probes; i++) {
        out->mated += search->outcome[i].mates > 0;
    }
    out->unmated = search->probes - out->mated;
    ef_status status = ef_result_figures(&out->rows, &out->row_count, result, &input, self->protocol, self->options, err);
    if (status == EF_OK) {
        status = make_cmc(&out->cmc, &out->ranks, search, 1, err);
    }
    return status == EF_OK ? make_det(&out->det, search, out->mated, err) : status;
}

/* How many of the highest scores with other subjects the older script's thresholds need. */
static size_t pooled_needed(const experiment *self, size_t probes)
{
    const ef_evaluate_options *options = self->options;
    const ef_metric_request *requests = options->metrics != NULL ? options->metrics : self->protocol->metrics;
    size_t all = options->metrics != NULL ? options->metric_count : self->protocol->metric_count, needed = 0;
    for (size_t i = 0; i < all; i++) {
        if (requests[i].task == EF_IDENTIFY && strcmp(requests[i].metric->name, "tpir_at_fpir") == 0) {
            size_t wanted = (size_t)ceil((double)probes * requests[i].point);
            needed = wanted > needed ? wanted : needed;
        }
    }
    return needed;
}

static ef_status check_identify_counts(ef_result *result, const experiment *self, const side *galleries, size_t count,
                                       const side *probes, ef_error *err)
{
    const ef_protocol *protocol = self->protocol;
    const struct {
        const ef_expected *expected;
        const char *what;
        uint64_t found;
    } counts[] = {
        {&protocol->expect_gallery_1, "templates in gallery 1", galleries[0].subjects.count},
        {&protocol->expect_gallery_2, "templates in gallery 2", count > 1 ? galleries[1].subjects.count : 0},
        {&protocol->expect_probes, "probes", probes->subjects.count},
    };
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < sizeof counts / sizeof *counts; i++) {
        status = ef_plan_expect(&result->partial, result->notes, protocol, counts[i].expected, counts[i].what, counts[i].found,
                                subjects_origin(self, (int)i), self->options->allow_partial, err);
    }
    return status;
}

/* Adds up what the galleries found into the counts of a result, and the figures over all of them. */
static ef_status describe_all(ef_result *result, const ef_identification *all, const experiment *self, ef_error *err)
{
    const ef_metric_input input = {.identification = all};
    result->galleries = ef_alloc_zero(all->galleries, sizeof *result->galleries);
    if (result->galleries == NULL) {
        return ef_fail_memory(err, "a result");
    }
    result->gallery_count = all->galleries;
    result->probes = all->gallery[0].probes;
    ef_status status = EF_OK;
    for (size_t g = 0; status == EF_OK && g < all->galleries; g++) {
        status = describe_gallery(&result->galleries[g], result, &all->gallery[g], (int)g + 1, self, err);
    }
    if (status == EF_OK) {
        status = ef_result_figures(&result->rows, &result->row_count, result, &input, self->protocol, self->options, err);
    }
    return status == EF_OK ? make_cmc(&result->cmc, &result->ranks, all->gallery, all->galleries, err) : status;
}

static ef_status identify(ef_result **out, const experiment *self, ef_error *err)
{
    ef_result *result = NULL;
    side galleries[most_galleries] = {0}, probes = {0}, joined = {0};
    ef_search_outcome *outcome[most_galleries + 1] = {NULL};
    ef_gallery_search search[most_galleries], all;
    double *top = NULL;
    bool second = self->plan->from_set ? ef_set_has(self->set, EF_GALLERY_2) : self->plan->file[EF_FILE_GALLERY_2] != NULL;
    size_t count = second ? 2 : 1, dim = self->templates->dim;
    const ef_work *work = &self->options->work;
    double start = ef_seconds();
    ef_status status = begin(&result, self, EF_IDENTIFY, err);
    for (size_t g = 0; status == EF_OK && g < count; g++) {
        status = side_read(&galleries[g], self, (int)g, err);
    }
    const side *const sides[] = {&probes, &galleries[0], &galleries[1]};
    static const int which[] = {2, 0, 1};
    if (status == EF_OK && (status = side_read(&probes, self, 2, err)) == EF_OK &&
        (status = check_subjects(self, sides, which, count + 1, err)) == EF_OK &&
        (status = check_identify_counts(result, self, galleries, count, &probes, err)) == EF_OK) {
        status = side_union(&joined, galleries, count, err);
    }
    if (status != EF_OK) {
        goto done;
    }
    ef_search_side probe_side = search_side(self, &probes), union_side = search_side(self, &joined);
    size_t wanted = pooled_needed(self, probe_side.count), end[most_galleries] = {0};
    top = ef_alloc(wanted, sizeof *top);
    bool enough = top != NULL;
    for (size_t g = 0; g <= count; g++) {
        outcome[g] = ef_alloc(probe_side.count, sizeof **outcome);
        enough = enough && outcome[g] != NULL;
    }
    for (size_t g = 0; g < count; g++) {
        end[g] = (g > 0 ? end[g - 1] : 0) + galleries[g].subjects.count;
        search[g] = (ef_gallery_search){outcome[g], probe_side.count, galleries[g].subjects.count};
    }
    all = (ef_gallery_search){outcome[count], probe_side.count, union_side.count};
    status =
        enough ? ef_search_galleries(outcome, outcome[count], top, &wanted, &probe_side, &union_side, end, count, dim, work, err)
               : ef_fail_memory(err, "the searches");
    if (status != EF_OK) {
        goto done;
    }
    const ef_identification found = {search, count, &all, top, wanted};
    if ((status = describe_all(result, &found, self, err)) == EF_OK) {
        note_stage(result, "search", ef_seconds() - start);
        *out = result;
        result = NULL;
    }
done:
    for (size_t g = 0; g < most_galleries; g++) {
        side_free(&galleries[g]);
    }
    for (size_t g = 0; g <= most_galleries; g++) {
        free(outcome[g]);
    }
    side_free(&probes);
    side_free(&joined);
    free(top);
    ef_result_free(result);
    return status;
}

/* Whether any figure of a task was asked for. */
static bool is_wanted(const experiment *self, ef_task task)
{
    const ef_evaluate_options *options = self->options;
    const ef_metric_request *requests = options->metrics != NULL ? options->metrics : self->protocol->metrics;
    size_t all = options->metrics != NULL ? options->metric_count : self->protocol->metric_count;
    for (size_t i = 0; i < all; i++) {
        if (requests[i].task == task) {
            return true;
        }
    }
    return false;
}

/* Hashing takes as long as pooling and scoring: it begins before them. */
static ef_status begin_fingerprints(const experiment *self, ef_error *err)
{
    ef_status status = EF_OK;
    for (int file = 0; status == EF_OK && self->options->fingerprints != NULL && file < EF_FILE_COUNT; file++) {
        if ((is_wanted(self, EF_VERIFY_TEMPLATES) && is_read(self, file, EF_VERIFY_TEMPLATES)) ||
            (is_wanted(self, EF_IDENTIFY) && is_read(self, file, EF_IDENTIFY))) {
            status = ef_fingerprints_begin(self->options->fingerprints, self->plan->file[file], err);
        }
    }
    return status;
}

static ef_status remark(const experiment *self, bool pairs, bool galleries, ef_error *err)
{
    ef_status status = ef_remark_images(self->plan, self->set, &self->pool, err);
    if (status == EF_OK && !pairs && is_wanted(self, EF_VERIFY_TEMPLATES)) {
        status = ef_remark_left_out(self->plan, self->protocol, EF_VERIFY_TEMPLATES, err);
    }
    if (status == EF_OK && !galleries && is_wanted(self, EF_IDENTIFY)) {
        status = ef_remark_left_out(self->plan, self->protocol, EF_IDENTIFY, err);
    }
    return status;
}

static ef_status fail_no_task(const experiment *self, ef_error *err)
{
    bool pairs = is_wanted(self, EF_VERIFY_TEMPLATES), galleries = is_wanted(self, EF_IDENTIFY);
    return ef_fail(err, EF_FORMAT, "%s: %s found beside the templates", self->plan->where,
                   pairs && galleries ? "neither a pair list nor galleries and probes were"
                   : pairs            ? "no pair list was"
                                      : "no galleries and probes were");
}

ef_status ef_evaluate_templates(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol,
                                const ef_set *set, const char *model, const ef_evaluate_options *options, ef_error *err)
{
    experiment self = {.protocol = protocol, .set = set, .model = model, .options = options};
    double start = ef_seconds();
    *count = 0;
    if ((protocol->tasks & (EF_VERIFY_TEMPLATES | EF_IDENTIFY)) == 0) {
        return ef_fail(err, EF_INVALID, "%s is not a protocol for templates", protocol->name);
    }
    if (ef_set_rows(set) == 0) {
        return ef_fail(err, EF_FORMAT, "%s has no embeddings", ef_set_name(set));
    }
    ef_status status = choose_pooling(&self, err);
    if (status != EF_OK ||
        (status = ef_template_plan_create(&self.plan, protocol, set, self.pool.weight_quality, options, err)) != EF_OK) {
        return status;
    }
    const ef_template_images *images = &self.plan->images;
    if ((status = begin_fingerprints(&self, err)) == EF_OK) {
        status = ef_pool(&self.templates, set, self.plan->row, images->template_id, images->media_id, self.plan->quality,
                         images->count, &self.pool, err);
    }
    double pool_seconds = ef_seconds() - start;
    if (status == EF_OK) {
        status = ef_plan_expect(&self.plan->partial, self.plan->notes, protocol, &protocol->expect_templates, "templates",
                                self.templates->count, self.plan->where, options->allow_partial, err);
    }
    bool pairs = ef_template_plan_has_pairs(self.plan, set), galleries = ef_template_plan_has_galleries(self.plan, set);
    status = status == EF_OK ? remark(&self, pairs, galleries, err) : status;
    pairs = pairs && is_wanted(&self, EF_VERIFY_TEMPLATES);
    galleries = galleries && is_wanted(&self, EF_IDENTIFY);
    if (status == EF_OK && !pairs && !galleries) {
        status = fail_no_task(&self, err);
    }
    if (status == EF_OK && pairs && (status = verify(&results[*count], &self, err)) == EF_OK) {
        (*count)++;
    }
    if (status == EF_OK && galleries && (status = identify(&results[*count], &self, err)) == EF_OK) {
        (*count)++;
    }
    for (size_t i = 0; status != EF_OK && i < *count; i++) {
        ef_result_free(results[i]);
    }
    *count = status == EF_OK ? *count : 0;
    if (*count > 0) {
        ef_result *result = results[0];
        memmove(result->stages + 1, result->stages, result->stage_count++ * sizeof *result->stages);
        result->stages[0] = (ef_result_stage){"pool", pool_seconds};
    }
    ef_templates_free(self.templates);
    ef_template_plan_free(self.plan);
    return status;
}
