/* The ground: numbers, sizes, strings, text files, nearest names, parallel loops. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <eface/interval.h>
#include <eface/metric.h>
#include <eface/report.h>
#include <eface/version.h>
#include <eface/rows.h>

#include "base/clean.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/parallel.h"
#include "base/text_file.h"
#include "base/path.h"

START_TEST(numbers_are_read_strictly)
{
    static const char *const bad_reals[] = {"",     " 1",    "1 ",  "1.5x", "nan", "inf", "-inf",
                                            "0x10", "1e999", "--1", "1e",   ".",   "1,5"};
    static const char *const bad_unsigned[] = {"", "-1", "+1", " 1", "1.0", "18446744073709551616", "0x1", "1e3"};
    uint64_t u = 7;
    int64_t i = 7;
    double d = 7;
    for (size_t k = 0; k < sizeof bad_reals / sizeof *bad_reals; k++) {
        ck_assert_msg(!ef_parse_real(&d, bad_reals[k], strlen(bad_reals[k])), "took \"%s\"", bad_reals[k]);
    }
    for (size_t k = 0; k < sizeof bad_unsigned / sizeof *bad_unsigned; k++) {
        ck_assert_msg(!ef_parse_unsigned(&u, bad_unsigned[k], strlen(bad_unsigned[k])), "took \"%s\"", bad_unsigned[k]);
    }
    ck_assert(u == 7 && d == 7.0);
    ck_assert(ef_parse_unsigned(&u, "18446744073709551615", 20) && u == UINT64_MAX);
    ck_assert(ef_parse_integer(&i, "-9223372036854775807", 20) && i == -INT64_MAX);
    ck_assert(!ef_parse_integer(&i, "9223372036854775808", 19));
    ck_assert(ef_parse_real(&d, "-1.25e-3rest", 8) && d == -1.25e-3);
}
END_TEST

static unsigned some(uint64_t *state, unsigned below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*state >> 33) % below;
}

START_TEST(reals_are_those_of_strtod)
{
    static const char *const given[] = {"0",
                                        "-0",
                                        "+0.0",
                                        ".5",
                                        "5.",
                                        "-.25",
                                        "0.1",
                                        "1.000",
                                        "0.906",
                                        "99999.5",
                                        "1e0",
                                        "-1e-7",
                                        "000012.",
                                        "0.000000000000000001",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199.254740993",
                                        "0.99999999999999999"};
    uint64_t state = 5;
    char text[40], *end;
    for (size_t k = 0; k < 200000; k++) {
        size_t length = 1 + some(&state, 22), point = some(&state, 24);
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)(i == point ? '.' : i == 0 && k % 5 == 0 ? '-' : '0' + some(&state, 10));
        }
        snprintf(text + length, sizeof text - length, "%s", k % 16 == 0 ? "e-3" : "");
        const char *number = k < sizeof given / sizeof *given ? given[k] : text;
        double expected = strtod(number, &end), value = NAN;
        bool good = end > number && *end == '\0', taken = ef_parse_real(&value, number, strlen(number));
        if (taken != good || (good && memcmp(&value, &expected, sizeof value) != 0)) {
            ck_abort_msg("%s is %s %a, not %a", number, taken ? "taken for" : "refused", value, expected);
        }
    }
}
END_TEST

START_TEST(a_label_of_nobody_is_empty_or_a_negative_number)
{
    static const char *const nobody[] = {"", " ", "\t \r\n", "-1", "-23", "-01", "-99999999999999999999999"},
                             *const names[] = {"-p23", "1",   "0",   "-0",  "-",   "--1", "-1.5",
                                               " -1",  "-1 ", "- 1", "-1a", "Ann", "-00"};
    for (size_t i = 0; i < LENGTH(nobody); i++) {
        ck_assert_msg(ef_label_is_nobody(nobody[i]), "'%s' is somebody", nobody[i]);
    }
    for (size_t i = 0; i < LENGTH(names); i++) {
        ck_assert_msg(!ef_label_is_nobody(names[i]), "'%s' is nobody", names[i]);
    }
}
END_TEST

START_TEST(words_are_counted_as_they_are_cut)
{
    static const char letters[] = {' ', '\t', '\r', 'a', '.', '\x80', '\n', '\0'};
    uint64_t state = 9;
    char text[5000];
    for (size_t k = 0; k < 3000; k++) {
        ef_span all = {text, k < 100 ? k % 50 : some(&state, k % 10 == 0 ? sizeof text : 120)}, rest = all, word, last = {0};
        unsigned kinds = 4 + some(&state, 5);
        size_t words = 0;
        for (size_t i = 0; i < all.length; i++) {
            text[i] = letters[some(&state, kinds)];
        }
        while (ef_span_word(&rest, &word)) {
            last = word;
            words++;
        }
        ck_assert_uint_eq(ef_span_words(all), words);
        word = ef_span_last_word(all);
        ck_assert_uint_eq(word.length, last.length);
        ck_assert(words == 0 || word.text == last.text);
    }
}
END_TEST

START_TEST(sizes_in_bytes_know_their_suffixes)
{
    size_t n = 0;
    ck_assert(ef_parse_bytes(&n, "512", 3) && n == 512);
    ck_assert(ef_parse_bytes(&n, "2G", 2) && n == (size_t)2 << 30);
    ck_assert(ef_parse_bytes(&n, "3k", 2) && n == 3072);
    ck_assert(ef_parse_bytes(&n, "7B", 2) && n == 7);
    ck_assert(!ef_parse_bytes(&n, "G", 1) && !ef_parse_bytes(&n, "99999999999T", 12) && !ef_parse_bytes(&n, "1GB", 3));
}
END_TEST

START_TEST(sizes_cannot_overflow)
{
    size_t n = 3;
    ck_assert(!ef_size_mul(&n, SIZE_MAX / 2 + 1, 2) && !ef_size_add(&n, SIZE_MAX, 1) && n == 3);
    ck_assert(ef_size_mul(&n, SIZE_MAX / 2, 2) && n == SIZE_MAX - 1);
    ck_assert_ptr_null(ef_alloc(SIZE_MAX / 2, 4));
    int *items = NULL;
    size_t capacity = 0;
    ck_assert(!ef_grow(&items, &capacity, SIZE_MAX / 2, sizeof *items) && capacity == 0 && items == NULL);
    ck_assert(ef_grow(&items, &capacity, 100, sizeof *items) && capacity >= 100);
    items[99] = 1;
    free(items);
}
END_TEST

START_TEST(large_blocks_keep_what_they_hold_while_they_grow)
{
    enum { HUGE_PAGE = 2 << 20 };
    static const size_t sizes[] = {0, 1, 100, 2 * HUGE_PAGE - 1, 2 * HUGE_PAGE, 2 * HUGE_PAGE + 1, 5 * HUGE_PAGE + 12345};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *block = ef_alloc(sizes[i], 1), *vector = ef_alloc_aligned(sizes[i], 1);
        ck_assert(block != NULL && vector != NULL && (uintptr_t)vector % 64 == 0);
        memset(block, 1, sizes[i]);
        memset(vector, 2, sizes[i]);
        free(block);
        free(vector);
    }
    uint32_t *items = NULL;
    size_t capacity = 0, count = 0;
    while (count < 4 << 20) {
        size_t wanted = count + 1 + count / 3;
        ck_assert(ef_grow(&items, &capacity, wanted, sizeof *items) && capacity >= wanted);
        for (; count < wanted; count++) {
            items[count] = (uint32_t)count * 2654435761u;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i] != (uint32_t)i * 2654435761u) {
            ck_abort_msg("item %zu has changed", i);
        }
    }
    free(items);
}
END_TEST

START_TEST(strings_are_numbered_in_order_of_first_use)
{
    ef_strings *strings = NULL;
    ef_intern *intern = NULL;
    char text[32];
    size_t index;
    OK(ef_strings_create(&strings, err));
    OK(ef_intern_create(&intern, strings, err));
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < 5000; i++) {
            int length = snprintf(text, sizeof text, "name/%zu", i);
            OK(ef_intern_add(&index, intern, text, (size_t)length, err));
            ck_assert_uint_eq(index, i);
        }
    }
    ck_assert_uint_eq(ef_strings_count(strings), 5000);
    ck_assert_str_eq(ef_strings_at(strings, 4321), "name/4321");
    index = 7777;
    ck_assert(!ef_intern_find(&index, intern, "no such string", 14) && index == 7777);
    ck_assert(ef_intern_find(&index, intern, ef_strings_at(strings, 5), strlen(ef_strings_at(strings, 5))) && index == 5);
    ef_intern_free(intern);
    ef_strings_free(strings);
}
END_TEST

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

START_TEST(a_text_file_is_walked_whatever_its_line_ends)
{
    char path[] = "/tmp/eface-test-XXXXXX";
    close(mkstemp(path));
    static const char bytes[] = "\xEF\xBB\xBFone two\r\n\nlast, line";
    write_file(path, bytes, sizeof bytes - 1);
    ef_text_file file = {0};
    ef_span line, word;
    OK(ef_text_file_open(&file, path, err));
    ck_assert(ef_text_file_line(&file, &line) && ef_span_equal(line, "one two") && file.line == 1);
    ck_assert(ef_span_word(&line, &word) && ef_span_equal(word, "one"));
    ck_assert(ef_span_word(&line, &word) && ef_span_equal(word, "two"));
    ck_assert(!ef_span_word(&line, &word));
    ck_assert(ef_text_file_line(&file, &line) && line.length == 0);
    ck_assert(ef_text_file_line(&file, &line) && file.line == 3);
    ck_assert(ef_span_field(&line, ',', &word) && ef_span_equal(word, "last"));
    ck_assert(ef_span_field(&line, ',', &word) && ef_span_equal_nocase(word, "LINE"));
    ck_assert(!ef_span_field(&line, ',', &word));
    ck_assert(!ef_text_file_line(&file, &line));
    ef_text_file_close(&file);
    write_file(path, "a\0b", 3);
    FAILS(EF_FORMAT, "not a text file", ef_text_file_open(&file, path, err));
    unlink(path);
    FAILS(EF_IO, path, ef_text_file_open(&file, path, err));
    FAILS(EF_IO, "/tmp", ef_text_file_open(&file, "/tmp", err));
}
END_TEST

START_TEST(a_mistyped_name_finds_its_neighbour)
{
    ef_nearest nearest = ef_nearest_begin("tra_at_far");
    ef_nearest_offer(&nearest, "eer");
    ef_nearest_offer(&nearest, "tar_at_far");
    ef_nearest_offer(&nearest, "fnmr_at_fmr");
    ck_assert_str_eq(nearest.best, "tar_at_far");
    char names[EF_NEAREST_TEXT];
    ck_assert_str_eq(ef_nearest_names(names, "", &nearest), "'tar_at_far'");
    nearest = ef_nearest_begin("ijcb"); /* two letters changed places, or one is wrong: as near */
    ef_nearest_offer(&nearest, "calfw");
    ef_nearest_offer(&nearest, "ijbb");
    ef_nearest_offer(&nearest, "ijbc");
    ck_assert_str_eq(ef_nearest_names(names, "--", &nearest), "'--ijbb' or '--ijbc'");
    nearest = ef_nearest_begin("zzz");
    ef_nearest_offer(&nearest, "eer");
    ck_assert_ptr_null(nearest.best);
}
END_TEST

