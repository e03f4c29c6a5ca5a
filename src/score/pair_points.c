#include "score/far_rank.h"
#include "score/pair_points.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/int128.h"
#include "score/pair_genuine.h"
#include "score/pair_histogram.h"
#include "score/pair_rank.h"
#include "score/pair_start.h"
#include "score/pair_tail.h"

#define FEW    ((uint64_t)1 << 22) /* so many impostors are all kept for the areas, and everything is exact */
#define DETAIL ((size_t)1 << 20)   /* of more, bounds and curves look at no more than this one by one */

/* Scores that may be kept: as memory allows, but for what bounds and curves say no fewer than they need, or they would depend on the memory. */
static size_t room_of(const ef_pair_question *question, const ef_pair_points *points, size_t memory)
{
    uint64_t room = memory / 4 / (2 * sizeof(double)), least = question->areas ? FEW : DETAIL;
    if (question->room > 0) {
        return question->room;
    }
    least = least < points->impostors ? least : points->impostors;
    return (size_t)(room > least ? room : least);
}

/* About as wide as a slack, or narrower. */
#define CODE_BINS  ((size_t)8192)
#define FLOAT_BINS ((size_t)65536)

typedef struct inquiry {
    ef_pair_points *points;
    const ef_pair_question *question;
    ef_pair_passes all;
    ef_pair_tail *tail;
    ef_pair_genuine *genuine;
    ef_pair_histogram *histogram;
    ef_pair_known known; /* after the first pass */
} inquiry;

static void set_point(inquiry *all, ef_pair_point *point, const ef_rank *blocked)
{
    size_t genuine = (size_t)all->points->genuine, above = ef_count_above(all->known.score, genuine, blocked->score);
    if (point->far >= 1) { /* nothing is blocked: the lowest score of all is a match */
        point->false_matches = all->points->impostors;
        point->true_matches = genuine;
        point->threshold = fmin(blocked->score, all->known.score[genuine - 1]);
        return;
    }
    point->false_matches = blocked->above;
    point->true_matches = above;
    point->threshold = fmin(blocked->next, above > 0 ? all->known.score[above - 1] : INFINITY);
}

/* A bracket of the score of a rank, by halving: what is taken is right whether or not the bounds fall evenly. */
static void find_bracket(const inquiry *all, uint64_t rank, double *low, double *high)
{
    double step = 2;
    *low = -2;
    *high = 2;
    for (int i = 0; i < 24; i++, step /= 2) {
        if (ef_pair_known_from(&all->known, *low + step).least >= rank) {
            *low += step;
        }
        if (ef_pair_known_from(&all->known, *high - step).most < rank) {
            *high -= step;
        }
    }
}

static ef_status find_point(inquiry *all, ef_pair_point *point, ef_error *err)
{
    uint64_t rank = ef_far_rank(point->far, all->points->impostors);
    ef_rank blocked = {0};
    if (rank <= all->known.kept) {
        blocked.score = all->known.high[rank - 1];
        blocked.above = ef_count_above(all->known.high, all->known.kept, blocked.score);
        blocked.next = blocked.above > 0 ? all->known.high[blocked.above - 1] : INFINITY;
    } else {
        double low, high;
        find_bracket(all, rank, &low, &high);
        uint64_t most = ef_pair_known_from(&all->known, low).most, least = ef_pair_known_from(&all->known, high).least;
        ef_status status = ef_pair_rank_find(&blocked, rank, low, high, most - least, &all->all, err);
        if (status != EF_OK) {
            return status;
        }
    }
    set_point(all, point, &blocked);
    return EF_OK;
}

