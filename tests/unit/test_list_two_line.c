/* Lists of two lines a pair: what the tokens say of folds, and what they do not. */
#include "unit.h"

#include "list_files.h"

START_TEST(tokens_above_zero_are_the_folds_of_genuine_pairs)
{
    ef_pair_list list;
    OK(read_text(&list, "two-line",
                 "A_1.jpg 1\nA_2.jpg 1\nB_1.jpg\t2\nB_2.jpg\t2\nC_1.jpg 1\nC_2.jpg 1\n"
                 "A_1.jpg 0\nB_1.jpg 0\nA_1.jpg 0\nC_1.jpg 0\nA_1.jpg 0\nB_2.jpg 0\n",
                 err));
    ck_assert_uint_eq(list.count, 6);
    ck_assert_int_eq(list.folds, 2);
    ck_assert_str_eq(shown(&list, 0), "A_1.jpg A_2.jpg 1 0 1");
    ck_assert_str_eq(shown(&list, 1), "B_1.jpg B_2.jpg 1 1 3");
    ck_assert_str_eq(shown(&list, 2), "C_1.jpg C_2.jpg 1 0 5");
    ck_assert_str_eq(shown(&list, 3), "A_1.jpg B_1.jpg 0 0 7");
    ck_assert_str_eq(shown(&list, 4), "A_1.jpg C_1.jpg 0 0 9");
    ck_assert_str_eq(shown(&list, 5), "A_1.jpg B_2.jpg 0 1 11");
    ef_pair_list_free(&list);
}
END_TEST

/* Writes `genuine` pairs of token 1 and `impostor` pairs of token 0, interleaved by three and one while both last. */
static void fill(char *text, size_t size, size_t genuine, size_t impostor)
{
    size_t used = 0;
    for (size_t g = 0, i = 0; g < genuine || i < impostor;) {
        bool same = g < genuine && (i >= impostor || (g + i) % 4 != 3);
        size_t number = same ? g++ : i++;
        used += (size_t)snprintf(text + used, size - used, "%s%zu_1.jpg %d\n%s%zu_2.jpg %d\n", same ? "g" : "i", number, same,
                                 same ? "g" : "i", number, same);
        ck_assert_uint_lt(used, size);
    }
}

START_TEST(tokens_all_one_are_dealt_out_over_ten_folds)
{
    static char text[20000];
    static const size_t counts[][2] = {{20, 20}, {25, 13}, {7, 30}, {1, 0}, {0, 11}, {100, 3}};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        ef_pair_list list;
        fill(text, sizeof text, counts[c][1], counts[c][0]);
        OK(read_text(&list, "two-line", text, err));
        ck_assert_int_eq(list.folds, 10);
        size_t seen[2] = {0, 0}, total[2] = {counts[c][0], counts[c][1]};
        for (size_t i = 0; i < list.count; i++) {
            size_t kind = list.pairs[i].genuine;
            ck_assert_int_eq(list.pairs[i].fold, (int)(seen[kind] * 10 / total[kind]));
            seen[kind]++;
        }
        ck_assert(seen[0] == total[0] && seen[1] == total[1]);
        ef_pair_list_free(&list);
    }
}
END_TEST

START_TEST(a_header_line_and_blanks_in_names_are_taken)
{
    ef_pair_list list;
    OK(read_text(&list, "two-line", "name same_person\r\naligned images/A_1.jpg  1\r\n\r\nA_2.jpg 1 \r\nA_1.jpg 0\r\nB.jpg 0",
                 err));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_str_eq(shown(&list, 0), "aligned images/A_1.jpg A_2.jpg 1 0 2");
    ck_assert_str_eq(shown(&list, 1), "A_1.jpg B.jpg 0 0 5");
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(a_wrong_line_is_named_with_what_was_expected)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "list: the list holds no pairs"},
        {"name token\n", "list: the list holds no pairs"},
        {"A 1\nB 0\n", "list:2: token 0 differs from the token 1 of line 1, expected the same in both lines"},
        {"A 1\nA 1\nA 2\nB 1\n", "list:4: token 1 differs from the token 2 of line 3"},
        {"A 1\nB 1\nC 0\n", "list:3: the list ends after the first of the two lines of a pair"},
        {"A 1\nB x\n", "list:2: \"B x\" is not an image and a token, expected"},
        {"name same\nname same\n", "list:2: \"name same\" is not an image and a token"},
        {"A 1\nB\n", "list:2: \"B\" is not an image and a token"},
        {"1\nB 1\n", "list:1: \"1\" is not an image and a token"},
        {"A 1\nB -1\n", "list:2: \"B -1\" is not an image and a token"},
        {"A 99999999999\nB 99999999999\n", "list:1: \"A 99999999999\" is not an image and a token"},
        {"A 1\nB 1\nC 3\nC 3\n", "list: no pair has the token 2, but one has 3: expected the folds 1 to 3"},
        {"A 1\nB 1\nC 2000000000\nC 2000000000\n", "list: no pair has the token 2, but one has 2000000000"},
        {"A 2\nB 2\nC 3\nC 3\n", "list: no pair has the token 1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ef_pair_list list = {.count = 7};
        FAILS(EF_FORMAT, wrong[i].says, read_text(&list, "two-line", wrong[i].text, err));
        ck_assert(list.count == 0 && list.pairs == NULL && list.ids == NULL);
    }
    ef_pair_list list;
    FAILS(EF_IO, "nowhere", ef_list_format_find("two-line")->read(&list, folder, "nowhere", err));
}
END_TEST

START_TEST(the_official_cplfw_has_ten_folds_of_300_and_300)
{
    const char *path = official("cplfw/pairs_CPLFW.txt");
    if (path == NULL) {
        return;
    }
    ef_pair_list list;
    OK(ef_list_format_find("two-line")->read(&list, NULL, path, err));
    ck_assert_uint_eq(list.count, 6000);
    ck_assert_int_eq(list.folds, 10);
    for (int fold = 0; fold < 10; fold++) {
        ck_assert_uint_eq(pairs_of(&list, fold, 0), 300);
        ck_assert_uint_eq(pairs_of(&list, fold, 1), 300);
    }
    ef_pair_list_free(&list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("list_two_line");
    TCase *tests = tcase_create("list_two_line");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, tokens_above_zero_are_the_folds_of_genuine_pairs);
    tcase_add_test(tests, tokens_all_one_are_dealt_out_over_ten_folds);
    tcase_add_test(tests, a_header_line_and_blanks_in_names_are_taken);
    tcase_add_test(tests, a_wrong_line_is_named_with_what_was_expected);
    tcase_add_test(tests, the_official_cplfw_has_ten_folds_of_300_and_300);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
