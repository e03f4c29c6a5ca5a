/* Confidence intervals against published tables and against the definitions. */
#include "unit.h"

#include <eface/interval.h>

#include "stats/gsl_quiet.h"

/* Newcombe, Statistics in Medicine 17 (1998), Table I, 95 %: method 3 (Wilson) and method 5 (Clopper-Pearson). */
START_TEST(the_table_of_newcombe_is_reproduced)
{
    static const struct {
        uint64_t successes, trials;
        double wilson[2], exact[2];
    } rows[] = {{81, 263, {0.2553, 0.3662}, {0.2527, 0.3676}},
                {15, 148, {0.0624, 0.1605}, {0.0578, 0.1617}},
                {0, 20, {0.0000, 0.1611}, {0.0000, 0.1684}},
                {1, 29, {0.0061, 0.1718}, {0.0009, 0.1776}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ef_interval wilson = ef_interval_proportion(EF_WILSON, rows[i].successes, rows[i].trials, 0.95);
        ef_interval exact = ef_interval_proportion(EF_CLOPPER_PEARSON, rows[i].successes, rows[i].trials, 0.95);
        ck_assert_double_eq_tol(wilson.low, rows[i].wilson[0], 5e-5);
        ck_assert_double_eq_tol(wilson.high, rows[i].wilson[1], 5e-5);
        ck_assert_double_eq_tol(exact.low, rows[i].exact[0], 5e-5);
        ck_assert_double_eq_tol(exact.high, rows[i].exact[1], 5e-5);
    }
}
END_TEST

/* P(X <= k) by adding up every term, from k downwards; the first one from the logarithms of its factors. */
static double binomial_below(uint64_t k, uint64_t n, double p)
{
    double exponent = (double)k * log(p) + (double)(n - k) * log1p(-p), term, sum = 0;
    for (uint64_t j = 0; j < (k < n - k ? k : n - k); j++) {
        exponent += log((double)(n - j) / (double)(j + 1));
    }
    term = exp(exponent);
    for (uint64_t j = k;; j--) {
        sum += term;
        if (j == 0) {
            return sum;
        }
        term *= (double)j / (double)(n - j + 1) * (1 - p) / p;
    }
}

START_TEST(clopper_pearson_limits_have_the_tails_they_promise)
{
    static const uint64_t trials[] = {2, 3, 10, 97, 500};
    static const double levels[] = {0.5, 0.95, 0.999};
    for (size_t t = 0; t < 5; t++) {
        for (uint64_t k = 0; k <= trials[t]; k += 1 + trials[t] / 40) {
            for (size_t c = 0; c < 3; c++) {
                double tail = (1 - levels[c]) / 2;
                ef_interval interval = ef_interval_proportion(EF_CLOPPER_PEARSON, k, trials[t], levels[c]);
                if (k > 0) {
                    ck_assert_double_eq_tol(1 - binomial_below(k - 1, trials[t], interval.low), tail, 1e-11);
                }
                if (k < trials[t]) {
                    ck_assert_double_eq_tol(binomial_below(k, trials[t], interval.high) / tail, 1, 1e-11);
                }
                ck_assert(interval.low <= (double)k / (double)trials[t] && interval.high >= (double)k / (double)trials[t]);
            }
        }
    }
}
END_TEST

/* At 2 of 150 million, as many as a false match count in a large benchmark, the same sum is still short. */
START_TEST(clopper_pearson_holds_for_millions_of_trials)
{
    ef_interval interval = ef_interval_proportion(EF_CLOPPER_PEARSON, 2, 150000000, 0.95);
    ck_assert_double_eq_tol(binomial_below(2, 150000000, interval.high) / 0.025, 1, 1e-9);
    ck_assert_double_eq_tol(1 - binomial_below(1, 150000000, interval.low), 0.025, 1e-9);
    /* With half of them successes it must be symmetric, and near the normal one: 0.5 -+ 1.959964 * 0.5 / sqrt(n). */
    interval = ef_interval_proportion(EF_CLOPPER_PEARSON, 5000000, 10000000, 0.95);
    ck_assert_double_eq_tol(interval.low + interval.high, 1, 1e-13);
    ck_assert_double_eq_tol(interval.high - 0.5, 1.959963984540054 * 0.5 / sqrt(1e7), 1e-7);
}
END_TEST

START_TEST(outer_limits_are_exact)
{
    for (int method = EF_WILSON; method <= EF_CLOPPER_PEARSON; method++) {
        for (uint64_t n = 1; n < 5000; n = n * 3 + 1) {
            ef_interval none = ef_interval_proportion((ef_interval_method)method, 0, n, 0.95);
            ef_interval all = ef_interval_proportion((ef_interval_method)method, n, n, 0.95);
            ck_assert(none.low == 0.0 && none.high > 0 && none.high < 1);
            ck_assert(all.high == 1.0 && all.low < 1 && all.low > 0);
            ck_assert_double_eq_tol(none.high, 1 - all.low, 1e-15);
        }
    }
    /* The rule of three in closed form: 1 - (alpha / 2)^(1 / n). */
    ck_assert_double_eq_tol(ef_interval_proportion(EF_CLOPPER_PEARSON, 0, 20, 0.95).high, 1 - pow(0.025, 1.0 / 20), 1e-15);
}
END_TEST

START_TEST(wilson_limits_solve_their_equation)
{
    for (uint64_t k = 0; k <= 50; k++) {
        ef_interval interval = ef_interval_proportion(EF_WILSON, k, 50, 0.9);
        double z = 1.6448536269514722, p = (double)k / 50; /* the 95 % point of the normal distribution */
        if (k > 0) {
            ck_assert_double_eq_tol((p - interval.low) / sqrt(interval.low * (1 - interval.low) / 50), z, 1e-11);
        }
        if (k < 50) {
            ck_assert_double_eq_tol((interval.high - p) / sqrt(interval.high * (1 - interval.high) / 50), z, 1e-11);
        }
    }
}
END_TEST

START_TEST(normal_and_student_use_the_quantiles_of_the_tables)
{
    ef_interval interval = ef_interval_normal(0.5, 0.01, 0.95);
    ck_assert_double_eq_tol(interval.high, 0.5 + 0.01 * 1.959963984540054, 1e-15);
    ck_assert_double_eq_tol(interval.low, 0.5 - 0.01 * 1.959963984540054, 1e-15);
    /* One degree of freedom is the Cauchy distribution, tan(pi (p - 1/2)); two have (2p - 1) / sqrt(2 p (1 - p)). */
    ck_assert_double_eq_tol(ef_interval_student(0.5, 0.01, 1, 0.95).high, 0.5 + 0.01 * tan(3.14159265358979323846 * 0.475),
                            1e-14);
    ck_assert_double_eq_tol(ef_interval_student(0.5, 0.01, 2, 0.95).high, 0.5 + 0.01 * 0.95 / sqrt(2 * 0.975 * 0.025), 1e-15);
    ck_assert_double_eq_tol(ef_interval_student(0.5, 0.01, 9, 0.95).high, 0.5 + 0.01 * 2.2621571627982,
                            1e-14); /* any t table: 2.262 */
    interval = ef_interval_student(0.99, 0.1, 9, 0.95);
    ck_assert(interval.high == 1.0);
    ck_assert(ef_interval_normal(0.01, 0.1, 0.95).low == 0.0);
}
END_TEST

START_TEST(methods_have_names)
{
    ef_interval_method method = EF_WILSON;
    OK(ef_interval_parse(&method, "clopper-pearson", err));
    ck_assert_int_eq(method, EF_CLOPPER_PEARSON);
    ck_assert_str_eq(ef_interval_name(EF_WILSON), "wilson");
    FAILS(EF_INVALID, "did you mean 'wilson'", ef_interval_parse(&method, "wilsn", err));
    FAILS(EF_INVALID, "there are wilson and clopper-pearson", ef_interval_parse(&method, "exact", err));
    ck_assert_int_eq(method, EF_CLOPPER_PEARSON);
}
END_TEST

/* The limits by scipy.stats.beta (Clopper-Pearson's are quantiles of it, whole numbers or not) and by Wilson's formula. */
START_TEST(repeated_trials_count_once)
{
    ef_interval interval = ef_interval_distinct(EF_WILSON, 6, 9, 5, 0.95);
    ck_assert_double_eq_tol(interval.low, 0.275198994210992, 1e-13);
    ck_assert_double_eq_tol(interval.high, 0.913306850861283, 1e-13);
    /* Fewer than one success, or failure: SciPy's beta quantiles of k and n - k + 1, and of k + 1 and n - k. */
    interval = ef_interval_distinct(EF_CLOPPER_PEARSON, 1, 1000, 500, 0.95);
    ck_assert_double_eq_tol(interval.low / 9.815777236487936e-07, 1, 1e-12);
    ck_assert_double_eq_tol(interval.high / 0.009309481685507251, 1, 1e-12);
    interval = ef_interval_distinct(EF_CLOPPER_PEARSON, 999, 1000, 2, 0.95);
    ck_assert_double_eq_tol(interval.low, 0.15760339748712648, 1e-14);
    ck_assert_double_eq_tol(interval.high, 1, 1e-14);
    interval = ef_interval_distinct(EF_CLOPPER_PEARSON, 1, 1000, 2, 0.95);
    ck_assert_double_eq_tol(interval.low, 0, 1e-14);
    ck_assert_double_eq_tol(interval.high, 1 - 0.15760339748712648, 1e-14);
    interval = ef_interval_distinct(EF_CLOPPER_PEARSON, 9999, 30000, 3000, 0.95);
    ck_assert_double_eq_tol(interval.low, 0.316434425773436, 1e-12);
    ck_assert_double_eq_tol(interval.high, 0.350491266832481, 1e-12);
    for (int method = EF_WILSON; method <= EF_CLOPPER_PEARSON; method++) {
        for (uint64_t k = 0; k <= 7; k++) {
            const ef_interval once = ef_interval_proportion((ef_interval_method)method, k, 7, 0.9),
                              thrice = ef_interval_distinct((ef_interval_method)method, 3 * k, 21, 7, 0.9);
            ck_assert(once.low == thrice.low && once.high == thrice.high);
        }
    }
}
END_TEST

int main(void)
{
    ef_gsl_quiet();
    Suite *suite = suite_create("interval");
    TCase *tests = tcase_create("interval");
    tcase_add_test(tests, the_table_of_newcombe_is_reproduced);
    tcase_add_test(tests, repeated_trials_count_once);
    tcase_add_test(tests, clopper_pearson_limits_have_the_tails_they_promise);
    tcase_add_test(tests, clopper_pearson_holds_for_millions_of_trials);
    tcase_add_test(tests, outer_limits_are_exact);
    tcase_add_test(tests, wilson_limits_solve_their_equation);
    tcase_add_test(tests, normal_and_student_use_the_quantiles_of_the_tables);
    tcase_add_test(tests, methods_have_names);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
