/* The table of metrics, and each metric against closed forms, double loops and published values. */
#include "random_trials.h"

#include "stats/gsl_quiet.h"

START_TEST(every_row_of_the_table_is_complete)
{
    static const char *const order[] = {"accuracy",         "eer",    "eer_hull", "auc",     "tar_at_far", "fnmr_at_fmr",
                                        "threshold_at_fmr", "dprime", "cllr",     "min_cllr"};
    ck_assert_uint_ge(ef_metric_count(), LENGTH(order));
    for (size_t i = 0; i < ef_metric_count(); i++) {
        const ef_metric *metric = ef_metric_at(i);
        if (i < LENGTH(order)) {
            ck_assert_str_eq(metric->name, order[i]);
        }
        ck_assert_ptr_eq(ef_metric_find(metric->name), metric);
        ck_assert_uint_eq(strspn(metric->name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(metric->name));
        ck_assert(metric->title != NULL && metric->title[0] != '\0');
        ck_assert(metric->tasks != 0 && metric->compute != NULL);
        ck_assert_msg(metric->definition != NULL && strlen(metric->definition) > 200, "%s: the definition is too short",
                      metric->name);
        ck_assert_msg(strstr(metric->definition, "onvention") != NULL || strstr(metric->definition, "iso:") != NULL,
                      "%s: the definition says nothing of the conventions", metric->name);
        ck_assert_msg(metric->source != NULL && strpbrk(metric->source, "12") != NULL && strlen(metric->source) > 30,
                      "%s: the source is too short", metric->name);
        ck_assert((metric->parameter == NULL) == (metric->example == NULL));
        ck_assert(metric->parameter == NULL || metric->point_low < metric->point_high);
        ck_assert(metric->parameter == NULL || ef_metric_has_point(metric, strtod(metric->example, NULL)));
        ck_assert(metric->parameter == NULL || metric->usual == 0 || ef_metric_has_point(metric, metric->usual_point));
        for (size_t j = 0; j < i; j++) { /* tables show them in one order */
            const ef_metric *other = ef_metric_at(j);
            ck_assert(metric->usual == 0 || metric->usual != other->usual);
            ck_assert(metric->in_depth == 0 || metric->in_depth != other->in_depth);
        }
    }
    ck_assert_ptr_null(ef_metric_at(ef_metric_count()));
    ck_assert_ptr_null(ef_metric_find("no_such_metric"));
}
END_TEST

START_TEST(every_metric_refuses_what_it_cannot_read)
{
    random_trials made = make_random(3, 200, 0.5, 1, 10, 5);
    ef_curve one_class = *made.curve;
    one_class.impostors = 0;
    for (size_t i = 0; i < ef_metric_count(); i++) {
        const ef_metric *metric = ef_metric_at(i);
        if ((metric->tasks & EF_IDENTIFY) != 0) {
            continue;
        }
        const ef_metric_input good = {.trials = &made.trials,
                                      .curve = made.curve,
                                      .dropped = made.dropped,
                                      .point = 0.1,
                                      .convention = EF_ISO,
                                      .interval = EF_WILSON,
                                      .confidence = 0.95};
        ef_trials none = {0}, fewer = made.trials;
        fewer.count--;
        ef_measure out = {.value = 17};
        ef_metric_input input = good;
        input.trials = &none;
        FAILS(EF_INVALID, "no comparisons", ef_metric_compute(&out, metric, &input, err));
        if ((metric->tasks & EF_VERIFY_TEMPLATES) == 0) { /* the others can do with the curve */
            input.trials = NULL;
            FAILS(EF_INVALID, metric->name, ef_metric_compute(&out, metric, &input, err));
        }
        input.trials = &fewer;
        FAILS(EF_INVALID, "other comparisons", ef_metric_compute(&out, metric, &input, err));
        input = good;
        input.curve = &one_class;
        FAILS(EF_INVALID, "no curve of both", ef_metric_compute(&out, metric, &input, err));
        input.curve = NULL;
        FAILS(EF_INVALID, "no curve", ef_metric_compute(&out, metric, &input, err));
        input = good;
        input.confidence = 1;
        FAILS(EF_INVALID, "confidence of 1", ef_metric_compute(&out, metric, &input, err));
        input = good;
        input.convention = EF_CONVENTION_COUNT;
        FAILS(EF_INVALID, "unknown", ef_metric_compute(&out, metric, &input, err));
        if (metric->parameter != NULL) {
            const double bad[] = {metric->point_low, nextafter(metric->point_high, INFINITY), NAN, -1};
            for (size_t b = 0; b < LENGTH(bad); b++) {
                input = good;
                input.point = bad[b];
                FAILS(EF_INVALID, metric->parameter, ef_metric_compute(&out, metric, &input, err));
            }
        }
        ck_assert_msg(out.value == 17, "%s: a failure has changed the measure", metric->name);
    }
    free_random(&made);
}
END_TEST

/* Either a value or a reason; an interval has both limits and a name and encloses the value; all that is absent is NAN or 0. */
START_TEST(every_measure_is_whole)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        random_trials made = make_random(seed, 2 + seed * seed, 0.1 + 0.013 * (double)seed, (double)(seed % 4),
                                         seed % 3 ? 4 : 1e6, 2 + (int)(seed % 9));
        for (size_t i = 0; i < ef_metric_count(); i++) {
            for (int convention = 0; convention < EF_CONVENTION_COUNT; convention++) {
                bool searches = (ef_metric_at(i)->tasks & EF_IDENTIFY) != 0, devkit = convention == EF_MEGAFACE_DEVKIT;
                if (searches || devkit || !ef_metric_has(ef_metric_at(i), (ef_convention)convention)) {
                    continue;
                }
                static const double points[] = {1e-6, 1e-3, 0.01, 0.1, 0.5, 0.999};
                for (size_t p = 0; p < (ef_metric_at(i)->parameter ? LENGTH(points) : 1); p++) {
                    ef_measure out = measure_of(&made, ef_metric_at(i)->name, points[p], (ef_convention)convention);
                    ck_assert(isnan(out.value) == (out.undefined != NULL));
                    ck_assert((out.interval == NULL) == (isnan(out.ci_low) && isnan(out.ci_high)));
                    if (out.interval != NULL) {
                        ck_assert(out.ci_low <= out.value + 1e-15 && out.ci_high >= out.value - 1e-15 &&
                                  out.ci_low < out.ci_high);
                        ck_assert(out.ci_low >= 0 && out.ci_high <= 1);
                    }
                    if (out.undefined != NULL) {
                        ck_assert(out.trials == 0 && out.impostors == 0 && isnan(out.threshold) && out.interval == NULL);
                    }
                    ck_assert(out.errors <= out.trials && out.false_matches <= out.impostors);
                }
            }
        }
        free_random(&made);
    }
}
END_TEST