/* A genuine score beats the impostors below it, and half of those that tie with it. */
static void bound_auc(inquiry *all)
{
    ef_wide lost_least = 0, lost_most = 0; /* twice */
    for (size_t i = 0; i < all->points->genuine; i++) {
        ef_count_bounds level = ef_pair_known_from(&all->known, all->known.score[i]),
                        above = ef_pair_known_from(&all->known, nextafter(all->known.score[i], INFINITY));
        bool exact = level.least == level.most && above.least == above.most;
        lost_least += exact ? (ef_wide)level.least + (ef_wide)above.least : 2 * (ef_wide)above.least;
        lost_most += exact ? (ef_wide)level.most + (ef_wide)above.most : 2 * (ef_wide)level.most;
    }
    ef_wide twice = 2 * ef_product(all->points->genuine, all->points->impostors);
    /* Outwards by more than the quotients can have been rounded. */
    all->points->auc.least = fmax(0.0, (double)(twice - lost_most) / (double)twice - 0x1p-50);
    all->points->auc.most = fmin(1.0, (double)(twice - lost_least) / (double)twice + 0x1p-50);
}

static ef_status make_accumulators(inquiry *all, size_t k, double least, bool histogram, ef_error *err)
{
    int workers = ef_pair_workers(&all->all.work);
    ef_pair_tail_free(all->tail);
    all->tail = NULL;
    ef_status status = ef_pair_tail_create(&all->tail, k, least, workers, err);
    if (status == EF_OK && all->genuine == NULL) {
        status = ef_pair_genuine_create(&all->genuine, (size_t)all->points->genuine, err);
    }
    if (status == EF_OK && histogram && all->histogram == NULL) {
        bool fastest = all->all.way == NULL || all->all.way->product == EF_PRODUCT_FASTEST;
        bool coded = ef_pair_by_codes(all->all.way, all->all.rows->dim) && !(all->question->areas && fastest);
        size_t bins = coded ? CODE_BINS : FLOAT_BINS;
        status = ef_pair_histogram_create(&all->histogram, bins, workers, err);
    }
    return status;
}

/* The first pass: tail, genuine scores and, if it is of use, the histogram. */
static ef_status first_pass(inquiry *all, size_t k, bool histogram, ef_error *err)
{
    double least;
    ef_status status = ef_pair_start(&least, all->all.rows, all->all.columns, k, &all->all.work, err);
    if (status == EF_OK) {
        status = make_accumulators(all, k, least, histogram, err);
    }
    if (status == EF_OK) {
        ef_pair_visitor visitors[3 + EF_MOST_ALSO] = {ef_pair_tail_visitor(all->tail), ef_pair_genuine_visitor(all->genuine)};
        size_t count = 2;
        if (histogram) {
            visitors[count++] = ef_pair_histogram_visitor(all->histogram);
        }
        for (size_t i = 0; i < all->question->also_count; i++) {
            visitors[count++] = all->question->also[i];
        }
        ef_pair_way way = all->all.way != NULL ? *all->all.way : (ef_pair_way){0};
        const ef_pair_way *usual = all->all.way;
        if (all->question->areas && way.product == EF_PRODUCT_FASTEST) {
            way.product = EF_PRODUCT_FLOATS; /* a histogram of codes would say little */
        }
        all->all.way = &way;
        status = ef_pair_pass(&all->all, visitors, count, err);
        all->all.way = usual;
    }
    if (status == EF_OK && ef_pair_tail_count(all->tail) < k) { /* the guess was too high */
        status = make_accumulators(all, k, -INFINITY, false, err);
        const ef_pair_visitor visitor = status == EF_OK ? ef_pair_tail_visitor(all->tail) : (ef_pair_visitor){.self = NULL};
        status = status == EF_OK ? ef_pair_pass(&all->all, &visitor, 1, err) : status;
    }
    if (status == EF_OK && histogram) {
        status = ef_pair_histogram_finish(all->histogram, err);
    }
    return status;
}

