/* Cross-validated accuracy: both conventions against slow twins that try every threshold on every fold. */
#include "random_trials.h"

typedef struct slow_result {
    double mean, std_dev, std_error, threshold;
    uint64_t errors;
    int folds;
} slow_result;

static bool right(const ef_trials *trials, size_t i, double t, bool grid)
{
    return (grid ? trials->distance[i] < t : trials->score[i] >= t) == (trials->genuine[i] != 0);
}

static size_t count_right(const ef_trials *trials, int fold, bool inside, double t, bool grid)
{
    size_t count = 0;
    for (size_t i = 0; i < trials->count; i++) {
        count += (trials->fold[i] == fold) == inside && right(trials, i, t, grid);
    }
    return count;
}

static double slow_threshold(const ef_trials *trials, int fold, bool grid)
{
    double best = grid ? 0 : INFINITY;
    size_t most = count_right(trials, fold, false, best, grid);
    for (int i = 1; grid && i < 400; i++) {
        size_t count = count_right(trials, fold, false, i * 0.01, true);
        if (count > most) { /* the first of equals */
            most = count;
            best = i * 0.01;
        }
    }
    for (size_t i = 0; !grid && i < trials->count; i++) {
        if (trials->fold[i] != fold) {
            size_t count = count_right(trials, fold, false, trials->score[i], false);
            if (count > most || (count == most && trials->score[i] > best)) { /* the highest of equals */
                most = count;
                best = trials->score[i];
            }
        }
    }
    return best;
}

static slow_result slow_accuracy(const ef_trials *trials, bool grid)
{
    double accuracy[64];
    slow_result result = {.threshold = NAN};
    for (int k = 0; k < trials->folds; k++) {
        size_t size = 0;
        for (size_t i = 0; i < trials->count; i++) {
            size += trials->fold[i] == k;
        }
        if (size > 0) {
            double t = slow_threshold(trials, k, grid);
            size_t count = count_right(trials, k, true, t, grid);
            result.threshold = result.folds == 0 || result.threshold == t ? t : NAN;
            result.errors += size - count;
            accuracy[result.folds++] = (double)count / (double)size;
            result.mean += (double)count / (double)size;
        }
    }
    result.mean /= result.folds;
    double squares = 0;
    for (int k = 0; k < result.folds; k++) {
        squares += (accuracy[k] - result.mean) * (accuracy[k] - result.mean);
    }
    result.std_dev = sqrt(squares / result.folds);
    result.std_error = sqrt(squares / (result.folds - 1) / result.folds);
    return result;
}

START_TEST(both_conventions_match_slow_twins)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        random_trials made = make_random(seed, 20 + 6 * seed, 0.2 + 0.01 * (double)seed, (double)(seed % 3), seed % 2 ? 4 : 1e6,
                                         2 + (int)(seed % 11));
        for (int grid = 0; grid < 2; grid++) {
            slow_result slow = slow_accuracy(&made.trials, grid);
            ef_measure out = measure_of(&made, "accuracy", NAN, grid ? EF_INSIGHTFACE : EF_ISO);
            CHECK_CLOSE(out.value, slow.mean, 1e-15);
            CHECK_CLOSE(out.std_dev, slow.std_dev, 1e-15);
            CHECK_CLOSE(out.std_error, slow.std_error, 1e-15);
            ck_assert(out.threshold == slow.threshold || (isnan(out.threshold) && isnan(slow.threshold)));
            ck_assert(out.errors == slow.errors && out.trials == made.trials.count);
            ck_assert(out.threshold_is_distance == grid);
            if (out.std_error > 0) {
                ef_interval interval = ef_interval_student(out.value, out.std_error, slow.folds - 1, 0.95);
                ck_assert(out.ci_low == interval.low && out.ci_high == interval.high);
                ck_assert_str_eq(out.interval, "student-t on folds");
            }
        }
        free_random(&made);
    }
}
END_TEST

static random_trials from_distances(const double *distance, const unsigned char *genuine, const int *fold, size_t count,
                                    int folds)
{
    double *score = malloc(count * sizeof *score), *copy = malloc(count * sizeof *copy);
    unsigned char *label = malloc(count);
    int *of = malloc(count * sizeof *of);
    for (size_t i = 0; i < count; i++) {
        score[i] = 1 - distance[i] / 2;
        copy[i] = distance[i];
        label[i] = genuine[i];
        of[i] = fold[i];
    }
    return trials_of(score, copy, label, of, count, folds);
}

/* On the grid point i * 0.01 itself a pair is different; the first grid point above it calls it the same.  All 400 of them, among them
 * 29, 57 and 58, where multiplying the distance by 100 falls short. */
START_TEST(a_distance_on_a_grid_point_is_not_below_it)
{
    static const unsigned char genuine[] = {1, 0, 1, 0};
    static const int fold[] = {0, 0, 1, 1};
    for (int i = 1; i < 399; i++) {
        double distance[] = {i * 0.01, 3.999, i * 0.01, 3.999};
        random_trials made = from_distances(distance, genuine, fold, 4, 2);
        ef_measure out = measure_of(&made, "accuracy", NAN, EF_INSIGHTFACE);
        ck_assert(out.value == 1 && out.threshold == (i + 1) * 0.01);
        free_random(&made);
        /* The next double below is, though it may be i when multiplied by 100. */
        distance[0] = distance[2] = nextafter(i * 0.01, 0);
        made = from_distances(distance, genuine, fold, 4, 2);
        ck_assert(measure_of(&made, "accuracy", NAN, EF_INSIGHTFACE).threshold == i * 0.01);
        free_random(&made);
    }
}
END_TEST

