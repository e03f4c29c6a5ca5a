#include "metric/cut_counts.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "metric/sort_scores.h"

enum {
    bins = 65536,
    pieces = 64,
    stretch = 1024, /* approximations that are looked at together */
};

#define TALLIES ((size_t)1 << 24) /* numbers in the tallies of all threads */

/* What the scores of a bin need. */
typedef enum need {
    NEED_NOTHING, /* one open interval holds them all */
    NEED_LEAST,   /* the same, and the lowest score of the interval may be among them */
    NEED_PLACE,   /* a cut is near */
} need;

struct ef_cut_bins {
    float low, scale;         /* bin of s is (s - low) * scale, kept within 0 .. bins-1; it never falls as s rises */
    uint32_t above[bins];     /* how many cuts lie above all scores of the bin */
    unsigned char need[bins]; /* a need */
    uint64_t count[bins];     /* approximations */
    size_t *lowest, *highest; /* of each cut: the bins that an approximation of a score equal to it may be in */
};

/* What the threads share; each has the tallies of its number. */
typedef struct counting {
    const ef_cut_counts *counts;
    const ef_screened *scores;
    bool want_least;
    uint64_t *count; /* `width` for each thread: of bins, later of intervals */
    double *least;   /* cuts + 1 for each thread */
    size_t width;
    atomic_bool bad;
} counting;

static size_t bin_of(const ef_cut_bins *self, float score)
{
    float bin = (score - self->low) * self->scale;
    return bin > 0 ? bin < bins - 1 ? (size_t)bin : bins - 1 : 0;
}

/* The same for `count` scores, at most a stretch. */
static void bins_of(uint16_t *bin, const ef_cut_bins *self, const float *score, size_t count)
{
    typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
    typedef int32_t four_bins __attribute__((vector_size(16)));
    const four zero = {0}, last = zero + (float)(bins - 1);
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        four at = (*(const four *)(const void *)(score + i) - self->low) * self->scale;
        four_bins low = at > zero, high = at >= last;
        at = (four)(((four_bins)at & low & ~high) | ((four_bins)last & high));
        four_bins found = __builtin_convertvector(at, four_bins);
        for (int l = 0; l < 4; l++) {
            bin[i + (size_t)l] = (uint16_t)found[l];
        }
    }
    for (; i < count; i++) {
        bin[i] = (uint16_t)bin_of(self, score[i]);
    }
}

/* Approximations below this, and above the next, belong to scores that are not equal to the cut. */
static float reach_down(double cut, double slack)
{
    return nextafterf((float)fmin(fmax(cut - slack, -FLT_MAX), FLT_MAX), -INFINITY);
}

static float reach_up(double cut, double slack)
{
    return nextafterf((float)fmin(fmax(cut + slack, -FLT_MAX), FLT_MAX), INFINITY);
}

/* A scale of 0, where the cuts are too far apart for float32, puts all into one bin: slow, but right. */
static void choose_scale(ef_cut_bins *self, const ef_cut_counts *counts, double slack)
{
    float low = reach_down(counts->cut[counts->cuts - 1], slack), high = reach_up(counts->cut[0], slack);
    bool usable = isfinite(low) && isfinite(high - low);
    self->low = usable ? low : 0;
    self->scale = usable ? (float)bins / (high - low) : 0;
}

/* Marks the bins that cuts can reach, and finds how many cuts lie above each bin.  As cuts descend, so do the bins they reach. */
static void mark_reach(ef_cut_bins *self, const ef_cut_counts *counts, double slack)
{
    size_t marked = bins; /* from this bin on, all that cuts reach is marked */
    memset(self->need, NEED_NOTHING, bins);
    for (size_t j = 0; j < counts->cuts; j++) {
        self->lowest[j] = bin_of(self, reach_down(counts->cut[j], slack));
        self->highest[j] = bin_of(self, reach_up(counts->cut[j], slack));
        for (size_t bin = self->lowest[j]; bin <= self->highest[j] && bin < marked; bin++) {
            self->need[bin] = NEED_PLACE;
        }
        marked = self->lowest[j];
    }
    size_t j = 0;
    for (size_t bin = bins; bin-- > 0;) {
        while (j < counts->cuts && self->lowest[j] > bin) {
            j++;
        }
        self->above[bin] = (uint32_t)j;
    }
}

