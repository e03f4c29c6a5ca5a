/* All pairs: what visitors find by screening, by float32 products and by plain loops is the same, whatever the tile, block and number of threads. */
#include "pair_people.h"

#include "score/pair_best.h"
#include "score/pair_top.h"
#include "score/pair_counts.h"
#include "score/pair_genuine.h"
#include "score/pair_histogram.h"
#include "score/pair_ranks.h"
#include "score/pair_tail.h"

/* From where the tail is collected: all of it, the last score that is kept, and one that has nothing to do with them. */
enum { STARTS = 3 };

static void check_tail(const people *a, const people *b, const truth *all, size_t k, size_t start, const manner *how)
{
    size_t kept = k < all->impostors ? k : all->impostors, expected = 0;
    const double starts[STARTS] = {-INFINITY, all->impostors > 0 ? all->impostor[kept - 1] : 0.0, 0.3};
    ef_pair_tail *tail;
    ef_pair_genuine *genuine;
    OK(ef_pair_tail_create(&tail, k, starts[start], how->threads, err));
    OK(ef_pair_genuine_create(&genuine, all->genuines, err));
    const ef_pair_visitor visitors[] = {ef_pair_tail_visitor(tail), ef_pair_genuine_visitor(genuine)};
    ef_pair_totals totals = compare(a, b, visitors, 2, how);
    while (expected < kept && all->impostor[expected] >= starts[start]) {
        expected++;
    }
    ck_assert_uint_eq(totals.pairs, all->impostors + all->genuines);
    ck_assert_uint_eq(totals.mates, all->genuines);
    ck_assert_uint_eq(ef_pair_tail_count(tail), expected);
    ck_assert_mem_eq(ef_pair_tail_scores(tail), all->impostor, expected * sizeof(double));
    ck_assert_uint_eq(ef_pair_genuine_count(genuine), all->genuines);
    ck_assert_mem_eq(ef_pair_genuine_scores(genuine), all->genuine, all->genuines * sizeof(double));
    ef_pair_tail_free(tail);
    ef_pair_genuine_free(genuine);
}

