/* Curves against double loops, scikit-learn's thinning against a hand-made run, the drawing curve against its promise. */
#include "random_trials.h"

#include <float.h>

START_TEST(points_count_the_scores_at_or_above_them)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        random_trials made = make_random(seed, 3 + 40 * seed, 0.3, 1, seed % 2 ? 3 : 1000, 2);
        const ef_trials *trials = &made.trials;
        const ef_curve *curve = made.curve;
        size_t last = curve->points - 1;
        ck_assert(isinf(curve->threshold[0]) && curve->threshold[0] > 0);
        ck_assert(curve->false_matches[0] == 0 && curve->true_matches[0] == 0);
        for (size_t i = 1; i <= last; i++) {
            uint64_t genuine = 0, impostor = 0, equal = 0;
            for (size_t j = 0; j < trials->count; j++) {
                genuine += trials->score[j] >= curve->threshold[i] && trials->genuine[j];
                impostor += trials->score[j] >= curve->threshold[i] && !trials->genuine[j];
                equal += trials->score[j] == curve->threshold[i];
            }
            ck_assert(curve->threshold[i] < curve->threshold[i - 1] && equal > 0);
            ck_assert_uint_eq(curve->true_matches[i], genuine);
            ck_assert_uint_eq(curve->false_matches[i], impostor);
        }
        ck_assert(curve->true_matches[last] == curve->genuine && curve->false_matches[last] == curve->impostors);
        ck_assert_uint_eq(curve->genuine + curve->impostors, trials->count);
        free_random(&made);
    }
}
END_TEST

