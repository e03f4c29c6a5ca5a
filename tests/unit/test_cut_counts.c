/* Counts between cuts, from approximations of every badness, against the plain count of the scores themselves. */
#include "random_trials.h"
#include "screened_array.h"

#include "metric/cut_counts.h"

enum { MOST_CUTS = 40 };

/* The interval of a score by looking at every cut. */
static size_t interval_of(const double *cut, size_t cuts, double score)
{
    size_t above = 0;
    while (above < cuts && cut[above] > score) {
        above++;
    }
    return 2 * above + (above < cuts && cut[above] == score);
}

static int descending(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left < *right) - (*left > *right);
}

/* Cuts that are scores, lie between scores, or beyond them all; distinct and descending. */
static size_t make_cuts(double *cut, const double *score, size_t count, ef_rng *rng)
{
    size_t cuts = 0, wanted = 1 + ef_rng_below(rng, MOST_CUTS);
    for (size_t i = 0; i < wanted; i++) {
        double one = score[ef_rng_below(rng, count)];
        cut[i] = ef_rng_below(rng, 2) ? one : one + (ef_rng_uniform(rng) - 0.5) * (ef_rng_below(rng, 8) ? 0.1 : 40);
    }
    qsort(cut, wanted, sizeof *cut, descending);
    for (size_t i = 0; i < wanted; i++) {
        if (cuts == 0 || cut[i] != cut[cuts - 1]) {
            cut[cuts++] = cut[i];
        }
    }
    return cuts;
}

static void check_collected(const ef_cut_counts *counts, const bool *wanted, const double *score, const ef_screened *scores,
                            int threads)
{
    double *expected = malloc((scores->count + 1) * sizeof *expected), *got = NULL;
    size_t total = 0;
    for (size_t i = 0; i < scores->count; i++) {
        if (wanted[interval_of(counts->cut, counts->cuts, score[i])]) {
            expected[total++] = score[i];
        }
    }
    qsort(expected, total, sizeof *expected, descending);
    OK(ef_cut_counts_collect(&got, counts, wanted, total, scores, threads, err));
    for (size_t i = 0; i < total; i++) {
        ck_assert(got[i] == expected[i]);
    }
    free(expected);
    free(got);
}

static void check(const double *score, size_t count, const double *cut, size_t cuts, blur how, uint64_t seed)
{
    uint64_t expected[2 * MOST_CUTS + 1] = {0};
    double least[2 * MOST_CUTS + 1];
    bool wanted[2 * MOST_CUTS + 1];
    ef_screened scores = screened_of(score, count, how, seed);
    int threads = 1 + (int)(seed % 3);
    for (size_t i = 0; i <= 2 * cuts; i++) {
        least[i] = INFINITY;
        wanted[i] = (seed + i) % 3 == 0;
    }
    for (size_t i = 0; i < count; i++) {
        size_t interval = interval_of(cut, cuts, score[i]);
        expected[interval]++;
        least[interval] = fmin(least[interval], score[i]);
    }
    ef_cut_counts counts;
    OK(ef_cut_counts_create(&counts, cut, cuts, &scores, true, threads, err));
    for (size_t i = 0; i <= 2 * cuts; i++) {
        ck_assert_msg(counts.count[i] == expected[i], "interval %zu of %zu cuts, blur %d: %llu scores, not %llu", i, cuts, how,
                      (unsigned long long)counts.count[i], (unsigned long long)expected[i]);
        ck_assert(i % 2 != 0 || counts.least[i] == least[i]);
    }
    check_collected(&counts, wanted, score, &scores, threads);
    ef_cut_counts_free(&counts);
    OK(ef_cut_counts_create(&counts, cut, cuts, &scores, false, threads, err));
    ck_assert_mem_eq(counts.count, expected, (2 * cuts + 1) * sizeof *expected);
    ef_cut_counts_free(&counts);
    screened_free(&scores);
}

START_TEST(counts_are_those_of_the_exact_scores)
{
    static const double steps[] = {1, 20, 1e9};
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, 5, 0, err));
    for (uint64_t seed = 1; seed <= 120; seed += ONLY_RACES ? 7 : 1) {
        size_t count = seed < 20 ? seed : 40 * seed;
        double cut[MOST_CUTS], *score = malloc(count * sizeof *score);
        for (size_t i = 0; i < count; i++) {
            score[i] = round(ef_rng_normal(rng) * steps[seed % 3]) / steps[seed % 3];
        }
        size_t cuts = make_cuts(cut, score, count, rng);
        check(score, count, cut, cuts, (blur)_i, seed);
        free(score);
    }
    ef_rng_free(rng);
}
END_TEST

