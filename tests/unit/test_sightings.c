/* NIST's lists of templates: columns by name, rows the same however they are read, and lists that must agree. */
#include "unit.h"

#include <inttypes.h>

#include "h5_data.h"

#include "list/csv_columns.h"
#include "list/sightings.h"

static const size_t block_sizes[] = {1, 40, 1000, 1 << 20};
static const int thread_counts[] = {1, 3};
static const ef_sighting_columns usual = {"FILENAME", "SIGHTING_ID"};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define EVERY_WAY(b, t)                                                                                                          \
    for (size_t b = 0; b < COUNT(block_sizes); b++)                                                                              \
        for (size_t t = 0; t < COUNT(thread_counts); t++)

static void write_text(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "wb");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static ef_span span_of(const char *text)
{
    return (ef_span){text, strlen(text)};
}

START_TEST(columns_are_found_by_name)
{
    static const char *const names[] = {"B", "long name", "A"};
    static const struct {
        const char *heading, *line, *fields[3];
    } good[] = {
        {"A,B,long name", "1,2,3", {"2", "3", "1"}},
        {"x, b ,\"LONG name\",y,a,z", " 0 , 1 , 2 , 3 , 4 , 5 ", {"1", "2", "4"}},
        {"long name,\"a,b\",B,A", "\"x,y\",\"\",,\" q \"", {"", "x,y", " q "}},
        {"A,B,long name,", "\"say \"\"so\"\"\",\"\"\"\", \"end\" ,\"\"", {"\"\"", "end", "say \"\"so\"\""}},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        ef_csv_columns columns;
        ef_span field[3];
        OK(ef_csv_columns_find(&columns, span_of(good[i].heading), names, 3, err));
        OK(ef_csv_columns_cut(field, &columns, span_of(good[i].line), err));
        for (int f = 0; f < 3; f++) {
            ck_assert_msg(ef_span_equal(field[f], good[i].fields[f]), "%zu: '%.*s'", i, (int)field[f].length, field[f].text);
        }
    }
    ef_csv_columns columns;
    FAILS(EF_FORMAT, "there is no column long name; the heading has A, B, C",
          ef_csv_columns_find(&columns, span_of("A,B,C"), names, 3, err));
    FAILS(EF_FORMAT, "there is no column B; the heading has ", ef_csv_columns_find(&columns, span_of(""), names, 3, err));
    FAILS(EF_FORMAT, "2 columns are called B", ef_csv_columns_find(&columns, span_of("A,b,long name,B"), names, 3, err));
    FAILS(EF_FORMAT, "a quoted field does not end", ef_csv_columns_find(&columns, span_of("A,B,\"long name"), names, 3, err));
    char wide[1200] = "";
    for (int i = 0; i < 100; i++) {
        strcat(wide, "COLUMN_99,");
    }
    FAILS(EF_FORMAT, "COLUMN_99, ...", ef_csv_columns_find(&columns, span_of(wide), names, 3, err));
}
END_TEST

START_TEST(one_column_may_be_wanted_twice)
{
    static const char *const names[] = {"A", "b", "a"};
    ef_csv_columns columns;
    ef_span field[3];
    OK(ef_csv_columns_find(&columns, span_of("B,A"), names, 3, err));
    OK(ef_csv_columns_cut(field, &columns, span_of("7,8"), err));
    ck_assert(ef_span_equal(field[0], "8") && ef_span_equal(field[1], "7") && ef_span_equal(field[2], "8"));
}
END_TEST

START_TEST(lines_that_do_not_fit_the_heading_are_refused)
{
    static const char *const names[] = {"B"};
    static const struct {
        const char *line, *sentence;
    } bad[] = {
        {"1", "a row has 3 fields, as the heading; this one has 1"},
        {"", "this one has 1"},
        {"1,2", "this one has 2"},
        {"1,2,3,", "this one has 4"},
        {"1,\"2\",3,4,5", "this one has 5"},
        {"1,2,\"3", "a quoted field does not end in this line"},
        {"\"1,2,3", "a quoted field does not end in this line"},
        {"1,2,\"3\"\"", "a quoted field does not end"},
        {"1,\"2\"x,3", "text stands right behind a quoted field"},
    };
    ef_csv_columns columns;
    ef_span field[1];
    OK(ef_csv_columns_find(&columns, span_of("A,B,C"), names, 1, err));
    for (size_t i = 0; i < COUNT(bad); i++) {
        FAILS(EF_FORMAT, bad[i].sentence, ef_csv_columns_cut(field, &columns, span_of(bad[i].line), err));
    }
}
END_TEST

static ef_status read_lists(ef_sightings *out, size_t count, const ef_sighting_columns *columns, size_t block, int threads,
                            ef_error *err)
{
    const char *paths[] = {path_of("one"), path_of("two"), path_of("three")};
    return ef_sightings_read_blocks(out, paths, count, columns, block, threads, err);
}

