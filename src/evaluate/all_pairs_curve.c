#include "evaluate/all_pairs_curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "metric/curve_alloc.h"

typedef struct step {
    ef_pair_step at;
    bool exact;
} step;

typedef struct steps {
    step *item;
    size_t count, capacity;
    bool full; /* memory ran out */
} steps;

static void add(steps *self, double threshold, uint64_t false_matches, uint64_t true_matches, bool exact)
{
    if (!ef_grow(&self->item, &self->capacity, self->count + 1, sizeof *self->item)) {
        self->full = true;
        return;
    }
    self->item[self->count++] = (step){{threshold, false_matches, true_matches}, exact};
}

/* How many of descending scores are at or above `score`. */
static size_t count_from(const double *descending, size_t count, double score)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (descending[middle] >= score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The corners of the curve within the tail: each distinct genuine score, and the last impostor of every run above one. */
static void add_tail(steps *self, const ef_pair_points *points)
{
    const double *genuine = points->genuine_score, *tail = points->tail;
    size_t kept = points->tail_count, above = 0; /* impostors above the score at hand */
    bool whole = kept == points->impostors;
    for (size_t first = 0; first < points->genuine;) {
        double score = genuine[first];
        size_t end = first + 1;
        while (end < points->genuine && genuine[end] == score) {
            end++;
        }
        if (!whole && (kept == 0 || score <= tail[kept - 1])) {
            return;
        }
        while (above < kept && tail[above] > score) {
            above++;
        }
        if (above > 0 && (first == 0 || tail[above - 1] < genuine[first - 1])) {
            add(self, tail[above - 1], above, first, true);
        }
        add(self, score, count_from(tail, kept, score), end, true);
        first = end;
    }
    if (whole && kept > 0) {
        add(self, fmin(tail[kept - 1], genuine[points->genuine - 1]), kept, points->genuine, true);
    }
}

/* Of the points asked for, those with up to `most` false matches. */
static void add_exact(steps *self, const ef_pair_points *points, const ef_pair_question *question, uint64_t most)
{
    add(self, INFINITY, 0, 0, true);
    for (size_t i = 0; i < question->fars; i++) {
        const ef_pair_point *point = &points->point[i];
        if (isfinite(point->threshold) && point->false_matches <= most) {
            add(self, point->threshold, point->false_matches, point->true_matches, true);
        }
    }
    for (size_t i = 0; question->areas && i < 2; i++) {
        const ef_pair_step *crossing = &points->crossing[i];
        add(self, crossing->threshold, crossing->false_matches, crossing->true_matches, true);
    }
    add_tail(self, points);
    if (question->edges > 0) {
        add(self, question->edge[0], points->impostors, points->genuine, true);
    }
}

static double add_edges(steps *self, const ef_pair_points *points, const ef_pair_question *question)
{
    double error = 0;
    for (size_t e = 1; e < question->edges; e++) {
        ef_count_bounds bounds = points->edge_count[e];
        size_t genuine = count_from(points->genuine_score, (size_t)points->genuine, question->edge[e]);
        uint64_t middle = bounds.least + (bounds.most - bounds.least) / 2;
        add(self, question->edge[e], middle, genuine, bounds.least == bounds.most);
        error = fmax(error, (double)(bounds.most - middle) / (double)points->impostors);
    }
    return error;
}

static int by_threshold(const void *a, const void *b)
{
    const step *left = a, *right = b;
    if (left->at.threshold != right->at.threshold) {
        return left->at.threshold > right->at.threshold ? -1 : 1;
    }
    return (left->at.false_matches > right->at.false_matches) - (left->at.false_matches < right->at.false_matches);
}

/* What is not exact cannot be below what comes before it, nor above what comes after. */
static void make_ascending(steps *self)
{
    for (size_t i = 1; i < self->count; i++) {
        step *item = self->item + i;
        if (!item->exact && item->at.false_matches < item[-1].at.false_matches) {
            item->at.false_matches = item[-1].at.false_matches;
        }
    }
    for (size_t i = self->count; i-- > 1;) {
        step *item = self->item + i - 1;
        if (!item->exact && item->at.false_matches > item[1].at.false_matches) {
            item->at.false_matches = item[1].at.false_matches;
        }
    }
}

/* Sorts; of points with the same counts the first stays, whose threshold is a score. */
static ef_status make_curve(ef_curve **out, steps *self, const ef_pair_points *points, ef_error *err)
{
    if (self->full) {
        return ef_fail_memory(err, "a curve");
    }
    qsort(self->item, self->count, sizeof *self->item, by_threshold);
    make_ascending(self);
    size_t count = 1;
    for (size_t i = 1; i < self->count; i++) {
        const ef_pair_step *last = &self->item[count - 1].at, *next = &self->item[i].at;
        if (next->false_matches != last->false_matches || next->true_matches != last->true_matches) {
            self->item[count++] = self->item[i];
        }
    }
    ef_status status = ef_curve_alloc(out, count, err);
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        (*out)->threshold[i] = self->item[i].at.threshold;
        (*out)->false_matches[i] = self->item[i].at.false_matches;
        (*out)->true_matches[i] = self->item[i].at.true_matches;
    }
    if (status == EF_OK) {
        (*out)->impostors = points->impostors;
        (*out)->genuine = points->genuine;
    }
    return status;
}

ef_status ef_all_pairs_curve(ef_curve **out, const ef_pair_points *points, const ef_pair_question *question, ef_error *err)
{
    steps self = {0};
    add_exact(&self, points, question, UINT64_MAX);
    ef_status status = make_curve(out, &self, points, err);
    free(self.item);
    return status;
}

ef_status ef_all_pairs_drawing(ef_curve **out, double *far_error, const ef_pair_points *points, const ef_pair_question *question,
                               ef_error *err)
{
    steps self = {0};
    /* Without areas nothing is known of what lies between the tail and points beyond it. */
    add_exact(&self, points, question, question->areas ? UINT64_MAX : points->tail_count);
    *far_error = add_edges(&self, points, question);
    ef_status status = make_curve(out, &self, points, err);
    free(self.item);
    return status;
}

void ef_all_pairs_fill(ef_histogram *histogram, const ef_pair_points *points)
{
    uint64_t above = 0; /* at or above the upper edge of the bin */
    size_t genuine_above = 0;
    double width = histogram->high - histogram->low, bins = (double)histogram->bins;
    for (size_t b = histogram->bins; b-- > 0;) {
        ef_count_bounds bounds = points->edge_count[b];
        uint64_t from = b == 0 ? points->impostors : bounds.least + (bounds.most - bounds.least) / 2;
        size_t genuine = count_from(points->genuine_score, (size_t)points->genuine, histogram->low + width * (double)b / bins);
        from = from > above ? from : above;
        histogram->impostor[b] = from - above;
        histogram->genuine[b] = genuine - genuine_above;
        above = from;
        genuine_above = genuine;
    }
}
