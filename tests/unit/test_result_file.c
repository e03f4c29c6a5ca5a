/* Result files read back: all that is in them, and every way in which they can be wrong. */
#include "unit.h"

#include <eface/result_file.h>

#include "result_json.h"

START_TEST(everything_that_a_result_holds_is_read)
{
    ef_result_file file;
    OK(ef_result_file_read(&file, put_changed("r.json", "abc", "abc"), err));
    ck_assert_uint_eq(file.count, 1);
    ck_assert_str_eq(file.version, "9.9");
    const ef_stored_result *result = &file.results[0];
    ck_assert_str_eq(result->protocol, "ijbc");
    ck_assert_str_eq(result->heading, "IJB C");
    ck_assert_str_eq(result->task, "identify");
    ck_assert_str_eq(result->protocol_sha256, "abc");
    ck_assert_ptr_null(result->cite);
    ck_assert_str_eq(result->model, "one");
    ck_assert_int_eq(result->convention, EF_INSIGHTFACE);
    ck_assert_str_eq(ef_settings_word(&result->settings, "media"), "mean");
    ck_assert_double_eq(result->confidence, 0.95);
    ck_assert(result->partial && ef_settings_count(&result->settings, "flip_absent") == 0);
    ck_assert_uint_eq(result->media_count, 4);
    ck_assert_uint_eq(result->pairs, 0);
    ck_assert_uint_eq(result->input_count, 1);
    ck_assert_ptr_null(result->inputs[0].sha256);
    ck_assert_uint_eq(result->curve.points, 2);
    ck_assert(isinf(result->curve.threshold[0]) && result->curve.thinned);
    ck_assert_double_eq(result->curve.far[1], 0.25);
    ck_assert_uint_eq(result->histogram.bins, 2);
    ck_assert_uint_eq(result->histogram.impostor[0], 3);
    ck_assert_uint_eq(result->ranks, 2);
    ck_assert_uint_eq(result->gallery_count, 1);
    ck_assert_uint_eq(result->galleries[0].det.points, 2);
    ck_assert_double_eq(result->galleries[0].cmc[0], 0.5);
    ck_assert_uint_eq(result->note_count, 1);
    ck_assert_str_eq(result->notes[0], "a note");
    ef_result_file_free(&file);
}
END_TEST