START_TEST(rows_are_those_of_a_plain_reader_however_they_are_read)
{
    enum { ROWS = 1500, TEMPLATES = 90, FILES = 400 };
    static int64_t template[2 * ROWS], media[2 * ROWS];
    static size_t file_number[2 * ROWS];
    uint64_t state = 3;
    for (int list = 0; list < 2; list++) {
        FILE *file = fopen(path_of(list == 0 ? "one" : "two"), "wb");
        fprintf(file, list == 0 ? "\xEF\xBB\xBFTEMPLATE_ID,SUBJECT_ID,FILENAME,SIGHTING_ID\n"
                                : "junk,sighting_id,FileName,TEMPLATE_id,SUBJECT_ID\r\n");
        for (size_t i = 0; i < ROWS; i++) {
            size_t row = (size_t)list * ROWS + i;
            template[row] = (int64_t)(next_bits(&state) % TEMPLATES) * 2 + list - 20;
            media[row] = (int64_t)(next_bits(&state) % 7) - 3;
            file_number[row] = next_bits(&state) % FILES;
            if (list == 0) {
                fprintf(file, "%" PRId64 ",%" PRId64 ",img/%zu.png,%" PRId64 "\n", template[row], template[row] + 1000,
                        file_number[row], media[row]);
            } else {
                fprintf(file, "\"a,b\",%" PRId64 ",\"img/%zu.png\", %" PRId64 ",\"%" PRId64 "\"%s", media[row], file_number[row],
                        template[row], template[row] + 1000, i + 1 < ROWS ? "\r\n" : "");
            }
        }
        ck_assert_int_eq(fclose(file), 0);
    }
    EVERY_WAY(b, t)
    {
        ef_sightings sightings;
        OK(read_lists(&sightings, 2, &usual, block_sizes[b], thread_counts[t], err));
        ck_assert_uint_eq(sightings.count, 2 * ROWS);
        for (size_t i = 0; i < 2 * ROWS; i++) {
            const ef_sighting *row = &sightings.rows[i];
            char name[40];
            snprintf(name, sizeof name, "img/%zu.png", file_number[i]);
            ck_assert(row->template_id == template[i] && row->subject_id == template[i] + 1000 && row->media_id == media[i]);
            ck_assert(row->list == i / ROWS && row->line == i % ROWS + 2);
            ck_assert_str_eq(ef_strings_at(sightings.files, row->file), name);
        }
        ck_assert_uint_eq(sightings.of_all.count, sightings.of_list[0].count + sightings.of_list[1].count);
        ck_assert_uint_eq(sightings.of_list[2].count, 0);
        for (size_t i = 0; i < sightings.of_all.count; i++) {
            ck_assert(i == 0 || sightings.of_all.template_id[i - 1] < sightings.of_all.template_id[i]);
            ck_assert(sightings.of_all.subject_id[i] == sightings.of_all.template_id[i] + 1000);
        }
        for (size_t i = 0; i < sightings.of_list[1].count; i++) {
            ck_assert_int_eq(sightings.of_list[1].template_id[i] & 1, 1);
        }
        size_t repeated = 0;
        for (size_t i = 0; i < 2 * ROWS; i++) {
            for (size_t j = 0; j < i; j++) {
                if (template[i] == template[j] && file_number[i] == file_number[j]) {
                    repeated++;
                    break;
                }
            }
        }
        ck_assert_uint_eq(sightings.repeated, repeated);
        ef_sightings_free(&sightings);
        ck_assert(sightings.rows == NULL && sightings.count == 0);
    }
}
END_TEST

#define HEADING "TEMPLATE_ID,SUBJECT_ID,FILENAME,SIGHTING_ID\n"

START_TEST(media_may_be_texts)
{
    static const int64_t expected[] = {0, 1, 0, 2, 3, 1};
    const ef_sighting_columns columns = {"FILENAME", "SIGHTING_ID"};
    write_text("one", HEADING "1,1,a,x\n1,1,b,\"y, \"\"z\"\"\"\n1,1,c,\"x\"\n1,1,d,7\n");
    write_text("two", HEADING "2,1,a,X\n2,1,b,\"y, \"\"z\"\"\"\n");
    EVERY_WAY(b, t)
    {
        ef_sightings sightings;
        OK(read_lists(&sightings, 2, &columns, block_sizes[b], thread_counts[t], err));
        ck_assert_uint_eq(sightings.count, 6);
        for (size_t i = 0; i < 6; i++) {
            ck_assert_int_eq(sightings.rows[i].media_id, expected[i]);
        }
        ef_sightings_free(&sightings);
    }
    const ef_sighting_columns same = {"FILENAME", "FILENAME"};
    ef_sightings sightings;
    OK(read_lists(&sightings, 2, &same, 100, 1, err));
    ck_assert(sightings.rows[4].media_id == 0 && sightings.rows[5].media_id == 1 && sightings.rows[5].file == 1);
    ef_sightings_free(&sightings);
}
END_TEST

