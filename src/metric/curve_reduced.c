/* The reduced curve of very many scores.  Genuine scores are few: sorted, they cut the impostor scores into runs, inside which the curve is
 * straight.  A run is kept as its last point, unless a requested FAR or the equal error rate falls into it: then it is kept whole. */
#include <eface/curve.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/curve_alloc.h"
#include "metric/cut_counts.h"
#include "metric/histogram_parts.h"
#include "metric/sort_scores.h"
#include "base/int128.h"

/* The distinct genuine scores, descending. */
typedef struct genuine_scores {
    double *score;
    uint64_t *count; /* comparisons with each */
    size_t distinct;
} genuine_scores;

static void genuine_free(genuine_scores *self)
{
    free(self->score);
    free(self->count);
}

static ef_status genuine_create(genuine_scores *out, double *genuine, size_t count, ef_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(genuine[i])) {
            return ef_fail(err, EF_INVALID, "a score is not finite");
        }
    }
    genuine_scores self = {.score = ef_alloc(count, sizeof *self.score), .count = ef_alloc(count, sizeof *self.count)};
    ef_status status = self.score != NULL && self.count != NULL ? ef_sort_scores(genuine, count, err)
                                                                : ef_fail_memory(err, "the genuine scores");
    if (status != EF_OK) {
        genuine_free(&self);
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        if (self.distinct == 0 || genuine[i] != self.score[self.distinct - 1]) {
            self.score[self.distinct] = genuine[i];
            self.count[self.distinct++] = 0;
        }
        self.count[self.distinct - 1]++;
    }
    *out = self;
    return EF_OK;
}

/* The impostors by runs: run 2j between distinct genuine scores j-1 and j, run 2j + 1 equal to score j.  The edges of a histogram may
 * cut a run into several intervals. */
typedef struct impostor_runs {
    double *cut; /* genuine scores and edges, descending */
    size_t cuts;
    ef_cut_counts counts;
    size_t *run_of;  /* each interval belongs to */
    uint64_t *count; /* of each run */
    double *least;   /* score of each run 2j, +infinity where it is empty */
} impostor_runs;

static void runs_free(impostor_runs *self)
{
    free(self->cut);
    ef_cut_counts_free(&self->counts);
    free(self->run_of);
    free(self->count);
    free(self->least);
}

/* Merges genuine scores and edges. */
static ef_status make_cuts(impostor_runs *out, const genuine_scores *places, const ef_histogram *histogram, ef_error *err)
{
    double *edge = NULL;
    size_t edges = 0, g = 0, e = 0;
    ef_status status = histogram != NULL ? ef_histogram_cuts(&edge, &edges, histogram, err) : EF_OK;
    if (status != EF_OK) {
        return status;
    }
    if ((out->cut = ef_alloc(places->distinct + edges, sizeof *out->cut)) == NULL) {
        free(edge);
        return ef_fail_memory(err, "the impostor scores");
    }
    while (g < places->distinct || e < edges) {
        double next = e == edges || (g < places->distinct && places->score[g] > edge[e]) ? places->score[g] : edge[e];
        g += g < places->distinct && places->score[g] == next;
        e += e < edges && edge[e] == next;
        out->cut[out->cuts++] = next;
    }
    free(edge);
    return EF_OK;
}

/* Adds up the intervals of each run. */
static void join_intervals(impostor_runs *out, const genuine_scores *places)
{
    const ef_cut_counts *counts = &out->counts;
    size_t g = 0; /* genuine scores above the interval */
    for (size_t i = 0; i <= 2 * counts->cuts; i++) {
        bool closed = i % 2 != 0, genuine = closed && g < places->distinct && counts->cut[i / 2] == places->score[g];
        size_t run = 2 * g + genuine;
        double least = closed && counts->count[i] > 0 ? counts->cut[i / 2] : counts->least[i];
        out->run_of[i] = run;
        out->count[run] += counts->count[i];
        out->least[run] = fmin(out->least[run], least);
        g += genuine;
    }
}

static ef_status runs_create(impostor_runs *out, const genuine_scores *places, const ef_histogram *histogram,
                             const ef_screened *impostors, int threads, ef_error *err)
{
    size_t runs = 2 * places->distinct + 1;
    ef_status status = make_cuts(out, places, histogram, err);
    if (status != EF_OK ||
        (status = ef_cut_counts_create(&out->counts, out->cut, out->cuts, impostors, true, threads, err)) != EF_OK) {
        return status;
    }
    out->run_of = ef_alloc(2 * out->cuts + 1, sizeof *out->run_of);
    out->count = ef_alloc_zero(runs, sizeof *out->count);
    out->least = ef_alloc(runs, sizeof *out->least);
    if (out->run_of == NULL || out->count == NULL || out->least == NULL) {
        return ef_fail_memory(err, "the impostor scores");
    }
    for (size_t i = 0; i < runs; i++) {
        out->least[i] = INFINITY;
    }
    join_intervals(out, places);
    return EF_OK;
}

