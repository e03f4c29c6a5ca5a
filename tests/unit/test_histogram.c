/* Histograms: edges decide, nothing is lost. */
#include "random_trials.h"

#include <eface/histogram.h>

START_TEST(a_score_is_in_the_bin_whose_edges_enclose_it)
{
    random_trials made = make_random(5, 3000, 0.4, 1, 10, 2);
    static const size_t bins[] = {1, 3, 10, 100, 997};
    for (size_t b = 0; b < LENGTH(bins); b++) {
        double low = -5, high = 6;
        ef_histogram *histogram = NULL;
        OK(ef_histogram_create(&histogram, low, high, bins[b], made.trials.score, made.trials.genuine, made.trials.count, err));
        uint64_t total = 0;
        for (size_t i = 0; i < bins[b]; i++) {
            double left = low + (high - low) * (double)i / (double)bins[b];
            double right = low + (high - low) * (double)(i + 1) / (double)bins[b];
            uint64_t genuine = 0, impostor = 0;
            for (size_t j = 0; j < made.trials.count; j++) {
                double score = made.trials.score[j];
                if (score >= left && (score < right || i + 1 == bins[b])) {
                    genuine += made.trials.genuine[j];
                    impostor += !made.trials.genuine[j];
                }
            }
            ck_assert_uint_eq(histogram->genuine[i], genuine);
            ck_assert_uint_eq(histogram->impostor[i], impostor);
            total += genuine + impostor;
        }
        ck_assert_uint_eq(total, made.trials.count);
        ef_histogram_free(histogram);
    }
    free_random(&made);
}
END_TEST

/* 0.29 * 100 is below 29 in doubles, yet 0.29 is the left edge of bin 29. */
START_TEST(a_score_on_an_edge_begins_its_bin)
{
    static const unsigned char genuine[1] = {1};
    for (size_t i = 0; i <= 100; i++) {
        double score = (double)i / 100;
        ef_histogram *histogram = NULL;
        OK(ef_histogram_create(&histogram, 0, 1, 100, &score, genuine, 1, err));
        ck_assert_uint_eq(histogram->genuine[i < 100 ? i : 99], 1);
        ef_histogram_free(histogram);
    }
    ef_histogram_free(NULL);
}
END_TEST

START_TEST(edges_of_any_size_do_not_overflow)
{
    static const unsigned char genuine[5] = {1, 0, 1, 0, 1};
    static const double largest[] = {3e306, 1e308, 1.7976931348623157e308};
    for (size_t i = 0; i < LENGTH(largest); i++) {
        double most = largest[i], score[] = {-most, -most / 4 * 3, 0, most / 4, most};
        ef_histogram *histogram = NULL;
        OK(ef_histogram_create(&histogram, -most, most, 100, score, genuine, 5, err));
        static const size_t bin[] = {0, 12, 50, 62, 99};
        for (size_t j = 0; j < 5; j++) {
            ck_assert_uint_eq((genuine[j] ? histogram->genuine : histogram->impostor)[bin[j]], 1);
        }
        ef_histogram_free(histogram);
    }
}
END_TEST

START_TEST(a_score_outside_is_not_lost_in_silence)
{
    static const double scores[] = {0.5, 1.5, NAN, -0.1};
    static const unsigned char genuine[4] = {0};
    ef_histogram *histogram = NULL;
    FAILS(EF_INVALID, "score 1 is 1.5, outside", ef_histogram_create(&histogram, 0, 1, 4, scores, genuine, 2, err));
    FAILS(EF_INVALID, "score 0 is", ef_histogram_create(&histogram, 0, 1, 4, scores + 2, genuine, 1, err));
    FAILS(EF_INVALID, "score 0 is -0.1", ef_histogram_create(&histogram, 0, 1, 4, scores + 3, genuine, 1, err));
    FAILS(EF_INVALID, "no histogram", ef_histogram_create(&histogram, 1, 1, 4, scores, genuine, 1, err));
    FAILS(EF_INVALID, "no histogram", ef_histogram_create(&histogram, 0, INFINITY, 4, scores, genuine, 1, err));
    FAILS(EF_INVALID, "no histogram", ef_histogram_create(&histogram, 0, 1, 0, scores, genuine, 1, err));
    ck_assert_ptr_null(histogram);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("histogram");
    TCase *tests = tcase_create("histogram");
    tcase_add_test(tests, a_score_is_in_the_bin_whose_edges_enclose_it);
    tcase_add_test(tests, a_score_on_an_edge_begins_its_bin);
    tcase_add_test(tests, edges_of_any_size_do_not_overflow);
    tcase_add_test(tests, a_score_outside_is_not_lost_in_silence);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