START_TEST(conventions_have_names)
{
    ef_convention convention = EF_ISO;
    OK(ef_convention_parse(&convention, "insightface", err));
    ck_assert_int_eq(convention, EF_INSIGHTFACE);
    ck_assert_str_eq(ef_convention_name(EF_ISO), "iso");
    FAILS(EF_INVALID, "did you mean 'insightface'", ef_convention_parse(&convention, "insihgtface", err));
    FAILS(EF_INVALID, "there are iso, insightface, insightface-union and megaface-devkit",
          ef_convention_parse(&convention, "fvc2004", err));
}
END_TEST

/* The example in scikit-learn's documentation of roc_auc_score and roc_curve: labels 0 0 1 1, scores 0.1 0.4 0.35 0.8, area 0.75. */
START_TEST(auc_of_the_scikit_learn_example)
{
    static const double genuine[] = {0.35, 0.8}, impostor[] = {0.1, 0.4};
    random_trials made = trials_from(genuine, 2, impostor, 2);
    ck_assert(measure_of(&made, "auc", NAN, EF_ISO).value == 0.75);
    ck_assert(measure_of(&made, "auc", NAN, EF_INSIGHTFACE).value == 0.75);
    free_random(&made);
}
END_TEST

static random_trials from_ratings(const size_t *normal, const size_t *abnormal, size_t levels)
{
    double genuine[200], impostor[200];
    size_t genuine_count = 0, impostor_count = 0;
    for (size_t level = 0; level < levels; level++) {
        for (size_t i = 0; i < normal[level]; i++) {
            impostor[impostor_count++] = (double)level + 1;
        }
        for (size_t i = 0; i < abnormal[level]; i++) {
            genuine[genuine_count++] = (double)level + 1;
        }
    }
    return trials_from(genuine, genuine_count, impostor, impostor_count);
}

