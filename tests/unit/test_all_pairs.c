/* All pairs: what visitors find by screening, by float32 products and by plain loops is the same, whatever the tile, block and number of threads. */
#include "pair_people.h"

#include "score/pair_best.h"
#include "score/pair_top.h"
#include "score/pair_counts.h"
#include "score/pair_genuine.h"
#include "score/pair_histogram.h"
#include "score/pair_ranks.h"
#include "score/pair_tail.h"

static void check_tail(const people *a, const people *b, const truth *all, size_t k, const manner *how)
{
    size_t kept = k < all->impostors ? k : all->impostors;
    const double starts[] = {-INFINITY, all->impostors > 0 ? all->impostor[kept - 1] : 0.0, 0.3};
    for (size_t s = 0; s < 3; s++) {
        ef_pair_tail *tail;
        ef_pair_genuine *genuine;
        OK(ef_pair_tail_create(&tail, k, starts[s], how->threads, err));
        OK(ef_pair_genuine_create(&genuine, all->genuines, err));
        const ef_pair_visitor visitors[] = {ef_pair_tail_visitor(tail), ef_pair_genuine_visitor(genuine)};
        ef_pair_totals totals = compare(a, b, visitors, 2, how);
        size_t expected = 0;
        while (expected < kept && all->impostor[expected] >= starts[s]) {
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
}

static int by_score(const void *left, const void *right)
{
    const ef_match *a = left, *b = right;
    int order = (a->score < b->score) - (a->score > b->score);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

/* The k best matches of row i. */
static void find_best(ef_match *out, size_t k, const people *a, size_t i, const people *b, ef_pair_among among)
{
    const people *columns = b != NULL ? b : a;
    size_t found = 0;
    ef_match *all = malloc((columns->vectors.count + k) * sizeof *all);
    for (size_t j = 0; j < columns->vectors.count; j++) {
        bool mates = a->label[i] == columns->label[j];
        if ((b != NULL || i != j) && (among & (mates ? EF_AMONG_MATES : EF_AMONG_OTHERS)) != 0) {
            all[found++] = (ef_match){score(a, i, columns, j), j};
        }
    }
    for (size_t j = 0; j < k; j++) {
        all[found + j] = (ef_match){-INFINITY, EF_NOBODY};
    }
    qsort(all, found, sizeof *all, by_score);
    memcpy(out, all, k * sizeof *out);
    free(all);
}

static void check_best(const people *a, const people *b, size_t k, const manner *how)
{
    static const ef_pair_among amongs[] = {EF_AMONG_OTHERS, EF_AMONG_MATES, EF_AMONG_ALL};
    ef_pair_best *best[3];
    ef_pair_visitor visitors[3];
    ef_match *expected = malloc(k * sizeof *expected);
    for (size_t m = 0; m < 3; m++) {
        OK(ef_pair_best_create(&best[m], a->vectors.count, k, amongs[m], b == NULL, err));
        visitors[m] = ef_pair_best_visitor(best[m]);
    }
    compare(a, b, visitors, 3, how);
    for (size_t m = 0; m < 3; m++) {
        for (size_t i = 0; i < a->vectors.count; i++) {
            find_best(expected, k, a, i, b, amongs[m]);
            ck_assert_mem_eq(ef_pair_best_of(best[m], i), expected, k * sizeof *expected);
        }
        ef_pair_best_free(best[m]);
    }
    free(expected);
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
static void check_top(const people *a, const people *b, size_t k, const manner *how)
{
    const people *columns = b != NULL ? b : a;
    ef_scored_pair *all = malloc((a->vectors.count * columns->vectors.count + 1) * sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < a->vectors.count; i++) {
        for (size_t j = b != NULL ? 0 : i + 1; j < columns->vectors.count; j++) {
            if (a->label[i] != columns->label[j]) {
                all[count++] = (ef_scored_pair){score(a, i, columns, j), i, j};
            }
        }
    }
    qsort(all, count, sizeof *all, by_pair);
    ef_pair_top *top, *joined;
    OK(ef_pair_top_create(&top, k, err));
    OK(ef_pair_top_create(&joined, k, err));
    const ef_pair_visitor visitor = ef_pair_top_visitor(top);
    compare(a, b, &visitor, 1, how);
    ck_assert_uint_eq(ef_pair_top_count(top), count < k ? count : k);
    ck_assert_mem_eq(ef_pair_top_pairs(top), all, ef_pair_top_count(top) * sizeof *all);
    ef_pair_top_add(joined, all + count / 2, count - count / 2);
    ef_pair_top_add(joined, all, count / 2);
    ck_assert_mem_eq(ef_pair_top_pairs(joined), all, ef_pair_top_count(top) * sizeof *all);
    ef_pair_top_free(top);
    ef_pair_top_free(joined);
    free(all);
}

static size_t at_least(const truth *all, double limit)
{
    size_t count = 0;
    while (count < all->impostors && all->impostor[count] >= limit) {
        count++;
    }
    return count;
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

/* Up to 4 marks for each row: scores of its own, some of them twice, and others. */
static void check_ranks(const people *a, const people *b, const manner *how)
{
    const people *columns = b != NULL ? b : a;
    size_t rows = a->vectors.count, others = columns->vectors.count, *begin = malloc((rows + 1) * sizeof *begin);
    double *mark = calloc(4 * rows + 1, sizeof *mark);
    uint64_t *above = malloc((4 * rows + 1) * sizeof *above), seed = rows;
    begin[0] = 0;
    for (size_t r = 0; r < rows; r++) {
        begin[r + 1] = begin[r] + r % 5;
        for (size_t i = begin[r]; i < begin[r + 1]; i++) {
            mark[i] = i % 4 == 3 ? (double)next_float(&seed) : score(a, r, columns, next_bits(&seed) % others);
        }
        qsort(mark + begin[r], r % 5, sizeof *mark, ascending);
    }
    ef_pair_ranks *ranks;
    OK(ef_pair_ranks_create(&ranks, mark, begin, rows, b == NULL, err));
    const ef_pair_visitor visitor = ef_pair_ranks_visitor(ranks);
    compare(a, b, &visitor, 1, how);
    ef_pair_ranks_above(ranks, above);
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = begin[r]; i < begin[r + 1]; i++) {
            size_t expected = 0;
            for (size_t j = 0; j < others; j++) {
                expected += (b != NULL || r != j) && a->label[r] != columns->label[j] && score(a, r, columns, j) > mark[i];
            }
            ck_assert_uint_eq(above[i], expected);
        }
    }
    ef_pair_ranks_free(ranks);
    free(begin);
    free(mark);
    free(above);
}

static void check_everything(const people *a, const people *b, const truth *all, size_t m, const manner *how)
{
    static const size_t sizes[] = {1, 100, 3000, 1000000};
    check_tail(a, b, all, sizes[(m + a->vectors.count) % 4], how);
    check_tail(a, b, all, sizes[(m + a->vectors.count + 1) % 4], how);
    check_counts(a, b, all, 5 * (m % 2), how);
    check_counts(a, b, all, 200, how);
    check_histogram(a, b, all, m % 2 == 0 ? 50 : 8192, how);
    check_ranks(a, b, how);
    check_best(a, b, 1 + 2 * (m % 2), how);
    check_top(a, b, 1 + 12 * (m % 2), how);
}

static void check(size_t rows, size_t columns, size_t dim, size_t subjects, kind what, uint64_t seed)
{
    people a = make_people(rows, dim, subjects, what, seed), b = make_people(columns, dim, subjects, what, seed + 1);
    size_t versions;
    const ef_int8_version *version = ef_int8_versions(&versions);
    for (size_t self = 0; self < 2; self++) {
        const people *other = self != 0 ? NULL : &b;
        truth all = find_truth(&a, other);
        for (size_t m = 0; m < MANNERS; m++) {
            bool samples = manners[m].way.directions == 0 || dim >= 16; /* or there is none, and no directions */
            bool races = !ONLY_RACES || manners[m].threads > 1;
            if ((manners[m].memory == 0 || rows <= 100) && samples && races) { /* or it would be a few vectors at a time */
                check_everything(&a, other, &all, m, &manners[m]);
            }
        }
        for (size_t v = 0; v < versions; v++) {
            if (version[v].runs_here()) {
                const manner how = {.way = {EF_PRODUCT_CODES, .kernel = &version[v]}, .threads = 2};
                check_everything(&a, other, &all, v, &how);
            }
        }
        free_truth(&all);
    }
    free_people(&a);
    free_people(&b);
}

START_TEST(every_manner_finds_what_plain_loops_find)
{
    static const size_t dims[] = {1, 3, 127};
    for (size_t d = ONLY_RACES ? LENGTH(dims) - 1 : 0; d < LENGTH(dims); d++) {
        check(57, 83, dims[d], 20, (kind)_i, 11 * d);
        check(13, 40, dims[d], 1, (kind)_i, 15 * d);
        check(45, 70, dims[d], 0, (kind)_i, 16 * d); /* no labels */
        check(1, 1, dims[d], 2, (kind)_i, 17 * d);
    }
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

int main(void)
{
    Suite *suite = suite_create("all_pairs");
    TCase *tests = tcase_create("all_pairs");
    tcase_set_timeout(tests, 1800);
    tcase_add_loop_test(tests, every_manner_finds_what_plain_loops_find, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, tiles_of_full_size_find_the_same, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, what_parts_found_adds_up, 0, KINDS_TO_TEST);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
