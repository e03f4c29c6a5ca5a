#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <eface/identify.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/seconds.h"
#include "evaluate/build_result.h"
#include "evaluate/notes.h"
#include "evaluate/pair_plan.h"
#include "evaluate/template_tasks.h"
#include "evaluate/wanted.h"

enum { most_galleries = 2 };

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
static const char *subjects_origin(const ef_template_experiment *self, int which)
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
static ef_status fail_no_images(const ef_template_experiment *self, int which, const ef_subjects *subjects, size_t index,
                                ef_error *err)
{
    char place[32] = "";
    if (subjects->place != NULL) {
        snprintf(place, sizeof place, self->plan->from_set ? " row %zu" : ":%zu", subjects->place[index]);
    }
    return ef_fail(err, EF_FORMAT, "%s%s: template %lld has no images", subjects_origin(self, which), place,
                   (long long)subjects->template_id[index]);
}

static ef_status side_read(side *out, const ef_template_experiment *self, int which, ef_error *err)
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
static ef_status check_subjects(const ef_template_experiment *self, const side *const *sides, const int *which, size_t count,
                                ef_error *err)
{
    size_t templates = self->templates->count;
    int64_t *subject = ef_alloc(templates, sizeof *subject);
    int *list = ef_alloc_zero(templates, sizeof *list); /* where the subject is from, from 1; 0: not known yet */
    ef_status status = subject != NULL && list != NULL ? EF_OK : ef_fail_memory(err, "the subjects");
    for (size_t s = 0; status == EF_OK && s < count; s++) {
        for (size_t i = 0; status == EF_OK && i < sides[s]->subjects.count; i++) {
            size_t row = sides[s]->row[i];
            int64_t own = sides[s]->subjects.subject_id[i];
            if (own < 0) { /* nobody known contradicts nothing */
                continue;
            }
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

static ef_search_side search_side(const ef_template_experiment *self, const side *from)
{
    return (ef_search_side){self->templates->unit, from->row, from->subjects.subject_id, from->subjects.count};
}

/* Nobody known is nobody's mate: gives each of those templates a subject of its own, and counts them. */
static size_t tell_strangers(side *self, int64_t *next)
{
    size_t strangers = 0;
    for (size_t i = 0; i < self->subjects.count; i++) {
        if (self->subjects.subject_id[i] < 0) {
            self->subjects.subject_id[i] = (*next)--;
            strangers++;
        }
    }
    return strangers;
}

static ef_status note_strangers(ef_result *result, side *galleries, size_t count, side *probes, ef_error *err)
{
    int64_t next = -1;
    size_t entries = 0, all = 0, searches = tell_strangers(probes, &next);
    for (size_t g = 0; g < count; g++) {
        entries += tell_strangers(&galleries[g], &next);
        all += galleries[g].subjects.count;
    }
    return searches + entries == 0 ? EF_OK
                                   : ef_note(result->notes, err,
                                             "of nobody known (subjects below 0), so without a mate: %zu of %zu probes, %zu of "
                                             "%zu templates in galleries",
                                             searches, probes->subjects.count, entries, all);
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
                                  const ef_template_experiment *self, ef_error *err)
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
static size_t pooled_needed(const ef_template_experiment *self, size_t probes)
{
    const ef_wanted wanted = ef_wanted_of(self->protocol, self->options);
    size_t needed = 0;
    for (size_t i = 0; i < wanted.count; i++) {
        const ef_metric_request *request = &wanted.request[i];
        if (request->task == EF_IDENTIFY && (request->metric->needs & EF_NEEDS_POOLED_TOP) != 0) {
            size_t share = (size_t)ceil((double)probes * request->point);
            needed = share > needed ? share : needed;
        }
    }
    return needed;
}

/* Where a benchmark has more probes than gallery entries, and the lists have it the other way round, they may have been swapped. */
static ef_status note_swapped(ef_result *result, const ef_template_experiment *self, const side *galleries, size_t count,
                              const side *probes, ef_error *err)
{
    const ef_protocol *protocol = self->protocol;
    const ef_expected *expected[most_galleries] = {&protocol->expect_gallery_1, &protocol->expect_gallery_2};
    ef_status status = EF_OK;
    for (size_t g = 0; status == EF_OK && result->partial && g < count; g++) {
        size_t entries = galleries[g].subjects.count, searches = probes->subjects.count;
        if (expected[g]->known && protocol->expect_probes.known && expected[g]->count < protocol->expect_probes.count &&
            entries > searches) {
            status = ef_note(
                result->notes, err,
                "gallery %zu has %zu templates and the probes %zu, where %s has more probes: are the two lists swapped (%s, "
                "%s)?",
                g + 1, entries, searches, protocol->title, subjects_origin(self, (int)g), subjects_origin(self, 2));
        }
    }
    return status;
}

static ef_status check_identify_counts(ef_result *result, const ef_template_experiment *self, const side *galleries, size_t count,
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
    return status == EF_OK ? note_swapped(result, self, galleries, count, probes, err) : status;
}

/* Adds up what the galleries found into the counts of a result, and the figures over all of them. */
static ef_status describe_all(ef_result *result, const ef_identification *all, const ef_template_experiment *self, ef_error *err)
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

ef_status ef_identify_templates(ef_result **out, const ef_template_experiment *self, ef_error *err)
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
    ef_status status = ef_template_result_begin(&result, self, EF_IDENTIFY, err);
    for (size_t g = 0; status == EF_OK && g < count; g++) {
        status = side_read(&galleries[g], self, (int)g, err);
    }
    const side *const sides[] = {&probes, &galleries[0], &galleries[1]};
    static const int which[] = {2, 0, 1};
    if (status == EF_OK && (status = side_read(&probes, self, 2, err)) == EF_OK &&
        (status = check_subjects(self, sides, which, count + 1, err)) == EF_OK &&
        (status = check_identify_counts(result, self, galleries, count, &probes, err)) == EF_OK &&
        (status = note_strangers(result, galleries, count, &probes, err)) == EF_OK) {
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
        search[g] =
            (ef_gallery_search){.outcome = outcome[g], .probes = probe_side.count, .entries = galleries[g].subjects.count};
    }
    all = (ef_gallery_search){.outcome = outcome[count], .probes = probe_side.count, .entries = union_side.count};
    status =
        enough ? ef_search_galleries(outcome, outcome[count], top, &wanted, &probe_side, &union_side, end, count, dim, work, err)
               : ef_fail_memory(err, "the searches");
    if (status != EF_OK) {
        goto done;
    }
    const ef_identification found = {search, count, &all, top, wanted};
    if ((status = describe_all(result, &found, self, err)) == EF_OK &&
        (!self->no_pairs || (status = ef_result_check_searches(result, &found, err)) == EF_OK)) {
        ef_template_result_stage(result, "search", ef_seconds() - start);
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
