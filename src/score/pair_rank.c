#include "score/pair_rank.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "score/highest.h"
#include "score/pair_counts.h"

enum { PARTS = 1024 };

#define NARROWEST 0x1p-30 /* of a bracket that missed */
#define FARTHEST  2.0     /* no cosine similarity lies so far from 0, however it was rounded */

ef_status ef_pair_pass(ef_pair_passes *all, const ef_pair_visitor *visitors, size_t count, ef_error *err)
{
    ef_pair_totals totals = {0};
    ef_status status = ef_all_pairs(&totals, all->rows, all->columns, visitors, count, all->way, &all->work, err);
    all->passes++;
    all->candidates += totals.candidates;
    return status;
}

/* A search under way: the score is thought to be in [low, high), among `expected` others, and known to be in [least, most). */
typedef struct search {
    uint64_t rank, expected;
    double low, high, least, most;
    bool found;
} search;

/* Doubles as integers in the same order, and back. */
static int64_t to_place(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >= 0 ? bits : INT64_MIN - bits;
}

static double from_place(int64_t place)
{
    double value;
    int64_t bits = place >= 0 ? place : INT64_MIN - place;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The edges low, ..., high in at most PARTS steps, all different: as many even steps as steps that are even among the doubles, because many scores may be equal to 0, and
 * on the way to it there are a thousand halves. */
static size_t split(double *edge, const search *now, bool keep)
{
    enum { HALF = PARTS / 2 };
    size_t edges = 0, different = 1;
    double low = now->low, high = now->high;
    uint64_t doubles = (uint64_t)to_place(high) - (uint64_t)to_place(low);
    edge[edges++] = low;
    for (uint64_t i = 1; !keep && i < HALF; i++) {
        edge[edges++] = low + (high - low) * ((double)i / HALF);
        edge[edges++] = from_place((int64_t)((uint64_t)to_place(low) + doubles / HALF * i + doubles % HALF * i / HALF));
    }
    edge[edges++] = high;
    ef_sort_descending(edge, edges);
    for (size_t i = 0; i < edges / 2; i++) {
        double kept = edge[i];
        edge[i] = edge[edges - 1 - i];
        edge[edges - 1 - i] = kept;
    }
    for (size_t i = 1; i < edges; i++) {
        if (edge[i] != edge[different - 1]) {
            edge[different++] = edge[i];
        }
    }
    return different;
}

/* The rank was not in the bracket: the next one lies above it, or below it, and is as much wider as a pass has parts.  What is known leaves nothing there when there is
 * no such rank, or when two passes did not count the same. */
static ef_status move(search *now, bool up, uint64_t expected, ef_error *err)
{
    double width = fmax(now->high - now->low, NARROWEST) * PARTS;
    if (up ? now->high >= now->most : now->low <= now->least) {
        return ef_fail(err, EF_INVALID, "no impostor score is of rank %" PRIu64 ", as far as passes over the pairs can tell",
                       now->rank);
    }
    if (up) {
        now->least = now->low = now->high;
        now->high += width;
    } else {
        now->most = now->high = now->low;
        now->low -= width;
    }
    now->expected = expected;
    return EF_OK;
}

static void take_kept(ef_rank *out, const double *kept, uint64_t count, uint64_t above, search *now)
{
    size_t place = (size_t)(now->rank - above - 1), end = place + 1;
    out->score = kept[place];
    while (end < count && kept[end] == out->score) {
        end++;
    }
    out->from = above + end;
    while (place > 0 && kept[place - 1] == out->score) {
        place--;
    }
    out->above = above + place;
    /* With none above it in the bracket the next one is not known yet. */
    out->next = place > 0 ? kept[place - 1] : out->above == 0 ? INFINITY : NAN;
    now->found = true;
}

/* Looks into the gap that holds the rank: its scores when they were kept, else it is the new bracket. */
static ef_status narrow(ef_rank *out, search *now, ef_pair_counts *counts, const double *edge, size_t edges, bool keep,
                        ef_error *err)
{
    const uint64_t *count = ef_pair_counts_of(counts);
    size_t gap = edges;
    uint64_t above = 0;
    while (gap > 0 && above + count[gap] < now->rank) {
        above += count[gap--];
    }
    if (gap == 0 || gap == edges) { /* below `low`, or at `high` and above */
        return move(now, gap == edges, gap == edges ? count[edges] : UINT64_MAX, err);
    }
    if (keep) {
        uint64_t kept;
        const double *score = ef_pair_counts_kept(counts, &kept);
        take_kept(out, score, kept, above, now);
        return EF_OK;
    }
    now->least = now->low = edge[gap - 1];
    now->most = now->high = edge[gap];
    now->expected = count[gap];
    if (nextafter(now->low, INFINITY) == now->high) { /* they are all equal */
        *out = (ef_rank){now->low, above, above + count[gap], above == 0 ? INFINITY : NAN};
        now->found = true;
    }
    return EF_OK;
}

static ef_status one_pass(ef_rank *out, search *now, ef_pair_passes *all, ef_error *err)
{
    static const bool middle[3] = {false, true, false};
    double edge[PARTS + 1];
    bool keep = now->expected <= all->room;
    size_t edges = split(edge, now, keep);
    ef_pair_counts *counts;
    ef_status status =
        ef_pair_counts_create(&counts, edge, edges, keep ? middle : NULL, keep ? all->room : 0, ef_pair_workers(&all->work), err);
    if (status != EF_OK) {
        return status;
    }
    const ef_pair_visitor visitor = ef_pair_counts_visitor(counts);
    status = ef_pair_pass(all, &visitor, 1, err);
    if (status == EF_OK) {
        const uint64_t *count = ef_pair_counts_of(counts);
        if (keep && count[1] > all->room) {
            now->expected = count[1]; /* more than was thought */
        } else {
            status = narrow(out, now, counts, edge, edges, keep, err);
        }
    }
    ef_pair_counts_free(counts);
    return status;
}

static ef_status find(ef_rank *out, search now, ef_pair_passes *all, ef_error *err)
{
    ef_status status = EF_OK;
    while (status == EF_OK && !now.found) {
        status = one_pass(out, &now, all, err);
    }
    return status;
}

ef_status ef_pair_rank_find(ef_rank *out, uint64_t rank, double low, double high, uint64_t expected, ef_pair_passes *all,
                            ef_error *err)
{
    ef_status status = find(out, (search){rank, expected, low, high, -FARTHEST, FARTHEST, false}, all, err);
    if (status == EF_OK && isnan(out->next)) {
        /* The lowest of the higher scores is the one whose rank is their number. */
        ef_rank next;
        double from = nextafter(out->score, INFINITY);
        search above = {out->above, out->above, from, fmax(nextafter(from, INFINITY), from + NARROWEST * PARTS),
                        from,       FARTHEST,   false};
        status = find(&next, above, all, err);
        out->next = status == EF_OK ? next.score : out->next;
    }
    return status;
}
