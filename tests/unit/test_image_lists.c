/* The devkit's lists: images in JSON, noisy images in text, and paths found by their ends. */
#include "unit.h"

#include "list_files.h"

#include "list/json_list.h"
#include "list/noise_list.h"
#include "list/path_table.h"

/* Reads `text` as a list; FAILS and OK see `err`. */
static ef_status read_json(ef_json_list *list, const char *text, ef_error *err)
{
    char path[128];
    put("list.json", text);
    snprintf(path, sizeof path, "%s/list.json", folder);
    return ef_json_list_read(list, path, err);
}

static ef_strings *strings_of(const char *const *text, size_t count)
{
    ef_strings *strings = NULL;
    OK(ef_strings_create(&strings, err));
    for (size_t i = 0; i < count; i++) {
        OK(ef_strings_add(strings, text[i], strlen(text[i]), err));
    }
    return strings;
}

START_TEST(lists_are_read_with_and_without_ids)
{
    ef_json_list list;
    OK(read_json(&list, "{\"path\": [\"a/b c.jpg\", \"\\u00e9@N00/2.png\"]}", err));
    ck_assert_uint_eq(ef_strings_count(list.paths), 2);
    ck_assert_str_eq(ef_strings_at(list.paths, 1), "\xC3\xA9@N00/2.png");
    ck_assert_ptr_null(list.ids);
    ef_json_list_free(&list);
    OK(read_json(&list, "{\"more\": 3, \"id\": [\"x\", -17], \"path\": [\"1\", \"2\"]}\n", err));
    ck_assert_str_eq(ef_strings_at(list.ids, 0), "x");
    ck_assert_str_eq(ef_strings_at(list.ids, 1), "-17");
    ef_json_list_free(&list);
    ef_json_list_free(&(ef_json_list){0});
}
END_TEST

START_TEST(what_is_no_list_is_refused_in_a_sentence)
{
    static const char *const cases[][2] = {
        {"", "list.json:1: is not JSON: "},
        {"{\"path\": [\"a\",\n \"b]}", "list.json:2: is not JSON: "},
        {"{\"path\": [\"a\"]} {}", "is not JSON: end of file expected"},
        {"{\"path\": [\"a\"], \"path\": [\"b\"]}", "is not JSON: duplicate object key"},
        {"{\"path\": [\"a\\u0000b\"]}", "is not JSON: "},
        {"{\"path\": [\"a\xff\"]}", "is not JSON: "},
        {"[\"a\"]", "is not an object; a list of images looks like {\"path\": [\"a/b.jpg\", ...]}"},
        {"{\"paths\": [\"a\"]}", "has no \"path\""},
        {"{\"path\": \"a\"}", "\"path\" is not an array"},
        {"{\"path\": []}", "the list holds no images"},
        {"{\"path\": [\"a\", 2]}", "entry 2 of \"path\" is not a string"},
        {"{\"path\": [\"a\", \"\"]}", "entry 2 of \"path\" is empty"},
        {"{\"path\": [\"a\", null]}", "entry 2 of \"path\" is not a string"},
        {"{\"path\": [\"a\"], \"id\": []}", "\"id\" has 0 entries, but \"path\" has 1"},
        {"{\"path\": [\"a\"], \"id\": [1.5]}", "entry 1 of \"id\" is not a string"},
        {"{\"path\": [\"a\"], \"id\": {}}", "\"id\" is not an array"},
    };
    ef_json_list list;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        FAILS(EF_FORMAT, cases[i][1], read_json(&list, cases[i][0], err));
        ck_assert_ptr_null(list.paths);
    }
    FAILS(EF_IO, "nowhere.json", ef_json_list_read(&list, "/tmp/eface-nowhere.json", err));
    FAILS(EF_IO, "is a folder, not a list", ef_json_list_read(&list, folder, err));
}
END_TEST

START_TEST(the_official_lists_have_their_counts_and_are_no_parts_of_each_other)
{
    ef_json_list list;
    const char *path = official("megaface/facescrub_features_list.json");
    if (path == NULL) {
        return;
    }
    OK(ef_json_list_read(&list, path, err));
    ck_assert_uint_eq(ef_strings_count(list.paths), 3530);
    ck_assert_uint_eq(ef_strings_count(list.ids), 3530);
    ef_json_list_free(&list);
    ef_path_table *table = NULL;
    ef_json_list larger;
    path = official("megaface/megaface_features_list.json_10000_1");
    if (path == NULL) {
        return;
    }
    OK(ef_json_list_read(&larger, path, err));
    ck_assert_uint_eq(ef_strings_count(larger.paths), 10000);
    OK(ef_path_table_create(&table, larger.paths, 3, err));
    OK(ef_path_table_add_all(table, path, "entry", 1, err));
    path = official("megaface/megaface_features_list.json_1000_1");
    if (path != NULL) {
        size_t shared = 0;
        OK(ef_json_list_read(&list, path, err));
        for (size_t i = 0; i < 1000; i++) {
            shared += ef_path_table_find(table, ef_strings_at(list.paths, i)) != EF_PATH_NONE;
        }
        ck_assert_uint_eq(shared, 8); /* lists of different sizes are drawn apart */
        ef_json_list_free(&list);
    }
    ef_path_table_free(table);
    ef_json_list_free(&larger);
}
END_TEST

