#include "score/pair_counts.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/highest.h"

enum { BINS = 65536, BUFFER = 1024 };

typedef struct tally {
    uint64_t *count; /* per gap */
    double kept[BUFFER];
    size_t waiting; /* of kept[] */
} tally;

struct ef_pair_counts {
    double *edge;
    size_t edges, workers, room;
    bool *keep;
    double low, scale; /* bin of s is (s - low) * scale, within 0 .. BINS - 1 */
    uint32_t *first;   /* per bin: how many edges lie in lower bins */
    tally *tallies;    /* per worker; the sums are in the first */
    double *kept;
    uint64_t kept_count; /* kept or not */
    pthread_mutex_t mutex;
    bool has_mutex;
};

static size_t bin_of(const ef_pair_counts *counts, double score)
{
    double bin = (score - counts->low) * counts->scale;
    return !(bin > 0) ? 0 : bin >= BINS - 1 ? BINS - 1 : (size_t)bin;
}

/* How many edges are at most `score`.  Bins ascend with scores, so only the edges in its own bin need a comparison. */
static size_t gap_of(const ef_pair_counts *counts, double score)
{
    size_t g = counts->first[bin_of(counts, score)];
    while (g < counts->edges && counts->edge[g] <= score) {
        g++;
    }
    return g;
}

/* Bins for the finite edges; an infinite one is in the first or the last bin, where the comparisons find it. */
static void fill_bins(ef_pair_counts *counts)
{
    double low = counts->edge[0], high = counts->edge[counts->edges - 1];
    low = isfinite(low) ? low : -2.0;
    high = isfinite(high) ? high : 2.0;
    counts->low = low;
    counts->scale = high > low && isfinite(BINS / (high - low)) ? BINS / (high - low) : 0.0;
    size_t bin = 0;
    for (size_t g = 0; g < counts->edges; g++) {
        for (size_t own = bin_of(counts, counts->edge[g]); bin <= own; bin++) {
            counts->first[bin] = (uint32_t)g;
        }
    }
    for (; bin < BINS; bin++) {
        counts->first[bin] = (uint32_t)counts->edges;
    }
}

static bool make(ef_pair_counts *counts)
{
    size_t gaps = counts->edges + 1;
    counts->edge = ef_alloc(counts->edges, sizeof *counts->edge);
    counts->keep = ef_alloc_zero(gaps, sizeof *counts->keep);
    counts->first = ef_alloc(BINS, sizeof *counts->first);
    counts->kept = ef_alloc(counts->room, sizeof *counts->kept);
    counts->tallies = ef_alloc_zero(counts->workers, sizeof *counts->tallies);
    counts->has_mutex = pthread_mutex_init(&counts->mutex, NULL) == 0;
    bool enough = counts->edge != NULL && counts->keep != NULL && counts->first != NULL && counts->kept != NULL &&
                  counts->tallies != NULL && counts->has_mutex && counts->edges < UINT32_MAX;
    for (size_t w = 0; enough && w < counts->workers; w++) {
        counts->tallies[w].count = ef_alloc_zero(gaps, sizeof(uint64_t));
        enough = counts->tallies[w].count != NULL;
    }
    return enough;
}

ef_status ef_pair_counts_create(ef_pair_counts **out, const double *edge, size_t edges, const bool *keep, size_t room,
                                int workers, ef_error *err)
{
    ef_pair_counts *counts = ef_alloc_zero(1, sizeof *counts);
    *out = NULL;
    if (counts == NULL) {
        return ef_fail_memory(err, "counts of pairs");
    }
    *counts = (ef_pair_counts){.edges = edges, .workers = (size_t)workers, .room = room};
    if (!make(counts)) {
        ef_pair_counts_free(counts);
        return ef_fail_memory(err, "counts of pairs");
    }
    memcpy(counts->edge, edge, edges * sizeof *edge);
    if (keep != NULL) {
        memcpy(counts->keep, keep, (edges + 1) * sizeof *keep);
        counts->keep[0] = false; /* not all of its pairs are met */
    }
    fill_bins(counts);
    *out = counts;
    return EF_OK;
}

void ef_pair_counts_free(ef_pair_counts *counts)
{
    if (counts == NULL) {
        return;
    }
    for (size_t w = 0; counts->tallies != NULL && w < counts->workers; w++) {
        free(counts->tallies[w].count);
    }
    if (counts->has_mutex) {
        pthread_mutex_destroy(&counts->mutex);
    }
    free(counts->tallies);
    free(counts->edge);
    free(counts->keep);
    free(counts->first);
    free(counts->kept);
    free(counts);
}

static void keep_scores(ef_pair_counts *counts, const double *score, size_t count)
{
    pthread_mutex_lock(&counts->mutex);
    for (size_t i = 0; i < count; i++) {
        if (counts->kept_count < counts->room) {
            counts->kept[counts->kept_count] = score[i];
        }
        counts->kept_count++;
    }
    pthread_mutex_unlock(&counts->mutex);
}

static void flush(ef_pair_counts *counts, tally *mine)
{
    keep_scores(counts, mine->kept, mine->waiting);
    mine->waiting = 0;
}

static void row_limits(void *self, double *limit, size_t first, size_t count)
{
    const ef_pair_counts *counts = self;
    (void)first;
    for (size_t i = 0; i < count; i++) {
        limit[i] = counts->edge[0];
    }
}

static void meet(void *self, ef_pair_batch *batch, int worker)
{
    ef_pair_counts *counts = self;
    tally *mine = &counts->tallies[worker];
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        if (pair->high < counts->edge[0]) {
            continue;
        }
        size_t gap = gap_of(counts, pair->low);
        if (counts->keep[gap] || (gap < counts->edges && pair->high >= counts->edge[gap])) {
            gap = gap_of(counts, ef_pair_score(batch, pair));
        }
        mine->count[gap]++;
        if (counts->keep[gap]) {
            mine->kept[mine->waiting++] = ef_pair_score(batch, pair);
            if (mine->waiting == BUFFER) {
                flush(counts, mine);
            }
        }
    }
}

ef_pair_visitor ef_pair_counts_visitor(ef_pair_counts *counts)
{
    return (ef_pair_visitor){.self = counts, .row_limits = row_limits, .meet = meet};
}

static void settle(ef_pair_counts *counts)
{
    uint64_t *sum = counts->tallies[0].count;
    for (size_t w = 0; w < counts->workers; w++) {
        uint64_t *count = counts->tallies[w].count;
        flush(counts, &counts->tallies[w]);
        for (size_t g = 0; w > 0 && g <= counts->edges; g++) {
            sum[g] += count[g];
            count[g] = 0;
        }
    }
    sum[0] = 0;
}

const uint64_t *ef_pair_counts_of(ef_pair_counts *counts)
{
    settle(counts);
    return counts->tallies[0].count;
}

const double *ef_pair_counts_kept(ef_pair_counts *counts, uint64_t *count)
{
    settle(counts);
    *count = counts->kept_count;
    ef_sort_descending(counts->kept, *count < counts->room ? (size_t)*count : counts->room);
    return counts->kept;
}

void ef_pair_counts_add(ef_pair_counts *counts, const uint64_t *count, const double *score, size_t kept)
{
    for (size_t g = 1; g <= counts->edges; g++) {
        counts->tallies[0].count[g] += count[g];
    }
    keep_scores(counts, score, kept);
}