START_TEST(every_finite_score_has_its_place)
{
    static const double ordered[] = {DBL_MAX,    1e300, 1 + DBL_EPSILON, 1,       0x1p-1022, 0x1p-1074, 0,
                                     -0x1p-1074, -1,    -1e300,          -DBL_MAX};
    static const double shuffled[] = {-0.0, 1,      DBL_MAX, -1,        0x1p-1074, -DBL_MAX, 1 + DBL_EPSILON,
                                      0.0,  -1e300, 1e300,   0x1p-1022, -0x1p-1074};
    static const unsigned char genuine[12] = {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
    ef_curve *curve = NULL;
    OK(ef_curve_create(&curve, shuffled, genuine, 12, err));
    ck_assert_uint_eq(curve->points, 1 + LENGTH(ordered)); /* -0 and 0 are equal */
    for (size_t i = 0; i < LENGTH(ordered); i++) {
        ck_assert(curve->threshold[i + 1] == ordered[i]);
    }
    ef_curve_free(curve);
    ef_curve_free(NULL);
}
END_TEST

START_TEST(a_curve_needs_both_classes_and_finite_scores)
{
    double score[3] = {1, 2, 3};
    static const unsigned char all[3] = {1, 1, 1}, none[3] = {0, 0, 0}, mixed[3] = {1, 0, 1};
    ef_curve *curve = NULL;
    FAILS(EF_INVALID, "no genuine comparison among 0", ef_curve_create(&curve, score, all, 0, err));
    FAILS(EF_INVALID, "no impostor comparison among 3", ef_curve_create(&curve, score, all, 3, err));
    FAILS(EF_INVALID, "no genuine comparison among 3", ef_curve_create(&curve, score, none, 3, err));
    score[1] = NAN;
    FAILS(EF_INVALID, "score 1 is not finite", ef_curve_create(&curve, score, mixed, 3, err));
    score[1] = -INFINITY;
    FAILS(EF_INVALID, "score 1 is not finite", ef_curve_create(&curve, score, mixed, 3, err));
    ck_assert_ptr_null(curve);
}
END_TEST

/* Descending: two genuine, three impostors, a tie of both, two impostors.  By hand, (false, true) matches are (0,1) (0,2) (1,2) (2,2) (3,2)
 * (4,3) (5,3) (6,3); second differences vanish at (1,2), (2,2) and (5,3).  scikit-learn 1.2.1 prints the same thresholds. */
START_TEST(drop_intermediate_keeps_what_scikit_learn_keeps)
{
    static const double genuine[] = {0.9, 0.8, 0.4}, impostor[] = {0.7, 0.6, 0.5, 0.4, 0.3, 0.2};
    static const double kept[] = {INFINITY, 0.9, 0.8, 0.5, 0.4, 0.2};
    random_trials made = trials_from(genuine, 3, impostor, 6);
    ck_assert_uint_eq(made.dropped->points, LENGTH(kept));
    for (size_t i = 0; i < LENGTH(kept); i++) {
        ck_assert(made.dropped->threshold[i] == kept[i]);
    }
    free_random(&made);
}
END_TEST

START_TEST(drop_intermediate_takes_second_differences_of_the_full_curve)
{
    for (uint64_t seed = 0; seed < 30; seed++) {
        random_trials made = make_random(seed, 2 + 20 * seed, 0.3, 1, seed % 2 ? 5 : 1e6, 2);
        size_t kept = 0;
        for (size_t i = 0; i < made.curve->points; i++) {
            const uint64_t *f = made.curve->false_matches, *t = made.curve->true_matches;
            bool inner = i > 1 && i + 1 < made.curve->points;
            if (!inner || f[i + 1] - 2 * f[i] + f[i - 1] != 0 || t[i + 1] - 2 * t[i] + t[i - 1] != 0) {
                ck_assert_uint_lt(kept, made.dropped->points);
                ck_assert(made.dropped->threshold[kept] == made.curve->threshold[i]);
                ck_assert(made.dropped->false_matches[kept] == f[i] && made.dropped->true_matches[kept] == t[i]);
                kept++;
            }
        }
        ck_assert_uint_eq(made.dropped->points, kept);
        ck_assert(made.dropped->genuine == made.curve->genuine && made.dropped->impostors == made.curve->impostors);
        free_random(&made);
    }
}
END_TEST

/* TAR at false match count x, straight lines between points; at a vertical step its foot or its top. */
static double tar_at(const ef_curve *curve, size_t *at, double x, bool top)
{
    const uint64_t *f = curve->false_matches;
    while (*at + 1 < curve->points && (top ? (double)f[*at + 1] <= x : (double)f[*at + 1] < x)) {
        ++*at;
    }
    double y = (double)curve->true_matches[*at];
    if (*at + 1 < curve->points && (double)f[*at] < x) {
        y += (double)(curve->true_matches[*at + 1] - curve->true_matches[*at]) * (x - (double)f[*at]) /
             (double)(f[*at + 1] - f[*at]);
    }
    return y / (double)curve->genuine;
}

static double largest_difference(const ef_curve *a, const ef_curve *b)
{
    double largest = 0;
    size_t at[4] = {0};
    for (uint64_t half = 0; half <= 2 * a->impostors; half++) {
        double x = (double)half / 2;
        if (x > 0) {
            largest = fmax(largest, fabs(tar_at(a, &at[0], x, false) - tar_at(b, &at[1], x, false)));
        }
        if (half < 2 * a->impostors) {
            largest = fmax(largest, fabs(tar_at(a, &at[2], x, true) - tar_at(b, &at[3], x, true)));
        }
    }
    return largest;
}

START_TEST(a_thinned_curve_keeps_its_promise)
{
    static const struct {
        double genuine_share, shift, steps;
    } shapes[] = {{0.5, 1, 1e9}, {0.01, 2, 1e9}, {0.5, 1, 5}, {0.5, 0, 1e9}, {0.0005, 3, 1e9}, {0.3, 1.5, 1000}, {0.999, 2, 1e9}};
    static const double tolerances[] = {1e-2, 1e-3, 1e-4};
    for (size_t s = 0; s < LENGTH(shapes); s++) {
        random_trials made = make_random(100 + s, 120000, shapes[s].genuine_share, shapes[s].shift, shapes[s].steps, 2);
        ef_curve *corners = NULL;
        OK(ef_curve_thin(&corners, made.curve, SIZE_MAX, 0, err));
        ck_assert_double_le(largest_difference(made.curve, corners), 1e-15);
        ck_assert_uint_eq(ef_curve_corners(made.curve), corners->points);
        for (size_t t = 0; t < LENGTH(tolerances); t++) {
            ef_curve *thin = NULL;
            OK(ef_curve_thin(&thin, made.curve, 10, tolerances[t], err));
            ck_assert_double_le(largest_difference(made.curve, thin), tolerances[t]);
            ck_assert_uint_le(thin->points, corners->points);
            ck_assert(thin->threshold[0] == INFINITY && thin->true_matches[thin->points - 1] == made.curve->genuine);
            if (shapes[s].steps > 1e6 && tolerances[t] > 5e-3) {
                ck_assert_msg(thin->points < 100 || made.curve->genuine < 200 || made.curve->impostors < 200,
                              "%zu points for shape %zu", thin->points, s);
            }
            ef_curve_free(thin);
        }
        ef_curve_free(corners);
        free_random(&made);
    }
}
END_TEST

START_TEST(a_small_curve_keeps_its_corners_and_nothing_else)
{
    static const double genuine[] = {0.9, 0.8, 0.7, 0.2}, impostor[] = {0.6, 0.5, 0.4, 0.3, 0.1};
    static const double corners[] = {INFINITY, 0.7, 0.3, 0.2, 0.1};
    random_trials made = trials_from(genuine, 4, impostor, 5);
    ef_curve *thin = NULL;
    ck_assert_uint_eq(ef_curve_corners(made.curve), 5);
    OK(ef_curve_thin(&thin, made.curve, 5, 0.5, err));
    ck_assert_uint_eq(thin->points, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert(thin->threshold[i] == corners[i]);
    }
    ef_curve_free(thin);
    FAILS(EF_INVALID, "negative", ef_curve_thin(&thin, made.curve, 5, -0.1, err));
    FAILS(EF_INVALID, "negative", ef_curve_thin(&thin, made.curve, 5, NAN, err));
    free_random(&made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("curve");
    TCase *tests = tcase_create("curve");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, points_count_the_scores_at_or_above_them);
    tcase_add_test(tests, every_finite_score_has_its_place);
    tcase_add_test(tests, a_curve_needs_both_classes_and_finite_scores);
    tcase_add_test(tests, drop_intermediate_keeps_what_scikit_learn_keeps);
    tcase_add_test(tests, drop_intermediate_takes_second_differences_of_the_full_curve);
    tcase_add_test(tests, a_thinned_curve_keeps_its_promise);
    tcase_add_test(tests, a_small_curve_keeps_its_corners_and_nothing_else);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
