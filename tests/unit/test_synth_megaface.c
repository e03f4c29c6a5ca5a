/* A made-up MegaFace: its counts, its names, and set, lists and feature files read back as one. */
#include "unit.h"

#include "list_files.h"

#include <stdbool.h>

#include <eface/distractor_set.h>

#include "synth/synth_megaface.h"
#include "synth/synth_recipe.h"
#include "io/hdf5_quiet.h"

static const ef_distractor_names usual_names = {.probe_list = "facescrub_features_list.json",
                                                .size_list = "megaface_features_list.json_{size}_{set}",
                                                .noise_list = {"facescrub_noises.txt", "megaface_noises.txt"},
                                                .features = {"facescrub", "megaface"}};

START_TEST(the_plan_of_true_size_is_that_of_the_devkit)
{
    static const uint32_t first[] = {0, 47, 92};
    synth_megaface plan;
    uint32_t pairs = 0;
    synth_megaface_plan(&plan, 1.0, 1);
    ck_assert_uint_eq(plan.people, 80);
    ck_assert_uint_eq(plan.probes, 3530);
    ck_assert_uint_eq(plan.distractors, 1000000);
    ck_assert_mem_eq(plan.first, first, sizeof first); /* the first 100 probes are of three people */
    for (uint32_t i = 0; i < plan.people; i++) {
        uint32_t images = plan.first[i + 1] - plan.first[i];
        pairs += images * (images - 1);
    }
    ck_assert_uint_eq(plan.first[80], 3530);
    ck_assert_uint_eq(pairs, 153634);
    ck_assert_uint_eq(synth_megaface_person(&plan, 46), 0);
    ck_assert_uint_eq(synth_megaface_person(&plan, 47), 1);
    ck_assert_uint_eq(synth_megaface_person(&plan, 3529), 79);
}
END_TEST

START_TEST(smaller_plans_begin_as_larger_ones)
{
    static const double scales[] = {1e-9, 0.0004, 0.03, 0.5};
    synth_megaface plan, whole;
    char name[SYNTH_MEGAFACE_NAME], other[SYNTH_MEGAFACE_NAME];
    synth_megaface_plan(&whole, 1.0, 1);
    for (size_t i = 0; i < LENGTH(scales); i++) {
        synth_megaface_plan(&plan, scales[i], 1);
        ck_assert_uint_ge(plan.people, 4);
        ck_assert_uint_ge(plan.distractors, 10);
        ck_assert_uint_ge(plan.probes, 100);
        ck_assert_uint_eq(plan.probes, plan.first[plan.people]);
        ck_assert_mem_eq(plan.first, whole.first, (plan.people + 1) * sizeof *plan.first);
        synth_megaface_probe_name(name, &plan, plan.probes - 1);
        synth_megaface_probe_name(other, &whole, plan.probes - 1);
        ck_assert_str_eq(name, other);
    }
    synth_megaface_plan(&plan, 1e-9, 1);
    ck_assert(plan.people == 4 && plan.distractors == 10);
}
END_TEST

