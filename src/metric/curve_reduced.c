/* The reduced curve of very many scores.  Genuine scores are few: sorted, they cut the impostor scores into runs, inside which the curve is
 * straight.  A run is kept as its last point, unless a requested FAR or the equal error rate falls into it: then it is kept whole. */
#include <eface/curve.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "metric/curve_alloc.h"

enum { bins = 65536, pieces = 64 };

/* The distinct genuine scores, descending, and what finds the place of an impostor score among them.  Interval 2j is the run of impostors
 * strictly between score[j-1] and score[j], interval 2j+1 those equal to score[j]. */
typedef struct place_table {
    double *score;
    uint64_t *count; /* genuine comparisons with each */
    size_t distinct;
    double low, scale; /* bin of s is (s - low) * scale, kept within 0 .. bins-1 */
    uint32_t *first;   /* per bin: how many genuine scores lie in higher bins */
} place_table;

/* What was counted of the impostors: per worker, then summed into the first. */
typedef struct run_tally {
    uint64_t *count; /* per interval */
    double *least;   /* lowest score of an interval */
} run_tally;

typedef struct counting {
    const place_table *places;
    const double *impostor;
    size_t count;
    run_tally *tallies;
    bool *bad; /* per piece: a score that is not finite */
} counting;

static int descending(const void *a, const void *b)
{
    double left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left < right) - (left > right);
}

static size_t bin_of(const place_table *self, double score)
{
    double bin = (score - self->low) * self->scale;
    return bin <= 0 ? 0 : bin >= bins - 1 ? bins - 1 : (size_t)bin;
}

/* The interval of a score.  Bins ascend with scores, so only genuine scores of the same bin need a comparison. */
static size_t interval_of(const place_table *self, double score)
{
    size_t j = self->first[bin_of(self, score)];
    while (j < self->distinct && self->score[j] > score) {
        j++;
    }
    return 2 * j + (j < self->distinct && self->score[j] == score);
}

static void places_free(place_table *self)
{
    free(self->score);
    free(self->count);
    free(self->first);
}

static ef_status places_create(place_table *out, double *genuine, size_t count, ef_error *err)
{
    place_table self = {.score = ef_alloc(count, sizeof *self.score),
                        .count = ef_alloc(count, sizeof *self.count),
                        .first = ef_alloc(bins, sizeof *self.first)};
    if (self.score == NULL || self.count == NULL || self.first == NULL) {
        places_free(&self);
        return ef_fail_memory(err, "the genuine scores");
    }
    qsort(genuine, count, sizeof *genuine, descending);
    for (size_t i = 0; i < count; i++) {
        if (self.distinct == 0 || genuine[i] != self.score[self.distinct - 1]) {
            self.score[self.distinct] = genuine[i];
            self.count[self.distinct++] = 0;
        }
        self.count[self.distinct - 1]++;
    }
    self.low = self.score[self.distinct - 1];
    double width = self.score[0] - self.low;
    self.scale = width > 0 ? bins / width : 0;
    size_t j = 0;
    for (size_t bin = bins; bin-- > 0;) {
        while (j < self.distinct && bin_of(&self, self.score[j]) > bin) {
            j++;
        }
        self.first[bin] = (uint32_t)j;
    }
    *out = self;
    return EF_OK;
}

static void piece_range(size_t *first, size_t *end, size_t count, size_t piece)
{
    *first = count / pieces * piece + (piece < count % pieces ? piece : count % pieces);
    *end = *first + count / pieces + (piece < count % pieces);
}

static void count_piece(void *data, size_t piece, int worker)
{
    counting *self = data;
    run_tally *mine = &self->tallies[worker];
    size_t first, end;
    piece_range(&first, &end, self->count, piece);
    for (size_t i = first; i < end; i++) {
        double score = self->impostor[i];
        if (!isfinite(score)) {
            self->bad[piece] = true;
            return;
        }
        size_t interval = interval_of(self->places, score);
        mine->count[interval]++;
        if (score < mine->least[interval]) {
            mine->least[interval] = score;
        }
    }
}

/* Counts the impostors of every interval on all threads; the sums do not depend on who counted what. */
static ef_status count_impostors(run_tally *out, const place_table *places, const double *impostor, size_t count, int threads,
                                 ef_error *err)
{
    ef_status status = EF_OK;
    bool bad[pieces] = {false};
    size_t intervals = 2 * places->distinct + 1;
    if (threads <= 0) {
        threads = ef_processors();
    }
    run_tally *tallies = ef_alloc_zero((size_t)threads, sizeof *tallies);
    if (tallies == NULL) {
        return ef_fail_memory(err, "the impostor scores");
    }
    for (int t = 0; t < threads; t++) {
        tallies[t].count = ef_alloc_zero(intervals, sizeof *tallies[t].count);
        tallies[t].least = ef_alloc(intervals, sizeof *tallies[t].least);
        if (tallies[t].count == NULL || tallies[t].least == NULL) {
            status = ef_fail_memory(err, "the impostor scores");
            goto done;
        }
        for (size_t i = 0; i < intervals; i++) {
            tallies[t].least[i] = INFINITY;
        }
    }
    counting job = {places, impostor, count, tallies, bad};
    ef_parallel_for(threads, pieces, count_piece, &job);
    for (size_t piece = 0; piece < pieces; piece++) {
        if (bad[piece]) {
            status = ef_fail(err, EF_INVALID, "a score is not finite");
            goto done;
        }
    }
    for (int t = 1; t < threads; t++) {
        for (size_t i = 0; i < intervals; i++) {
            tallies[0].count[i] += tallies[t].count[i];
            tallies[0].least[i] = fmin(tallies[0].least[i], tallies[t].least[i]);
        }
    }
    *out = tallies[0];
    tallies[0] = (run_tally){NULL, NULL};
done:
    for (int t = 0; t < threads; t++) {
        free(tallies[t].count);
        free(tallies[t].least);
    }
    free(tallies);
    return status;
}

