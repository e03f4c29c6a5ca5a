/* The reduced curve against the full one: every figure of the template tasks is the same, counts and thresholds included. */
#include "random_trials.h"
#include "screened_array.h"

static const double fars[] = {1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.29, 0.5, 0.9, 0.99};

static const char *const whole[] = {"eer", "eer_hull", "auc", "min_cllr"};
static const char *const at_far[] = {"tar_at_far", "fnmr_at_fmr", "threshold_at_fmr"};

/* The curves of the same comparisons, reduced at `points`, from impostor scores that are blurred. */
static random_trials reduce(const random_trials *made, const double *points, size_t point_count, blur how, int threads)
{
    size_t count = made->trials.count, genuine_count = 0, impostor_count = 0;
    double *genuine = malloc(count * sizeof *genuine), *impostor = malloc(count * sizeof *impostor);
    for (size_t i = 0; i < count; i++) {
        if (made->trials.genuine[i]) {
            genuine[genuine_count++] = made->trials.score[i];
        } else {
            impostor[impostor_count++] = made->trials.score[i];
        }
    }
    random_trials out = {.trials = {0}};
    ef_screened impostors = screened_of(impostor, impostor_count, how, 3);
    OK(ef_curve_create_reduced(&out.curve, NULL, genuine, genuine_count, &impostors, points, point_count, threads, err));
    OK(ef_curve_drop_intermediate(&out.dropped, out.curve, err));
    screened_free(&impostors);
    free(genuine);
    free(impostor);
    return out;
}

static void free_curves(random_trials *made)
{
    ef_curve_free(made->curve);
    ef_curve_free(made->dropped);
}

/* Metrics of template tasks are given no scores. */
static ef_measure read_off(const random_trials *made, const char *name, double point, ef_convention convention)
{
    ef_measure out;
    ef_metric_input input = {.curve = made->curve,
                             .dropped = made->dropped,
                             .point = point,
                             .convention = convention,
                             .interval = EF_WILSON,
                             .confidence = 0.95};
    OK(ef_metric_compute(&out, ef_metric_find(name), &input, err));
    return out;
}