static void count(void *data, size_t index, int worker)
{
    atomic_int *counts = data;
    ck_assert_int_ge(worker, 0);
    atomic_fetch_add(&counts[index], 1);
}

START_TEST(every_piece_of_a_parallel_loop_is_done_once)
{
    static atomic_int counts[1000];
    for (int threads = 0; threads < 9; threads++) {
        memset(counts, 0, sizeof counts);
        ef_parallel_for(threads, 1000, count, counts);
        for (size_t i = 0; i < 1000; i++) {
            ck_assert_int_eq(atomic_load(&counts[i]), 1);
        }
        ef_parallel_for(threads, 0, count, counts);
    }
}
END_TEST

typedef struct alongside {
    atomic_int counts[1000];
    pthread_t caller;
    int own; /* not atomic: only the caller's thread touches it */
} alongside;

static void count_alongside(void *data, size_t index, int worker)
{
    count(((alongside *)data)->counts, index, worker);
}

static void own_work(void *data)
{
    alongside *self = data;
    ck_assert(pthread_equal(pthread_self(), self->caller));
    self->own++;
}

START_TEST(the_callers_own_work_is_done_once_by_the_caller)
{
    static const size_t pieces[] = {0, 1, 2, 1000};
    static alongside self;
    for (size_t way = 0; way < 36; way++) {
        memset(&self, 0, sizeof self);
        self.caller = pthread_self();
        ef_parallel_beside((int)way / 4, own_work, pieces[way % 4], count_alongside, &self);
        ck_assert_int_eq(self.own, 1);
        for (size_t i = 0; i < 1000; i++) {
            ck_assert_int_eq(atomic_load(&self.counts[i]), i < pieces[way % 4]);
        }
    }
}
END_TEST