static ef_status bins_create(ef_cut_bins **out, const ef_cut_counts *counts, double slack, ef_error *err)
{
    ef_cut_bins *self = calloc(1, sizeof *self);
    if (self == NULL || (self->lowest = ef_alloc(counts->cuts, sizeof *self->lowest)) == NULL ||
        (self->highest = ef_alloc(counts->cuts, sizeof *self->highest)) == NULL) {
        if (self != NULL) {
            free(self->lowest);
        }
        free(self);
        return ef_fail_memory(err, "the bins of scores");
    }
    choose_scale(self, counts, slack);
    mark_reach(self, counts, slack);
    *out = self;
    return EF_OK;
}

void ef_cut_counts_free(ef_cut_counts *counts)
{
    if (counts->bins != NULL) {
        free(counts->bins->lowest);
        free(counts->bins->highest);
        free(counts->bins);
    }
    free(counts->count);
    free(counts->least);
    *counts = (ef_cut_counts){0};
}

static size_t piece_begin(const ef_screened *scores, size_t piece)
{
    return scores->count / pieces * piece + (piece < scores->count % pieces ? piece : scores->count % pieces);
}

static bool all_finite(const float *score, size_t count)
{
    typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
    four zeros = {0}; /* stay zero unless a score is infinite or not a number */
    float zero = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        zeros += *(const four *)(const void *)(score + i) * 0;
    }
    for (; i < count; i++) {
        zero += score[i] * 0;
    }
    return zero + zeros[0] + zeros[1] + zeros[2] + zeros[3] == 0;
}

static void count_bins(void *data, size_t piece, int worker)
{
    counting *self = data;
    uint64_t *count = self->count + (size_t)worker * self->width;
    const ef_cut_bins *table = self->counts->bins;
    const float *score = self->scores->approximate;
    uint16_t bin[stretch];
    size_t end = piece_begin(self->scores, piece + 1);
    for (size_t i = piece_begin(self->scores, piece); i < end;) {
        size_t stop = end - i < stretch ? end : i + stretch;
        if (!all_finite(score + i, stop - i)) {
            atomic_store(&self->bad, true);
            return;
        }
        bins_of(bin, table, score + i, stop - i);
        for (size_t k = 0; k < stop - i; k++) {
            count[bin[k]]++;
        }
        i = stop;
    }
}

/* -0 becomes +0, so that the lowest of equal scores does not depend on their order. */
static double exact_score(const ef_screened *scores, size_t i)
{
    return scores->exact(scores->context, i) + 0.0;
}

/* How many cuts lie above `score`, given that the first `from` do. */
static size_t cuts_above(const ef_cut_counts *counts, size_t from, double score)
{
    size_t step = 1, low = from, end = from;
    while (end < counts->cuts && counts->cut[end] > score) {
        low = end + 1;
        end = counts->cuts - end > step ? end + step : counts->cuts;
        step *= 2;
    }
    while (low < end) {
        size_t middle = low + (end - low) / 2;
        if (counts->cut[middle] > score) {
            low = middle + 1;
        } else {
            end = middle;
        }
    }
    return low;
}

/* The interval of score i, which is in `bin`; and the exact score if it had to be computed, else NAN. */
static size_t place(double *exact, const ef_cut_counts *counts, const ef_screened *scores, size_t i, size_t bin)
{
    double about = (double)scores->approximate[i];
    size_t j = counts->bins->above[bin];
    *exact = NAN;
    if (counts->bins->need[bin] != NEED_PLACE) {
        return 2 * j;
    }
    j = cuts_above(counts, j, about + scores->slack);
    if (j == counts->cuts || counts->cut[j] < about - scores->slack) {
        return 2 * j;
    }
    *exact = exact_score(scores, i);
    j = cuts_above(counts, j, *exact);
    return 2 * j + (j < counts->cuts && counts->cut[j] == *exact);
}

/* Counts score i, and compares it with the least of its interval. */
static void count_one(const counting *self, uint64_t *count, double *least, size_t i, size_t bin)
{
    const ef_screened *scores = self->scores;
    double exact;
    size_t interval = place(&exact, self->counts, scores, i, bin);
    count[interval] += self->counts->bins->need[bin] == NEED_PLACE;
    if (self->want_least && interval % 2 == 0 && (double)scores->approximate[i] - scores->slack < least[interval / 2]) {
        exact = isnan(exact) ? exact_score(scores, i) : exact;
        least[interval / 2] = fmin(least[interval / 2], exact);
    }
}

