#include "score/pair_points.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "score/pair_genuine.h"
#include "score/pair_histogram.h"
#include "score/pair_rank.h"
#include "score/pair_start.h"
#include "score/pair_tail.h"

#define DEFAULT_MEMORY ((size_t)2 << 30)
#define LEAST_ROOM     ((size_t)4096)
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
    const double *score; /* the genuine ones, descending */
    const double *high;  /* the tail, descending */
    size_t kept;         /* scores in the tail */
} inquiry;

/* The rank of the impostor score that a threshold for `far` must be above.  The quotients are compared, not counts with far * impostors: 0.29 * 100 is below 29 in
 * doubles, while 29 / 100 is 0.29. */
static uint64_t blocked_rank(double far, uint64_t impostors)
{
    uint64_t low = 0, high = impostors;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if ((double)middle / (double)impostors <= far) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low + 1;
}

/* How many of descending scores are above `score`. */
static size_t count_above(const double *descending, size_t count, double score)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (descending[middle] > score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void set_point(inquiry *all, ef_pair_point *point, const ef_rank *blocked)
{
    size_t genuine = (size_t)all->points->genuine, above = count_above(all->score, genuine, blocked->score);
    point->false_matches = blocked->above;
    point->true_matches = above;
    point->threshold = fmin(blocked->next, above > 0 ? all->score[above - 1] : INFINITY);
}

/* Impostors at or above a score: all pairs, by the histogram, less the genuine ones. */
static ef_count_bounds impostors_from(const inquiry *all, double score)
{
    uint64_t genuine = count_above(all->score, (size_t)all->points->genuine, nextafter(score, -INFINITY));
    uint64_t impostors = all->points->impostors;
    if (all->kept > 0 && (score > all->high[all->kept - 1] || all->kept == impostors)) {
        uint64_t exact = count_above(all->high, all->kept, nextafter(score, -INFINITY));
        return (ef_count_bounds){exact, exact};
    }
    if (all->histogram == NULL) {
        return (ef_count_bounds){0, impostors};
    }
    ef_count_bounds bounds = ef_pair_histogram_at_least(all->histogram, score);
    bounds.least = bounds.least > genuine ? bounds.least - genuine : 0;
    bounds.most = bounds.most > genuine ? bounds.most - genuine : 0;
    bounds.least = bounds.least > all->kept ? bounds.least : all->kept;
    bounds.most = bounds.most < impostors ? bounds.most : impostors;
    return bounds;
}

/* A bracket of the score of a rank, by halving: what is taken is right whether or not the bounds fall evenly. */
static void find_bracket(const inquiry *all, uint64_t rank, double *low, double *high)
{
    double step = 2;
    *low = -2;
    *high = 2;
    for (int i = 0; i < 24; i++, step /= 2) {
        if (impostors_from(all, *low + step).least >= rank) {
            *low += step;
        }
        if (impostors_from(all, *high - step).most < rank) {
            *high -= step;
        }
    }
}

static ef_status find_point(inquiry *all, ef_pair_point *point, ef_error *err)
{
    uint64_t rank = blocked_rank(point->far, all->points->impostors);
    ef_rank blocked = {0};
    if (rank <= all->kept) {
        blocked.score = all->high[rank - 1];
        blocked.above = count_above(all->high, all->kept, blocked.score);
        blocked.next = blocked.above > 0 ? all->high[blocked.above - 1] : INFINITY;
    } else {
        double low, high;
        find_bracket(all, rank, &low, &high);
        uint64_t most = impostors_from(all, low).most, least = impostors_from(all, high).least;
        ef_status status = ef_pair_rank_find(&blocked, rank, low, high, most - least, &all->all, err);
        if (status != EF_OK) {
            return status;
        }
    }
    set_point(all, point, &blocked);
    return EF_OK;
}

/* At any threshold t, min(FMR, FNMR) <= EER <= max(FMR, FNMR): FMR falls as t rises, FNMR rises.  Returns whether t is above where they cross, going by
 * the upper bound of FMR or by the lower one. */
static bool tighten_eer(inquiry *all, double threshold, bool by_most)
{
    double genuine = (double)all->points->genuine, impostors = (double)all->points->impostors;
    ef_bounds *eer = &all->points->eer;
    size_t accepted = count_above(all->score, (size_t)all->points->genuine, nextafter(threshold, -INFINITY));
    double missed = (genuine - (double)accepted) / genuine;
    ef_count_bounds accepts = impostors_from(all, threshold);
    double least = (double)accepts.least / impostors, most = (double)accepts.most / impostors;
    eer->least = fmax(eer->least, fmin(least, missed));
    eer->most = fmin(eer->most, fmax(most, missed));
    return (by_most ? most : least) < missed;
}

/* The bounds are tight where the rates cross, so that is where thresholds are tried: at genuine scores and just above them. */
static void bound_eer(inquiry *all)
{
    for (int by_most = 0; by_most < 2; by_most++) {
        size_t low = 0, high = (size_t)all->points->genuine; /* indices descend with scores */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            (void)tighten_eer(all, nextafter(all->score[middle], INFINITY), by_most != 0);
            if (tighten_eer(all, all->score[middle], by_most != 0)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
    }
}

/* A genuine score beats the impostors below it, and half of those that tie with it. */
static void bound_auc(inquiry *all)
{
    long double lost_least = 0, lost_most = 0;
    for (size_t i = 0; i < all->points->genuine; i++) {
        ef_count_bounds level = impostors_from(all, all->score[i]),
                        above = impostors_from(all, nextafter(all->score[i], INFINITY));
        bool exact = level.least == level.most && above.least == above.most;
        lost_least += exact ? ((long double)level.least + (long double)above.least) / 2 : (long double)above.least;
        lost_most += exact ? ((long double)level.most + (long double)above.most) / 2 : (long double)level.most;
    }
    long double all_pairs = (long double)all->points->genuine * (long double)all->points->impostors;
    /* Outwards by more than the sums can have been rounded. */
    all->points->auc.least = fmax(0.0, (double)(1 - lost_most / all_pairs) - 0x1p-50);
    all->points->auc.most = fmin(1.0, (double)(1 - lost_least / all_pairs) + 0x1p-50);
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
        size_t bins = ef_pair_by_codes(all->all.way, all->all.rows->dim) ? CODE_BINS : FLOAT_BINS;
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
        const ef_pair_visitor visitors[] = {
            ef_pair_tail_visitor(all->tail),
            ef_pair_genuine_visitor(all->genuine),
            histogram ? ef_pair_histogram_visitor(all->histogram) : (ef_pair_visitor){.self = NULL},
        };
        status = ef_pair_pass(&all->all, visitors, 3, err);
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
    size_t k = 1;
    bool histogram = all->question->areas;
    for (size_t i = 0; i < all->question->fars; i++) {
        uint64_t rank = blocked_rank(all->question->far[i], points->impostors);
        k = rank > k && rank <= all->all.room ? (size_t)rank : k;
        histogram = histogram || rank > all->all.room;
    }
    ef_status status = first_pass(all, k, histogram, err);
    if (status != EF_OK) {
        return status;
    }
    all->kept = ef_pair_tail_count(all->tail);
    all->high = ef_pair_tail_scores(all->tail);
    all->score = ef_pair_genuine_scores(all->genuine);
    for (size_t i = 0; status == EF_OK && i < all->question->fars; i++) {
        points->point[i].far = all->question->far[i];
        status = find_point(all, &points->point[i], err);
    }
    if (status == EF_OK && all->question->areas) {
        bound_eer(all);
        bound_auc(all);
    }
    return status;
}

static ef_status check_question(const ef_pair_question *question, const ef_pair_totals *totals, ef_error *err)
{
    for (size_t i = 0; i < question->fars; i++) {
        if (!(question->far[i] >= 0 && question->far[i] < 1)) {
            return ef_fail(err, EF_INVALID, "a false accept rate of %g is not from 0 to below 1", question->far[i]);
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
    if (points == NULL || (points->point = ef_alloc_zero(question->fars, sizeof *points->point)) == NULL) {
        ef_pair_points_free(points);
        return ef_fail_memory(err, "operating points");
    }
    points->impostors = totals.pairs - totals.mates;
    points->genuine = totals.mates;
    points->eer = points->auc = (ef_bounds){0, 1};
    size_t memory = work->memory != 0 ? work->memory : DEFAULT_MEMORY, room = memory / 4 / (2 * sizeof(double));
    inquiry all = {
        .points = points,
        .question = question,
        .all = {rows, columns, way, *work,
                question->room > 0  ? question->room
                : room > LEAST_ROOM ? room
                                    : LEAST_ROOM,
                0, 0},
    };
    all.all.work.memory = memory / 2;
    status = answer(&all, err);
    points->passes = all.all.passes;
    points->candidates = all.all.candidates;
    ef_pair_tail_free(all.tail);
    ef_pair_genuine_free(all.genuine);
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
        free(points);
    }
}