/* The scores of the runs that are kept whole, descending. */
static ef_status collect(double **out, const impostor_runs *runs, const bool *whole, size_t held, const ef_screened *impostors,
                         int threads, ef_error *err)
{
    bool *wanted = ef_alloc(2 * runs->cuts + 1, sizeof *wanted);
    if (wanted == NULL) {
        return ef_fail_memory(err, "the impostor scores");
    }
    for (size_t i = 0; i <= 2 * runs->cuts; i++) {
        wanted[i] = whole[runs->run_of[i]];
    }
    ef_status status = ef_cut_counts_collect(out, &runs->counts, wanted, held, impostors, threads, err);
    free(wanted);
    return status;
}

/* Marks the runs in which an impostor of a rank within two of FAR * impostors stands: the nearest points of the thinned curve, and the exact
 * threshold, lie there; and the run inside which FMR passes FNMR, for the threshold of the equal error rate.  Returns how many impostors they
 * hold. */
static size_t mark_runs(bool *whole, const impostor_runs *runs, const genuine_scores *places, size_t genuine, size_t impostors,
                        const double *far, size_t far_count)
{
    size_t held = 0;
    uint64_t before = 0, missed = genuine;
    for (size_t i = 0; i < 2 * places->distinct + 1; i++) {
        uint64_t after = before + runs->count[i];
        bool long_run = i % 2 == 0 && runs->count[i] > 1;
        ef_wide equal = ef_product(missed, impostors);
        whole[i] = long_run && ef_product(before, genuine) < equal && equal < ef_product(after, genuine);
        for (size_t k = 0; long_run && k < far_count; k++) {
            double rank = far[k] * (double)impostors;
            whole[i] = whole[i] || ((double)before <= rank + 2 && (double)after >= rank - 2);
        }
        held += whole[i] ? runs->count[i] : 0;
        uint64_t tied = i % 2 == 1 ? places->count[i / 2] : 0;
        missed -= tied;
        before = after;
    }
    return held;
}

static void put(ef_curve *curve, double threshold, uint64_t false_matches, uint64_t true_matches)
{
    size_t i = curve->points++;
    curve->threshold[i] = threshold;
    curve->false_matches[i] = false_matches;
    curve->true_matches[i] = true_matches;
}

static void fill(ef_curve *curve, const genuine_scores *places, const impostor_runs *runs, const bool *whole, const double *kept)
{
    uint64_t false_matches = 0, true_matches = 0;
    curve->points = 0;
    put(curve, INFINITY, 0, 0);
    for (size_t j = 0; j <= places->distinct; j++) {
        uint64_t run = runs->count[2 * j];
        for (uint64_t i = 0; whole[2 * j] && i < run; i++) {
            false_matches++;
            if (i + 1 == run || kept[i + 1] != kept[i]) {
                put(curve, kept[i], false_matches, true_matches);
            }
        }
        if (whole[2 * j]) {
            kept += run;
        } else if (run > 0) {
            false_matches += run;
            put(curve, runs->least[2 * j], false_matches, true_matches);
        }
        if (j < places->distinct) {
            false_matches += runs->count[2 * j + 1];
            true_matches += places->count[j];
            put(curve, places->score[j], false_matches, true_matches);
        }
    }
}

ef_status ef_curve_create_reduced(ef_curve **out, ef_histogram *histogram, double *genuine, size_t genuine_count,
                                  const ef_screened *impostors, const double *far, size_t far_count, int threads, ef_error *err)
{
    genuine_scores places = {0};
    impostor_runs runs = {0};
    bool *whole = NULL;
    double *kept = NULL;
    ef_curve *curve = NULL;
    if (genuine_count == 0 || impostors->count == 0) {
        return ef_fail(err, EF_INVALID, "no %s comparison among %zu", genuine_count == 0 ? "genuine" : "impostor",
                       genuine_count + impostors->count);
    }
    ef_status status = genuine_create(&places, genuine, genuine_count, err);
    if (status != EF_OK || (status = runs_create(&runs, &places, histogram, impostors, threads, err)) != EF_OK) {
        goto done;
    }
    if (histogram != NULL && ((status = ef_histogram_add_genuine(histogram, genuine, genuine_count, err)) != EF_OK ||
                              (status = ef_histogram_add_counts(histogram, &runs.counts, err)) != EF_OK)) {
        goto done;
    }
    size_t run_count = 2 * places.distinct + 1;
    whole = ef_alloc(run_count, sizeof *whole);
    if (whole == NULL) {
        status = ef_fail_memory(err, "the impostor scores");
        goto done;
    }
    size_t held = mark_runs(whole, &runs, &places, genuine_count, impostors->count, far, far_count);
    if ((status = collect(&kept, &runs, whole, held, impostors, threads, err)) == EF_OK &&
        (status = ef_curve_alloc(&curve, 1 + run_count + held, err)) == EF_OK) {
        curve->genuine = genuine_count;
        curve->impostors = impostors->count;
        fill(curve, &places, &runs, whole, kept);
        *out = curve;
    }
done:
    genuine_free(&places);
    runs_free(&runs);
    free(whole);
    free(kept);
    return status;
}
