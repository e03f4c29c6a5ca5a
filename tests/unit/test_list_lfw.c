/* LFW's lists: the structure of blocks must be just what the first line announces. */
#include "unit.h"

#include "list_files.h"

static const char view_2[] = "2\t2\n"
                             "Ann_Lee\t1\t2\nBo_J._Ray\t3\t12\nAnn_Lee\t1\tBo_J._Ray\t3\nAnn_Lee\t2\tCy\t10000\n"
                             "Cy\t1\t2\nCy\t1\t3\nCy\t1\tDee\t1\nDee\t2\tCy\t1\n";

START_TEST(sets_are_folds_and_names_become_paths)
{
    ef_pair_list list;
    OK(read_text(&list, "lfw-pairs", view_2, err));
    ck_assert_uint_eq(list.count, 8);
    ck_assert_int_eq(list.folds, 2);
    ck_assert(!list.by_row);
    ck_assert_str_eq(shown(&list, 0), "Ann_Lee/Ann_Lee_0001 Ann_Lee/Ann_Lee_0002 1 0 2");
    ck_assert_str_eq(shown(&list, 1), "Bo_J._Ray/Bo_J._Ray_0003 Bo_J._Ray/Bo_J._Ray_0012 1 0 3");
    ck_assert_str_eq(shown(&list, 3), "Ann_Lee/Ann_Lee_0002 Cy/Cy_10000 0 0 5");
    ck_assert_str_eq(shown(&list, 7), "Dee/Dee_0002 Cy/Cy_0001 0 1 9");
    ck_assert_uint_eq(list.pairs[0].a, list.pairs[2].a);
    ck_assert_uint_eq(ef_strings_count(list.ids), 10);
    ck_assert_uint_eq(ef_strings_count(list.files), 1);
    ck_assert_str_eq(strrchr(ef_strings_at(list.files, list.pairs[5].file), '/'), "/list");
    ef_pair_list_free(&list);
    ck_assert(list.count == 0 && list.pairs == NULL);
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(one_number_announces_a_list_without_folds)
{
    ef_pair_list list;
    OK(read_text(&list, "lfw-pairs", "1\nAnn 1 2\nAnn 1 Bo 1", err));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_int_eq(list.folds, 0);
    ck_assert_str_eq(shown(&list, 1), "Ann/Ann_0001 Bo/Bo_0001 0 -1 3");
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(line_ends_and_blank_lines_do_not_matter)
{
    ef_pair_list list;
    OK(read_text(&list, "lfw-pairs", "1 1\r\nAnn 1 2\r\nAnn 1 Bo 1\r\n\r\n", err));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_str_eq(shown(&list, 0), "Ann/Ann_0001 Ann/Ann_0002 1 0 2");
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(a_wrong_line_is_named_with_what_was_expected)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "list: the list is empty"},
        {"\n\n", "list: the list is empty"},
        {"Ann 1 2\n", "list:1: the first line is \"Ann 1 2\", expected the number of sets"},
        {"10 300 2\n", "list:1: the first line is"},
        {"-1 3\n", "list:1: the first line is"},
        {"0 3\n", "list:1: \"0 3\" announces no pairs"},
        {"2 0\n", "list:1: \"2 0\" announces no pairs"},
        {"0\n", "list:1: \"0\" announces no pairs"},
        {"99999999999 1\n", "or more than a list can hold"},
        {"4294967296 4294967296\n", "or more than a list can hold"},
        {"99999999999999999999 1\n", "list:1: the first line is"},
        {"1 1\nAnn 1 2\n", "list:2: the list ends after 1 pair, but its first line announces 2"},
        {"2147483647 2147483647\n", "list:1: the list ends after 0 pairs, but its first line announces 9223372028264841218"},
        {"1 1\nAnn 1 2\nAnn 1 Bo 2\nAnn 1 2\n", "list:4: \"Ann 1 2\" comes after the 2 pairs"},
        {"1 1\nAnn 1 Bo 2\nAnn 1 2\n", "list:2: \"Ann 1 Bo 2\" is not a pair of one person of set 1, expected \"name n1 n2\""},
        {"1 1\nAnn 1 2\nAnn 1 2\n", "list:3: \"Ann 1 2\" is not a pair of two people of set 1, expected \"name1 n1 name2 n2\""},
        {"1 1\nAnn 1\nAnn 1 Bo 2\n", "list:2: \"Ann 1\" is not a pair of one person"},
        {"1 1\nAnn 1 2\nAnn 1 Bo 2 3 4 5 6\n", "list:3: \"Ann 1 Bo 2 3 4 5 6\" is not a pair of two people"},
        {"1 1\nAnn 1 x\nAnn 1 Bo 2\n", "list:2: \"x\" is not the number of an image"},
        {"1 1\nAnn 0 1\nAnn 1 Bo 2\n", "list:2: \"0\" is not the number of an image"},
        {"1 1\nAnn 1 2\nAnn 1 Bo 1.5\n", "list:3: \"1.5\" is not the number of an image"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ef_pair_list list = {.count = 7};
        FAILS(EF_FORMAT, wrong[i].says, read_text(&list, "lfw-pairs", wrong[i].text, err));
        ck_assert(list.count == 0 && list.pairs == NULL && list.ids == NULL);
    }
    ef_pair_list list;
    FAILS(EF_IO, "nowhere", ef_list_format_find("lfw-pairs")->read(&list, folder, "nowhere", err));
    FAILS(EF_IO, folder, ef_list_format_find("lfw-pairs")->read(&list, NULL, folder, err));
}
END_TEST

START_TEST(a_line_of_any_length_is_read)
{
    enum { LONG = 300000 };
    char *text = malloc(2 * LONG + 100);
    char *name = malloc(LONG + 1);
    memset(name, 'x', LONG);
    name[LONG] = '\0';
    snprintf(text, 2 * LONG + 100, "1 1\n%s 1 2\n%s 1 Bo 2\n", name, name);
    ef_pair_list list;
    OK(read_text(&list, "lfw-pairs", text, err));
    ck_assert_uint_eq(strlen(ef_strings_at(list.ids, 0)), 2 * LONG + 6);
    ef_pair_list_free(&list);
    snprintf(text, 2 * LONG + 100, "1 1\n%s 1 2 3\n", name);
    FAILS(EF_FORMAT, "is not a pair of one person", read_text(&list, "lfw-pairs", text, err));
    free(text);
    free(name);
}
END_TEST

START_TEST(the_official_view_2_has_ten_sets_of_300_and_300)
{
    const char *path = official("lfw/pairs.txt");
    if (path == NULL) {
        return;
    }
    ef_pair_list list;
    OK(ef_list_format_find("lfw-pairs")->read(&list, NULL, path, err));
    ck_assert_uint_eq(list.count, 6000);
    ck_assert_int_eq(list.folds, 10);
    for (int fold = 0; fold < 10; fold++) {
        ck_assert_uint_eq(pairs_of(&list, fold, 0), 300);
        ck_assert_uint_eq(pairs_of(&list, fold, 1), 300);
    }
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(the_official_view_1_has_no_folds)
{
    static const struct {
        const char *name;
        size_t pairs;
    } lists[] = {{"lfw/pairsDevTrain.txt", 1100}, {"lfw/pairsDevTest.txt", 500}};
    for (size_t i = 0; i < 2; i++) {
        const char *path = official(lists[i].name);
        if (path == NULL) {
            return;
        }
        ef_pair_list list;
        OK(ef_list_format_find("lfw-pairs")->read(&list, NULL, path, err));
        ck_assert_int_eq(list.folds, 0);
        ck_assert_uint_eq(pairs_of(&list, -1, 1), lists[i].pairs);
        ck_assert_uint_eq(pairs_of(&list, -1, 0), lists[i].pairs);
        ef_pair_list_free(&list);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("list_lfw");
    TCase *tests = tcase_create("list_lfw");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, sets_are_folds_and_names_become_paths);
    tcase_add_test(tests, one_number_announces_a_list_without_folds);
    tcase_add_test(tests, line_ends_and_blank_lines_do_not_matter);
    tcase_add_test(tests, a_wrong_line_is_named_with_what_was_expected);
    tcase_add_test(tests, a_line_of_any_length_is_read);
    tcase_add_test(tests, the_official_view_2_has_ten_sets_of_300_and_300);
    tcase_add_test(tests, the_official_view_1_has_no_folds);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
