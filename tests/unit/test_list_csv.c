/* A user's own list: separators, headers, quotes, folds, and the table of formats itself. */
#include "unit.h"

#include "list_files.h"

START_TEST(every_format_has_a_name_an_argument_a_summary_and_a_reader)
{
    ck_assert_uint_ge(ef_list_format_count(), 4);
    for (size_t i = 0; i < ef_list_format_count(); i++) {
        const ef_list_format *format = ef_list_format_at(i);
        ck_assert(format->name != NULL && format->argument != NULL && format->summary != NULL && format->read != NULL);
        ck_assert(strchr(format->name, ' ') == NULL);
        ck_assert_ptr_eq(ef_list_format_find(format->name), format);
        ef_pair_list list = {.count = 7};
        ck_assert_int_ne(format->read(&list, folder, "nowhere", NULL), EF_OK);
        ck_assert(list.count == 0 && list.pairs == NULL && list.ids == NULL && list.files == NULL);
    }
    ck_assert_ptr_null(ef_list_format_find("no such format"));
}
END_TEST

START_TEST(the_first_line_decides_the_separator)
{
    static const char *const texts[] = {
        "a.jpg,b.jpg,1\na.jpg,c.jpg,0\n",         "a.jpg\tb.jpg\t1\r\na.jpg\tc.jpg\t0\r\n",
        "a.jpg;b.jpg;1\na.jpg;c.jpg;0",           "a.jpg  b.jpg 1 \n a.jpg c.jpg\t0\n",
        "a.jpg , b.jpg , 1\n\n#x\na.jpg,c.jpg,0", "# id1 id2 label\n\na.jpg b.jpg 1\na.jpg c.jpg 0\n",
        "\"a.jpg\" \"b.jpg\" 1\na.jpg c.jpg 0",   "\"a.jpg\",b.jpg,\"1\"\n \"a.jpg\" , \"c.jpg\" , \"0\" ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ef_pair_list list;
        OK(read_text(&list, "csv", texts[i], err));
        ck_assert_uint_eq(list.count, 2);
        ck_assert_int_eq(list.folds, 0);
        ck_assert(!list.by_row);
        ck_assert_int_eq(strncmp(shown(&list, 0), "a.jpg b.jpg 1 -1 ", 17), 0);
        ck_assert_int_eq(strncmp(shown(&list, 1), "a.jpg c.jpg 0 -1 ", 17), 0);
        ef_pair_list_free(&list);
    }
}
END_TEST

START_TEST(a_header_may_name_the_columns_in_any_order)
{
    static const char *const texts[] = {
        "label,fold,id2,id1\n1,3,b,a\n0,5,c,a\n",
        "Fold,ISSAME,Path1,path2\n3,1,a,b\n5,0,a,c\n",
        "image1 image2 same fold\na b 1 3\na c 0 5\n",
        "\"fold\"\t\"id1\"\t\"id2\"\t\"label\"\n-3\ta\tb\t1\n0\ta\tc\t0\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ef_pair_list list;
        OK(read_text(&list, "csv", texts[i], err));
        ck_assert_uint_eq(list.count, 2);
        ck_assert_int_eq(list.folds, 2);
        ck_assert_str_eq(shown(&list, 0), "a b 1 0 2");
        ck_assert_str_eq(shown(&list, 1), "a c 0 1 3");
        ef_pair_list_free(&list);
    }
}
END_TEST