static ef_status answer(inquiry *all, ef_error *err)
{
    ef_pair_points *points = all->points;
    bool histogram = all->question->areas, few = points->impostors <= FEW;
    size_t room = all->all.room, k = 1, detail = all->question->areas && few ? (size_t)points->impostors : 1;
    for (size_t i = 0; i < all->question->fars; i++) {
        uint64_t rank = ef_far_rank(all->question->far[i], points->impostors);
        k = rank > k && rank <= room ? (size_t)rank : k;
        detail = rank > detail ? (size_t)(rank < DETAIL || few ? rank : DETAIL) : detail;
        histogram = histogram || rank > room;
    }
    detail = detail < room ? detail : room;
    k = detail > k ? detail : k;
    ef_status status = first_pass(all, k, histogram, err);
    if (status != EF_OK) {
        return status;
    }
    all->known = (ef_pair_known){
        .impostors = points->impostors,
        .genuine = (size_t)points->genuine,
        .score = ef_pair_genuine_scores(all->genuine),
        .high = ef_pair_tail_scores(all->tail),
        .kept = ef_pair_tail_count(all->tail),
        .histogram = all->histogram,
    };
    for (size_t i = 0; status == EF_OK && i < all->question->fars; i++) {
        points->point[i].far = all->question->far[i];
        status = find_point(all, &points->point[i], err);
    }
    if (status == EF_OK && all->known.kept > detail) { /* by more memory */
        all->known.kept = detail;
    }
    if (status == EF_OK && all->question->areas) {
        bound_auc(all);
        for (size_t i = 0; i < all->question->edges; i++) {
            points->edge_count[i] = ef_pair_known_from(&all->known, all->question->edge[i]);
        }
        status = ef_pair_crossing_find(points->crossing, &all->known, &all->all, err);
    }
    return status;
}

static ef_status check_question(const ef_pair_question *question, const ef_pair_totals *totals, ef_error *err)
{
    for (size_t i = 0; i < question->fars; i++) {
        if (!(question->far[i] >= 0 && question->far[i] <= 1)) {
            return ef_fail(err, EF_INVALID, "a false accept rate of %g is not from 0 to 1", question->far[i]);
        }
    }
    if (totals->mates == 0 || totals->mates == totals->pairs) {
        return ef_fail(err, EF_INVALID, "no %s comparison among %llu", totals->mates == 0 ? "genuine" : "impostor",
                       (unsigned long long)totals->pairs);
    }
    return EF_OK;
}

ef_status ef_pair_points_create(ef_pair_points **out, const ef_vectors *rows, const ef_vectors *columns,
                                const ef_pair_question *question, const ef_pair_way *way, const ef_work *work, ef_error *err)
{
    ef_pair_totals totals;
    ef_status status = ef_pair_count(&totals, rows, columns, err);
    if (status != EF_OK || (status = check_question(question, &totals, err)) != EF_OK) {
        return status;
    }
    ef_pair_points *points = ef_alloc_zero(1, sizeof *points);
    if (points == NULL || (points->point = ef_alloc_zero(question->fars, sizeof *points->point)) == NULL ||
        (points->edge_count = ef_alloc_zero(question->edges, sizeof *points->edge_count)) == NULL) {
        ef_pair_points_free(points);
        return ef_fail_memory(err, "operating points");
    }
    points->impostors = totals.pairs - totals.mates;
    points->genuine = totals.mates;
    points->grouped = totals.grouped;
    points->auc = (ef_bounds){0, 1};
    size_t memory = ef_work_memory(work);
    inquiry all = {
        .points = points,
        .question = question,
        .all = {rows, columns, way, *work, room_of(question, points, memory), 0, 0},
    };
    all.all.work.memory = memory / 2;
    status = answer(&all, err);
    points->passes = all.all.passes;
    points->candidates = all.all.candidates;
    points->genuine_score = all.known.score;
    points->tail = all.known.high;
    points->tail_count = all.known.kept;
    points->held_tail = all.tail; /* whose scores these are */
    points->held_genuine = all.genuine;
    ef_pair_histogram_free(all.histogram);
    if (status != EF_OK) {
        ef_pair_points_free(points);
        return status;
    }
    *out = points;
    return EF_OK;
}

void ef_pair_points_free(ef_pair_points *points)
{
    if (points != NULL) {
        free(points->point);
        free(points->edge_count);
        ef_pair_tail_free(points->held_tail);
        ef_pair_genuine_free(points->held_genuine);
        free(points);
    }
}