/* As evaluations word settings now, so that results of before and of now are alike. */
START_TEST(settings_of_files_without_their_words_are_worded)
{
    static const struct {
        const char *now, *key, *words;
    } cases[] = {{"\"media\": \"mean\"", "media", "media mean"},
                 {"\"exclude_same\": \"groups\"", "exclude_same", "pairs of the same groups left out"},
                 {"\"exclude_same\": \"none\"", "exclude_same", "no pairs left out"},
                 {"\"exclude_same\": \"none\"", "per_subject", "all images of a subject"},
                 {"\"per_subject\": 3", "per_subject", "3 images a subject at the most"},
                 {"\"probes\": \"list\"", "probes", "probes by list"},
                 {"\"probes\": \"none\"", "probes", "no probes set apart"},
                 {"\"flip\": \"halves\"", "flip", "flip sum"},
                 {"\"flip\": \"first-half\"", "flip", "flip none"},
                 {"\"flip\": \"none\", \"halves_unsplit\": true", "flip", "both halves"},
                 {"\"flip\": \"concat\", \"halves_unsplit\": true", "flip", "flip concat"},
                 {"\"normalise\": \"L2\"", "normalise", ""},
                 {"\"fresh\": \"new\"", "fresh", "fresh new"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ef_result_file file;
        const char *old = strncmp(cases[i].now, "\"flip", 5) == 0 ? "\"flip\": \"sum\"" : "\"media\": \"mean\"";
        OK(ef_result_file_read(&file, put_changed("r.json", old, cases[i].now), err));
        const ef_setting *setting = ef_settings_find(&file.results[0].settings, cases[i].key);
        ck_assert_ptr_nonnull(setting);
        ck_assert_str_eq(setting->words, cases[i].words);
        ef_result_file_free(&file);
    }
}
END_TEST

START_TEST(the_words_of_settings_are_those_of_the_file)
{
    ef_result_file file;
    OK(ef_result_file_read(&file,
                           put_changed("r.json", "\"media\": \"mean\"",
                                       "\"fresh\": 7, \"plain\": \"a\"}, \"setting_words\": "
                                       "{\"flip\": \"no flip\", \"fresh\": \"seven\", \"gone\": \"all of them\""),
                           err));
    const ef_settings *settings = &file.results[0].settings;
    ck_assert_str_eq(ef_settings_word(settings, "flip"), "sum");
    ck_assert_str_eq(ef_settings_find(settings, "flip")->words, "no flip");
    ck_assert_str_eq(ef_settings_find(settings, "fresh")->words, "seven");
    ck_assert_uint_eq(ef_settings_count(settings, "fresh"), 7);
    ck_assert_str_eq(ef_settings_find(settings, "plain")->words, "");
    ck_assert_str_eq(ef_settings_find(settings, "gone")->words, "all of them");
    ef_result_file_free(&file);
}
END_TEST

START_TEST(what_was_left_out_is_read_also_from_where_it_was)
{
    ef_result_file file;
    OK(ef_result_file_read(&file, put_changed("r.json", "\"dim\": 4", "\"dim\": 4, \"per_subject\": 5"), err));
    const ef_settings *settings = &file.results[0].settings;
    ck_assert_ptr_null(ef_settings_find(settings, "exclude_same"));
    ck_assert_uint_eq(ef_settings_count(settings, "per_subject"), 5);
    ck_assert_str_eq(ef_settings_find(settings, "per_subject")->words, "5 images a subject at the most");
    ef_result_file_free(&file);
}
END_TEST

START_TEST(a_figure_is_found_by_metric_and_point_and_convention)
{
    ef_result_file file;
    ef_convention used;
    OK(ef_result_file_read(&file, put_changed("r.json", "abc", "abc"), err));
    const ef_stored_result *result = &file.results[0];
    const ef_stored_metric *cmc = ef_stored_find(result, "cmc", 1), *tpir = ef_stored_find(result, "tpir_at_fpir", 0.01);
    ck_assert_ptr_null(ef_stored_find(result, "cmc", 5));
    ck_assert_ptr_null(ef_stored_find(result, "cmc", NAN));
    ck_assert_double_eq(ef_stored_measure(cmc, EF_ISO, &used)->value, 0.5);
    ck_assert_double_eq(ef_stored_measure(cmc, EF_ISO, &used)->ci_high, 0.75);
    ck_assert_double_eq(ef_stored_measure(cmc, EF_INSIGHTFACE_UNION, &used)->value, 0.25); /* falls back */
    ck_assert_int_eq(used, EF_INSIGHTFACE);
    ck_assert_str_eq(ef_stored_measure(tpir, EF_ISO, &used)->undefined, "too few");
    ck_assert_double_nan(ef_stored_measure(tpir, EF_ISO, &used)->value);
    ck_assert(isinf(ef_stored_measure(tpir, EF_ISO, &used)->threshold));
    ck_assert_ptr_null(ef_stored_measure(tpir, EF_INSIGHTFACE, &used));
    ef_result_file_free(&file);
}
END_TEST

START_TEST(unknown_keys_metrics_tasks_and_protocols_are_no_mistakes)
{
    ef_result_file file;
    OK(ef_result_file_read(&file, put_changed("a.json", "\"identify\"", "\"distractors\""), err));
    ck_assert_str_eq(file.results[0].task, "distractors");
    ef_result_file_free(&file);
    OK(ef_result_file_read(&file, put_changed("b.json", "\"cmc\"", "\"of_the_future\""), err));
    ck_assert_ptr_nonnull(ef_stored_find(&file.results[0], "of_the_future", 1));
    ef_result_file_free(&file);
    OK(ef_result_file_read(&file, put_changed("c.json", "\"model\":", "\"new\": [{}], \"model\":"), err));
    ef_result_file_free(&file);
}
END_TEST

START_TEST(every_mistake_is_said_with_file_and_field)
{
    static const struct {
        const char *old, *new, *says;
    } cases[] = {
        {"\"schema\": 1", "\"schema\": 2", "has schema 2 of result files, and this program reads schema 1"},
        {"\"schema\": 1", "\"schema\": \"1\"", "eface.schema is a string, not a count"},
        {"\"eface\"", "\"face\"", "is JSON, but no result file"},
        {"\"results\"", "\"result\"", "results is missing"},
        {"\"model\": \"one\"", "\"model\": 1", "results[0].model is an integer, not a string"},
        {"\"model\": \"one\", ", "", "results[0].model is missing"},
        {"\"convention\": \"insightface\"", "\"convention\": \"other\"", "results[0].convention is 'other'"},
        {"\"heading\": \"IJB C\", ", "", "results[0].protocol.heading is missing"},
        {"\"partial\": true", "\"partial\": 1", "results[0].counts.partial is an integer, not true or false"},
        {"\"dim\": 4", "\"dim\": -4", "results[0].counts.dim is -4"},
        {"\"dim\": 4", "\"dim\": 4.5", "results[0].counts.dim is a number, not a count"},
        {"\"value\": 0.5", "\"value\": \"0.5\"", "results[0].metrics[0].iso.value is a string, not a number"},
        {"\"value\": 0.5", "\"value\": 50", "results[0].metrics[0].iso has the value 50"},
        {"\"value\": 0.25", "\"value\": null", "results[0].metrics[0].insightface.value is missing"},
        {"\"point\": 1", "\"point\": true", "results[0].metrics[0].point is true or false, not a number"},
        {"{\"metric\": \"cmc\"", "7, {\"metric\": \"cmc\"", "results[0].metrics[0] is not an object"},
        {"\"metric\": \"tpir_at_fpir\", \"title\": \"TPIR @ FPIR\", \"point\": 0.01",
         "\"metric\": \"cmc\", \"title\": \"CMC\", \"point\": 1", "results[0] has the figure 'cmc' twice"},
        {"\"iso\": {\"value\": null", "\"nothing\": {\"value\": null",
         "results[0].metrics[1] has no figure under any convention"},
        {"\"far\": [0, 0.25]", "\"far\": [0]", "results[0].curve.far has 1 entries, not 2"},
        {"\"far\": [0, 0.25]", "\"far\": [0, 1.25]", "results[0].curve.far has 1.25 as entry 1"},
        {"\"far\": [0, 0.25]", "\"far\": [0, null]", "results[0].curve.far has null as entry 1, not a number"},
        {"\"impostor\": [3, 1]", "\"impostor\": [3, -1]", "results[0].histogram.impostor has an entry 1 that is no count"},
        {"\"bins\": 2", "\"bins\": 3", "results[0].histogram.genuine has 2 entries, not 3"},
        {"\"low\": -1", "\"low\": 1", "results[0].histogram.high is not above"},
        {"\"cmc_curve\": [0.5, 1],\n", "\"cmc_curve\": {},\n", "results[0].cmc_curve is an object, not an array"},
        {"\"fpir\": [0, 1]", "\"fpir\": [0]", "results[0].galleries[0].det.fpir has 1 entries, not 2"},
        {"\"notes\": [\"a note\"]", "\"notes\": [1]", "results[0].notes has an entry 0 that is no string"},
        {"\"model\": \"one\"", "\"model\": \"one\", \"model\": \"two\"", "is not JSON"},
        {"\"notes\": [\"a note\"]}]}\n", "\"notes\"", "the file is cut short"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        ef_result_file file;
        FAILS(EF_FORMAT, cases[i].says, ef_result_file_read(&file, put_changed("bad.json", cases[i].old, cases[i].new), err));
        FAILS(EF_FORMAT, "bad.json:", ef_result_file_read(&file, put_changed("bad.json", cases[i].old, cases[i].new), err));
        ck_assert_uint_eq(file.count, 0);
    }
}
END_TEST

START_TEST(a_file_cut_short_anywhere_is_refused)
{
    static char text[sizeof whole_result], path[512];
    snprintf(path, sizeof path, "%s/cut.json", folder);
    for (size_t length = 0; length + 2 < sizeof whole_result; length += 7) {
        ef_result_file file;
        memcpy(text, whole_result, length);
        text[length] = '\0';
        put("cut.json", text);
        FAILS(EF_FORMAT, "cut.json", ef_result_file_read(&file, path, err));
    }
}
END_TEST

START_TEST(what_is_no_file_is_said)
{
    ef_result_file file;
    FAILS(EF_IO, "cannot be opened", ef_result_file_read(&file, "/nowhere/r.json", err));
    FAILS(EF_IO, "is a folder", ef_result_file_read(&file, folder, err));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("result_file");
    TCase *tests = tcase_create("result_file");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, everything_that_a_result_holds_is_read);
    tcase_add_test(tests, settings_of_files_without_their_words_are_worded);
    tcase_add_test(tests, the_words_of_settings_are_those_of_the_file);
    tcase_add_test(tests, what_was_left_out_is_read_also_from_where_it_was);
    tcase_add_test(tests, a_figure_is_found_by_metric_and_point_and_convention);
    tcase_add_test(tests, unknown_keys_metrics_tasks_and_protocols_are_no_mistakes);
    tcase_add_test(tests, every_mistake_is_said_with_file_and_field);
    tcase_add_test(tests, a_file_cut_short_anywhere_is_refused);
    tcase_add_test(tests, what_is_no_file_is_said);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