/* Where float32 ends, where it is coarse, and where all bins fall together. */
START_TEST(scores_of_any_size)
{
    static const double sets[][5] = {{1e30, 1e30, 2e30, 3e30, -1e30},      {3e38, -3e38, 0, 1, -1},
                                     {1e-40, 2e-40, 3e-40, 0, -1e-40},     {1 + 1e-12, 1, 1 - 1e-12, 1 + 2e-12, 1},
                                     {16777217, 16777216, 16777215, 0, 5}, {0.25, 0.25, 0.25, 0.25, 0.25}};
    for (size_t s = 0; s < LENGTH(sets); s++) {
        for (size_t from = 0; from < 5; from++) {
            double cut[5];
            size_t cuts = 0;
            memcpy(cut, sets[s] + from, (5 - from) * sizeof *cut);
            qsort(cut, 5 - from, sizeof *cut, descending);
            for (size_t i = 0; i < 5 - from; i++) {
                if (cuts == 0 || cut[i] != cut[cuts - 1]) {
                    cut[cuts++] = cut[i];
                }
            }
            check(sets[s], 5, cut, cuts, (blur)_i, s + from);
        }
    }
}
END_TEST

/* More than the threads take, and look at, at once. */
START_TEST(very_many_scores)
{
    enum { COUNT = 80000 };
    double cut[MOST_CUTS], *score = malloc(COUNT * sizeof *score);
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, 77, 0, err));
    for (size_t i = 0; i < COUNT; i++) {
        score[i] = ef_rng_normal(rng);
    }
    size_t cuts = make_cuts(cut, score, COUNT, rng);
    check(score, COUNT, cut, cuts, (blur)_i, 4);
    ef_rng_free(rng);
    free(score);
}
END_TEST

START_TEST(every_approximation_must_be_finite)
{
    enum { COUNT = 9 };
    static const double score[COUNT] = {0}, cut[] = {0.5};
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < COUNT * LENGTH(bad); i++) {
        float about[COUNT] = {0};
        ef_screened scores = {about, COUNT, 0, array_score, score};
        ef_cut_counts counts = {0};
        about[i % COUNT] = bad[i / COUNT];
        FAILS(EF_INVALID, "not finite", ef_cut_counts_create(&counts, cut, 1, &scores, true, 2, err));
    }
}
END_TEST

/* There is work for 64 of them, and memory for as many as are useful. */
START_TEST(any_number_of_threads)
{
    static const double score[] = {0.1, 0.5, 0.3, 0.5}, cut[] = {0.5, 0.2};
    static const int threads[] = {0, 1, 64, 65, 100000};
    for (size_t t = 0; t < LENGTH(threads); t++) {
        ef_screened scores = screened_of(score, LENGTH(score), BLUR_LITTLE, t);
        ef_cut_counts counts;
        OK(ef_cut_counts_create(&counts, cut, LENGTH(cut), &scores, true, threads[t], err));
        ck_assert(counts.count[1] == 2 && counts.count[2] == 1 && counts.count[4] == 1 && counts.least[4] == 0.1);
        ef_cut_counts_free(&counts);
        screened_free(&scores);
    }
}
END_TEST

START_TEST(what_cannot_be_counted)
{
    static const double score[] = {0.1, 0.2, 0.3}, cut[] = {0.2};
    static const bool wanted[] = {true, true, true};
    float bad[] = {0, NAN, 0};
    ef_cut_counts counts = {0};
    ef_screened scores = {bad, 3, 0.5, array_score, score};
    double *got = NULL;
    FAILS(EF_INVALID, "not finite", ef_cut_counts_create(&counts, cut, 1, &scores, true, 2, err));
    bad[1] = INFINITY;
    FAILS(EF_INVALID, "not finite", ef_cut_counts_create(&counts, cut, 1, &scores, true, 2, err));
    FAILS(EF_INVALID, "0 cuts", ef_cut_counts_create(&counts, cut, 0, &scores, true, 2, err));
    bad[1] = 0;
    OK(ef_cut_counts_create(&counts, cut, 1, &scores, true, 2, err));
    FAILS(EF_INVALID, "2 scores were to be collected, not 3", ef_cut_counts_collect(&got, &counts, wanted, 2, &scores, 1, err));
    ck_assert_ptr_null(got);
    ef_cut_counts_free(&counts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cut_counts");
    TCase *tests = tcase_create("cut_counts");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, counts_are_those_of_the_exact_scores, 0, BLURS);
    tcase_add_loop_test(tests, scores_of_any_size, 0, BLURS - 1);
    tcase_add_loop_test(tests, very_many_scores, 0, BLURS);
    tcase_add_test(tests, every_approximation_must_be_finite);
    tcase_add_test(tests, any_number_of_threads);
    tcase_add_test(tests, what_cannot_be_counted);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