/* Hanley and McNeil, Radiology 143 (1982), Table I: ratings of 58 normal and 51 abnormal images; area 0.893.  DeLong's standard error of
 * these data is 0.0307. */
START_TEST(auc_of_the_ratings_of_hanley_and_mcneil)
{
    static const size_t normal[] = {33, 6, 6, 11, 2}, abnormal[] = {3, 2, 2, 11, 33};
    random_trials made = from_ratings(normal, abnormal, 5);
    ef_measure out = measure_of(&made, "auc", NAN, EF_ISO);
    ck_assert(made.curve->impostors == 58 && made.curve->genuine == 51);
    ck_assert_double_eq_tol(out.value, 0.893, 5e-4);
    ck_assert_double_eq_tol((out.ci_high - out.ci_low) / (2 * 1.959963984540054), 0.0307, 5e-5);
    ck_assert_str_eq(out.interval, "normal (DeLong)");
    free_random(&made);
}
END_TEST

/* DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988): albumin of patients with ovarian cancer, as listed in the SAS/STAT
 * User's Guide ("Comparing Receiver Operating Characteristic Curves"); area 0.7366, standard error 0.0927. */
START_TEST(auc_of_the_patients_of_delong)
{
    static const double genuine[] = {3.2, 3.9, 3.2, 1.6, 3.8, 3.7, 3.2, 3.8, 4.1, 3.6, 4.3, 2.3, 3.5, 3.8, 4.5, 3.7,
                                     3.1, 4.1, 4.3, 4.3, 3.2, 2.6, 3.7, 3.3, 4.2, 3.5, 2.1, 4.0, 3.3, 3.7, 3.6};
    static const double impostor[] = {3.0, 2.8, 0.9, 2.5, 3.6, 4.2, 4.0, 3.0, 3.3, 1.7, 2.9, 2.8};
    random_trials made = trials_from(genuine, LENGTH(genuine), impostor, LENGTH(impostor));
    ef_measure out = measure_of(&made, "auc", NAN, EF_ISO);
    ck_assert_double_eq_tol(out.value, 0.7366, 5e-5);
    ck_assert_double_eq_tol(out.ci_low, 0.5549, 5e-5);
    ck_assert_double_eq_tol(out.ci_high, 0.9182, 5e-5);
    free_random(&made);
}
END_TEST

START_TEST(auc_and_its_variance_match_double_loops)
{
    for (uint64_t seed = 0; seed < 30; seed++) {
        random_trials made = make_random(seed, 50 + 20 * seed, 0.3, (double)(seed % 3), seed % 2 ? 3 : 1e6, 2);
        const ef_trials *trials = &made.trials;
        double g = (double)made.curve->genuine, n = (double)made.curve->impostors, total = 0, variance = 0;
        double *share = calloc(trials->count, sizeof *share);
        for (size_t i = 0; i < trials->count; i++) {
            for (size_t j = 0; j < trials->count; j++) {
                if (trials->genuine[i] && !trials->genuine[j]) {
                    double win = (trials->score[i] > trials->score[j]) + 0.5 * (trials->score[i] == trials->score[j]);
                    total += win;
                    share[i] += win / n;
                    share[j] += win / g;
                }
            }
        }
        double area = total / (g * n);
        for (size_t i = 0; i < trials->count; i++) {
            double size = trials->genuine[i] ? g : n;
            variance += (share[i] - area) * (share[i] - area) / (size - 1) / size;
        }
        ef_measure out = measure_of(&made, "auc", NAN, EF_ISO);
        CHECK_CLOSE(out.value, area, 1e-15);
        CHECK_CLOSE(out.ci_low, fmax(0, area - 1.959963984540054 * sqrt(variance)), 1e-13);
        CHECK_CLOSE(out.ci_high, fmin(1, area + 1.959963984540054 * sqrt(variance)), 1e-13);
        free(share);
        free_random(&made);
    }
}
END_TEST