static void count_near(void *data, size_t piece, int worker)
{
    counting *self = data;
    const ef_cut_bins *table = self->counts->bins;
    const ef_screened *scores = self->scores;
    uint64_t *count = self->count + (size_t)worker * self->width;
    double *least = self->least + (size_t)worker * (self->counts->cuts + 1);
    size_t end = piece_begin(scores, piece + 1);
    uint16_t bin[stretch];
    for (size_t begin = piece_begin(scores, piece), length; begin < end; begin += length) {
        length = end - begin < stretch ? end - begin : stretch;
        bins_of(bin, table, scores->approximate + begin, length);
        for (size_t k = 0; k < length; k++) {
            if (table->need[bin[k]] != NEED_NOTHING) {
                count_one(self, count, least, begin + k, bin[k]);
            }
        }
    }
}

/* The highest bin with approximations of scores that may be lower than one whose approximation is in `bin`. */
static size_t last_rival(const ef_cut_bins *self, size_t bin, double slack)
{
    /* Two bins up rather than one: the bin itself is rounded. */
    double edge = self->scale > 0 ? (double)self->low + (double)(bin + 2) / (double)self->scale : INFINITY;
    return bin_of(self, reach_up(edge + slack, slack));
}

/* The lowest score of an interval is in the lowest of its bins that has any or in one within reach, unless it is near the cut below. */
static void mark_lowest(ef_cut_bins *self, double slack)
{
    size_t interval = SIZE_MAX, last = 0;
    for (size_t bin = 0; bin < bins; bin++) {
        if (self->need[bin] == NEED_NOTHING && self->count[bin] > 0) {
            if (self->above[bin] != interval) {
                interval = self->above[bin];
                last = last_rival(self, bin, slack);
            }
            self->need[bin] = bin <= last ? NEED_LEAST : NEED_NOTHING;
        }
    }
}

/* Runs `work` over all scores, each thread with its own tally of `width` numbers, and adds those up in `out`. */
static ef_status count_all(uint64_t *out, counting *self, size_t width, void (*work)(void *data, size_t piece, int worker),
                           int threads, ef_error *err)
{
    size_t all;
    self->width = width;
    self->count = ef_size_mul(&all, width, (size_t)threads) ? ef_alloc_zero(all, sizeof *self->count) : NULL;
    if (self->count == NULL) {
        return ef_fail_memory(err, "the tallies of scores");
    }
    ef_parallel_for(threads, pieces, work, self);
    for (size_t from = 0; from < all; from += width) {
        for (size_t i = 0; i < width; i++) {
            out[i] += self->count[from + i];
        }
    }
    free(self->count);
    return atomic_load(&self->bad) ? ef_fail(err, EF_INVALID, "a score is not finite") : EF_OK;
}

static ef_status count_intervals(ef_cut_counts *counts, counting *self, int threads, ef_error *err)
{
    ef_cut_bins *table = counts->bins;
    size_t open = counts->cuts + 1, all;
    ef_status status = count_all(table->count, self, bins, count_bins, threads, err);
    if (status != EF_OK) {
        return status;
    }
    for (size_t bin = 0; bin < bins; bin++) {
        counts->count[2 * table->above[bin]] += table->need[bin] == NEED_NOTHING ? table->count[bin] : 0;
    }
    if (self->want_least) {
        mark_lowest(table, self->scores->slack);
    }
    self->least = ef_size_mul(&all, open, (size_t)threads) ? ef_alloc(all, sizeof *self->least) : NULL;
    if (self->least == NULL) {
        return ef_fail_memory(err, "the tallies of scores");
    }
    for (size_t i = 0; i < all; i++) {
        self->least[i] = INFINITY;
    }
    status = count_all(counts->count, self, 2 * counts->cuts + 1, count_near, threads, err);
    for (size_t from = 0; from < all; from += open) {
        for (size_t i = 0; i < open; i++) {
            counts->least[2 * i] = fmin(counts->least[2 * i], self->least[from + i]);
        }
    }
    free(self->least);
    return status;
}

/* No more than there are pieces, nor so many that their tallies take more memory than the scores by custom do. */
static int useful_threads(int threads, size_t intervals)
{
    size_t most = TALLIES / (intervals + bins);
    threads = threads > 0 ? threads : ef_processors();
    threads = threads < (int)pieces ? threads : (int)pieces;
    return (size_t)threads <= most ? threads : most > 0 ? (int)most : 1;
}

