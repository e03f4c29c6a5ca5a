#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/seconds.h"
#include "evaluate/build_result.h"
#include "evaluate/contradictions.h"
#include "evaluate/low_genuine.h"
#include "evaluate/notes.h"
#include "evaluate/pair_plan.h"
#include "evaluate/template_identity.h"
#include "evaluate/template_tasks.h"
#include "evaluate/wanted.h"
#include "score/template_scores.h"

enum { set_piece = 1 << 20 /* pairs read from a set at a time */ };

static void report(const ef_template_experiment *self, const char *stage, uint64_t done, uint64_t total)
{
    const ef_progress *progress = self->options->work.progress;
    if (progress != NULL) {
        progress->report(progress->context, stage, done < total ? done : total, total);
    }
}

static ef_status file_list(ef_template_scores *scores, ef_template_calls *calls, const ef_template_experiment *self,
                           ef_error *err)
{
    const ef_templates *templates = self->templates;
    int threads = self->options->work.threads;
    ef_template_pairs *pairs = NULL;
    ef_template_pair_chunk chunk = {0};
    const ef_expected *expected = &self->protocol->expect_pairs;
    uint64_t read = 0;
    ef_status status = ef_template_plan_open_pairs(&pairs, self->plan, templates->id, templates->count, threads, err);
    while (status == EF_OK && (status = ef_template_pairs_next(pairs, &chunk, err)) == EF_OK && chunk.count > 0) {
        ef_template_calls_meet(calls, self, chunk.a, chunk.b, chunk.genuine, chunk.count, chunk.first_line);
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
static ef_status file_set(ef_template_scores *scores, ef_template_calls *calls, const ef_template_experiment *self, ef_error *err)
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
            ef_template_calls_meet(calls, self, a, b, label, count, first);
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

static ef_status check_verify_counts(ef_result *result, const ef_template_experiment *self, ef_error *err)
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
static ef_status score_pairs(ef_template_scores **out, ef_template_calls *calls, ef_result *result,
                             const ef_template_experiment *self, ef_error *err)
{
    const ef_templates *templates = self->templates;
    const ef_expected *expected = &self->protocol->expect_pairs;
    int threads = self->options->work.threads;
    ef_template_scores *scores = NULL;
    double start = ef_seconds();
    ef_status status = ef_template_scores_create(&scores, templates->unit, templates->count, templates->dim,
                                                 expected->known ? (size_t)expected->count : 0, err);
    if (status != EF_OK ||
        (status = self->plan->from_set ? file_set(scores, calls, self, err) : file_list(scores, calls, self, err)) != EF_OK) {
        ef_template_scores_free(scores);
        return status;
    }
    double middle = ef_seconds();
    report(self, "scoring pairs", 0, 1); /* threads do it in one go */
    if ((status = ef_template_scores_compute(scores, threads, err)) != EF_OK) {
        ef_template_scores_free(scores);
        return status;
    }
    ef_template_result_stage(result, "parse", middle - start);
    ef_template_result_stage(result, "score", ef_seconds() - middle);
    *out = scores;
    return EF_OK;
}

/* Pairs that stand in the list again. */
static ef_status find_repeats(ef_result *result, const ef_template_scores *scores, const ef_template_experiment *self,
                              ef_error *err)
{
    ef_pair_repeats repeats;
    const char *where = self->plan->from_set ? ef_set_field_name(self->set, EF_TEMPLATE_PAIRS) : self->plan->file[EF_FILE_PAIRS];
    ef_status status = ef_template_scores_repeats(&repeats, scores, self->options->work.threads, err);
    if (status != EF_OK) {
        return status;
    }
    result->repeated_impostors = repeats.again[0];
    result->repeated_genuine = repeats.again[1];
    const int64_t *id = self->templates->id;
    status = ef_note_repeats(result->notes, &repeats, "a template", err);
    return status == EF_OK ? ef_settle_both_calls(result->notes, &repeats, where, "templates", id[repeats.first_both.a],
                                                  id[repeats.first_both.b], self->options->allow_contradictions, err)
                           : status;
}

ef_status ef_verify_templates(ef_result **out, const ef_template_experiment *self, ef_error *err)
{
    ef_result *result = NULL;
    ef_curve *curve = NULL, *dropped = NULL;
    ef_template_scores *scores = NULL;
    ef_template_calls calls = {0};
    size_t point_count, genuine_count;
    int threads = self->options->work.threads;
    double *points = ef_wanted_points(&point_count, ef_wanted_of(self->protocol, self->options), EF_VERIFY_TEMPLATES);
    ef_status status =
        points != NULL ? ef_template_result_begin(&result, self, EF_VERIFY_TEMPLATES, err) : ef_fail_memory(err, "a result");
    if (status != EF_OK || (status = score_pairs(&scores, &calls, result, self, err)) != EF_OK) {
        goto done;
    }
    double start = ef_seconds(), *genuine = ef_template_scores_genuine(scores, &genuine_count);
    const ef_screened impostors = ef_template_scores_impostors(scores);
    result->genuine = genuine_count;
    result->impostors = impostors.count;
    result->pairs = result->genuine + result->impostors;
    const double most = 1 + 1e-9; /* rounding may leave a cosine a hair beyond 1 */
    if ((status = check_verify_counts(result, self, err)) != EF_OK ||
        (status = ef_template_calls_settle(&calls, self, result->notes, err)) != EF_OK ||
        (status = find_repeats(result, scores, self, err)) != EF_OK ||
        (status = ef_histogram_create_empty(&result->histogram, -most, most, EF_HISTOGRAM_BINS, err)) != EF_OK ||
        (status = ef_curve_create_reduced(&curve, result->histogram, genuine, genuine_count, &impostors, points, point_count,
                                          threads, err)) != EF_OK ||
        (status = ef_curve_drop_intermediate(&dropped, curve, err)) != EF_OK) {
        goto done;
    }
    const ef_metric_input input = {.curve = curve, .dropped = dropped};
    if ((status = ef_result_figures(&result->rows, &result->row_count, result, &input, self->protocol, self->options, err)) !=
            EF_OK ||
        (status = ef_result_draw(result, curve, NULL, err)) != EF_OK ||
        (status = ef_note_collapse(result->notes, curve->threshold[curve->points - 1], curve->threshold[1], result->histogram,
                                   err)) != EF_OK) {
        goto done;
    }
    ef_template_result_stage(result, "curve", ef_seconds() - start);
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
