/* Reports: how figures are worded, and tables aligned. */
#include "unit.h"

#include <stdio.h>

#include <jansson.h>

#include <eface/report.h>

#include "report/text_table.h"
#include "report/figure_text.h"

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
    measure.value = measure.threshold = 1.25e-7;
    ck_assert_str_eq(ef_word_value(text, sizeof text, threshold, &measure), "1.25e-07");
    ck_assert_str_eq(ef_word_threshold(text, sizeof text, &measure), "1.25e-07");
    ck_assert_str_eq(ef_word_value(text, sizeof text, rate, &measure), "0.00000");
    measure.value = -0.00098765432;
    ck_assert_str_eq(ef_word_value(text, sizeof text, threshold, &measure), "-0.00098765432");
    measure.value = measure.threshold = 0;
    ck_assert_str_eq(ef_word_value(text, sizeof text, threshold, &measure), "0.00000");
    measure.value = 1e-3;
    ck_assert_str_eq(ef_word_value(text, sizeof text, threshold, &measure), "0.00100");
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

/* The smallest of results, of a system called `model`. */
static ef_result result_of(char *model)
{
    static char name[] = "scores";
    return (ef_result){.protocol = name,
                       .title = name,
                       .heading = name,
                       .protocol_file = name,
                       .task = EF_SCORES_TASK,
                       .model = model,
                       .source = name};
}

START_TEST(a_cell_ends_nowhere_but_at_its_end)
{
    static const char *const cells[] = {"a\nb", "\\|", "c", "<b>&lt;`"};
    char text[512];
    print(text, sizeof text, false, cells, 2, 4);
    ck_assert_str_eq(text, "  a?b         \\|\n  c     <b>&lt;`\n");
    print(text, sizeof text, true, cells, 2, 4);
    ck_assert_str_eq(text, "| a?b | \\\\\\| |\n|:---|---:|\n| c | \\<b>\\&lt;\\` |\n");
}
END_TEST

START_TEST(names_in_a_report_are_whole_and_take_no_part_in_its_marks)
{
    static char name[] = "x\n*y*", text[16384];
    char model[201] = "";
    const ef_report_options options = {.detail = true};
    ef_result_row row = {.metric = ef_metric_find("eer"), .point = NAN};
    memset(model, 'm', sizeof model - 1);
    ef_result results[2] = {result_of(name), result_of(model)};
    const ef_result *list[2] = {&results[0], &results[1]};
    results[0].title = results[1].title = results[1].protocol_file = name;
    results[0].rows = results[1].rows = &row;
    results[0].row_count = results[1].row_count = 1;
    for (int markdown = 0; markdown < 2; markdown++) {
        memset(text, 0, sizeof text);
        FILE *stream = fmemopen(text, sizeof text, "w");
        OK(ef_report_write(stream, ef_report_format_at(markdown == 1 ? 4 : 0), list, 2, &options, err));
        fclose(stream);
        ck_assert_ptr_null(strstr(text, "x\n"));
        ck_assert_ptr_nonnull(strstr(text, markdown ? "### x?\\*y\\*: " : "x?*y*: "));
        ck_assert_ptr_nonnull(strstr(text, markdown ? "\n\nx?\\*y\\*, convention" : "\n\n  x?*y*, convention"));
        ck_assert_ptr_nonnull(strstr(text, markdown ? " | mmm" : "   mmm"));
        ck_assert(strstr(text, model) != NULL && strstr(strstr(text, model) + 1, model) != NULL);
    }
}
END_TEST

static ef_status print_json(char *out, size_t size, const ef_result *result, ef_error *err)
{
    memset(out, 0, size);
    FILE *stream = fmemopen(out, size, "w");
    ef_status status = ef_report_write(stream, ef_report_format_at(1), &result, 1, NULL, err);
    fclose(stream);
    return status;
}

START_TEST(json_keeps_what_is_utf8_and_marks_what_is_not)
{
#define BAD "\xEF\xBF\xBD"
    static const char *const cases[][2] = {
        {"caf\xC3\xA9 \xE9 \xE4\xBA\xBA \xF0\x9F\x99\x82", "caf\xC3\xA9 " BAD " \xE4\xBA\xBA \xF0\x9F\x99\x82"},
        {"\xC3", BAD},
        {"\xE4\xBA", BAD BAD},
        {"\xC0\x80 \xE0\x80\x80 \xED\xA0\x80", BAD BAD " " BAD BAD BAD " " BAD BAD BAD},
        {"\xF4\x90\x80\x80 \xF5 \xF0\x80", BAD BAD BAD BAD " " BAD " " BAD BAD},
        {"\xF4\x8F\xBF\xBF\xED\x9F\xBF\x80", "\xF4\x8F\xBF\xBF\xED\x9F\xBF" BAD},
    };
    static char text[40000], model[10000], expected[128];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(model, sizeof model, "%s", cases[i][0]);
        snprintf(expected, sizeof expected, "\"model\": \"%s\"", cases[i][1]);
        ef_result result = result_of(model);
        OK(print_json(text, sizeof text, &result, err));
        ck_assert_msg(strstr(text, expected) != NULL, "case %zu: no %s in %s", i, expected, text);
    }
    memset(model, 'x', sizeof model);
    memcpy(model, "\xFF", 1);
    memcpy(model + sizeof model - 4, "end", 4);
    ef_result result = result_of(model);
    OK(print_json(text, sizeof text, &result, err));
    ck_assert_ptr_nonnull(strstr(text, "xxxend\""));
}
END_TEST

static size_t allocations_left;

static void *scarce(size_t size)
{
    return allocations_left > 0 ? allocations_left--, malloc(size) : NULL;
}

START_TEST(json_that_memory_does_not_suffice_for_is_never_cut_short_in_silence)
{
    static char text[40000], model[] = "a";
    ef_status status = EF_NOMEM;
    size_t failures = 0;
    ef_result result = result_of(model);
    json_set_alloc_funcs(scarce, free);
    while (status != EF_OK) {
        allocations_left = failures;
        status = print_json(text, sizeof text, &result, NULL);
        ck_assert_msg(status == EF_OK || status == EF_NOMEM, "%zu allocations: %s", failures, ef_status_name(status));
        failures++;
    }
    json_set_alloc_funcs(malloc, free);
    ck_assert(failures > 50 && strstr(text, "\n}\n") != NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_add_test(tests, points_are_written_as_people_write_them);
    tcase_add_test(tests, values_are_written_with_five_decimals);
    tcase_add_test(tests, columns_are_aligned_and_empty_ones_left_out);
    tcase_add_test(tests, a_cell_ends_nowhere_but_at_its_end);
    tcase_add_test(tests, names_in_a_report_are_whole_and_take_no_part_in_its_marks);
    tcase_add_test(tests, json_keeps_what_is_utf8_and_marks_what_is_not);
    tcase_add_test(tests, json_that_memory_does_not_suffice_for_is_never_cut_short_in_silence);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