/* Marks the runs in which an impostor of a rank within two of FAR * impostors stands: the nearest points of the thinned curve, and the exact
 * threshold, lie there; and the run inside which FMR passes FNMR, for the threshold of the equal error rate.  Returns how many impostors they
 * hold. */
static size_t mark_runs(bool *whole, const run_tally *tally, const place_table *places, size_t genuine, size_t impostors,
                        const double *far, size_t far_count)
{
    size_t held = 0;
    double before = 0, missed = (double)genuine;
    for (size_t i = 0; i < 2 * places->distinct + 1; i++) {
        double after = before + (double)tally->count[i];
        bool long_run = i % 2 == 0 && tally->count[i] > 1;
        double equal = missed * (double)impostors;
        whole[i] = long_run && before * (double)genuine < equal && equal < after * (double)genuine;
        for (size_t k = 0; long_run && k < far_count; k++) {
            double rank = far[k] * (double)impostors;
            whole[i] = whole[i] || (before <= rank + 2 && after >= rank - 2);
        }
        held += whole[i] ? tally->count[i] : 0;
        uint64_t tied = i % 2 == 1 ? places->count[i / 2] : 0;
        missed -= (double)tied;
        before = after;
    }
    return held;
}

/* The bins that scores of marked runs may be in: those between the genuine scores on both sides of a run. */
static bool *mark_bins(const bool *whole, const place_table *places)
{
    bool *marked = ef_alloc_zero(bins, sizeof *marked);
    for (size_t j = 0; marked != NULL && j <= places->distinct; j++) {
        size_t low = j < places->distinct ? bin_of(places, places->score[j]) : 0;
        size_t high = j > 0 ? bin_of(places, places->score[j - 1]) : bins - 1;
        if (whole[2 * j]) {
            memset(marked + low, true, high - low + 1);
        }
    }
    return marked;
}

/* Collects the impostors of the marked runs, sorted: as runs descend, so do their scores. */
static double *gather(size_t held, const bool *whole, const place_table *places, const double *impostor, size_t count)
{
    size_t next = 0;
    bool *marked = mark_bins(whole, places);
    double *kept = marked != NULL ? ef_alloc(held, sizeof *kept) : NULL;
    for (size_t i = 0; kept != NULL && next < held && i < count; i++) {
        if (marked[bin_of(places, impostor[i])] && whole[interval_of(places, impostor[i])]) {
            kept[next++] = impostor[i];
        }
    }
    free(marked);
    if (kept != NULL && held > 0) {
        qsort(kept, held, sizeof *kept, descending);
    }
    return kept;
}

static void put(ef_curve *curve, double threshold, uint64_t false_matches, uint64_t true_matches)
{
    size_t i = curve->points++;
    curve->threshold[i] = threshold;
    curve->false_matches[i] = false_matches;
    curve->true_matches[i] = true_matches;
}

static void fill(ef_curve *curve, const place_table *places, const run_tally *tally, const bool *whole, const double *kept)
{
    uint64_t false_matches = 0, true_matches = 0;
    curve->points = 0;
    put(curve, INFINITY, 0, 0);
    for (size_t j = 0; j <= places->distinct; j++) {
        uint64_t run = tally->count[2 * j];
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
            put(curve, tally->least[2 * j], false_matches, true_matches);
        }
        if (j < places->distinct) {
            false_matches += tally->count[2 * j + 1];
            true_matches += places->count[j];
            put(curve, places->score[j], false_matches, true_matches);
        }
    }
}

ef_status ef_curve_create_reduced(ef_curve **out, double *genuine, size_t genuine_count, const double *impostor,
                                  size_t impostor_count, const double *far, size_t far_count, int threads, ef_error *err)
{
    place_table places = {0};
    run_tally tally = {NULL, NULL};
    bool *whole = NULL;
    double *kept = NULL;
    ef_curve *curve = NULL;
    if (genuine_count == 0 || impostor_count == 0) {
        return ef_fail(err, EF_INVALID, "no %s comparison among %zu", genuine_count == 0 ? "genuine" : "impostor",
                       genuine_count + impostor_count);
    }
    for (size_t i = 0; i < genuine_count; i++) {
        if (!isfinite(genuine[i])) {
            return ef_fail(err, EF_INVALID, "a score is not finite");
        }
    }
    ef_status status = places_create(&places, genuine, genuine_count, err);
    if (status != EF_OK || (status = count_impostors(&tally, &places, impostor, impostor_count, threads, err)) != EF_OK) {
        goto done;
    }
    size_t intervals = 2 * places.distinct + 1, held = 0;
    whole = ef_alloc(intervals, sizeof *whole);
    if (whole != NULL) {
        held = mark_runs(whole, &tally, &places, genuine_count, impostor_count, far, far_count);
        kept = gather(held, whole, &places, impostor, impostor_count);
    }
    if (kept == NULL) {
        status = ef_fail_memory(err, "the impostor scores");
        goto done;
    }
    status = ef_curve_alloc(&curve, 1 + intervals + held, err);
    if (status == EF_OK) {
        curve->genuine = genuine_count;
        curve->impostors = impostor_count;
        fill(curve, &places, &tally, whole, kept);
        *out = curve;
    }
done:
    places_free(&places);
    free(tally.count);
    free(tally.least);
    free(whole);
    free(kept);
    return status;
}
