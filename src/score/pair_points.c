#include "score/pair_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/wide.h"
#include "score/pair_counts.h"
#include "score/pair_genuine.h"
#include "score/pair_histogram.h"
#include "score/pair_rank.h"
#include "score/pair_start.h"
#include "score/pair_tail.h"

#define DEFAULT_MEMORY ((size_t)2 << 30)
#define LEAST_ROOM     ((size_t)4096)
#define FEW            ((uint64_t)1 << 22) /* so many impostors are all kept for the areas, and everything is exact */
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

/* Whether FMR is at least FNMR at a threshold: products of counts, exactly. */
static bool has_crossed(const inquiry *all, uint64_t false_matches, uint64_t true_matches)
{
    const ef_pair_points *points = all->points;
    return ef_product(false_matches, points->genuine) >= ef_product(points->genuine - true_matches, points->impostors);
}

/* Where FMR passes FNMR, as far as is known, among the distinct genuine scores, which stand in descending order.  At the last of them FNMR is 0: there it
 * has. */
typedef struct crossing {
    size_t *last; /* of each distinct score: the index of the last genuine score that equals it */
    size_t before,
        after; /* it has not at the distinct score `before` - 1 (0: the first of all is not known to be too high), and has at `after` */
} crossing;

static double score_at(const inquiry *all, const crossing *now, size_t distinct)
{
    return all->score[now->last[distinct]];
}