START_TEST(perfect_and_useless_scores)
{
    static const double high[] = {3, 4, 5}, low[] = {-2, -1, 0, 1}, same[] = {0, 0, 0, 0};
    random_trials perfect = trials_from(high, 3, low, 4), useless = trials_from(same, 3, same, 4);
    ef_measure out = measure_of(&perfect, "auc", NAN, EF_ISO);
    ck_assert(out.value == 1 && out.interval == NULL); /* the variance is 0, which is no certainty */
    ck_assert(measure_of(&useless, "auc", NAN, EF_ISO).value == 0.5);
    out = measure_of(&perfect, "eer", NAN, EF_ISO);
    ck_assert(out.value == 0 && out.threshold == 3 && out.false_matches == 0 && out.impostors == 4 && out.interval == NULL);
    out = measure_of(&useless, "eer", NAN, EF_ISO);
    ck_assert(out.value == 0.5 && out.threshold == 0);
    CHECK_CLOSE(out.ci_high - 0.5, 1.959963984540054 * sqrt(0.25 / 16 + 0.25 / 12), 1e-15);
    ck_assert(measure_of(&perfect, "eer_hull", NAN, EF_ISO).value == 0);
    ck_assert(measure_of(&useless, "eer_hull", NAN, EF_ISO).value == 0.5);
    ck_assert(measure_of(&perfect, "min_cllr", NAN, EF_ISO).value == 0);
    CHECK_CLOSE(measure_of(&useless, "min_cllr", NAN, EF_ISO).value, 1, 1e-15);
    CHECK_CLOSE(measure_of(&useless, "cllr", NAN, EF_ISO).value, 1, 1e-15); /* a likelihood ratio of 1 for all costs one bit */
    ck_assert_ptr_nonnull(measure_of(&useless, "dprime", NAN, EF_ISO).undefined);
    free_random(&perfect);
    free_random(&useless);
}
END_TEST

/* By hand.  Genuine 4 2 1, impostors 3 2 0 -1: (FMR, 1 - FNMR) is (0, 1/3) (1/4, 1/3) (1/2, 2/3) (1/2, 1) (3/4, 1) (1, 1) from
 * the top, so (FMR, FNMR) goes from (1/4, 2/3) to (1/2, 1/3) at the tie of 2.  On that line FMR = 1/4 + a/4 and FNMR = 2/3 - a/3
 * meet at a = 5/7: the rate is 3/7.  The hull's corners are (0, 0) (0, 1/3) (1/2, 1) (1, 1): FMR = b/2 and FNMR = 2/3 - 2b/3
 * meet at b = 4/7, 2/7. */
START_TEST(equal_error_rates_by_hand)
{
    static const double genuine[] = {4, 2, 1}, impostor[] = {3, 2, 0, -1};
    random_trials made = trials_from(genuine, 3, impostor, 4);
    ef_measure out = measure_of(&made, "eer", NAN, EF_ISO);
    CHECK_CLOSE(out.value, 3.0 / 7, 1e-15);
    ck_assert(out.threshold == 2 && out.false_matches == 2);
    out = measure_of(&made, "eer_hull", NAN, EF_ISO);
    CHECK_CLOSE(out.value, 2.0 / 7, 1e-15);
    ck_assert(out.threshold == 1 && out.false_matches == 2);
    /* min Cllr: two pure stretches, (0, 0) to (0, 1/3) and (1/2, 1) to (1, 1), and one of g = 2/3, n = 1/2:
     * half of 2/3 log2(1 + 3/4) + 1/2 log2(1 + 4/3). */
    CHECK_CLOSE(measure_of(&made, "min_cllr", NAN, EF_ISO).value, (2.0 / 3 * log2(7.0 / 4) + 0.5 * log2(7.0 / 3)) / 2, 1e-15);
    free_random(&made);
}
END_TEST

