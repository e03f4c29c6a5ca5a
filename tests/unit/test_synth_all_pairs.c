/* A made-up set of labelled images: who has how many, what is a medium, and the set read back. */
#include "unit.h"

#include "list_files.h"

#include <stdbool.h>

#include <eface/set.h>

#include "synth/synth_all_pairs.h"
#include "synth/synth_all_pairs_face.h"
#include "synth/synth_recipe.h"
#include "io/hdf5_quiet.h"

/* People and media follow each other without gaps, and a medium is of one person. */
static void check_structure(const synth_all_pairs *plan)
{
    for (uint32_t i = 0; i < plan->image_count; i++) {
        const synth_photo *photo = &plan->images[i], *before = photo - 1;
        bool new_person = i == 0 || photo->person != before->person, new_medium = new_person || photo->medium != before->medium;
        ck_assert_uint_eq(photo->person, i == 0 ? 1 : before->person + new_person);
        ck_assert_uint_eq(photo->number, new_person ? 1 : before->number + 1);
        ck_assert_uint_eq(photo->medium, i == 0 ? 1 : before->medium + new_medium);
        ck_assert_uint_eq(photo->first, new_medium ? photo->number : before->first);
        ck_assert(photo->number - photo->first < 6);
        ck_assert(photo->label >= 1 && photo->label <= plan->people);
    }
    ck_assert_uint_eq(plan->images[plan->image_count - 1].person, plan->people);
    ck_assert_uint_eq(plan->images[plan->image_count - 1].medium, plan->media);
}

static uint32_t wrong_labels(const synth_all_pairs *plan)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < plan->image_count; i++) {
        wrong += plan->images[i].label != plan->images[i].person;
    }
    return wrong;
}

START_TEST(people_have_four_images_on_average_some_one_and_some_many)
{
    synth_all_pairs plan;
    uint32_t most = 0, singles = 0;
    OK(synth_all_pairs_create(&plan, SYNTH_ALL_PAIRS_USUAL, 0, 1, err));
    ck_assert_uint_eq(plan.image_count, SYNTH_ALL_PAIRS_USUAL);
    check_structure(&plan);
    ck_assert_uint_eq(wrong_labels(&plan), 0);
    ck_assert_double_eq_tol(plan.image_count / (double)plan.people, 4, 0.2);
    for (uint32_t i = 0; i < plan.image_count; i++) {
        bool last = i + 1 == plan.image_count || plan.images[i + 1].person != plan.images[i].person;
        singles += last && plan.images[i].number == 1;
        most = plan.images[i].number > most ? plan.images[i].number : most;
    }
    ck_assert_uint_gt(most, 40);
    ck_assert_double_eq_tol(singles / (double)plan.people, 0.23, 0.03);
    ck_assert(plan.media > plan.image_count / 2 && plan.media < plan.image_count * 3 / 4);
    synth_all_pairs_free(&plan);
}
END_TEST

START_TEST(smaller_sets_begin_as_larger_ones)
{
    synth_all_pairs whole, part;
    OK(synth_all_pairs_create(&whole, 1000, 0, 7, err));
    for (uint32_t images = SYNTH_ALL_PAIRS_LEAST; images < 1000; images += 97) {
        OK(synth_all_pairs_create(&part, images, 0, 7, err));
        check_structure(&part);
        ck_assert_uint_eq(part.image_count, images);
        ck_assert_mem_eq(part.images, whole.images, images * sizeof *part.images);
        synth_all_pairs_free(&part);
    }
    OK(synth_all_pairs_create(&part, 1000, 0, 8, err));
    ck_assert_mem_ne(part.images, whole.images, 1000 * sizeof *part.images);
    synth_all_pairs_free(&part);
    synth_all_pairs_free(&whole);
    for (uint64_t seed = 1; seed <= 300; seed++) {
        OK(synth_all_pairs_create(&part, SYNTH_ALL_PAIRS_LEAST, 2, seed, err));
        check_structure(&part);
        ck_assert_uint_ge(part.people, 2);
        synth_all_pairs_free(&part);
    }
}
END_TEST

START_TEST(as_many_labels_are_wrong_as_was_asked_for)
{
    synth_all_pairs plan, right;
    OK(synth_all_pairs_create(&right, 200, 0, 3, err));
    OK(synth_all_pairs_create(&plan, 200, 20, 3, err));
    check_structure(&plan);
    ck_assert_uint_eq(wrong_labels(&plan), 20);
    for (uint32_t i = 0; i < plan.image_count; i++) {
        plan.images[i].label = plan.images[i].person; /* nothing else is different */
    }
    ck_assert_mem_eq(plan.images, right.images, 200 * sizeof *plan.images);
    synth_all_pairs_free(&plan);
    synth_all_pairs_free(&right);
    FAILS(EF_INVALID, "a tenth of the images at the most, here 20", synth_all_pairs_create(&plan, 200, 21, 3, err));
}
END_TEST

enum { DIM = 24, IMAGES = 300 };