/* A gap between 0.5 and 1.5: every grid point from 0.51 to 1.5 is as good in training, and the first is taken, so that a tested
 * genuine pair at 0.8 is missed; a score's threshold is the highest, 0.5's, and misses it too. */
START_TEST(on_a_plateau_the_strictest_threshold_is_taken)
{
    static const double distance[] = {0.5, 1.5, 0.8, 1.5};
    static const unsigned char genuine[] = {1, 0, 1, 0};
    static const int fold[] = {0, 0, 1, 1};
    random_trials made = from_distances(distance, genuine, fold, 4, 2);
    /* Fold 1 is judged at 0.51: half right.  Fold 0 is judged at 0.81: all right. */
    ef_measure out = measure_of(&made, "accuracy", NAN, EF_INSIGHTFACE);
    ck_assert(out.value == 0.75 && out.errors == 1 && isnan(out.threshold));
    CHECK_CLOSE(out.std_dev, 0.25, 1e-15); /* population: of 1 and 1/2; the sample deviation would be 0.3536 */
    CHECK_CLOSE(out.std_error, 0.25, 1e-15);
    ck_assert(measure_of(&made, "accuracy", NAN, EF_ISO).value == 0.75);
    free_random(&made);
}
END_TEST

/* At grid point 0 nothing is below: with impostors nearer than genuine pairs the best is to call nothing the same; and for scores too. */
START_TEST(calling_nothing_the_same_is_a_choice)
{
    static const double distance[] = {2, 0.1, 0.1, 2, 0.1, 0.1};
    static const unsigned char genuine[] = {1, 0, 0, 1, 0, 0};
    static const int fold[] = {0, 0, 0, 1, 1, 1};
    random_trials made = from_distances(distance, genuine, fold, 6, 2);
    ef_measure out = measure_of(&made, "accuracy", NAN, EF_INSIGHTFACE);
    ck_assert(out.threshold == 0 && out.errors == 2 && out.interval == NULL && out.std_dev == 0);
    CHECK_CLOSE(out.value, 2.0 / 3, 1e-16);
    out = measure_of(&made, "accuracy", NAN, EF_ISO);
    ck_assert(out.threshold == INFINITY && out.errors == 2);
    free_random(&made);
}
END_TEST

START_TEST(without_folds_or_distances_it_says_so)
{
    random_trials made = make_random(1, 50, 0.5, 1, 10, 3);
    random_trials no_distance = made, no_fold = made, one_fold = made, alone = made, wrong = made;
    int together[50] = {0}, outside[50] = {0};
    double infinite[50] = {0};
    no_distance.trials.distance = NULL;
    no_fold.trials.fold = NULL;
    one_fold.trials.folds = 1;
    alone.trials.fold = together;
    ck_assert_str_eq(measure_of(&no_distance, "accuracy", NAN, EF_INSIGHTFACE).undefined,
                     "the public scripts put thresholds on distances, and there are only scores");
    ck_assert_ptr_null(measure_of(&no_distance, "accuracy", NAN, EF_ISO).undefined);
    for (int c = 0; c <= EF_INSIGHTFACE; c++) {
        ck_assert_str_eq(measure_of(&no_fold, "accuracy", NAN, (ef_convention)c).undefined, "accuracy needs at least two folds");
        ck_assert_str_eq(measure_of(&one_fold, "accuracy", NAN, (ef_convention)c).undefined, "accuracy needs at least two folds");
        ck_assert_str_eq(measure_of(&alone, "accuracy", NAN, (ef_convention)c).undefined,
                         "all comparisons are in one fold, so there is none to train on");
    }
    ef_measure out;
    ef_metric_input input = {.trials = &wrong.trials,
                             .curve = made.curve,
                             .dropped = made.dropped,
                             .point = NAN,
                             .convention = EF_INSIGHTFACE,
                             .interval = EF_WILSON,
                             .confidence = 0.95};
    outside[7] = 3;
    wrong.trials.fold = outside;
    FAILS(EF_INVALID, "accuracy: comparison 7 is in fold 3 of 0 .. 2",
          ef_metric_compute(&out, ef_metric_find("accuracy"), &input, err));
    wrong.trials.fold = made.trials.fold;
    wrong.trials.distance = infinite;
    infinite[4] = NAN;
    FAILS(EF_INVALID, "distance 4 is not finite", ef_metric_compute(&out, ef_metric_find("accuracy"), &input, err));
    free_random(&made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accuracy");
    TCase *tests = tcase_create("accuracy");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, both_conventions_match_slow_twins);
    tcase_add_test(tests, a_distance_on_a_grid_point_is_not_below_it);
    tcase_add_test(tests, on_a_plateau_the_strictest_threshold_is_taken);
    tcase_add_test(tests, calling_nothing_the_same_is_a_choice);
    tcase_add_test(tests, without_folds_or_distances_it_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
