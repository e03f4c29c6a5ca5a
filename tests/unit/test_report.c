/* Reports: how figures are worded, and tables aligned. */
#include "unit.h"

#include <stdio.h>

#include "report/text_table.h"
#include "report/wording.h"

static const char *label(const char *metric, double point)
{
    static char text[64];
    ef_result_row row = {.metric = ef_metric_find(metric), .point = point};
    return ef_word_label(text, sizeof text, &row);
}

START_TEST(points_are_written_as_people_write_them)
{
    ck_assert_str_eq(label("tar_at_far", 1e-3), "TAR @ FAR 1e-3");
    ck_assert_str_eq(label("tar_at_far", 1e-6), "TAR @ FAR 1e-6");
    ck_assert_str_eq(label("tar_at_far", 0.1), "TAR @ FAR 1e-1");
    ck_assert_str_eq(label("tar_at_far", 0.05), "TAR @ FAR 0.05");
    ck_assert_str_eq(label("tar_at_far", 2.5e-7), "TAR @ FAR 2.5e-07");
    ck_assert_str_eq(label("eer", NAN), "EER");
}
END_TEST

START_TEST(values_are_written_with_five_decimals)
{
    char text[64];
    const ef_metric *rate = ef_metric_find("accuracy"), *threshold = ef_metric_find("threshold_at_fmr");
    ef_measure measure = {.value = 0.989333333, .std_dev = 0.00351188, .ci_low = 0.25, .ci_high = 0.75, .threshold = 1.23};
    ck_assert_str_eq(ef_word_value(text, sizeof text, rate, &measure), "0.98933 +- 0.00351");
    ck_assert_str_eq(ef_word_interval(text, sizeof text, &measure), "");
    measure.interval = "wilson";
    ck_assert_str_eq(ef_word_interval(text, sizeof text, &measure), "[0.25000, 0.75000]");
    ck_assert_str_eq(ef_word_threshold(text, sizeof text, &measure), "1.23000");
    measure.threshold_is_distance = true;
    ck_assert_str_eq(ef_word_threshold(text, sizeof text, &measure), "d2 1.23");
    measure.threshold = INFINITY;
    ck_assert_str_eq(ef_word_threshold(text, sizeof text, &measure), "above all");
    measure = (ef_measure){.value = -123456.789, .std_dev = NAN, .threshold = NAN};
    ck_assert_str_eq(ef_word_value(text, sizeof text, threshold, &measure), "-123456.79");
    ck_assert_str_eq(ef_word_threshold(text, sizeof text, &measure), "");
    measure.undefined = "because";
    ck_assert_str_eq(ef_word_value(text, sizeof text, rate, &measure), "n/a");
    ck_assert_str_eq(ef_word_count(text, sizeof text, 3, 3000), "3 / 3000");
    ck_assert_str_eq(ef_word_count(text, sizeof text, 0, 0), "");
}
END_TEST

static void print(char *out, size_t size, bool markdown, const char *const *cells, size_t columns, size_t count)
{
    ef_table *table = NULL;
    OK(ef_table_create(&table, columns, err));
    for (size_t i = 0; i < count; i++) {
        OK(ef_table_cell(table, cells[i], err));
    }
    FILE *stream = fmemopen(out, size, "w");
    if (markdown) {
        ef_table_print_markdown(table, stream);
    } else {
        ef_table_print_text(table, stream, false);
    }
    fclose(stream);
    ef_table_free(table);
}

START_TEST(columns_are_aligned_and_empty_ones_left_out)
{
    static const char *const cells[] = {"name", "value", "empty", "n", "caf\xC3\xA9", "1.5 ", "", "12345", "b|c", NULL, "", "7"};
    char text[512];
    print(text, sizeof text, false, cells, 4, 12);
    ck_assert_str_eq(text, "  name   value       n\n"
                           "  caf\xC3\xA9    1.5    12345\n"
                           "  b|c                7\n");
    print(text, sizeof text, true, cells, 4, 12);
    ck_assert_str_eq(text, "| name | value | n |\n|:---|---:|---:|\n| caf\xC3\xA9 | 1.5  | 12345 |\n| b\\|c |  | 7 |\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_add_test(tests, points_are_written_as_people_write_them);
    tcase_add_test(tests, values_are_written_with_five_decimals);
    tcase_add_test(tests, columns_are_aligned_and_empty_ones_left_out);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
