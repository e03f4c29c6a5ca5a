/* A made-up set of labelled images: who has how many, and what is a medium. */
#include "unit.h"

#include <stdbool.h>

#include "cli/synth_all_pairs.h"

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

int main(void)
{
    Suite *suite = suite_create("synth_all_pairs");
    TCase *made = tcase_create("made");
    tcase_add_test(made, people_have_four_images_on_average_some_one_and_some_many);
    tcase_add_test(made, smaller_sets_begin_as_larger_ones);
    tcase_add_test(made, as_many_labels_are_wrong_as_was_asked_for);
    suite_add_tcase(suite, made);
    return unit_run(suite);
}