/* Where FMR - FNMR changes its sign, walking every pair of neighbouring thresholds; and the hull's rate as the largest, over
 * weights w, of the least w FMR + (1 - w) FNMR, which a search over w finds because it is concave. */
static double plain_equal_error(const random_trials *made)
{
    double before_fmr = 0, before_fnmr = 1;
    for (size_t i = 1; i < made->curve->points; i++) {
        double t = made->curve->threshold[i], fmr = 0, fnmr = 0;
        for (size_t j = 0; j < made->trials.count; j++) {
            fmr += !made->trials.genuine[j] && made->trials.score[j] >= t;
            fnmr += made->trials.genuine[j] && made->trials.score[j] < t;
        }
        fmr /= (double)made->curve->impostors;
        fnmr /= (double)made->curve->genuine;
        if (fmr >= fnmr - 1e-15) {
            double a = (before_fnmr - before_fmr) / ((before_fnmr - before_fmr) + (fmr - fnmr));
            return before_fmr + a * (fmr - before_fmr);
        }
        before_fmr = fmr;
        before_fnmr = fnmr;
    }
    return NAN;
}

static double least_cost(const ef_curve *curve, double weight)
{
    double least = INFINITY;
    for (size_t i = 0; i < curve->points; i++) {
        double fmr = (double)curve->false_matches[i] / (double)curve->impostors;
        double fnmr = 1 - (double)curve->true_matches[i] / (double)curve->genuine;
        least = fmin(least, weight * fmr + (1 - weight) * fnmr);
    }
    return least;
}

static double hull_equal_error(const ef_curve *curve)
{
    double low = 0, high = 1;
    for (int i = 0; i < 200; i++) {
        double a = low + (high - low) / 3, b = high - (high - low) / 3;
        if (least_cost(curve, a) < least_cost(curve, b)) {
            low = a;
        } else {
            high = b;
        }
    }
    return least_cost(curve, low);
}

START_TEST(equal_error_rates_match_slow_twins)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        random_trials made = make_random(seed, 10 + 10 * seed, 0.4, (double)(seed % 3), seed % 2 ? 4 : 1e6, 2);
        ef_measure plain = measure_of(&made, "eer", NAN, EF_ISO), hull = measure_of(&made, "eer_hull", NAN, EF_INSIGHTFACE);
        CHECK_CLOSE(plain.value, plain_equal_error(&made), 1e-13);
        CHECK_CLOSE(hull.value, hull_equal_error(made.curve), 1e-12);
        ck_assert_double_le(hull.value, plain.value + 1e-15);
        double variance = plain.value * (1 - plain.value);
        double error = sqrt(variance / 4 / (double)made.curve->impostors + variance / 4 / (double)made.curve->genuine);
        if (error > 0) {
            CHECK_CLOSE(plain.ci_high, fmin(1, plain.value + 1.959963984540054 * error), 1e-14);
        }
        free_random(&made);
    }
}
END_TEST

/* Genuine 1 and 3: mean 2, variance 1; impostors 0, 0 and 3: mean 1, variance 2: 1 / sqrt(1.5). */
START_TEST(dprime_in_closed_form)
{
    static const double genuine[] = {1, 3}, impostor[] = {0, 0, 3}, tenths[] = {0.1, 0.1, 0.1}, one[] = {0.3};
    random_trials made = trials_from(genuine, 2, impostor, 3), constant = trials_from(tenths, 3, one, 1);
    CHECK_CLOSE(measure_of(&made, "dprime", NAN, EF_ISO).value, 1 / sqrt(1.5), 1e-15);
    ef_measure out = measure_of(&constant, "dprime", NAN, EF_ISO); /* variances of exactly 0 though 0.1 has no exact mean */
    ck_assert_str_eq(out.undefined, "the scores of neither class vary");
    free_random(&made);
    free_random(&constant);
}
END_TEST