static bool same_real(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void check_same(const ef_measure *a, const ef_measure *b, const char *name, double point, int convention, double tolerance)
{
    ck_assert_msg((a->undefined == NULL) == (b->undefined == NULL), "%s %g, convention %d: one has no value", name, point,
                  convention);
    if (a->undefined != NULL) {
        ck_assert_str_eq(a->undefined, b->undefined);
        return;
    }
    ck_assert_msg(fabs(a->value - b->value) <= tolerance, "%s %g, convention %d: %.17g, not %.17g", name, point, convention,
                  b->value, a->value);
    ck_assert_msg(same_real(a->threshold, b->threshold), "%s %g, convention %d: threshold %.17g, not %.17g", name, point,
                  convention, b->threshold, a->threshold);
    ck_assert_uint_eq(a->errors, b->errors);
    ck_assert_uint_eq(a->trials, b->trials);
    ck_assert_uint_eq(a->false_matches, b->false_matches);
    ck_assert_uint_eq(a->impostors, b->impostors);
    ck_assert(a->few_false_matches == b->few_false_matches);
    ck_assert((isnan(a->ci_low) && isnan(b->ci_low)) || fabs(a->ci_low - b->ci_low) <= tolerance);
    ck_assert((isnan(a->ci_high) && isnan(b->ci_high)) || fabs(a->ci_high - b->ci_high) <= tolerance);
}

/* `tolerance` is for figures that are sums over the curve; those at a FAR are quotients of counts, and exact. */
static void check_figures(const random_trials *full, const random_trials *reduced, const double *points, size_t point_count)
{
    ck_assert(reduced->curve->genuine == full->curve->genuine && reduced->curve->impostors == full->curve->impostors);
    ck_assert_uint_le(reduced->curve->points, full->curve->points);
    for (int c = 0; c <= EF_INSIGHTFACE; c++) {
        for (size_t m = 0; m < LENGTH(whole); m++) {
            ef_measure a = read_off(full, whole[m], NAN, (ef_convention)c),
                       b = read_off(reduced, whole[m], NAN, (ef_convention)c);
            check_same(&a, &b, whole[m], NAN, c, 1e-15);
        }
        for (size_t m = 0; m < LENGTH(at_far); m++) {
            for (size_t p = 0; p < point_count; p++) {
                ef_measure a = read_off(full, at_far[m], points[p], (ef_convention)c),
                           b = read_off(reduced, at_far[m], points[p], (ef_convention)c);
                check_same(&a, &b, at_far[m], points[p], c, 0);
            }
        }
    }
}

static void check_equal_curves(const ef_curve *a, const ef_curve *b)
{
    ck_assert_uint_eq(a->points, b->points);
    ck_assert(memcmp(a->threshold, b->threshold, a->points * sizeof *a->threshold) == 0);
    ck_assert(memcmp(a->false_matches, b->false_matches, a->points * sizeof *a->false_matches) == 0);
    ck_assert(memcmp(a->true_matches, b->true_matches, a->points * sizeof *a->true_matches) == 0);
}

static void check(random_trials *full)
{
    random_trials one = reduce(full, fars, LENGTH(fars), BLUR_ROUNDING, 1);
    check_figures(full, &one, fars, LENGTH(fars));
    for (int how = BLUR_ROUNDING; how < BLURS; how++) {
        random_trials more = reduce(full, fars, LENGTH(fars), (blur)how, 2 + how);
        check_equal_curves(one.curve, more.curve);
        free_curves(&more);
    }
    free_curves(&one);
    /* Each point alone: runs that are kept for the others cannot help. */
    for (size_t p = 0; p < LENGTH(fars); p++) {
        random_trials alone = reduce(full, &fars[p], 1, (blur)(p % BLURS), 1);
        check_figures(full, &alone, &fars[p], 1);
        free_curves(&alone);
    }
    free_random(full);
}

START_TEST(figures_are_those_of_the_full_curve)
{
    static const double steps[] = {2, 10, 1000, 1e12}, shifts[] = {0, 1.5, 3}, shares[] = {0.5, 0.05, 0.005};
    uint64_t seed = 1;
    for (size_t t = ONLY_RACES ? LENGTH(steps) - 1 : 0; t < LENGTH(steps); t++) {
        for (size_t s = 0; s < LENGTH(shifts); s++) {
            for (size_t g = 0; g < LENGTH(shares); g++, seed++) {
                random_trials full = make_random(seed, 40 + 331 * seed, shares[g], shifts[s], steps[t], 2);
                check(&full);
            }
        }
    }
}
END_TEST

START_TEST(small_sets_too)
{
    for (uint64_t seed = 100; seed < 300; seed += ONLY_RACES ? 20 : 1) {
        random_trials full = make_random(seed, 2 + seed % 23, 0.4, 1, seed % 2 ? 2 : 1e9, 2);
        check(&full);
    }
}
END_TEST

/* Genuine scores from `first` on and impostor ones from `base` on, in steps of one. */
static random_trials two_rows(double first, size_t genuine, double base, size_t impostors)
{
    double *a = malloc(genuine * sizeof *a), *b = malloc(impostors * sizeof *b);
    for (size_t i = 0; i < genuine; i++) {
        a[i] = first + (double)i;
    }
    for (size_t i = 0; i < impostors; i++) {
        b[i] = base + (double)i;
    }
    random_trials made = trials_from(a, genuine, b, impostors);
    free(a);
    free(b);
    return made;
}

START_TEST(separable_scores)
{
    random_trials full = two_rows(5000, 40, 0, 3000);
    random_trials reduced = reduce(&full, NULL, 0, BLUR_ROUNDING, 2);
    ck_assert_uint_lt(reduced.curve->points, 60); /* no run is kept whole without need */
    free_curves(&reduced);
    check(&full);
    full = two_rows(-100, 40, 0, 3000); /* the wrong way round */
    check(&full);
}
END_TEST

START_TEST(a_single_genuine_score)
{
    static const double places[] = {-1, 0, 0.5, 17, 1499.5, 2998.5, 2999, 4000};
    for (size_t i = 0; i < LENGTH(places); i++) {
        random_trials full = two_rows(places[i], 1, 0, 3000);
        check(&full);
    }
    random_trials full = two_rows(0.5, 2, 1, 1);
    check(&full);
}
END_TEST

START_TEST(all_scores_equal)
{
    double same[30];
    for (size_t i = 0; i < LENGTH(same); i++) {
        same[i] = 0.25;
    }
    random_trials full = trials_from(same, 10, same, 20);
    check(&full);
    full = trials_from(same, 1, same, 1);
    check(&full);
}
END_TEST

/* The threshold of the equal error rate is an impostor score inside the run where the rates pass each other. */
START_TEST(the_equal_error_rate_lies_inside_a_run)
{
    static const double genuine[] = {20, 19, 2, 1};
    double impostor[100];
    for (size_t i = 0; i < LENGTH(impostor); i++) {
        impostor[i] = 3 + (double)i / 10;
    }
    random_trials full = trials_from(genuine, 4, impostor, 100);
    ef_measure out = measure_of(&full, "eer", NAN, EF_ISO);
    ck_assert(out.value == 0.5 && out.threshold == impostor[50] && out.false_matches == 50);
    check(&full);
}
END_TEST

/* The edges of a histogram cut runs into pieces; the curve must not show it. */
START_TEST(a_histogram_comes_with_it)
{
    static const size_t bins[] = {1, 7, 200};
    random_trials full = make_random(9, 5000, 0.3, 1, 10, 2), alone = reduce(&full, fars, LENGTH(fars), BLUR_ROUNDING, 1);
    double *genuine = malloc(5000 * sizeof *genuine), *impostor = malloc(5000 * sizeof *impostor);
    size_t count[2] = {0};
    for (size_t i = 0; i < full.trials.count; i++) {
        int class = full.trials.genuine[i] != 0;
        (class ? genuine : impostor)[count[class]++] = full.trials.score[i];
    }
    for (size_t b = 0; b < LENGTH(bins); b++) {
        for (int how = BLUR_ROUNDING; how < BLURS; how++) {
            ef_histogram *expected = NULL, *got = NULL;
            ef_curve *curve = NULL;
            ef_screened impostors = screened_of(impostor, count[0], (blur)how, 8);
            OK(ef_histogram_create(&expected, -5, 6, bins[b], full.trials.score, full.trials.genuine, full.trials.count, err));
            OK(ef_histogram_create_empty(&got, -5, 6, bins[b], err));
            OK(ef_curve_create_reduced(&curve, got, genuine, count[1], &impostors, fars, LENGTH(fars), how, err));
            ck_assert_mem_eq(got->genuine, expected->genuine, bins[b] * sizeof *got->genuine);
            ck_assert_mem_eq(got->impostor, expected->impostor, bins[b] * sizeof *got->impostor);
            check_equal_curves(alone.curve, curve);
            ef_histogram_free(expected);
            ef_histogram_free(got);
            ef_curve_free(curve);
            screened_free(&impostors);
        }
    }
    free(genuine);
    free(impostor);
    free_curves(&alone);
    free_random(&full);
}
END_TEST

START_TEST(scores_outside_the_histogram)
{
    double genuine[] = {0.5, 1}, far_out[] = {0.5, 1.5}, impostor[] = {0, 0.5, 1.25, -0.1};
    ef_histogram *histogram = NULL;
    ef_curve *curve = NULL;
    OK(ef_histogram_create_empty(&histogram, 0, 1, 4, err));
    for (int how = BLUR_ROUNDING; how < BLURS; how++) {
        ef_screened impostors = screened_of(impostor, 4, (blur)how, 1);
        FAILS(EF_INVALID, "2 impostor scores lie outside",
              ef_curve_create_reduced(&curve, histogram, genuine, 2, &impostors, fars, 1, 1, err));
        FAILS(EF_INVALID, "1.5, outside", ef_curve_create_reduced(&curve, histogram, far_out, 2, &impostors, fars, 1, 1, err));
        screened_free(&impostors);
    }
    ef_histogram_free(histogram);
    /* Where the last edge, computed as the others are, would not be the end. */
    static const struct {
        double low, high;
        size_t bins;
    } awkward[] = {{-1, 1.3, 1}, {-1, 1.3, 200}, {0, 2.7, 3}};
    for (size_t i = 0; i < LENGTH(awkward); i++) {
        double beyond = nextafter(awkward[i].high, 3), end = awkward[i].high;
        ef_screened outside = screened_of(&beyond, 1, BLUR_WHOLLY, 1), inside = screened_of(&end, 1, BLUR_WHOLLY, 1);
        OK(ef_histogram_create_empty(&histogram, awkward[i].low, end, awkward[i].bins, err));
        FAILS(EF_INVALID, "1 impostor scores lie outside",
              ef_curve_create_reduced(&curve, histogram, genuine, 2, &outside, fars, 1, 1, err));
        ck_assert_ptr_null(curve);
        OK(ef_curve_create_reduced(&curve, histogram, genuine, 2, &inside, fars, 1, 1, err));
        ck_assert_uint_eq(histogram->impostor[awkward[i].bins - 1], 1);
        ef_curve_free(curve);
        curve = NULL;
        ef_histogram_free(histogram);
        screened_free(&outside);
        screened_free(&inside);
    }
}
END_TEST

START_TEST(both_classes_and_finite_scores_are_needed)
{
    double genuine[] = {1, 2}, endless[] = {INFINITY, 1};
    static const double impostor[] = {0, 1};
    static const float about[] = {0, 1}, bad[] = {0, NAN};
    const ef_screened good = {about, 2, 0, array_score, impostor}, none = {about, 0, 0, array_score, impostor},
                      broken = {bad, 2, 0, array_score, impostor};
    ef_curve *curve = NULL;
    FAILS(EF_INVALID, "no genuine", ef_curve_create_reduced(&curve, NULL, genuine, 0, &good, fars, 1, 1, err));
    FAILS(EF_INVALID, "no impostor", ef_curve_create_reduced(&curve, NULL, genuine, 2, &none, fars, 1, 1, err));
    FAILS(EF_INVALID, "not finite", ef_curve_create_reduced(&curve, NULL, genuine, 2, &broken, fars, 1, 1, err));
    FAILS(EF_INVALID, "not finite", ef_curve_create_reduced(&curve, NULL, endless, 2, &good, fars, 1, 1, err));
    ck_assert_ptr_null(curve);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("curve_reduced");
    TCase *tests = tcase_create("curve_reduced");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, figures_are_those_of_the_full_curve);
    tcase_add_test(tests, small_sets_too);
    tcase_add_test(tests, separable_scores);
    tcase_add_test(tests, a_single_genuine_score);
    tcase_add_test(tests, all_scores_equal);
    tcase_add_test(tests, the_equal_error_rate_lies_inside_a_run);
    tcase_add_test(tests, a_histogram_comes_with_it);
    tcase_add_test(tests, scores_outside_the_histogram);
    tcase_add_test(tests, both_classes_and_finite_scores_are_needed);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
