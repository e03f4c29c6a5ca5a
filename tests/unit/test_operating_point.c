/* Rates at a FAR: both conventions against slow twins, and the cases in which they part. */
#include "random_trials.h"

static const double points[] = {1e-4, 1e-3, 0.01, 0.05, 0.1, 0.29, 0.3, 0.5, 0.7, 0.99, 1};

/* iso, from the scores alone: of all thresholds (a score, or above all) that keep the promise, the one with the most genuine
 * matches; of those the lowest. */
static ef_measure slow_iso(const random_trials *made, double x)
{
    ef_measure best = {.threshold = INFINITY};
    for (size_t i = 0; i < made->trials.count; i++) {
        double t = made->trials.score[i];
        uint64_t genuine = 0, impostor = 0;
        for (size_t j = 0; j < made->trials.count; j++) {
            genuine += made->trials.genuine[j] && made->trials.score[j] >= t;
            impostor += !made->trials.genuine[j] && made->trials.score[j] >= t;
        }
        if ((double)impostor / (double)made->curve->impostors <= x && t < best.threshold) {
            best = (ef_measure){.threshold = t, .errors = made->curve->genuine - genuine, .false_matches = impostor};
        }
    }
    if (isinf(best.threshold)) {
        best.errors = made->curve->genuine;
    }
    return best;
}

/* insightface, as the scripts do it: both arrays reversed, the pairs (distance, place) sorted, the first taken. */
static ef_measure slow_nearest(const random_trials *made, double x)
{
    const ef_curve *curve = made->dropped;
    size_t best = 0;
    for (size_t place = 1; place < curve->points; place++) {
        double now = fabs((double)curve->false_matches[curve->points - 1 - place] / (double)curve->impostors - x);
        double before = fabs((double)curve->false_matches[curve->points - 1 - best] / (double)curve->impostors - x);
        if (now < before) {
            best = place;
        }
    }
    best = curve->points - 1 - best;
    return (ef_measure){.threshold = curve->threshold[best],
                        .errors = curve->genuine - curve->true_matches[best],
                        .false_matches = curve->false_matches[best]};
}

START_TEST(both_conventions_match_slow_twins)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        random_trials made = make_random(seed, 5 + 12 * seed, 0.3, 1.5, seed % 3 ? 4 : 1e6, 2);
        for (size_t p = 0; p < LENGTH(points); p++) {
            for (int c = 0; c <= EF_INSIGHTFACE; c++) {
                ef_measure tar = measure_of(&made, "tar_at_far", points[p], (ef_convention)c);
                ef_measure fnmr = measure_of(&made, "fnmr_at_fmr", points[p], (ef_convention)c);
                ef_measure threshold = measure_of(&made, "threshold_at_fmr", points[p], (ef_convention)c);
                if (c == EF_ISO && 1 / (double)made.curve->impostors > points[p]) {
                    ck_assert(tar.undefined && fnmr.undefined && threshold.undefined);
                    continue;
                }
                ef_measure slow = c == EF_ISO ? slow_iso(&made, points[p]) : slow_nearest(&made, points[p]);
                double genuine = (double)made.curve->genuine;
                ck_assert(tar.threshold == slow.threshold && fnmr.threshold == slow.threshold);
                ck_assert(tar.errors == slow.errors && fnmr.errors == slow.errors);
                ck_assert(tar.trials == made.curve->genuine && fnmr.trials == made.curve->genuine);
                ck_assert(tar.false_matches == slow.false_matches && tar.impostors == made.curve->impostors);
                ck_assert(tar.value == (genuine - (double)slow.errors) / genuine && fnmr.value == (double)slow.errors / genuine);
                ck_assert(tar.few_false_matches == (slow.false_matches < 30));
                if (isinf(slow.threshold)) {
                    ck_assert(strstr(threshold.undefined, "no score qualifies") != NULL);
                } else {
                    ck_assert(threshold.value == slow.threshold && threshold.errors == slow.false_matches);
                    ck_assert(threshold.trials == made.curve->impostors && threshold.interval == NULL);
                }
                ef_interval interval = ef_interval_proportion(EF_WILSON, slow.errors, made.curve->genuine, 0.95);
                ck_assert(fnmr.ci_low == interval.low && fnmr.ci_high == interval.high);
                CHECK_CLOSE(tar.ci_low, 1 - interval.high, 1e-15);
                CHECK_CLOSE(tar.ci_high, 1 - interval.low, 1e-15);
                ck_assert_str_eq(tar.interval, "wilson");
            }
        }
        free_random(&made);
    }
}
END_TEST

