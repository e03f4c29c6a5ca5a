#include "score/pair_crossing.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/int128.h"
#include "score/pair_counts.h"

/* Whether FMR is at least FNMR at a threshold: products of counts, exactly. */
static bool has_crossed(const ef_pair_known *all, uint64_t false_matches, uint64_t true_matches)
{
    return ef_product(false_matches, all->genuine) >= ef_product(all->genuine - true_matches, all->impostors);
}

/* Where FMR passes FNMR, as far as is known, among the distinct genuine scores, which stand in descending order.  At the last of them FNMR is 0: there it
 * has. */
typedef struct crossing {
    size_t *last; /* of each distinct score: the index of the last genuine score that equals it */
    size_t before,
        after; /* it has not at the distinct score `before` - 1 (0: the first of all is not known to be too high), and has at `after` */
} crossing;

static double score_at(const ef_pair_known *all, const crossing *now, size_t distinct)
{
    return all->score[now->last[distinct]];
}

/* Narrows the crossing down by halving, with what `count` says of the impostors at or above a score. */
static void narrow_crossing(const ef_pair_known *all, crossing *now, ef_count_bounds (*count)(const void *, double),
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
    return ef_pair_known_from(context, score);
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
static void choose_edges(const ef_pair_known *all, const crossing *now, known_counts *known)
{
    size_t first = now->before > 0 ? now->before - 1 : 0, steps = now->after - first;
    steps = steps < MOST_EDGES ? steps : MOST_EDGES;
    known->edges = 0;
    for (size_t i = 0; i <= steps; i++) {
        known->edge[known->edges++] = score_at(all, now, now->after - (steps > 0 ? i * (now->after - first) / steps : 0));
    }
}

static ef_status count_edges(known_counts *known, ef_pair_passes *passes, ef_error *err)
{
    ef_pair_counts *counts;
    ef_status status = ef_pair_counts_create(&counts, known->edge, known->edges, NULL, 0, ef_pair_workers(&passes->work), err);
    if (status != EF_OK) {
        return status;
    }
    const ef_pair_visitor visitor = ef_pair_counts_visitor(counts);
    status = ef_pair_pass(passes, &visitor, 1, err);
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

static crossing_ends count_ends(const ef_pair_known *all, const crossing *now, ef_count_bounds (*count)(const void *, double),
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
static ef_status find_in_run(ef_rank *rank, bool *found, const ef_pair_known *all, const crossing *now, const crossing_ends *ends,
                             ef_pair_passes *passes, ef_error *err)
{
    uint64_t accepted = now->before > 0 ? now->last[now->before - 1] + 1 : 0;
    ef_wide genuine = (ef_wide)all->genuine, missed = ef_product(all->genuine - accepted, all->impostors);
    uint64_t wanted = (uint64_t)((missed + genuine - 1) / genuine);
    double upper = now->before > 0 ? score_at(all, now, now->before - 1) : 2, lower = score_at(all, now, now->after);
    ef_status status = EF_OK;
    bool kept = wanted > 0 && wanted <= all->kept;
    *found = wanted > 0 && wanted <= ends->lower.least;
    if (*found && kept) {
        rank->score = all->high[wanted - 1];
        rank->above = ef_count_above(all->high, all->kept, rank->score);
        rank->from = ef_pair_known_from(all, rank->score).least;
        kept = rank->from == ef_pair_known_from(all, rank->score).most;
    }
    if (*found && !kept) {
        status = ef_pair_rank_find(rank, wanted, lower, upper, ends->lower.least - ends->upper.least, passes, err);
    }
    *found = *found && rank->score > lower;
    return status;
}

/* Impostors above a score. */
static ef_status count_exactly(uint64_t *out, const ef_pair_known *all, double score, ef_pair_passes *passes, ef_error *err)
{
    double edge = nextafter(score, INFINITY);
    ef_count_bounds bounds = ef_pair_known_from(all, edge);
    *out = bounds.least;
    known_counts one = {&edge, out, 1, all->impostors};
    return bounds.least == bounds.most ? EF_OK : count_edges(&one, passes, err);
}

/* The two points of the curve that the rates cross between. */
static ef_status find_steps(ef_pair_step step[2], const ef_pair_known *all, const crossing *now, const crossing_ends *ends,
                            ef_pair_passes *passes, ef_error *err)
{
    uint64_t accepted = now->before > 0 ? now->last[now->before - 1] + 1 : 0, above = 0;
    double lower = score_at(all, now, now->after);
    ef_rank rank = {0};
    bool in_run;
    ef_status status = find_in_run(&rank, &in_run, all, now, ends, passes, err);
    if (status != EF_OK || in_run) {
        step[0] = (ef_pair_step){nextafter(rank.score, INFINITY), rank.above, accepted};
        step[1] = (ef_pair_step){rank.score, rank.from, accepted};
        return status;
    }
    status = count_exactly(&above, all, lower, passes, err);
    step[0] = (ef_pair_step){nextafter(lower, INFINITY), above, accepted};
    step[1] = (ef_pair_step){lower, ends->lower.least, now->last[now->after] + 1};
    return status;
}

ef_status ef_pair_crossing_find(ef_pair_step step[2], const ef_pair_known *all, ef_pair_passes *passes, ef_error *err)
{
    size_t genuine = all->genuine, distinct = 0;
    crossing now = {.last = ef_alloc(genuine, sizeof *now.last)};
    known_counts known = {ef_alloc(MOST_EDGES + 1, sizeof *known.edge), ef_alloc(MOST_EDGES + 1, sizeof *known.from), 0,
                          all->impostors};
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
            status = count_edges(&known, passes, err);
            if (status == EF_OK) {
                narrow_crossing(all, &now, by_counts, &known);
                ends = count_ends(all, &now, by_counts, &known);
            }
        }
        status = status == EF_OK ? find_steps(step, all, &now, &ends, passes, err) : status;
    }
    free(now.last);
    free(known.edge);
    free(known.from);
    return status;
}
