/* Probes among distractors from a protocol to figures: cases whose outcome follows from the definitions. */
#include "h5_data.h"

#include <eface/evaluate.h>

#include "io/hdf5_quiet.h"
#include "evaluate/distractor_curve.h"

static ef_result *results[EF_MOST_RESULTS];
static size_t result_count;

/* Unit vectors at angles in degrees, twice as long as they should be. */
/* NAN: a vector of length zero. */
static void put_angles(hid_t group, const double *degrees, size_t count)
{
    double *values = malloc(2 * count * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        bool zero = isnan(degrees[i]);
        values[2 * i] = zero ? 0 : 2 * cos(degrees[i] * acos(-1) / 180);
        values[2 * i + 1] = zero ? 0 : 2 * sin(degrees[i] * acos(-1) / 180);
    }
    put(group, "embeddings", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, count, 2, (layout){0}, values);
    free(values);
}

/* A set: where probes and distractors point, who the probes are, and which are noisy (NULL: nothing says). */
typedef struct world {
    const double *probe;
    const int64_t *label;
    const int64_t *noisy_probe;
    size_t probes;
    const double *distractor;
    const int64_t *noisy_distractor;
    size_t distractors;
} world;

static void put_world(const world *all)
{
    hid_t file = new_file("emb.h5");
    hid_t group = H5Gcreate2(file, "probes", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_angles(group, all->probe, all->probes);
    put(group, "labels", H5T_STD_I64LE, H5T_NATIVE_INT64, all->probes, 0, (layout){0}, all->label);
    if (all->noisy_probe != NULL) {
        put(group, "noisy", H5T_STD_I64LE, H5T_NATIVE_INT64, all->probes, 0, (layout){0}, all->noisy_probe);
    }
    H5Gclose(group);
    group = H5Gcreate2(file, "distractors", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_angles(group, all->distractor, all->distractors);
    if (all->noisy_distractor != NULL) {
        put(group, "noisy", H5T_STD_I64LE, H5T_NATIVE_INT64, all->distractors, 0, (layout){0}, all->noisy_distractor);
    }
    H5Gclose(group);
    H5Fclose(file);
}

static ef_protocol *protocol_with(const char *metrics)
{
    ef_protocol *protocol = NULL;
    FILE *file = fopen(path_of("mine.ini"), "w");
    fprintf(file, "[protocol]\nconvention = megaface-devkit\n%s", metrics);
    fclose(file);
    OK(ef_protocol_load(&protocol, path_of("mine.ini"), err));
    return protocol;
}

static ef_status evaluate(const ef_protocol *protocol, const ef_evaluate_options *options, ef_error *err)
{
    return ef_evaluate(results, &result_count, protocol, &(ef_source){.location = path_of("emb.h5")}, NULL, options, err);
}

static void free_results(void)
{
    for (size_t i = 0; i < result_count; i++) {
        ef_result_free(results[i]);
    }
    result_count = 0;
}

/* A figure of the last evaluation at a number of distractors. */
static ef_measure figure(size_t result, size_t gallery, size_t row, ef_convention convention)
{
    ck_assert_uint_lt(result, result_count);
    ck_assert_uint_lt(gallery, results[result]->gallery_count);
    ck_assert_uint_lt(row, results[result]->galleries[gallery].row_count);
    return results[result]->galleries[gallery].rows[row].measure[convention];
}

static bool has_note(const ef_result *result, const char *text)
{
    bool found = false;
    for (size_t i = 0; i < ef_strings_count(result->notes); i++) {
        found = found || strstr(ef_strings_at(result->notes, i), text) != NULL;
    }
    return found;
}

START_TEST(a_tie_favours_the_mate_and_only_the_first_distractors_count)
{
    static const double probe[] = {0, 90, 270}, distractor[] = {90, 0, 180};
    static const int64_t label[] = {7, 7, 9};
    put_world(&(world){probe, label, NULL, 3, distractor, NULL, 3});
    ef_protocol *protocol = protocol_with("[identify-distractors]\ncmc = 1 2\n");
    static const size_t sizes[] = {1, 2, 3};
    const ef_evaluate_options options = {.sizes = sizes, .size_count = 3};
    OK(evaluate(protocol, &options, err));
    ck_assert_uint_eq(result_count, 1);
    ck_assert_uint_eq(results[0]->searches, 2); /* the third probe has no mate */
    ck_assert_double_eq(figure(0, 0, 0, EF_MEGAFACE_DEVKIT).value, 0.5);
    ck_assert_double_eq(figure(0, 0, 1, EF_MEGAFACE_DEVKIT).value, 1);
    ck_assert_double_eq(figure(0, 1, 0, EF_MEGAFACE_DEVKIT).value, 0);
    ck_assert_double_eq(figure(0, 1, 1, EF_MEGAFACE_DEVKIT).value, 1);
    ck_assert_double_eq(figure(0, 0, 0, EF_ISO).value, 0); /* what ties stands before the mate */
    ck_assert_double_eq(figure(0, 2, 1, EF_ISO).value, 0);
    ck_assert_ptr_null(figure(0, 0, 0, EF_INSIGHTFACE).undefined); /* not computed at all */
    ck_assert_uint_eq(results[0]->galleries[2].entries, 3);
    ck_assert_uint_eq(results[0]->galleries[2].ranks, 4);
    ck_assert(has_note(results[0], "1 of 2 people have one image only"));
    ck_assert(has_note(results[0], "lengths from 2 to 2"));
    free_results();
    ef_protocol_free(protocol);
}
END_TEST

START_TEST(impostors_are_those_of_the_first_hundred_probes)
{
    double probe[102] = {[100] = 90, [101] = 90};
    int64_t label[102] = {[100] = 1, [101] = 1};
    static const double distractor[] = {90, 10};
    put_world(&(world){probe, label, NULL, 102, distractor, NULL, 2});
    ef_protocol *protocol = protocol_with("[verify-distractors]\ntar_at_far = 1e-6 0.009 0.01\n");
    static const size_t sizes[] = {2};
    const ef_evaluate_options options = {.sizes = sizes, .size_count = 1};
    OK(evaluate(protocol, &options, err));
    ck_assert_uint_eq(results[0]->genuine, 100 * 99 / 2 + 1);
    ck_assert_uint_eq(results[0]->impostors, 200);
    ef_measure devkit = figure(0, 0, 0, EF_MEGAFACE_DEVKIT);
    ck_assert_double_eq(devkit.value, 1); /* with no false accept at all; the best impostor of the hundred is at 10 degrees */
    ck_assert_uint_eq(devkit.false_matches, 0);
    ck_assert_uint_eq(devkit.impostors, 200);
    ck_assert(devkit.few_false_matches);
    ck_assert_ptr_nonnull(figure(0, 0, 0, EF_ISO).undefined);
    ck_assert_double_eq(figure(0, 0, 1, EF_ISO).value, 0); /* those at 90 degrees tie with two impostors of 204 */
    ck_assert_double_eq(figure(0, 0, 2, EF_ISO).value, 1);
    ck_assert_uint_eq(figure(0, 0, 2, EF_ISO).impostors, 204);
    const ef_result_listing *roc = &results[0]->galleries[0].listing;
    ck_assert_uint_eq(roc->count, 2);
    ck_assert_uint_eq(roc->place[0], 0);
    ck_assert_uint_eq(roc->place[1], 200);
    ck_assert(roc->complete);
    ck_assert(results[0]->row_count == 3 && results[0]->curve->impostors == 200);
    free_results();
    ef_protocol_free(protocol);
}
END_TEST

START_TEST(what_the_devkit_lists)
{
    static const uint64_t searches_of[] = {50, 1, 49, 0, 0};
    ef_result_listing listing = {0};
    OK(ef_distractor_list_cmc(&listing, searches_of, 5, 100, 3, err));
    ck_assert_uint_eq(listing.count, 3); /* 0.51 - 0.50 is below 0.01 in float32 */
    ck_assert_uint_eq(listing.place[1], 2);
    ck_assert_uint_eq(listing.place[2], 3);
    ck_assert(listing.complete);
    free(listing.place);
    free(listing.share);
    /* Five genuine scores, above which there are 0, 0, 3, 3 and 7 of nine impostors; one ties. */
    static const double genuine[] = {30, 20, 16, 15.5, 11}, impostor[] = {19, 18, 17, 15, 14, 13, 12, 11, 10};
    ef_distractor_scores scores = {genuine, impostor, 5, 9, 9, true};
    OK(ef_distractor_list_roc(&listing, &scores, err));
    static const uint64_t places[] = {0, 3, 7, 9};
    static const float shares[] = {0.4F, 0.8F, 1, 1};
    ck_assert_uint_eq(listing.count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(listing.place[i], places[i]);
        ck_assert_float_eq(listing.share[i], shares[i]);
    }
    free(listing.place);
    free(listing.share);
    scores.kept_count = 5; /* the others are not known */
    scores.all_kept = false;
    OK(ef_distractor_list_roc(&listing, &scores, err));
    ck_assert_uint_eq(listing.count, 3);
    ck_assert_uint_eq(listing.place[2], 9);
    ck_assert(!listing.complete);
    free(listing.place);
    free(listing.share);
}
END_TEST

static const double refined_probe[] = {0, 40, 200, 90, 95}, refined_distractor[] = {20, 92};
static const int64_t refined_label[] = {3, 3, 3, 4, 4}, third[] = {0, 0, 1, 0, 0}, earliest[] = {1, 0};

START_TEST(noisy_images_stay_leave_or_become_centres)
{
    put_world(&(world){refined_probe, refined_label, third, 5, refined_distractor, earliest, 2});
    ef_protocol *protocol =
        protocol_with("[noise]\npolicy = devkit\n[verify-distractors]\ntar_at_far = 0.1\n[identify-distractors]\ncmc = 1 2\n");
    static const size_t sizes[] = {2};
    ef_evaluate_options options = {.sizes = sizes, .size_count = 1};
    OK(evaluate(protocol, &options, err));
    ck_assert_uint_eq(result_count, 2);
    ck_assert_str_eq(ef_settings_word(&results[0]->settings, "noise"), "devkit");
    ck_assert_uint_eq(results[0]->genuine, 4);
    ck_assert_uint_eq(results[0]->impostors, 10); /* those that never match are counted */
    ck_assert_double_eq(figure(1, 0, 0, EF_MEGAFACE_DEVKIT).value, 6.0 / 8);
    ck_assert(has_note(results[0], "there are only 5 probes"));
    ck_assert(has_note(results[1], "1 of 5 probes are noisy (probes/noisy)") || has_note(results[1], "1 of 5 probes are noisy"));
    free_results();
    options.choose_noise = true;
    options.noise = EF_NOISE_DROP;
    OK(evaluate(protocol, &options, err));
    ck_assert_uint_eq(results[1]->searches, 4);
    ck_assert_uint_eq(results[0]->impostors, 4);
    ck_assert_uint_eq(results[0]->galleries[0].entries, 1);
    ck_assert_double_eq(figure(1, 0, 0, EF_MEGAFACE_DEVKIT).value, 0.5);
    free_results();
    options.noise = EF_NOISE_KEEP;
    OK(evaluate(protocol, &options, err));
    ck_assert_uint_eq(results[0]->impostors, 10);
    ck_assert_double_eq(figure(1, 0, 0, EF_MEGAFACE_DEVKIT).value, 0);
    ck_assert_double_eq(figure(1, 0, 1, EF_MEGAFACE_DEVKIT).value, 6.0 / 8);
    free_results();
    ef_protocol_free(protocol);
}
END_TEST

/* Where no face was found there may be no embedding either. */
START_TEST(noisy_images_may_be_of_length_zero)
{
    static const double probe[] = {0, 40, NAN, 90, 95}, distractor[] = {NAN, 92};
    static const size_t sizes[] = {2};
    ef_protocol *protocol = protocol_with("[identify-distractors]\ncmc = 1\n");
    ef_evaluate_options options = {.sizes = sizes, .size_count = 1, .choose_noise = true, .noise = EF_NOISE_DEVKIT};
    put_world(&(world){probe, refined_label, third, 5, distractor, earliest, 2});
    OK(evaluate(protocol, &options, err));
    ck_assert_double_eq(figure(0, 0, 0, EF_MEGAFACE_DEVKIT).value, 6.0 / 8);
    free_results();
    options.noise = EF_NOISE_DROP;
    OK(evaluate(protocol, &options, err));
    ck_assert_double_eq(figure(0, 0, 0, EF_MEGAFACE_DEVKIT).value, 0.5);
    free_results();
    options.noise = EF_NOISE_KEEP;
    FAILS(EF_FORMAT, "row 2: the embedding has length zero", evaluate(protocol, &options, err));
    ef_protocol_free(protocol);
}
END_TEST

START_TEST(too_much_noise_is_an_error)
{
    static const int64_t all_b[] = {0, 0, 0, 1, 1}, one_each[] = {0, 1, 1, 0, 1}, both[] = {1, 1};
    ef_protocol *protocol = protocol_with("[identify-distractors]\ncmc = 1\n");
    static const size_t sizes[] = {2};
    ef_evaluate_options options = {.sizes = sizes, .size_count = 1, .choose_noise = true, .noise = EF_NOISE_DEVKIT};
    put_world(&(world){refined_probe, refined_label, all_b, 5, refined_distractor, earliest, 2});
    FAILS(EF_FORMAT, "row 3: no image of that person is clean", evaluate(protocol, &options, err));
    options.noise = EF_NOISE_DROP;
    put_world(&(world){refined_probe, refined_label, one_each, 5, refined_distractor, earliest, 2});
    FAILS(EF_FORMAT, "nobody has two images left", evaluate(protocol, &options, err));
    put_world(&(world){refined_probe, refined_label, third, 5, refined_distractor, both, 2});
    FAILS(EF_FORMAT, "of 2 distractors none is left", evaluate(protocol, &options, err));
    put_world(&(world){refined_probe, refined_label, NULL, 5, refined_distractor, NULL, 2});
    FAILS(EF_FORMAT, "nothing says which images are noisy", evaluate(protocol, &options, err));
    ck_assert_uint_eq(result_count, 0);
    ef_protocol_free(protocol);
}
END_TEST

/* float32 scores could not tell the mate from the distractor that lies between. */
START_TEST(scores_are_told_apart_in_float64)
{
    static const double probe[] = {0, 6e-4, 90}, distractor[] = {3e-4};
    static const int64_t label[] = {0, 0, 1};
    put_world(&(world){probe, label, NULL, 3, distractor, NULL, 1});
    ef_protocol *protocol = protocol_with("[identify-distractors]\ncmc = 1 2\n");
    static const size_t sizes[] = {1};
    const ef_evaluate_options options = {.sizes = sizes, .size_count = 1};
    OK(evaluate(protocol, &options, err));
    ck_assert_double_eq(figure(0, 0, 0, EF_MEGAFACE_DEVKIT).value, 0);
    ck_assert_double_eq(figure(0, 0, 1, EF_MEGAFACE_DEVKIT).value, 1);
    free_results();
    ef_protocol_free(protocol);
}
END_TEST

/* A FAR that would keep more scores than there is memory for. */
START_TEST(a_rate_that_is_too_high_for_the_memory_is_refused)
{
    enum { probes = 3000, distractors = 3000 };
    double *probe = malloc(probes * sizeof *probe), *distractor = malloc(distractors * sizeof *distractor);
    int64_t *label = malloc(probes * sizeof *label);
    for (size_t i = 0; i < probes; i++) {
        probe[i] = distractor[i] = 0.1 * (double)i;
        label[i] = (int64_t)(i / 2);
    }
    put_world(&(world){probe, label, NULL, probes, distractor, NULL, distractors});
    ef_protocol *protocol = protocol_with("[verify-distractors]\ntar_at_far = 0.9\n");
    static const size_t sizes[] = {distractors};
    const ef_evaluate_options options = {.sizes = sizes, .size_count = 1, .work = {.memory = 1 << 20}};
    FAILS(EF_INVALID, "give four times as much --memory", evaluate(protocol, &options, err));
    free(probe);
    free(distractor);
    free(label);
    ef_protocol_free(protocol);
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("evaluate_distractors");
    TCase *tests = tcase_create("evaluate_distractors");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_tie_favours_the_mate_and_only_the_first_distractors_count);
    tcase_add_test(tests, impostors_are_those_of_the_first_hundred_probes);
    tcase_add_test(tests, what_the_devkit_lists);
    tcase_add_test(tests, noisy_images_stay_leave_or_become_centres);
    tcase_add_test(tests, noisy_images_may_be_of_length_zero);
    tcase_add_test(tests, too_much_noise_is_an_error);
    tcase_add_test(tests, scores_are_told_apart_in_float64);
    tcase_add_test(tests, a_rate_that_is_too_high_for_the_memory_is_refused);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