/* `impostors` impostor scores impostors, impostors - 1, ... 1, and one genuine score just below each of them. */
static random_trials ladder(size_t impostors)
{
    double *score = malloc(2 * impostors * sizeof *score);
    unsigned char *genuine = malloc(2 * impostors);
    for (size_t i = 0; i < impostors; i++) {
        score[2 * i] = (double)(impostors - i);
        score[2 * i + 1] = (double)(impostors - i) - 0.5;
        genuine[2 * i] = 0;
        genuine[2 * i + 1] = 1;
    }
    return trials_of(score, NULL, genuine, NULL, 2 * impostors, 0);
}

/* 0.29 * 100 is 28.999999999999996 in doubles: multiplying would allow 28 false matches only.  The lowest threshold with k of them
 * lies above the next impostor. */
START_TEST(the_count_allowed_comes_from_a_division)
{
    random_trials made = ladder(100);
    for (int k = 1; k < 100; k++) {
        ef_measure out = measure_of(&made, "tar_at_far", k / 100.0, EF_ISO);
        ck_assert_uint_eq(out.false_matches, (uint64_t)k);
        ck_assert(out.threshold == 100.5 - k && out.errors == (uint64_t)(100 - k));
        ck_assert_uint_eq(measure_of(&made, "tar_at_far", nextafter(k / 100.0, 0), EF_ISO).undefined ? 1 : 0, k == 1);
        if (k > 1) {
            ck_assert_uint_eq(measure_of(&made, "tar_at_far", nextafter(k / 100.0, 0), EF_ISO).false_matches, (uint64_t)k - 1);
        }
    }
    free_random(&made);
}
END_TEST

/* The scripts print a TAR below 1/impostors too: that of the last point without a false match, or from half a false match on that of one. */
START_TEST(below_one_false_match_the_script_prints_all_the_same)
{
    static const double genuine[] = {9, 8, 5, 3}, impostor[] = {7, 4, 2, 1};
    random_trials made = trials_from(genuine, 4, impostor, 4);
    ef_measure out = measure_of(&made, "tar_at_far", 0.12, EF_INSIGHTFACE);
    ck_assert(out.value == 0.5 && out.false_matches == 0 && out.threshold == 8 && out.few_false_matches);
    out = measure_of(&made, "tar_at_far", 0.125, EF_INSIGHTFACE);
    ck_assert(out.value == 0.75 && out.false_matches == 1 && out.threshold == 5 && out.few_false_matches);
    ck_assert_uint_eq(measure_of(&made, "fnmr_at_fmr", 0.125, EF_INSIGHTFACE).errors, 1);
    ck_assert(measure_of(&made, "threshold_at_fmr", 0.125, EF_INSIGHTFACE).value == 5);
    ck_assert_ptr_nonnull(measure_of(&made, "tar_at_far", 0.125, EF_ISO).undefined);
    out = measure_of(&made, "tar_at_far", 1, EF_ISO);
    ck_assert(out.value == 1 && out.false_matches == 4 && out.threshold == 1);
    free_random(&made);
}
END_TEST

/* 0.375 is as near to 1/4 as to 1/2, exactly, in doubles: the larger rate wins; of its points, the one with the larger TAR. */
START_TEST(of_two_nearest_rates_the_larger_is_taken)
{
    random_trials made = ladder(4);
    ef_measure out = measure_of(&made, "tar_at_far", 0.375, EF_INSIGHTFACE);
    ck_assert(out.false_matches == 2 && out.threshold == 2.5 && out.value == 0.5);
    ck_assert_uint_eq(measure_of(&made, "tar_at_far", 0.375, EF_ISO).false_matches, 1);
    ck_assert_uint_eq(measure_of(&made, "tar_at_far", nextafter(0.375, 0), EF_INSIGHTFACE).false_matches, 1);
    free_random(&made);
}
END_TEST

/* From the top: genuine 20, impostors 19 .. 10, genuine 9, impostors 8 .. 5.  The run of ten impostors loses its inside, so that
 * at 6 of 14 the script can only take 1 false match or 10; 10 is nearer, and brings the genuine score 9 along.  The exact answer
 * is 6. */
START_TEST(dropping_points_inside_a_run_changes_the_figure)
{
    static const double genuine[] = {20, 9}, impostor[] = {19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 8, 7, 6, 5};
    random_trials made = trials_from(genuine, 2, impostor, 14);
    ef_measure script = measure_of(&made, "tar_at_far", 6.0 / 14, EF_INSIGHTFACE),
               exact = measure_of(&made, "tar_at_far", 6.0 / 14, EF_ISO);
    ck_assert(exact.false_matches == 6 && exact.value == 0.5 && exact.threshold == 14);
    ck_assert(script.false_matches == 10 && script.value == 1 && script.threshold == 9);
    /* The same read-off on the curve with all its points agrees with the exact one. */
    ef_measure out;
    ef_metric_input input = {.trials = &made.trials,
                             .curve = made.curve,
                             .dropped = made.curve,
                             .point = 6.0 / 14,
                             .convention = EF_INSIGHTFACE,
                             .interval = EF_WILSON,
                             .confidence = 0.95};
    OK(ef_metric_compute(&out, ef_metric_find("tar_at_far"), &input, err));
    ck_assert(out.false_matches == 6 && out.value == 0.5);
    free_random(&made);
}
END_TEST