ef_status ef_cut_counts_create(ef_cut_counts *out, const double *cut, size_t cuts, const ef_screened *scores, bool least,
                               int threads, ef_error *err)
{
    ef_cut_counts counts = {.cut = cut, .cuts = cuts};
    size_t intervals = 2 * cuts + 1;
    threads = useful_threads(threads, intervals);
    if (cuts == 0 || cuts >= UINT32_MAX / 2) {
        return ef_fail(err, EF_INVALID, "%zu cuts cannot be counted between", cuts);
    }
    counts.count = ef_alloc_zero(intervals, sizeof *counts.count);
    counts.least = ef_alloc(intervals, sizeof *counts.least);
    ef_status status = counts.count != NULL && counts.least != NULL ? bins_create(&counts.bins, &counts, scores->slack, err)
                                                                    : ef_fail_memory(err, "the tallies of scores");
    if (status == EF_OK) {
        counting job = {.counts = &counts, .scores = scores, .want_least = least};
        for (size_t i = 0; i < intervals; i++) {
            counts.least[i] = INFINITY;
        }
        status = count_intervals(&counts, &job, threads, err);
    }
    if (status != EF_OK) {
        ef_cut_counts_free(&counts);
        return status;
    }
    *out = counts;
    return EF_OK;
}

/* Collecting the scores of some intervals. */
typedef struct collection {
    const ef_cut_counts *counts;
    const ef_screened *scores;
    const bool *wanted; /* of each interval */
    bool *marked;       /* bins that may hold scores of them */
    double *kept;
    size_t total;
    atomic_size_t next;
} collection;

static void mark_wanted(collection *self)
{
    const ef_cut_counts *counts = self->counts;
    const ef_cut_bins *table = counts->bins;
    for (size_t interval = 0; interval <= 2 * counts->cuts; interval++) {
        size_t j = interval / 2, above = interval % 2 != 0 ? j : j - 1; /* the cuts that it lies on or between */
        if (self->wanted[interval]) {
            size_t low = j < counts->cuts ? table->lowest[j] : 0, high = interval > 0 ? table->highest[above] : bins - 1;
            memset(self->marked + low, true, high - low + 1);
        }
    }
}

static void collect_one(collection *self, size_t i, size_t bin)
{
    const ef_screened *scores = self->scores;
    double exact;
    if (self->wanted[place(&exact, self->counts, scores, i, bin)]) {
        size_t at = atomic_fetch_add(&self->next, 1);
        if (at < self->total) {
            self->kept[at] = isnan(exact) ? exact_score(scores, i) : exact;
        }
    }
}

static void collect_piece(void *data, size_t piece, int worker)
{
    collection *self = data;
    const ef_screened *scores = self->scores;
    size_t end = piece_begin(scores, piece + 1);
    uint16_t bin[stretch];
    (void)worker;
    for (size_t begin = piece_begin(scores, piece), length; begin < end; begin += length) {
        length = end - begin < stretch ? end - begin : stretch;
        bins_of(bin, self->counts->bins, scores->approximate + begin, length);
        for (size_t k = 0; k < length; k++) {
            if (self->marked[bin[k]]) {
                collect_one(self, begin + k, bin[k]);
            }
        }
    }
}

ef_status ef_cut_counts_collect(double **out, const ef_cut_counts *counts, const bool *wanted, size_t total,
                                const ef_screened *scores, int threads, ef_error *err)
{
    collection job = {.counts = counts, .scores = scores, .wanted = wanted, .total = total};
    job.marked = ef_alloc_zero(bins, sizeof *job.marked);
    job.kept = ef_alloc(total, sizeof *job.kept);
    ef_status status = job.marked != NULL && job.kept != NULL ? EF_OK : ef_fail_memory(err, "the scores of some intervals");
    if (status == EF_OK && total > 0) {
        mark_wanted(&job);
        ef_parallel_for(threads, pieces, collect_piece, &job);
        status = atomic_load(&job.next) == total
                     ? ef_sort_scores(job.kept, total, err)
                     : ef_fail(err, EF_INVALID, "%zu scores were to be collected, not %zu", total, atomic_load(&job.next));
    }
    free(job.marked);
    if (status != EF_OK) {
        free(job.kept);
        return status;
    }
    *out = job.kept;
    return EF_OK;
}