static double cosine(const float *a, const float *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < DIM; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return ab / sqrt(aa * bb);
}

/* Images of one medium are more alike than others of a person, and these than those of two. */
static void check_likeness(const synth_all_pairs *plan, const float *rows)
{
    double sum[3] = {0};
    size_t count[3] = {0};
    for (size_t i = 0; i < IMAGES; i++) {
        for (size_t j = 0; j < i; j++) {
            const synth_photo *a = &plan->images[i], *b = &plan->images[j];
            int kind = a->medium == b->medium ? 0 : a->person == b->person ? 1 : 2;
            sum[kind] += cosine(rows + i * DIM, rows + j * DIM);
            count[kind]++;
        }
    }
    ck_assert(count[0] > 20 && count[1] > 100);
    ck_assert_double_gt(sum[0] / (double)count[0], sum[1] / (double)count[1] + 0.15);
    ck_assert_double_gt(sum[1] / (double)count[1], sum[2] / (double)count[2] + 0.3);
}

START_TEST(the_set_holds_what_was_planned_and_each_row_depends_on_nothing_else)
{
    char path[128], summary[SYNTH_SUMMARY_SIZE], expected[SYNTH_SUMMARY_SIZE];
    const synth_recipe *recipe = &synth_recipes[SYNTH_RECIPES - 1];
    synth_request request = {
        .seed = 5, .dim = DIM, .scale = 0.5, .difficulty = 1, .images = 2 * IMAGES, .wrong_labels = 3, .flip = true};
    ef_set_writer *writer;
    ef_set *set;
    ef_strings *names;
    int64_t *labels, *media;
    snprintf(path, sizeof path, "%s/x.h5", folder);
    OK(ef_set_writer_create(&writer, path, err));
    OK(ef_set_writer_group(writer, "/all_pairs", err));
    OK(recipe->make(summary, writer, recipe, &request, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);

    synth_all_pairs plan;
    synth_space space;
    synth_all_pairs_face *face;
    float *read = malloc(2 * sizeof *read * IMAGES * DIM), *mirrored = read + IMAGES * DIM;
    OK(synth_all_pairs_create(&plan, IMAGES, 3, 5, err));
    snprintf(expected, sizeof expected, "300 images in %u media of %u people; 3 labels are wrong", plan.media, plan.people);
    ck_assert_str_eq(summary, expected);
    OK(ef_set_open(&set, path, "all_pairs", err));
    OK(ef_set_read_floats(set, EF_EMBEDDINGS, 0, IMAGES, read, err));
    OK(ef_set_read_floats(set, EF_EMBEDDINGS_FLIP, 0, IMAGES, mirrored, err));
    OK(ef_set_read_strings(set, EF_IDS, &names, err));
    OK(ef_set_read_integers(set, EF_LABELS, &labels, err));
    OK(ef_set_read_integers(set, EF_MEDIA, &media, err));
    OK(synth_space_create(&space, DIM, err));
    OK(synth_all_pairs_face_create(&face, &space, 1, 5, err));
    ck_assert_str_eq(ef_strings_at(names, 0), "Person_0001/Person_0001_0001.jpg");
    for (size_t i = IMAGES; i-- > 0;) {
        char name[SYNTH_ALL_PAIRS_NAME];
        float original[DIM], mirror[DIM], alone[DIM];
        synth_photo photo = plan.images[i];
        synth_all_pairs_name(name, &photo);
        ck_assert_str_eq(ef_strings_at(names, i), name);
        ck_assert_int_eq(labels[i], photo.label);
        ck_assert_int_eq(media[i], photo.medium);
        synth_all_pairs_face_draw(original, mirror, face, &photo);
        ck_assert_mem_eq(original, read + i * DIM, sizeof original);
        ck_assert_mem_eq(mirror, mirrored + i * DIM, sizeof mirror);
        synth_all_pairs_face_draw(alone, NULL, face, &photo);
        ck_assert_mem_eq(alone, original, sizeof original);
        ck_assert(cosine(original, mirror) > 0.9 && cosine(original, mirror) < 0.9999);
    }
    check_likeness(&plan, read);
    synth_all_pairs_face_free(face);
    synth_all_pairs_face_free(NULL);
    synth_space_free(&space);
    synth_all_pairs_free(&plan);
    ef_strings_free(names);
    ef_set_close(set);
    free(labels);
    free(media);
    free(read);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("synth_all_pairs");
    TCase *made = tcase_create("made");
    ef_hdf5_quiet();
    tcase_add_checked_fixture(made, make_folder, remove_folder);
    tcase_add_test(made, people_have_four_images_on_average_some_one_and_some_many);
    tcase_add_test(made, smaller_sets_begin_as_larger_ones);
    tcase_add_test(made, as_many_labels_are_wrong_as_was_asked_for);
    tcase_add_test(made, the_set_holds_what_was_planned_and_each_row_depends_on_nothing_else);
    suite_add_tcase(suite, made);
    return unit_run(suite);
}