START_TEST(paths_are_equal_when_their_ends_are)
{
    static const char *const text[] = {"a/b/c.jpg", "x/b/c.jpg", "c.jpg", "root/a/b/c.jpg", "/b/c.jpg"};
    static const size_t by_two[] = {0, 0, 2, 0, 0}, by_three[] = {0, 1, 2, 0, 4};
    ef_strings *paths = strings_of(text, LENGTH(text));
    ck_assert_str_eq(ef_path_tail("a/b/c", 1), "c");
    ck_assert_str_eq(ef_path_tail("a/b/c", 3), "a/b/c");
    ck_assert_str_eq(ef_path_tail("a/b/c", 9), "a/b/c");
    ck_assert_str_eq(ef_path_tail("", 1), "");
    ck_assert_str_eq(ef_path_tail("a/", 1), "");
    for (size_t components = 2; components <= 3; components++) {
        ef_path_table *table = NULL;
        OK(ef_path_table_create(&table, paths, components, err));
        ck_assert_uint_eq(ef_path_table_find(table, "c.jpg"), EF_PATH_NONE);
        for (size_t i = 0; i < LENGTH(text); i++) {
            size_t found;
            OK(ef_path_table_add(&found, table, i, err));
            ck_assert_uint_eq(found, components == 2 ? by_two[i] : by_three[i]);
        }
        ck_assert_uint_eq(ef_path_table_find(table, "q/r/b/c.jpg"), components == 2 ? 0 : EF_PATH_NONE);
        ef_path_table_free(table);
        OK(ef_path_table_create(&table, paths, components, err));
        FAILS(EF_FORMAT, components == 2 ? "list: entry 1 and entry 2 are the same image, 'b/c.jpg'" : "entry 1 and entry 4",
              ef_path_table_add_all(table, "list", "entry", 1, err));
        ef_path_table_free(table);
    }
    ef_path_table_free(NULL);
    ef_strings_free(paths);
}
END_TEST

START_TEST(a_table_of_many_paths_finds_each)
{
    enum { count = 20000 };
    ef_strings *paths = NULL;
    ef_path_table *table = NULL;
    char text[64];
    OK(ef_strings_create(&paths, err));
    for (unsigned i = 0; i < count; i++) {
        int length = snprintf(text, sizeof text, "%u/%u@N%02u/%u.jpg", i * 2654435761u % 900, i, i % 17, i * 40503u);
        OK(ef_strings_add(paths, text, (size_t)length, err));
    }
    OK(ef_path_table_create(&table, paths, 3, err));
    OK(ef_path_table_add_all(table, "list", "entry", 1, err));
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(ef_path_table_find(table, ef_strings_at(paths, i)), i);
    }
    ck_assert_uint_eq(ef_path_table_find(table, "1/2/3"), EF_PATH_NONE);
    ef_path_table_free(table);
    ef_strings_free(paths);
}
END_TEST

START_TEST(noise_lists_mark_what_they_name_and_count_what_they_do_not)
{
    static const char *const text[] = {"One/One_1.png", "One/One_2.png", "Two Three/Two Three_1.png", "Two/One_1.png"};
    static const char *const far[] = {"278/1@N00/a.jpg", "279/1@N00/a.jpg", "big/280/1@N00/b.jpg"};
    ef_strings *probes = strings_of(text, LENGTH(text)), *distractors = strings_of(far, LENGTH(far));
    unsigned char noisy[4];
    ef_noise_count count;
    char path[128];
    snprintf(path, sizeof path, "%s/noises.txt", folder);
    put("noises.txt", "# names\r\nOne_1.png\r\n\r\n  Two Three_1.png \r\nOne_9.png\r\nOne_1.png\r\n#One_2.png\n");
    OK(ef_noise_list_mark(noisy, &count, path, probes, NULL, 1, err));
    ck_assert_mem_eq(noisy, "\1\0\1\1", 4);
    ck_assert_uint_eq(count.entries, 3);
    ck_assert_uint_eq(count.unmatched, 1);
    ck_assert_uint_eq(count.images, 3);
    put("noises.txt", "17\t278/1@N00/a.jpg\n280/1@N00/b.jpg\nx\tother/280/1@N00/b.jpg\na.jpg\n0\t1@N00/a.jpg\tz");
    OK(ef_noise_list_mark(noisy, &count, path, distractors, NULL, 3, err));
    ck_assert_mem_eq(noisy, "\1\0\1", 3);
    ck_assert_uint_eq(count.entries, 4);
    ck_assert_uint_eq(count.unmatched, 2);
    ck_assert_uint_eq(count.images, 2);
    put("noises.txt", "# nothing\n\n");
    FAILS(EF_FORMAT, "noises.txt: holds no entries", ef_noise_list_mark(noisy, &count, path, distractors, NULL, 3, err));
    FAILS(EF_IO, "nowhere", ef_noise_list_mark(noisy, &count, "/tmp/eface-nowhere", distractors, NULL, 3, err));
    ef_strings_free(probes);
    ef_strings_free(distractors);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("image_lists");
    TCase *lists = tcase_create("lists");
    tcase_add_checked_fixture(lists, make_folder, remove_folder);
    tcase_add_test(lists, lists_are_read_with_and_without_ids);
    tcase_add_test(lists, what_is_no_list_is_refused_in_a_sentence);
    tcase_add_test(lists, the_official_lists_have_their_counts_and_are_no_parts_of_each_other);
    tcase_add_test(lists, paths_are_equal_when_their_ends_are);
    tcase_add_test(lists, a_table_of_many_paths_finds_each);
    tcase_add_test(lists, noise_lists_mark_what_they_name_and_count_what_they_do_not);
    suite_add_tcase(suite, lists);
    return unit_run(suite);
}