/* Below the folder: x.h5, lists/megaface, bins. */
static void make_all(synth_request *request, const char *file)
{
    char path[128], summary[SYNTH_SUMMARY_SIZE];
    ef_set_writer *writer = NULL;
    const synth_recipe *recipe = &synth_recipes[SYNTH_BENCHMARKS + SYNTH_IJBS];
    ck_assert_str_eq(recipe->name, "megaface");
    snprintf(path, sizeof path, "%s/%s", folder, file);
    OK(ef_set_writer_create(&writer, path, err));
    OK(synth_megaface_make(summary, writer, recipe, request, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    ck_assert_str_eq(summary, "191 probes of 4 people, 60 distractors");
}

static void check_noise(const ef_distractor_set *set, bool inside)
{
    const ef_distractor_noise *noise = ef_distractor_set_noise(set, EF_SIDE_PROBES);
    for (uint32_t i = 0; i < 191; i++) {
        ck_assert(i >= ef_distractor_set_rows(set, EF_SIDE_PROBES) || noise->noisy[i] == synth_megaface_probe_noisy(i));
    }
    ck_assert_uint_eq(noise->unmatched, 0);
    ck_assert_uint_eq(noise->entries, inside ? 0 : noise->images);
    noise = ef_distractor_set_noise(set, EF_SIDE_DISTRACTORS);
    ck_assert_uint_eq(noise->images, 1);
    ck_assert_uint_eq(noise->noisy[3], 1);
}

START_TEST(set_lists_and_features_say_the_same)
{
    enum { dim = 24, rows = 60 };
    char lists[128], bins[128], path[128], lists_folder[160];
    snprintf(lists, sizeof lists, "%s/lists", folder);
    snprintf(lists_folder, sizeof lists_folder, "%s/megaface", lists);
    snprintf(bins, sizeof bins, "%s/bins", folder);
    snprintf(path, sizeof path, "%s/x.h5", folder);
    synth_request request = {.lists = lists, .bins = bins, .seed = 3, .dim = dim, .scale = 0.00006, .difficulty = 1};
    const ef_distractor_options options = {.names = &usual_names, .lists = lists_folder, .noises = true};
    make_all(&request, "x.h5");
    ef_distractor_set *h5 = NULL, *tree = NULL;
    OK(ef_distractor_set_open(&h5, path, "megaface", &options, err));
    OK(ef_distractor_set_open(&tree, bins, "megaface", &options, err));
    ck_assert_str_eq(ef_distractor_set_model(tree), "generated");
    ck_assert_uint_eq(ef_distractor_set_rows(h5, EF_SIDE_DISTRACTORS), rows);
    check_noise(h5, false);
    check_noise(tree, false);
    ck_assert_uint_eq(ef_distractor_set_size_count(h5), 2);
    ck_assert_ptr_null(ef_distractor_set_size(h5, 1)->rows);
    ck_assert_ptr_nonnull(ef_distractor_set_size(h5, 0)->rows);
    ck_assert_mem_eq(ef_distractor_set_size(h5, 0)->rows, ef_distractor_set_size(tree, 0)->rows, 10 * sizeof(uint32_t));
    for (int side = EF_SIDE_PROBES; side <= EF_SIDE_DISTRACTORS; side++) {
        size_t count = ef_distractor_set_rows(h5, (ef_side)side);
        ck_assert_uint_eq(count, ef_distractor_set_rows(tree, (ef_side)side));
        float *raw = malloc(count * dim * sizeof *raw), *unit = malloc(count * dim * sizeof *unit);
        OK(ef_distractor_set_read_floats(h5, (ef_side)side, EF_EMBEDDINGS, 0, count, raw, err));
        OK(ef_distractor_set_read_floats(tree, (ef_side)side, EF_EMBEDDINGS, 0, count, unit, err));
        for (size_t i = 0; i < count; i++) {
            double length = 0, product = 0;
            for (size_t j = 0; j < dim; j++) {
                length += (double)raw[i * dim + j] * (double)raw[i * dim + j];
                product += (double)raw[i * dim + j] * (double)unit[i * dim + j];
            }
            ck_assert_double_eq_tol(product / sqrt(length), 1, 1e-6);
            const char *name = ef_distractor_set_row_name(h5, (ef_side)side, i);
            ck_assert_str_eq(name, ef_distractor_set_row_name(tree, (ef_side)side, i));
        }
        free(raw);
        free(unit);
    }
    ck_assert_mem_eq(ef_distractor_set_labels(h5), ef_distractor_set_labels(tree), 191 * sizeof(int64_t));
    ef_distractor_set_close(h5);
    ef_distractor_set_close(tree);
    request.inside = true;
    request.bins = NULL;
    make_all(&request, "y.h5");
    snprintf(path, sizeof path, "%s/y.h5", folder);
    OK(ef_distractor_set_open(&h5, path, "megaface", &(ef_distractor_options){.noises = true}, err));
    check_noise(h5, true);
    ck_assert_uint_eq(ef_distractor_set_identities(h5), 4);
    ef_distractor_set_close(h5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("synth_megaface");
    TCase *made = tcase_create("made");
    ef_hdf5_quiet();
    tcase_add_checked_fixture(made, make_folder, remove_folder);
    tcase_add_test(made, the_plan_of_true_size_is_that_of_the_devkit);
    tcase_add_test(made, smaller_plans_begin_as_larger_ones);
    tcase_add_test(made, set_lists_and_features_say_the_same);
    suite_add_tcase(suite, made);
    return unit_run(suite);
}