START_TEST(context_goes_before_the_message)
{
    ef_error err = {EF_OK, ""};
    ck_assert_int_eq(ef_fail(&err, EF_FORMAT, "no metric '%s'", "tra"), EF_FORMAT);
    ck_assert_int_eq(ef_context(&err, err.status, "lfw.ini:%d", 7), EF_FORMAT);
    ck_assert_str_eq(err.message, "lfw.ini:7: no metric 'tra'");
    ck_assert_int_eq(ef_fail(NULL, EF_IO, "unseen"), EF_IO);
}
END_TEST

START_TEST(a_message_is_one_line_whatever_is_in_it)
{
    ef_error err = {EF_OK, ""};
    ck_assert_int_eq(ef_fail(&err, EF_FORMAT, "no metric '%s'", "a\nb\033[2J\x7F\xC3\xA9"), EF_FORMAT);
    ck_assert_int_eq(ef_context(&err, err.status, "two\r\nlines.ini:%d", 7), EF_FORMAT);
    ck_assert_str_eq(err.message, "two??lines.ini:7: no metric 'a?b?[2J?\xC3\xA9'");
}
END_TEST

START_TEST(what_is_not_to_be_shown_is_replaced)
{
    static const struct {
        const char *text, *clean;
    } cases[] = {{"a\tb\x7F", "a?b?"},
                 {"\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0", "??????\xC2\xA0"},
                 {"\xE2\x80\xA9\xE2\x80\xAA\xE2\x80\xAE\xE2\x80\xAF", "\xE2\x80\xA9??????\xE2\x80\xAF"},
                 {"\xE2\x81\xA5\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA", "\xE2\x81\xA5??????\xE2\x81\xAA"},
                 {"\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80", "\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80"},
                 {"\xE9t\xC0\x80\xED\xA0\x80\xE2\x80", "?t???????"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        snprintf(text, sizeof text, "%s", cases[i].text);
        ef_clean(text, '?');
        ck_assert_str_eq(text, cases[i].clean);
    }
}
END_TEST

START_TEST(a_file_is_named_without_folder_and_last_extension)
{
    static const char *const cases[][2] = {{"a/b.c.ini", "b.c"}, {"x.h5", "x"}, {"a.b/x", "x"}, {"a/.ini", ".ini"}, {"/", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *stem = ef_path_stem(cases[i][0]);
        ck_assert_str_eq(stem, cases[i][1]);
        free(stem);
    }
}
END_TEST

START_TEST(the_number_of_the_version_is_the_version)
{
    int major, minor, patch;
    ck_assert_int_eq(sscanf(ef_version(), "%d.%d.%d", &major, &minor, &patch), 3);
    ck_assert_int_eq(ef_version_number(), 10000 * major + 100 * minor + patch);
    ck_assert_int_eq(ef_version_number(), EF_VERSION_NUMBER);
}
END_TEST

START_TEST(a_format_is_found_by_its_name_its_extension_and_the_name_of_a_file)
{
    const ef_report_format *format, *of_file;
    size_t count = 0;
    for (; (format = ef_report_format_at(count)) != NULL; count++) {
        char path[64];
        OK(ef_report_format_find(&of_file, format->format.name, err));
        ck_assert_ptr_eq(of_file, format);
        OK(ef_report_format_find(&of_file, format->format.extension + 1, err));
        ck_assert_ptr_eq(of_file, format);
        snprintf(path, sizeof path, "a.b/c%s", format->format.extension);
        OK(ef_report_format_of_file(&of_file, path, err));
        ck_assert_ptr_eq(of_file, format);
    }
    ck_assert_uint_eq(count, 5);
    FAILS(EF_INVALID, "the extension of 'a.json/b' is none of .txt, .json, .tsv, .csv and .md",
          ef_report_format_of_file(&of_file, "a.json/b", err));
    FAILS(EF_INVALID, "the extension of 'x.text' is none of", ef_report_format_of_file(&of_file, "x.text", err));
}
END_TEST

START_TEST(an_unknown_name_is_answered_with_those_there_are)
{
    const ef_report_format *format;
    ef_flip flip;
    ef_convention convention;
    ef_interval_method method;
    FAILS(EF_INVALID, "no format 'jsno'; did you mean 'json'?", ef_report_format_find(&format, "jsno", err));
    FAILS(EF_INVALID, "no format 'pictures'; there are text, json, tsv, csv and md",
          ef_report_format_find(&format, "pictures", err));
    FAILS(EF_INVALID, "no flip 'smu'; did you mean 'sum'?", ef_flip_parse(&flip, "smu", err));
    FAILS(EF_INVALID, "no convention 'ios'; did you mean 'iso'?", ef_convention_parse(&convention, "ios", err));
    FAILS(EF_INVALID, "no interval 'bootstrap'; there are ", ef_interval_parse(&method, "bootstrap", err));
    ef_nearest nearest = ef_nearest_begin("zzz");
    FAILS(EF_INVALID, "no thing 'zzz'", ef_fail_unknown(err, "thing", "zzz", &nearest));
    ef_nearest_offer(&nearest, "one and only");
    FAILS(EF_INVALID, "no thing 'zzz'; there is one and only", ef_fail_unknown(err, "thing", "zzz", &nearest));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *tests = tcase_create("base");
    tcase_add_test(tests, numbers_are_read_strictly);
    tcase_add_test(tests, reals_are_those_of_strtod);
    tcase_add_test(tests, a_label_of_nobody_is_empty_or_a_negative_number);
    tcase_add_test(tests, words_are_counted_as_they_are_cut);
    tcase_add_test(tests, sizes_in_bytes_know_their_suffixes);
    tcase_add_test(tests, sizes_cannot_overflow);
    tcase_add_test(tests, large_blocks_keep_what_they_hold_while_they_grow);
    tcase_add_test(tests, strings_are_numbered_in_order_of_first_use);
    tcase_add_test(tests, a_text_file_is_walked_whatever_its_line_ends);
    tcase_add_test(tests, a_mistyped_name_finds_its_neighbour);
    tcase_add_test(tests, every_piece_of_a_parallel_loop_is_done_once);
    tcase_add_test(tests, the_callers_own_work_is_done_once_by_the_caller);
    tcase_add_test(tests, a_file_is_named_without_folder_and_last_extension);
    tcase_add_test(tests, the_number_of_the_version_is_the_version);
    tcase_add_test(tests, a_format_is_found_by_its_name_its_extension_and_the_name_of_a_file);
    tcase_add_test(tests, an_unknown_name_is_answered_with_those_there_are);
    tcase_add_test(tests, context_goes_before_the_message);
    tcase_add_test(tests, a_message_is_one_line_whatever_is_in_it);
    tcase_add_test(tests, what_is_not_to_be_shown_is_replaced);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
