/* The line that tells how far work is. */
#include "unit.h"

#include "cli/progress_line.h"

START_TEST(stages_and_shares_never_go_back)
{
    static const struct {
        const char *stage;
        uint64_t done, total;
        const char *shown; /* NULL: nothing */
    } reports[] = {
        {"pooling templates", 1, 4, "pooling templates  25 %"},
        {"pooling templates", 0, 4, NULL},
        {"pooling templates", 999, 1000, "pooling templates  99 %"},
        {"pooling templates", 4, 4, "pooling templates 100 %"},
        {"computing figures", 0, 5, "computing figures   0 %"},
        {"computing figures", 1, 5, "computing figures  20 %"},
        {"searching", 7, 10, "searching  70 %"},
        {"computing figures", 2, 5, NULL}, /* left already */
        {"searching", 6, 10, NULL},
        {"searching", 8, 10, "searching  80 %"},
        {"pooling templates", 4, 4, NULL},
        {"nothing", 0, 0, "nothing 100 %"},
    };
    progress_line line = {0};
    char text[PROGRESS_TEXT];
    for (size_t i = 0; i < LENGTH(reports); i++) {
        bool shows = progress_line_report(&line, text, reports[i].stage, reports[i].done, reports[i].total);
        ck_assert_msg(shows == (reports[i].shown != NULL), "report %zu", i);
        if (shows) {
            ck_assert_str_eq(text, reports[i].shown);
        }
    }
}
END_TEST

START_TEST(parts_begin_anew_and_are_numbered)
{
    progress_line line = {0};
    char text[PROGRESS_TEXT];
    progress_line_part(&line, "lfw", 1, 2);
    ck_assert(progress_line_report(&line, text, "scoring pairs", 5, 10));
    ck_assert_str_eq(text, "lfw (1 of 2): scoring pairs  50 %");
    progress_line_part(&line, "ijbc", 2, 2);
    ck_assert(progress_line_report(&line, text, "scoring pairs", 1, 10));
    ck_assert_str_eq(text, "ijbc (2 of 2): scoring pairs  10 %");
    progress_line_part(&line, "ijbc", 1, 1);
    ck_assert(progress_line_report(&line, text, "scoring pairs", 0, 10));
    ck_assert_str_eq(text, "scoring pairs   0 %");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("progress_line");
    TCase *tests = tcase_create("progress_line");
    tcase_add_test(tests, stages_and_shares_never_go_back);
    tcase_add_test(tests, parts_begin_anew_and_are_numbered);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
