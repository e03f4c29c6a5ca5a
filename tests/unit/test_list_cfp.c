/* CFP's protocol folder: two numbered lists of images, and pairs by number. */
#include "unit.h"

#include "list_files.h"

static ef_status read_cfp(ef_pair_list *out, const char *argument, ef_error *err)
{
    return ef_list_format_find("cfp-split")->read(out, folder, argument, err);
}

static void put_protocol(const char *home)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"Pair_list_F.txt", "1 ../Data/Images/001/frontal/01.jpg\n2 ../Data/Images/001/frontal/02.jpg\n3 f/with blank.jpg\n"},
        {"Pair_list_P.txt", "1 001/profile/01.jpg\r\n2 002/profile/01.jpg"},
        {"Split/FP/01/same.txt", "1,1\n2,1"},
        {"Split/FP/01/diff.txt", "1,2\n"},
        {"Split/FP/02/same.txt", "3,2\r\n"},
        {"Split/FP/02/diff.txt", " 3 , 1 \n"},
        {"Split/FF/01/same.txt", "1,2"},
        {"Split/FF/01/diff.txt", "1,3"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s%s", home, files[i].name);
        put(name, files[i].text);
    }
}

START_TEST(fp_pairs_a_frontal_image_with_a_profile_image)
{
    put_protocol("Protocol/");
    ef_pair_list list;
    OK(read_cfp(&list, "FP", err));
    ck_assert_uint_eq(list.count, 5);
    ck_assert_int_eq(list.folds, 2);
    ck_assert_str_eq(shown(&list, 0), "../Data/Images/001/frontal/01.jpg 001/profile/01.jpg 1 0 1");
    ck_assert_str_eq(shown(&list, 1), "../Data/Images/001/frontal/02.jpg 001/profile/01.jpg 1 0 2");
    ck_assert_str_eq(shown(&list, 2), "../Data/Images/001/frontal/01.jpg 002/profile/01.jpg 0 0 1");
    ck_assert_str_eq(shown(&list, 3), "f/with blank.jpg 002/profile/01.jpg 1 1 1");
    ck_assert_str_eq(shown(&list, 4), "f/with blank.jpg 001/profile/01.jpg 0 1 1");
    ck_assert_uint_eq(ef_strings_count(list.files), 6);
    const char *file = ef_strings_at(list.files, list.pairs[2].file);
    ck_assert_str_eq(file + strlen(folder), "/Protocol/Split/FP/01/diff.txt");
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(ff_pairs_two_frontal_images_and_needs_no_profiles)
{
    put_protocol("");
    char path[128];
    snprintf(path, sizeof path, "%s/Pair_list_P.txt", folder);
    ck_assert_int_eq(unlink(path), 0);
    ef_pair_list list;
    OK(read_cfp(&list, "FF", err));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_int_eq(list.folds, 1);
    ck_assert_str_eq(shown(&list, 1), "../Data/Images/001/frontal/01.jpg f/with blank.jpg 0 0 1");
    ef_pair_list_free(&list);
    FAILS(EF_IO, "/Pair_list_P.txt", read_cfp(&list, "FP", err));
}
END_TEST

START_TEST(the_folder_may_stand_before_the_kind)
{
    put_protocol("cfp/Protocol/");
    ef_pair_list list;
    OK(read_cfp(&list, "cfp/FP", err));
    ck_assert_uint_eq(list.count, 5);
    ef_pair_list_free(&list);
    OK(read_cfp(&list, "cfp/Protocol/FF", err));
    ck_assert_uint_eq(list.count, 2);
    ef_pair_list_free(&list);
    char path[128];
    snprintf(path, sizeof path, "%s/cfp/FF", folder);
    OK(ef_list_format_find("cfp-split")->read(&list, NULL, path, err));
    ck_assert_uint_eq(list.count, 2);
    ef_pair_list_free(&list);
    FAILS(EF_IO, "no Pair_list_F.txt here nor in the folder Protocol", read_cfp(&list, "FP", err));
    ck_assert_int_eq(chdir(folder), 0);
    OK(ef_list_format_find("cfp-split")->read(&list, NULL, "cfp/FF", err));
    ef_pair_list_free(&list);
    ck_assert_int_eq(chdir("cfp"), 0);
    OK(ef_list_format_find("cfp-split")->read(&list, NULL, "FF", err));
    ef_pair_list_free(&list);
    FAILS(EF_IO, "/: no Pair_list_F.txt", ef_list_format_find("cfp-split")->read(&list, NULL, "/FF", err));
}
END_TEST

START_TEST(a_wrong_line_is_named_with_what_was_expected)
{
    static const struct {
        const char *name, *text, *says;
    } wrong[] = {
        {"Pair_list_F.txt", "1 a\n3 b\n", "Pair_list_F.txt:2: \"3 b\" is not an image, expected \"2 path\""},
        {"Pair_list_F.txt", "1\n", "Pair_list_F.txt:1: \"1\" is not an image, expected \"1 path\""},
        {"Pair_list_P.txt", "x y\n", "Pair_list_P.txt:1: \"x y\" is not an image"},
        {"Split/FP/01/same.txt", "1,1\n4,1\n", "Split/FP/01/same.txt:2: there is no image 4, expected 1 to 3"},
        {"Split/FP/01/same.txt", "1,3\n", "Split/FP/01/same.txt:1: there is no image 3, expected 1 to 2"},
        {"Split/FP/02/diff.txt", "0,1\n", "Split/FP/02/diff.txt:1: there is no image 0"},
        {"Split/FP/02/diff.txt", "1\n", "Split/FP/02/diff.txt:1: \"1\" is not a pair, expected \"i,j\""},
        {"Split/FP/02/diff.txt", "1,2,1\n", "\"1,2,1\" is not a pair, expected \"i,j\""},
        {"Split/FP/02/diff.txt", "1 2\n", "\"1 2\" is not a pair"},
        {"Split/FP/02/diff.txt", "1,x\n", "diff.txt:1: \"x\" is not a number"},
        {"Split/FP/02/diff.txt", ",1\n", "diff.txt:1: \"\" is not a number"},
        {"Split/FP/04/same.txt", "1,1\n", "Split/FP/04: the split before it is missing"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ef_pair_list list = {.count = 7};
        put_protocol("");
        put(wrong[i].name, wrong[i].text);
        FAILS(EF_FORMAT, wrong[i].says, read_cfp(&list, "FP", err));
        ck_assert(list.count == 0 && list.pairs == NULL && list.ids == NULL);
    }
}
END_TEST

START_TEST(a_kind_or_a_file_that_is_not_there_is_said)
{
    ef_pair_list list;
    put("Pair_list_F.txt", "1 a\n2 b\n");
    FAILS(EF_INVALID, "cfp-split has no \"PP\", expected FP or FF", read_cfp(&list, "PP", err));
    FAILS(EF_INVALID, "cfp-split has no \"\"", read_cfp(&list, "", err));
    FAILS(EF_IO, "Split/FF/01: no such folder", read_cfp(&list, "FF", err));
    put("Split/FF/01/same.txt", "1,2\n");
    FAILS(EF_IO, "Split/FF/01/diff.txt", read_cfp(&list, "FF", err));
    put("Split/FF/01/diff.txt", "");
    OK(read_cfp(&list, "FF", err));
    ef_pair_list_free(&list);
    put("Split/FF/01/same.txt", "");
    FAILS(EF_FORMAT, "the list holds no pairs", read_cfp(&list, "FF", err));
}
END_TEST

START_TEST(the_official_protocol_has_ten_splits_of_350_and_350)
{
    static const char *const kinds[] = {"FP", "FF"};
    for (size_t k = 0; k < 2; k++) {
        const char *path = official("cfp");
        if (path == NULL) {
            return;
        }
        ef_pair_list list;
        OK(ef_list_format_find("cfp-split")->read(&list, path, kinds[k], err));
        ck_assert_uint_eq(list.count, 7000);
        ck_assert_int_eq(list.folds, 10);
        for (int fold = 0; fold < 10; fold++) {
            ck_assert_uint_eq(pairs_of(&list, fold, 0), 350);
            ck_assert_uint_eq(pairs_of(&list, fold, 1), 350);
        }
        for (size_t i = 0; i < list.count; i++) {
            const char *right = ef_strings_at(list.ids, list.pairs[i].b);
            ck_assert_ptr_nonnull(strstr(ef_strings_at(list.ids, list.pairs[i].a), "/frontal/"));
            ck_assert_ptr_nonnull(strstr(right, k == 0 ? "/profile/" : "/frontal/"));
        }
        ef_pair_list_free(&list);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("list_cfp");
    TCase *tests = tcase_create("list_cfp");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, fp_pairs_a_frontal_image_with_a_profile_image);
    tcase_add_test(tests, ff_pairs_two_frontal_images_and_needs_no_profiles);
    tcase_add_test(tests, the_folder_may_stand_before_the_kind);
    tcase_add_test(tests, a_wrong_line_is_named_with_what_was_expected);
    tcase_add_test(tests, a_kind_or_a_file_that_is_not_there_is_said);
    tcase_add_test(tests, the_official_protocol_has_ten_splits_of_350_and_350);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