static int by_score(const void *left, const void *right)
{
    const ef_match *a = left, *b = right;
    int order = (a->score < b->score) - (a->score > b->score);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

/* What plain loops find, but for the highest and the counts: once for all manners. */
enum { MOST_BEST = 3, AMONGS = 3 };
static const ef_pair_among amongs[AMONGS] = {EF_AMONG_OTHERS, EF_AMONG_MATES, EF_AMONG_ALL};

typedef struct findings {
    ef_match *best[AMONGS]; /* MOST_BEST of each row */
    ef_scored_pair *top;    /* all impostor pairs, the highest first */
    size_t count;           /* of them */
    double *mark;           /* up to 4 for each row: scores of its own, some of them twice, and others */
    size_t *begin;          /* of the marks of each row, and their end */
    uint64_t *above;        /* per mark */
} findings;

/* The best matches of row i, of scores[] with all columns. */
static void find_best(ef_match *out, const double *scores, const people *a, size_t i, const people *b, ef_pair_among among)
{
    const people *columns = b != NULL ? b : a;
    size_t found = 0;
    ef_match *all = malloc((columns->vectors.count + MOST_BEST) * sizeof *all);
    for (size_t j = 0; j < columns->vectors.count; j++) {
        bool mates = a->label[i] == columns->label[j];
        if ((b != NULL || i != j) && (among & (mates ? EF_AMONG_MATES : EF_AMONG_OTHERS)) != 0) {
            all[found++] = (ef_match){scores[j], j};
        }
    }
    for (size_t j = 0; j < MOST_BEST; j++) {
        all[found + j] = (ef_match){-INFINITY, EF_NOBODY};
    }
    qsort(all, found, sizeof *all, by_score);
    memcpy(out, all, MOST_BEST * sizeof *out);
    free(all);
}

static void check_best(const people *a, const people *b, const findings *expected, size_t k, const manner *how)
{
    ef_pair_best *best[AMONGS];
    ef_pair_visitor visitors[AMONGS];
    for (size_t m = 0; m < AMONGS; m++) {
        OK(ef_pair_best_create(&best[m], a->vectors.count, k, amongs[m], b == NULL, err));
        visitors[m] = ef_pair_best_visitor(best[m]);
    }
    compare(a, b, visitors, AMONGS, how);
    for (size_t m = 0; m < AMONGS; m++) {
        for (size_t i = 0; i < a->vectors.count; i++) {
            ck_assert(memcmp(ef_pair_best_of(best[m], i), expected->best[m] + MOST_BEST * i, k * sizeof(ef_match)) == 0);
        }
        ef_pair_best_free(best[m]);
    }
}

static int by_pair(const void *left, const void *right)
{
    const ef_scored_pair *a = left, *b = right;
    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    return a->row != b->row ? (a->row > b->row) - (a->row < b->row) : (a->column > b->column) - (a->column < b->column);
}

/* The highest impostor pairs, in two halves of the room. */
static void check_top(const people *a, const people *b, const findings *expected, size_t k, const manner *how)
{
    size_t count = expected->count, half = count / 2;
    ef_pair_top *top, *joined;
    OK(ef_pair_top_create(&top, k, err));
    OK(ef_pair_top_create(&joined, k, err));
    const ef_pair_visitor visitor = ef_pair_top_visitor(top);
    compare(a, b, &visitor, 1, how);
    ck_assert_uint_eq(ef_pair_top_count(top), count < k ? count : k);
    ck_assert_mem_eq(ef_pair_top_pairs(top), expected->top, ef_pair_top_count(top) * sizeof *expected->top);
    ef_pair_top_add(joined, expected->top + half, count - half);
    ef_pair_top_add(joined, expected->top, half);
    ck_assert_mem_eq(ef_pair_top_pairs(joined), expected->top, ef_pair_top_count(top) * sizeof *expected->top);
    ef_pair_top_free(top);
    ef_pair_top_free(joined);
}

static size_t at_least(const truth *all, double limit)
{
    size_t low = 0, high = all->impostors;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (all->impostor[middle] >= limit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Edges that are scores, the doubles after them, and some that are neither; every third gap is kept. */
static void check_counts(const people *a, const people *b, const truth *all, size_t picks, const manner *how)
{
    double *edge = malloc((2 * picks + 3) * sizeof *edge), descending[] = {3.0, 0.1, -0.2};
    bool *keep = malloc((2 * picks + 4) * sizeof *keep);
    size_t edges = 0, distinct = 0, room = 0, next = 0;
    for (size_t i = 0; i < picks && all->impostors > 0; i++) {
        edge[edges++] = all->impostor[i * 7919 % all->impostors];
        edge[edges] = nextafter(edge[edges - 1], INFINITY);
        edges++;
    }
    memcpy(edge + edges, descending, sizeof descending);
    edges += 3;
    ef_sort_descending(edge, edges);
    for (size_t i = edges; i-- > 0;) {
        if (i == edges - 1 || edge[i] != edge[i + 1]) {
            distinct++;
        }
    }
    double *ascending = malloc(distinct * sizeof *ascending); /* each once */
    for (size_t i = edges, d = 0; i-- > 0;) {
        if (i == edges - 1 || edge[i] != edge[i + 1]) {
            ascending[d++] = edge[i];
        }
    }
    for (size_t g = 0; g <= distinct; g++) {
        keep[g] = g % 3 == 2;
        size_t above = g < distinct ? at_least(all, ascending[g]) : 0;
        room += keep[g] ? at_least(all, ascending[g - 1]) - above : 0;
    }
    ef_pair_counts *counts;
    OK(ef_pair_counts_create(&counts, ascending, distinct, keep, room, how->threads, err));
    const ef_pair_visitor visitor = ef_pair_counts_visitor(counts);
    compare(a, b, &visitor, 1, how);
    const uint64_t *count = ef_pair_counts_of(counts);
    uint64_t kept;
    const double *score_kept = ef_pair_counts_kept(counts, &kept);
    ck_assert_uint_eq(kept, room);
    for (size_t g = distinct; g > 0; g--) {
        size_t above = g < distinct ? at_least(all, ascending[g]) : 0, here = at_least(all, ascending[g - 1]) - above;
        ck_assert_uint_eq(count[g], here);
        if (keep[g]) {
            ck_assert_mem_eq(score_kept + next, all->impostor + above, here * sizeof(double));
            next += here;
        }
    }
    ef_pair_counts_free(counts);
    free(edge);
    free(ascending);
    free(keep);
}

/* The bounds hold the true number of pairs, and are not wider than slacks and bins explain. */
static void check_histogram(const people *a, const people *b, const truth *all, size_t bins, const manner *how)
{
    static const double beside[] = {0, 1e-3, -1e-3, 0.07, 3, -3};
    double blur = 0.2 + 8.0 / (double)bins; /* slacks of codes in one dimension are large */
    ef_pair_histogram *histogram;
    OK(ef_pair_histogram_create(&histogram, bins, how->threads, err));
    const ef_pair_visitor visitor = ef_pair_histogram_visitor(histogram);
    compare(a, b, &visitor, 1, how);
    OK(ef_pair_histogram_finish(histogram, err));
    for (size_t i = 0; i < 60 && all->impostors > 0; i++) {
        double limit = all->impostor[i * 7919 % all->impostors] + beside[i % 6];
        size_t genuine = 0, wide = 0, narrow = 0;
        while (genuine < all->genuines && all->genuine[genuine] >= limit) {
            genuine++;
        }
        for (size_t g = 0; g < all->genuines; g++) {
            wide += all->genuine[g] >= limit - blur;
            narrow += all->genuine[g] >= limit + blur;
        }
        ef_count_bounds bounds = ef_pair_histogram_at_least(histogram, limit);
        uint64_t truly = at_least(all, limit) + genuine;
        ck_assert_msg(bounds.least <= truly && truly <= bounds.most, "%zu bins: %llu not in %llu .. %llu", bins,
                      (unsigned long long)truly, (unsigned long long)bounds.least, (unsigned long long)bounds.most);
        if (fabs(limit) < 1 - blur) {
            ck_assert_uint_le(bounds.most, at_least(all, limit - blur) + wide);
            ck_assert_uint_ge(bounds.least, at_least(all, limit + blur) + narrow);
        }
    }
    ef_pair_histogram_free(histogram);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void find_marks(findings *found, const people *a, size_t i, const double *scores, const people *b, uint64_t *seed)
{
    const people *columns = b != NULL ? b : a;
    size_t others = columns->vectors.count, begin = found->begin[i], count = i % 5;
    for (size_t m = begin; m < begin + count; m++) {
        found->mark[m] = m % 4 == 3 ? (double)next_float(seed) : scores[next_bits(seed) % others];
    }
    qsort(found->mark + begin, count, sizeof *found->mark, ascending);
    for (size_t m = begin; m < begin + count; m++) {
        found->above[m] = 0;
        for (size_t j = 0; j < others; j++) {
            found->above[m] += (b != NULL || i != j) && a->label[i] != columns->label[j] && scores[j] > found->mark[m];
        }
    }
    found->begin[i + 1] = begin + count;
}

static findings find_all(const people *a, const people *b)
{
    const people *columns = b != NULL ? b : a;
    size_t rows = a->vectors.count, others = columns->vectors.count;
    uint64_t seed = rows;
    findings found = {.top = malloc((rows * others + 1) * sizeof *found.top),
                      .mark = calloc(4 * rows + 1, sizeof *found.mark),
                      .begin = calloc(rows + 1, sizeof *found.begin),
                      .above = malloc((4 * rows + 1) * sizeof *found.above)};
    double *scores = malloc(others * sizeof *scores);
    for (size_t m = 0; m < AMONGS; m++) {
        found.best[m] = malloc(MOST_BEST * rows * sizeof *found.best[m]);
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < others; j++) {
            scores[j] = score(a, i, columns, j);
            if ((b != NULL || j > i) && a->label[i] != columns->label[j]) {
                found.top[found.count++] = (ef_scored_pair){scores[j], i, j};
            }
        }
        for (size_t m = 0; m < AMONGS; m++) {
            find_best(found.best[m] + MOST_BEST * i, scores, a, i, b, amongs[m]);
        }
        find_marks(&found, a, i, scores, b, &seed);
    }
    qsort(found.top, found.count, sizeof *found.top, by_pair);
    free(scores);
    return found;
}

static void free_findings(findings *found)
{
    for (size_t m = 0; m < AMONGS; m++) {
        free(found->best[m]);
    }
    free(found->top);
    free(found->mark);
    free(found->begin);
    free(found->above);
}

static void check_ranks(const people *a, const people *b, const findings *expected, const manner *how)
{
    size_t rows = a->vectors.count, marks = expected->begin[rows];
    uint64_t *above = malloc((marks + 1) * sizeof *above);
    ef_pair_ranks *ranks;
    OK(ef_pair_ranks_create(&ranks, expected->mark, expected->begin, rows, b == NULL, err));
    const ef_pair_visitor visitor = ef_pair_ranks_visitor(ranks);
    compare(a, b, &visitor, 1, how);
    ef_pair_ranks_above(ranks, above);
    for (size_t m = 0; m < marks; m++) {
        ck_assert_uint_eq(above[m], expected->above[m]);
    }
    ef_pair_ranks_free(ranks);
    free(above);
}

static void check_everything(const people *a, const people *b, const truth *all, const findings *expected, size_t m,
                             const manner *how)
{
    static const size_t sizes[] = {1, 100, 3000, 1000000};
    static const size_t picks[] = {0, 5, 200};
    for (size_t start = 0; start < STARTS; start++) {
        check_tail(a, b, all, sizes[(m + a->vectors.count + start) % 4], start, how);
    }
    check_counts(a, b, all, picks[m % 3], how);
    check_histogram(a, b, all, m % 2 == 0 ? 50 : 8192, how);
    check_ranks(a, b, expected, how);
    check_best(a, b, expected, 1 + 2 * (m % 2), how);
    check_top(a, b, expected, 1 + 12 * (m % 2), how);
}

static void check(size_t rows, size_t columns, size_t dim, size_t subjects, kind what, uint64_t seed)
{
    people a = make_people(rows, dim, subjects, what, seed), b = make_people(columns, dim, subjects, what, seed + 1);
    size_t versions;
    const ef_int8_version *version = ef_int8_versions(&versions);
    for (size_t self = 0; self < 2; self++) {
        const people *other = self != 0 ? NULL : &b;
        truth all = find_truth(&a, other);
        findings expected = find_all(&a, other);
        for (size_t m = 0; m < MANNERS; m++) {
            bool samples = manners[m].way.directions == 0 || dim >= 16; /* or there is none, and no directions */
            bool races = !ONLY_RACES || manners[m].threads > 1;
            bool whole =
                rows <= 100 || (manners[m].memory == 0 && manners[m].way.tile_rows == 0); /* or these are no tiles of full size */
            if (whole && samples && races) {
                check_everything(&a, other, &all, &expected, m, &manners[m]);
            }
        }
        for (size_t v = 0; v < versions; v++) {
            if (version[v].runs_here()) {
                const manner how = {.way = {EF_PRODUCT_CODES, .kernel = &version[v]}, .threads = 2};
                check_everything(&a, other, &all, &expected, v, &how);
            }
        }
        free_findings(&expected);
        free_truth(&all);
    }
    free_people(&a);
    free_people(&b);
}

/* Few people, nobody known and single images, with one of the dimensions each: the kinds of vectors go through all of them. */
START_TEST(every_manner_finds_what_plain_loops_find)
{
    static const size_t dims[] = {1, 3, 127};
    enum { DIMS = sizeof dims / sizeof *dims };
    size_t first = ONLY_RACES ? DIMS - 1 : 0, turn = ONLY_RACES ? 0 : (size_t)_i;
    for (size_t d = first; d < DIMS; d++) {
        check(57, 83, dims[d], 20, (kind)_i, 11 * d);
    }
    check(13, 40, dims[(first + turn) % DIMS], 1, (kind)_i, 15);
    check(45, 70, dims[(first + turn + 1) % DIMS], 0, (kind)_i, 16); /* no labels */
    check(1, 1, dims[(first + turn + 2) % DIMS], 2, (kind)_i, 17);
}
END_TEST

/* Two accumulators that each met some of the pairs, as two processes would, and one that met all. */
START_TEST(what_parts_found_adds_up)
{
    enum { ROWS = 60, COLUMNS = 90, DIM = 12, K = 40, BEST = 3, BINS = 64 };
    static const double edge[] = {-0.1, 0.0, 0.2, 0.21};
    static const bool keep[] = {false, false, true, false, true};
    people a = make_people(ROWS, DIM, 9, (kind)_i, 1), b = make_people(COLUMNS, DIM, 9, (kind)_i, 2);
    ef_pair_tail *tail[3];
    ef_pair_best *best[3];
    ef_pair_counts *counts[3];
    ef_pair_genuine *genuine[3];
    ef_pair_histogram *histogram[3];
    for (size_t part = 0; part < 3; part++) {
        OK(ef_pair_tail_create(&tail[part], K, -INFINITY, 2, err));
        OK(ef_pair_best_create(&best[part], ROWS, BEST, EF_AMONG_ALL, false, err));
        OK(ef_pair_counts_create(&counts[part], edge, 4, keep, (size_t)ROWS * COLUMNS, 2, err));
        OK(ef_pair_genuine_create(&genuine[part], (size_t)ROWS * COLUMNS, err));
        OK(ef_pair_histogram_create(&histogram[part], BINS, 2, err));
        const ef_pair_visitor visitors[] = {ef_pair_tail_visitor(tail[part]), ef_pair_best_visitor(best[part]),
                                            ef_pair_counts_visitor(counts[part]), ef_pair_genuine_visitor(genuine[part]),
                                            ef_pair_histogram_visitor(histogram[part])};
        /* Part 1 is rows 0 .. 24, part 2 the others; the numbers of columns are the same for all. */
        people some = a;
        some.vectors.unit += part == 2 ? 25 * DIM : 0;
        some.vectors.label += part == 2 ? 25 : 0;
        some.vectors.count = part == 0 ? ROWS : part == 1 ? 25 : ROWS - 25;
        compare(&some, &b, visitors, 5, &manners[2]);
    }
    ef_match *shifted = malloc(ROWS * BEST * sizeof *shifted);
    for (size_t i = 0; i < ROWS * BEST; i++) {
        shifted[i] = i < 25 * BEST ? (ef_match){-INFINITY, EF_NOBODY} : ef_pair_best_of(best[2], i / BEST - 25)[i % BEST];
    }
    ef_pair_best_add(best[1], shifted);
    ck_assert_mem_eq(ef_pair_best_of(best[1], 0), ef_pair_best_of(best[0], 0), ROWS * BEST * sizeof *shifted);
    free(shifted);
    ef_pair_tail_add(tail[1], ef_pair_tail_scores(tail[2]), ef_pair_tail_count(tail[2]));
    ck_assert_uint_eq(ef_pair_tail_count(tail[1]), ef_pair_tail_count(tail[0]));
    ck_assert_mem_eq(ef_pair_tail_scores(tail[1]), ef_pair_tail_scores(tail[0]), ef_pair_tail_count(tail[0]) * sizeof(double));
    uint64_t kept, all_kept;
    const double *more = ef_pair_counts_kept(counts[2], &kept);
    ef_pair_counts_add(counts[1], ef_pair_counts_of(counts[2]), more, kept);
    ck_assert_mem_eq(ef_pair_counts_of(counts[1]), ef_pair_counts_of(counts[0]), 5 * sizeof(uint64_t));
    more = ef_pair_counts_kept(counts[0], &all_kept);
    ck_assert_mem_eq(ef_pair_counts_kept(counts[1], &kept), more, all_kept * sizeof *more);
    ck_assert_uint_eq(kept, all_kept);
    ef_pair_genuine_add(genuine[1], ef_pair_genuine_scores(genuine[2]), ef_pair_genuine_count(genuine[2]));
    ck_assert_mem_eq(ef_pair_genuine_scores(genuine[1]), ef_pair_genuine_scores(genuine[0]),
                     ef_pair_genuine_count(genuine[0]) * sizeof(double));
    for (size_t c = 0; c < EF_HISTOGRAM_CLASSES; c++) {
        double slack;
        const uint64_t *count = ef_pair_histogram_class(histogram[2], c, &slack);
        if (count != NULL) {
            OK(ef_pair_histogram_add(histogram[1], c, count, slack, err));
        }
    }
    OK(ef_pair_histogram_finish(histogram[1], err));
    ck_assert_uint_eq(ef_pair_histogram_at_least(histogram[1], -4).most, (uint64_t)ROWS * COLUMNS);
    OK(ef_pair_histogram_finish(histogram[0], err));
    for (int i = -30; i < 30; i++) {
        ef_count_bounds parts = ef_pair_histogram_at_least(histogram[1], i / 20.0);
        ef_count_bounds whole = ef_pair_histogram_at_least(histogram[0], i / 20.0);
        ck_assert(parts.least <= whole.most && whole.least <= parts.most);
    }
    for (size_t part = 0; part < 3; part++) {
        ef_pair_tail_free(tail[part]);
        ef_pair_best_free(best[part]);
        ef_pair_counts_free(counts[part]);
        ef_pair_genuine_free(genuine[part]);
        ef_pair_histogram_free(histogram[part]);
    }
    free_people(&a);
    free_people(&b);
}
END_TEST

START_TEST(tiles_of_full_size_find_the_same)
{
    check(130, 610, 24, 100 * (size_t)(_i % 2), (kind)_i, 3);
}
END_TEST

static int descending(const void *left, const void *right)
{
    return ascending(right, left);
}

START_TEST(many_numbers_are_sorted_as_few_are)
{
    static const double odd[] = {0.0, -0.0, INFINITY, -INFINITY, 5e-324, -5e-324, 1e300, -1e300, 0.5, -0.5};
    static const size_t counts[] = {0, 1, 2, 100, 511, 512, 513, 5000};
    uint64_t seed = 1;
    for (size_t c = 0; c < LENGTH(counts); c++) {
        for (size_t what = 0; what < 4; what++) { /* all sorts; odd ones; few; one */
            static double got[5000], expected[5000];
            for (size_t i = 0; i < counts[c]; i++) {
                double x = (double)next_float(&seed), y = odd[next_bits(&seed) % LENGTH(odd)];
                got[i] = what == 0 ? (i % 3 == 0 ? y : x * 1.000000001) : what == 1 ? y : what == 2 ? 1 + floor(4 * x) : 0.25;
            }
            memcpy(expected, got, sizeof got);
            qsort(expected, counts[c], sizeof *expected, descending); /* which of two zeros comes first is as it was */
            ef_sort_descending(got, counts[c]);
            ck_assert_mem_eq(got, expected, counts[c] * sizeof *got);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("all_pairs");
    TCase *tests = tcase_create("all_pairs");
    tcase_set_timeout(tests, 1800);
    tcase_add_test(tests, many_numbers_are_sorted_as_few_are);
    tcase_add_loop_test(tests, every_manner_finds_what_plain_loops_find, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, tiles_of_full_size_find_the_same, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, what_parts_found_adds_up, 0, KINDS_TO_TEST);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