/* Narrows the crossing down by halving, with what `count` says of the impostors at or above a score. */
static void narrow_crossing(const inquiry *all, crossing *now, ef_count_bounds (*count)(const void *, double),
                            const void *context)
{
    size_t low = now->before, high = now->after;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (has_crossed(all, count(context, score_at(all, now, middle)).least, now->last[middle] + 1)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    now->after = high;
    for (low = now->before; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (has_crossed(all, count(context, score_at(all, now, middle)).most, now->last[middle] + 1)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    now->before = high;
}

static ef_count_bounds by_histogram(const void *context, double score)
{
    return impostors_from(context, score);
}

/* Exact counts at some scores. */
typedef struct known_counts {
    double *edge;   /* ascending */
    uint64_t *from; /* impostors at or above each */
    size_t edges;
    uint64_t impostors;
} known_counts;

static ef_count_bounds by_counts(const void *context, double score)
{
    const known_counts *known = context;
    size_t low = 0, high = known->edges; /* the first edge that is not below the score */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (known->edge[middle] < score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    uint64_t least = low < known->edges ? known->from[low] : 0;
    bool exact = low < known->edges && known->edge[low] == score;
    uint64_t most = exact ? least : low > 0 ? known->from[low - 1] : known->impostors;
    return (ef_count_bounds){least, most};
}

enum { MOST_EDGES = 2048 };

/* The genuine scores from `after` up to that before `before`, or as many of them as are counted in one pass, evenly among them. */
static void choose_edges(const inquiry *all, const crossing *now, known_counts *known)
{
    size_t first = now->before > 0 ? now->before - 1 : 0, steps = now->after - first;
    steps = steps < MOST_EDGES ? steps : MOST_EDGES;
    known->edges = 0;
    for (size_t i = 0; i <= steps; i++) {
        known->edge[known->edges++] = score_at(all, now, now->after - (steps > 0 ? i * (now->after - first) / steps : 0));
    }
}

static ef_status count_edges(inquiry *all, known_counts *known, ef_error *err)
{
    ef_pair_counts *counts;
    ef_status status = ef_pair_counts_create(&counts, known->edge, known->edges, NULL, 0, ef_pair_workers(&all->all.work), err);
    if (status != EF_OK) {
        return status;
    }
    const ef_pair_visitor visitor = ef_pair_counts_visitor(counts);
    status = ef_pair_pass(&all->all, &visitor, 1, err);
    const uint64_t *count = status == EF_OK ? ef_pair_counts_of(counts) : NULL;
    uint64_t sum = 0;
    for (size_t e = known->edges; status == EF_OK && e-- > 0;) {
        sum += count[e + 1];
        known->from[e] = sum;
    }
    ef_pair_counts_free(counts);
    return status;
}

/* Impostors at or above the two genuine scores that the crossing lies between. */
typedef struct crossing_ends {
    ef_count_bounds upper, lower;
} crossing_ends;

static crossing_ends count_ends(const inquiry *all, const crossing *now, ef_count_bounds (*count)(const void *, double),
                                const void *context)
{
    return (crossing_ends){now->before > 0 ? count(context, score_at(all, now, now->before - 1)) : (ef_count_bounds){0, 0},
                           count(context, score_at(all, now, now->after))};
}

static bool is_resolved(const crossing *now, const crossing_ends *ends)
{
    return now->before == now->after && ends->upper.least == ends->upper.most && ends->lower.least == ends->lower.most;
}

/* The impostor at which the rates cross in the run above the lower genuine score: FNMR stays there what it was.  found: false when they do not. */
static ef_status find_in_run(ef_rank *rank, bool *found, inquiry *all, const crossing *now, const crossing_ends *ends,
                             ef_error *err)
{
    const ef_pair_points *points = all->points;
    uint64_t accepted = now->before > 0 ? now->last[now->before - 1] + 1 : 0;
    ef_wide genuine = (ef_wide)points->genuine, missed = ef_product(points->genuine - accepted, points->impostors);
    uint64_t wanted = (uint64_t)((missed + genuine - 1) / genuine);
    double upper = now->before > 0 ? score_at(all, now, now->before - 1) : 2, lower = score_at(all, now, now->after);
    ef_status status = EF_OK;
    bool kept = wanted > 0 && wanted <= all->kept;
    *found = wanted > 0 && wanted <= ends->lower.least;
    if (*found && kept) {
        rank->score = all->high[wanted - 1];
        rank->above = count_above(all->high, all->kept, rank->score);
        rank->from = impostors_from(all, rank->score).least;
        kept = rank->from == impostors_from(all, rank->score).most;
    }
    if (*found && !kept) {
        status = ef_pair_rank_find(rank, wanted, lower, upper, ends->lower.least - ends->upper.least, &all->all, err);
    }
    *found = *found && rank->score > lower;
    return status;
}

/* Impostors above a score. */
static ef_status count_exactly(uint64_t *out, inquiry *all, double score, ef_error *err)
{
    double edge = nextafter(score, INFINITY);
    ef_count_bounds bounds = impostors_from(all, edge);
    *out = bounds.least;
    known_counts one = {&edge, out, 1, all->points->impostors};
    return bounds.least == bounds.most ? EF_OK : count_edges(all, &one, err);
}

/* The two points of the curve that the rates cross between. */
static ef_status find_steps(inquiry *all, const crossing *now, const crossing_ends *ends, ef_error *err)
{
    ef_pair_step *step = all->points->crossing;
    uint64_t accepted = now->before > 0 ? now->last[now->before - 1] + 1 : 0, above = 0;
    double lower = score_at(all, now, now->after);
    ef_rank rank = {0};
    bool in_run;
    ef_status status = find_in_run(&rank, &in_run, all, now, ends, err);
    if (status != EF_OK || in_run) {
        step[0] = (ef_pair_step){nextafter(rank.score, INFINITY), rank.above, accepted};
        step[1] = (ef_pair_step){rank.score, rank.from, accepted};
        return status;
    }
    status = count_exactly(&above, all, lower, err);
    step[0] = (ef_pair_step){nextafter(lower, INFINITY), above, accepted};
    step[1] = (ef_pair_step){lower, ends->lower.least, now->last[now->after] + 1};
    return status;
}

static ef_status find_crossing(inquiry *all, ef_error *err)
{
    size_t genuine = (size_t)all->points->genuine, distinct = 0;
    crossing now = {.last = ef_alloc(genuine, sizeof *now.last)};
    known_counts known = {ef_alloc(MOST_EDGES + 1, sizeof *known.edge), ef_alloc(MOST_EDGES + 1, sizeof *known.from), 0,
                          all->points->impostors};
    ef_status status = now.last != NULL && known.edge != NULL && known.from != NULL ? EF_OK : ef_fail_memory(err, "the EER");
    for (size_t i = 0; status == EF_OK && i < genuine; i++) {
        if (i + 1 == genuine || all->score[i + 1] < all->score[i]) {
            now.last[distinct++] = i;
        }
    }
    if (status == EF_OK) {
        now.after = distinct - 1;
        narrow_crossing(all, &now, by_histogram, all);
        crossing_ends ends = count_ends(all, &now, by_histogram, all);
        while (status == EF_OK && !is_resolved(&now, &ends)) {
            choose_edges(all, &now, &known);
            status = count_edges(all, &known, err);
            if (status == EF_OK) {
                narrow_crossing(all, &now, by_counts, &known);
                ends = count_ends(all, &now, by_counts, &known);
            }
        }
        status = status == EF_OK ? find_steps(all, &now, &ends, err) : status;
    }
    free(now.last);
    free(known.edge);
    free(known.from);
    return status;
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
    size_t k =
        all->question->areas && points->impostors <= FEW && points->impostors <= all->all.room ? (size_t)points->impostors : 1;
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
        bound_auc(all);
        for (size_t i = 0; i < all->question->edges; i++) {
            points->edge_count[i] = impostors_from(all, all->question->edge[i]);
        }
        status = find_crossing(all, err);
    }
    return status;
}

static double *copy_of(const double *values, size_t count)
{
    double *copy = ef_alloc(count, sizeof *copy);
    if (copy != NULL && count > 0) {
        memcpy(copy, values, count * sizeof *copy);
    }
    return copy;
}

/* Scores outlive the accumulators. */
static ef_status take_scores(const inquiry *all, ef_error *err)
{
    ef_pair_points *points = all->points;
    points->genuine_score = copy_of(all->score, (size_t)points->genuine);
    points->tail = copy_of(all->high, all->kept);
    points->tail_count = all->kept;
    return points->genuine_score != NULL && points->tail != NULL ? EF_OK : ef_fail_memory(err, "scores");
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
    if (points == NULL || (points->point = ef_alloc_zero(question->fars, sizeof *points->point)) == NULL ||
        (points->edge_count = ef_alloc_zero(question->edges, sizeof *points->edge_count)) == NULL) {
        ef_pair_points_free(points);
        return ef_fail_memory(err, "operating points");
    }
    points->impostors = totals.pairs - totals.mates;
    points->genuine = totals.mates;
    points->grouped = totals.grouped;
    points->auc = (ef_bounds){0, 1};
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
    if (status == EF_OK) {
        status = take_scores(&all, err);
    }
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
        free(points->edge_count);
        free(points->genuine_score);
        free(points->tail);
        free(points);
    }
}