START_TEST(columns_of_rows_make_a_list_by_row)
{
    ef_pair_list list;
    OK(read_text(&list, "csv", "row1,row2,label\n0,7,1\n007,3,0\n", err));
    ck_assert(list.by_row);
    ck_assert_str_eq(shown(&list, 1), "7 3 0 -1 3");
    ck_assert_uint_eq(list.pairs[0].b, list.pairs[1].a);
    ef_pair_list_free(&list);
    OK(read_text(&list, "csv", "0,7,1\n", err));
    ck_assert(!list.by_row);
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(folds_are_numbered_in_ascending_order)
{
    ef_pair_list list;
    OK(read_text(&list, "csv", "a,b,1,40\na,c,0,-9\na,d,0,9223372036854775807\na,e,0,40\n", err));
    ck_assert_int_eq(list.folds, 3);
    static const int folds[] = {1, 0, 2, 1};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(list.pairs[i].fold, folds[i]);
    }
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(quotes_keep_separators_and_quotes)
{
    ef_pair_list list;
    OK(read_text(&list, "csv", "\"Lee, Ann/1.jpg\",\"the \"\"X\"\"\",1\n\"\"\"\", x \"y\" z ,0\n", err));
    ck_assert_str_eq(shown(&list, 0), "Lee, Ann/1.jpg the \"X\" 1 -1 1");
    ck_assert_str_eq(shown(&list, 1), "\" x \"y\" z 0 -1 2");
    ef_pair_list_free(&list);
    OK(read_text(&list, "csv", "Lee, Ann/1.jpg\tRay, Bo/1.jpg\t0\n", err));
    ck_assert_str_eq(shown(&list, 0), "Lee, Ann/1.jpg Ray, Bo/1.jpg 0 -1 1");
    ef_pair_list_free(&list);
    OK(read_text(&list, "csv", "\"a b\" \"c d\" 0\n", err));
    ck_assert_str_eq(shown(&list, 0), "a b c d 0 -1 1");
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(a_list_of_one_class_is_read)
{
    ef_pair_list list;
    OK(read_text(&list, "csv", "a,b,1\n", err));
    ck_assert_uint_eq(list.count, 1);
    ef_pair_list_free(&list);
}
END_TEST

START_TEST(a_wrong_line_is_named_with_what_was_expected)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "list: the list holds no pairs"},
        {"# nothing\n\n", "list: the list holds no pairs"},
        {"id1,id2,label\n", "list: the list holds no pairs"},
        {"id1,id2,label,fold\n", "list: the list holds no pairs"},
        {"a,b,1\na,b,2\n", "list:2: label neither 0 nor 1: \"2\""},
        {"a,b,1\na,b,2\nx,y,0\n# c\n\na,b\n\"a,b,1\nc,d,1\n",
         "list:2: label neither 0 nor 1: \"2\", expected 1 for one person, 0 for two (and 2 more lines)"},
        {"a,b,1\na,b,\n", "list:2: label neither 0 nor 1: \"\""},
        {"a,b,true\n", "list:1: label neither 0 nor 1: \"true\""},
        {"a,b,1\n\na,b\n", "list:3: \"a,b\" has 2 fields, expected 3 as in the first line"},
        {"a,b,1\na,b,1,1\n", "list:2: \"a,b,1,1\" has 4 fields, expected 3"},
        {"a,b,1,1\na,b,1\n", "list:2: \"a,b,1\" has 3 fields, expected 4"},
        {"a,b,1,1\na,b,1,\n", "list:2: \"\" is not a fold, expected an integer"},
        {"a,b,1,1.5\n", "list:1: \"1.5\" is not a fold"},
        {"a,b,1,9223372036854775808\n", "is not a fold"},
        {"10\t300\na\t1\t2\n", "a protocol file with list = lfw-pairs FILE"},
        {"a,b\n", "list:1: \"a,b\" has 1 field, expected id1,id2,label or"},
        {"a,b,1,2,3,4,5,6,7\n", "has 9 fields"},
        {",b,1\n", "list:1: an image has no name"},
        {"a,\"\",1\n", "list:1: an image has no name"},
        {"a,b,1\na,\"b,1\n", "list:2: a quoted field does not end in this line: \"a,\"b,1\""},
        {"a,b,1\na,\"b\"c,1\n", "list:2: text stands right behind a quoted field"},
        {"\"a\"\"b\" c 1\n\"a\"b c 1\n", "list:2: text stands right behind a quoted field"},
        {"id1,id2,label,flod\na,b,1,1\n", "list:1: no column is called \"flod\", expected id1, id2"},
        {"id1,id2,label,fold,score\n", "list:1: no column is called \"score\""},
        {"id1,id2,label,fold,x,y\n", "list:1: no column is called \"x\""},
        {"id1,image1,label\na,b,1\n", "list:1: column \"image1\" has been named already"},
        {"id1,id2,fold\n", "list:1: the columns lack \"label\""},
        {"id1,label,fold\n", "list:1: the columns lack \"id2\""},
        {"row1,id2,label\n", "list:1: one image is named by its row and the other is not"},
        {"row1,row2,label\n1,x,1\n", "list:2: \"x\" is not a row"},
        {"row1,row2,label\n1,-1,1\n", "list:2: \"-1\" is not a row"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ef_pair_list list = {.count = 7};
        FAILS(EF_FORMAT, wrong[i].says, read_text(&list, "csv", wrong[i].text, err));
        ck_assert(list.count == 0 && list.pairs == NULL && list.ids == NULL);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("list_csv");
    TCase *tests = tcase_create("list_csv");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, every_format_has_a_name_an_argument_a_summary_and_a_reader);
    tcase_add_test(tests, the_first_line_decides_the_separator);
    tcase_add_test(tests, a_header_may_name_the_columns_in_any_order);
    tcase_add_test(tests, columns_of_rows_make_a_list_by_row);
    tcase_add_test(tests, folds_are_numbered_in_ascending_order);
    tcase_add_test(tests, quotes_keep_separators_and_quotes);
    tcase_add_test(tests, a_list_of_one_class_is_read);
    tcase_add_test(tests, a_wrong_line_is_named_with_what_was_expected);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