/* d' does not depend on the unit of the scores. */
START_TEST(dprime_is_the_same_at_every_scale)
{
    static const double scales[] = {1, 1.6e154, 4e-200, 1e307, -2e-154, 3e-308};
    for (size_t i = 0; i < LENGTH(scales); i++) {
        double genuine[] = {scales[i], 3 * scales[i]}, impostor[] = {0, 0, 3 * scales[i]};
        random_trials made = trials_from(genuine, 2, impostor, 3);
        CHECK_CLOSE(measure_of(&made, "dprime", NAN, EF_ISO).value, 1 / sqrt(1.5), 1e-14);
        free_random(&made);
    }
    static const double one[] = {1}, spread[] = {1e-200, 3e-200}, huge[] = {1e300}, ends[] = {-1.7e308, 1.7e308};
    random_trials narrow = trials_from(one, 1, spread, 2), narrower = trials_from(huge, 1, spread, 2);
    random_trials wide = trials_from(ends, 2, one, 1);
    CHECK_CLOSE(measure_of(&narrow, "dprime", NAN, EF_ISO).value / 1e200, sqrt(2), 1e-14);
    ck_assert_str_eq(measure_of(&narrower, "dprime", NAN, EF_ISO).undefined,
                     "the scores vary too little beside the distance of the two classes");
    ck_assert(measure_of(&wide, "dprime", NAN, EF_ISO).value < 1e-300);
    free_random(&narrow);
    free_random(&narrower);
    free_random(&wide);
}
END_TEST

START_TEST(dprime_matches_the_textbook)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        random_trials made = make_random(seed, 500, 0.4, 1.5, seed % 2 ? 4 : 1e6, 2);
        double mean[2] = {0}, variance[2] = {0}, count[2] = {(double)made.curve->impostors, (double)made.curve->genuine};
        for (size_t i = 0; i < made.trials.count; i++) {
            mean[made.trials.genuine[i]] += made.trials.score[i] / count[made.trials.genuine[i]];
        }
        for (size_t i = 0; i < made.trials.count; i++) {
            double deviation = made.trials.score[i] - mean[made.trials.genuine[i]];
            variance[made.trials.genuine[i]] += deviation * deviation / count[made.trials.genuine[i]];
        }
        CHECK_CLOSE(measure_of(&made, "dprime", NAN, EF_ISO).value,
                    fabs(mean[1] - mean[0]) / sqrt((variance[0] + variance[1]) / 2), 1e-12);
        free_random(&made);
    }
}
END_TEST

/* Genuine ln 3: log2(1 + 1/3); impostors -ln 3 and 0: log2(1 + 1/3) and 1. */
START_TEST(cllr_in_closed_form)
{
    const double three = log(3);
    double genuine[] = {three}, impostor[] = {-three, 0}, huge[] = {1.7e308}, minus_huge[] = {-1.7e308}, thousand[] = {1000},
           minus[] = {-1000};
    random_trials made = trials_from(genuine, 1, impostor, 2);
    CHECK_CLOSE(measure_of(&made, "cllr", NAN, EF_ISO).value, (log2(4.0 / 3) + (log2(4.0 / 3) + 1) / 2) / 2, 1e-15);
    free_random(&made);
    made = trials_from(thousand, 1, minus, 1);
    ck_assert(measure_of(&made, "cllr", NAN, EF_ISO).value == 0);
    free_random(&made);
    made = trials_from(minus, 1, thousand, 1);
    CHECK_CLOSE(measure_of(&made, "cllr", NAN, EF_ISO).value, 1000 / log(2), 1e-12);
    free_random(&made);
    made = trials_from(minus_huge, 1, huge, 1);
    ck_assert_ptr_nonnull(measure_of(&made, "cllr", NAN, EF_ISO).undefined);
    free_random(&made);
}
END_TEST