START_TEST(every_bad_row_is_named_with_its_line)
{
    static const struct {
        const char *one, *two, *sentence;
    } bad[] = {
        {"", HEADING "2,2,b,1\n", "/one: the list holds no images"},
        {HEADING, HEADING "2,2,b,1\n", "/one: the list holds no images"},
        {HEADING "1,1,a,1\n", HEADING, "/two: the list holds no images"},
        {"1,1,a,1\n2,x\n", HEADING "2,2,b,1\n", "/one:1: there is no column TEMPLATE_ID; the heading has 1, 1, a, 1"},
        {HEADING "1,1,a,1\n", "TEMPLATE_ID,SUBJECT_ID,FILENAME\n2,2,b\n", "/two:1: there is no column SIGHTING_ID"},
        {HEADING "1,1,a,1\n1,1,a\nx\n", HEADING "2,2,b,1\n", "/one:3: a row has 4 fields, as the heading; this one has 3"},
        {HEADING "1,1,a,1\n", HEADING "2,2,b,1\n2,2,c,1\n9223372036854775808,2,c,1\n",
         "/two:4: '9223372036854775808' is not a template id"},
        {HEADING "1,,a,1\n", HEADING "2,2,b,1\n", "/one:2: '' is not a subject id"},
        {HEADING "1,1,,1\n", HEADING "2,2,b,1\n", "/one:2: the column FILENAME is empty"},
        {HEADING "1,1,a,\n", HEADING "2,2,b,1\n", "/one:2: the column SIGHTING_ID is empty"},
        {HEADING "1,1,a,1\n\n1,1,b,1\n", HEADING "2,2,b,1\n", "/one:3: the line is blank"},
        {HEADING "1,1,a,1\n", HEADING "2,2,b,1\n2,2,c,x\nbad\n",
         "/two:3: SIGHTING_ID 'x' is not an integer, as it was in the first"},
        {HEADING "1,1,a,1\n2,2,b,1\n1,3,c,1\n", HEADING "4,4,b,1\n", "/one:4: template 1 is of subject 3 here, and of 1 in "},
        {HEADING "5,1,a,1\n1,2,b,1\n", HEADING "5,3,c,1\n1,3,c,1\n", "/two:2: template 5 is of subject 3 here, and of 1 in "},
        {HEADING "1,1,a,1\n", HEADING "1,1,a,2\n", "/two:2: template 1 has other images here than in "},
        {HEADING "1,1,a,1\n", HEADING "4,4,x,1\n1,1,a,1\n1,1,a,1\n", "/two:3: template 1 has other images here than in "},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        write_text("one", bad[i].one);
        write_text("two", bad[i].two);
        EVERY_WAY(b, t)
        {
            ef_sightings sightings = {.count = 3};
            FAILS(EF_FORMAT, bad[i].sentence, read_lists(&sightings, 2, &usual, block_sizes[b], thread_counts[t], err));
            ck_assert(sightings.count == 0 && sightings.rows == NULL && sightings.files == NULL && sightings.of_all.count == 0);
        }
    }
    remove(path_of("two"));
    ef_sightings sightings;
    write_text("one", HEADING "1,1,a,1\n");
    FAILS(EF_IO, "two: No such file", read_lists(&sightings, 2, &usual, 100, 1, err));
}
END_TEST

START_TEST(a_template_in_several_lists_is_there_once)
{
    write_text("one", HEADING "7,1,a,1\n7,1,b,1\n3,2,c,9\n7,1,a,1\n");
    write_text("two", HEADING "5,5,a,1\n7,1,b,1\n7,1,a,1\n5,5,d,1\n7,1,a,1\n");
    write_text("three", HEADING "3,2,c,9\n5,5,d,1\n5,5,a,1\n");
    static const size_t lines[] = {2, 3, 4, 5, 2, 5};
    ef_sightings sightings;
    OK(read_lists(&sightings, 3, &usual, 30, 2, err));
    ck_assert_uint_eq(sightings.count, 6);
    for (size_t i = 0; i < 6; i++) {
        ck_assert(sightings.rows[i].line == lines[i] && sightings.rows[i].list == i / 4);
    }
    ck_assert_uint_eq(sightings.repeated, 1);
    ck_assert(sightings.of_all.count == 3 && sightings.of_all.template_id[0] == 3 && sightings.of_all.template_id[2] == 7);
    for (size_t list = 0; list < 3; list++) {
        static const int64_t expected[3][2] = {{3, 7}, {5, 7}, {3, 5}};
        ck_assert_uint_eq(sightings.of_list[list].count, 2);
        ck_assert_mem_eq(sightings.of_list[list].template_id, expected[list], sizeof expected[list]);
    }
    ef_sightings_free(&sightings);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sightings");
    TCase *tests = tcase_create("sightings");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, columns_are_found_by_name);
    tcase_add_test(tests, one_column_may_be_wanted_twice);
    tcase_add_test(tests, lines_that_do_not_fit_the_heading_are_refused);
    tcase_add_test(tests, rows_are_those_of_a_plain_reader_however_they_are_read);
    tcase_add_test(tests, media_may_be_texts);
    tcase_add_test(tests, every_bad_row_is_named_with_its_line);
    tcase_add_test(tests, a_template_in_several_lists_is_there_once);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