/* A genuine and an impostor score that are equal change sides together: there is no point with one of them. */
START_TEST(ties_of_both_classes_are_one_point)
{
    static const double genuine[] = {5, 3, 3}, impostor[] = {3, 2, 1, 0};
    random_trials made = trials_from(genuine, 3, impostor, 4);
    ef_measure out = measure_of(&made, "tar_at_far", 0.25, EF_ISO);
    ck_assert(out.value == 1 && out.false_matches == 1 && out.threshold == 3);
    out = measure_of(&made, "tar_at_far", 0.2499, EF_ISO);
    ck_assert_str_eq(out.undefined, "FAR below 1/impostors: too few impostor comparisons to show it");
    free_random(&made);
}
END_TEST

START_TEST(a_crowd_at_the_top_leaves_no_threshold)
{
    static const double genuine[] = {1, 1}, impostor[] = {1, 1, 1, 0};
    random_trials made = trials_from(genuine, 2, impostor, 4);
    ef_measure out = measure_of(&made, "tar_at_far", 0.5, EF_ISO);
    ck_assert(out.value == 0 && out.threshold == INFINITY && out.errors == 2 && out.false_matches == 0);
    ck_assert_ptr_nonnull(measure_of(&made, "threshold_at_fmr", 0.5, EF_ISO).undefined);
    free_random(&made);
}
END_TEST

/* IJB-C has 15,638,932 impostor comparisons: the nearest rates to 1e-6, 1e-5, 1e-4 are 16, 156 and 1564 false matches, where the exact
 * definition allows 15, 156 and 1563. */
START_TEST(target_counts_of_a_large_benchmark)
{
    enum { points_count = 4003 };
    static uint64_t false_matches[points_count], true_matches[points_count];
    static double threshold[points_count];
    const uint64_t impostors = 15638932;
    for (size_t i = 0; i < points_count; i++) { /* each of the first impostors on its own, a genuine one after it */
        false_matches[i] = (i + 1) / 2;
        true_matches[i] = i / 2;
        threshold[i] = i == 0 ? INFINITY : -(double)i;
    }
    false_matches[points_count - 1] = impostors;
    ef_curve curve = {points_count, threshold, false_matches, true_matches, impostors, true_matches[points_count - 1]};
    double score = 0;
    unsigned char genuine = 0;
    ef_trials trials = {.score = &score, .genuine = &genuine, .count = (size_t)(curve.impostors + curve.genuine)};
    static const double targets[] = {1e-6, 1e-5, 1e-4};
    static const uint64_t nearest[] = {16, 156, 1564}, exact[] = {15, 156, 1563};
    for (size_t i = 0; i < 3; i++) {
        ef_measure out;
        ef_metric_input input = {.trials = &trials,
                                 .curve = &curve,
                                 .dropped = &curve,
                                 .point = targets[i],
                                 .convention = EF_INSIGHTFACE,
                                 .interval = EF_CLOPPER_PEARSON,
                                 .confidence = 0.95};
        OK(ef_metric_compute(&out, ef_metric_find("fnmr_at_fmr"), &input, err));
        ck_assert_uint_eq(out.false_matches, nearest[i]);
        ck_assert(out.few_false_matches == (i == 0));
        ck_assert_str_eq(out.interval, "clopper-pearson");
        input.convention = EF_ISO;
        OK(ef_metric_compute(&out, ef_metric_find("fnmr_at_fmr"), &input, err));
        ck_assert_uint_eq(out.false_matches, exact[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("operating_point");
    TCase *tests = tcase_create("operating_point");
    tcase_add_test(tests, both_conventions_match_slow_twins);
    tcase_add_test(tests, the_count_allowed_comes_from_a_division);
    tcase_add_test(tests, below_one_false_match_the_script_prints_all_the_same);
    tcase_add_test(tests, of_two_nearest_rates_the_larger_is_taken);
    tcase_add_test(tests, dropping_points_inside_a_run_changes_the_figure);
    tcase_add_test(tests, ties_of_both_classes_are_one_point);
    tcase_add_test(tests, a_crowd_at_the_top_leaves_no_threshold);
    tcase_add_test(tests, target_counts_of_a_large_benchmark);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