/* The pool-adjacent-violators algorithm as in the textbook: merge neighbouring blocks while their shares of genuine scores fall. */
static double pav_cllr(const random_trials *made)
{
    const ef_curve *curve = made->curve;
    double *genuine = calloc(curve->points, sizeof *genuine), *impostor = calloc(curve->points, sizeof *impostor), bits = 0;
    size_t blocks = 0;
    for (size_t i = curve->points - 1; i > 0; i--) {
        genuine[blocks] = (double)(curve->true_matches[i] - curve->true_matches[i - 1]);
        impostor[blocks] = (double)(curve->false_matches[i] - curve->false_matches[i - 1]);
        blocks++;
        while (blocks > 1 && genuine[blocks - 2] * impostor[blocks - 1] >= genuine[blocks - 1] * impostor[blocks - 2]) {
            genuine[blocks - 2] += genuine[blocks - 1];
            impostor[blocks - 2] += impostor[blocks - 1];
            blocks--;
        }
    }
    for (size_t b = 0; b < blocks; b++) {
        double llr = log(genuine[b] / (double)curve->genuine) - log(impostor[b] / (double)curve->impostors);
        bits += genuine[b] > 0 ? genuine[b] / (double)curve->genuine * log2(1 + exp(-llr)) / 2 : 0;
        bits += impostor[b] > 0 ? impostor[b] / (double)curve->impostors * log2(1 + exp(llr)) / 2 : 0;
    }
    free(genuine);
    free(impostor);
    return bits;
}

START_TEST(cllr_and_min_cllr_match_slow_twins)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        random_trials made = make_random(seed, 10 + 30 * seed, 0.4, (double)(seed % 3), seed % 2 ? 4 : 1e6, 2);
        double bits = 0;
        for (size_t i = 0; i < made.trials.count; i++) {
            double size = made.trials.genuine[i] ? (double)made.curve->genuine : (double)made.curve->impostors;
            bits += log2(1 + exp(made.trials.genuine[i] ? -made.trials.score[i] : made.trials.score[i])) / size / 2;
        }
        ef_measure plain = measure_of(&made, "cllr", NAN, EF_ISO), least = measure_of(&made, "min_cllr", NAN, EF_ISO);
        CHECK_CLOSE(plain.value, bits, 1e-12);
        CHECK_CLOSE(least.value, pav_cllr(&made), 1e-12);
        ck_assert_double_le(least.value, plain.value + 1e-15);
        ck_assert_double_le(least.value, 1 + 1e-15);
        free_random(&made);
    }
}
END_TEST

int main(void)
{
    ef_gsl_quiet();
    Suite *suite = suite_create("metric");
    TCase *tests = tcase_create("metric");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, every_row_of_the_table_is_complete);
    tcase_add_test(tests, every_metric_refuses_what_it_cannot_read);
    tcase_add_test(tests, every_measure_is_whole);
    tcase_add_test(tests, conventions_have_names);
    tcase_add_test(tests, auc_of_the_scikit_learn_example);
    tcase_add_test(tests, auc_of_the_ratings_of_hanley_and_mcneil);
    tcase_add_test(tests, auc_of_the_patients_of_delong);
    tcase_add_test(tests, auc_and_its_variance_match_double_loops);
    tcase_add_test(tests, perfect_and_useless_scores);
    tcase_add_test(tests, equal_error_rates_by_hand);
    tcase_add_test(tests, equal_error_rates_match_slow_twins);
    tcase_add_test(tests, dprime_in_closed_form);
    tcase_add_test(tests, dprime_is_the_same_at_every_scale);
    tcase_add_test(tests, dprime_matches_the_textbook);
    tcase_add_test(tests, cllr_in_closed_form);
    tcase_add_test(tests, cllr_and_min_cllr_match_slow_twins);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
