/* Sets written, then read back. */
#include "h5_data.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include <eface/set.h>
#include <eface/set_writer.h>

#include "io/hdf5_quiet.h"
#include "io/stored_number.h"
#include "io/to_half.h"

static ef_strings *some_names(size_t count)
{
    ef_strings *names = NULL;
    char text[60];
    OK(ef_strings_create(&names, err));
    for (size_t i = 0; i < count; i++) {
        int length = snprintf(text, sizeof text, "%zx/%zu.jpg", i * 2654435761u, i);
        OK(ef_strings_add(names, text, i == 3 ? 0 : (size_t)length, err)); /* one is empty */
    }
    return names;
}

/* Two groups with everything in them; the matrix in blocks out of order. */
static void write_all(const char *path)
{
    enum { N = 20, D = 6 };
    static const int64_t labels[N] = {-5, INT64_MAX, INT64_MIN, 7, 0};
    static const int64_t pairs[3 * 2] = {0, 1, 2, 3, 18, 19};
    float *values = random_floats(N * D, 1);
    ef_strings *names = some_names(N);
    ef_set_writer *writer = NULL;
    OK(ef_set_writer_create(&writer, path, err));
    OK(ef_set_writer_model(writer, "R\xC3\xA9seau 50", err));
    OK(ef_set_writer_group(writer, "/lfw", err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, N, D, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 15, 5, values + 15 * D, err));
    OK(ef_set_writer_strings(writer, EF_IDS, names, err));
    OK(ef_set_writer_group(writer, "/deep/er/", err));
    OK(ef_set_writer_model(writer, "", err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, 2, D, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 2, values, err));
    OK(ef_set_writer_group(writer, "/lfw", err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 15, values, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 20, 0, values, err));
    OK(ef_set_writer_integers(writer, EF_LABELS, labels, N, 1, err));
    OK(ef_set_writer_integers(writer, EF_PAIRS, pairs, 3, 2, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);

    ef_set *set = NULL;
    double got[N * D];
    int64_t *integers = NULL;
    ef_strings *back = NULL;
    OK(ef_set_open(&set, path, "lfw", err));
    ck_assert_str_eq(ef_set_model(set), "R\xC3\xA9seau 50");
    OK(ef_set_read_reals(set, EF_EMBEDDINGS, 0, N, got, err));
    for (size_t i = 0; i < N * D; i++) {
        ck_assert(got[i] == (double)values[i]);
    }
    OK(ef_set_read_integers(set, EF_LABELS, &integers, err));
    ck_assert_mem_eq(integers, labels, sizeof labels);
    free(integers);
    OK(ef_set_read_integers(set, EF_PAIRS, &integers, err));
    ck_assert_mem_eq(integers, pairs, sizeof pairs);
    free(integers);
    OK(ef_set_read_strings(set, EF_IDS, &back, err));
    ck_assert_uint_eq(ef_strings_count(back), N);
    for (size_t i = 0; i < N; i++) {
        ck_assert_str_eq(ef_strings_at(back, i), ef_strings_at(names, i));
    }
    ef_strings_free(back);
    ef_set_close(set);
    OK(ef_set_open(&set, path, "deep/er", err));
    ck_assert_str_eq(ef_set_model(set), "");
    ck_assert_uint_eq(ef_set_rows(set), 2);
    ef_set_close(set);
    ef_strings_free(names);
    free(values);
}

START_TEST(what_is_written_is_read_back)
{
    write_all(path_of("x.h5"));
}
END_TEST

static size_t slurp(const char *path, char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t length = fread(bytes, 1, size, file);
    fclose(file);
    return length;
}

START_TEST(the_same_content_is_the_same_bytes_a_second_later)
{
    static char first[200000], second[200000];
    struct timespec pause = {1, 100000000};
    write_all(path_of("x.h5"));
    nanosleep(&pause, NULL);
    write_all(path_of("y.h5"));
    size_t length = slurp(path_of("x.h5"), first, sizeof first);
    ck_assert_uint_eq(length, slurp(path_of("y.h5"), second, sizeof second));
    ck_assert_uint_lt(length, sizeof first);
    ck_assert_mem_eq(first, second, length);
}
END_TEST

static size_t files_in_folder(void)
{
    size_t count = 0;
    DIR *list = opendir(folder);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(list);
    return count;
}

START_TEST(a_file_appears_whole_or_not_at_all)
{
    char text[16] = "";
    float value[2] = {1.0f, 2.0f};
    ef_set_writer *writer = NULL;
    FILE *file = fopen(path_of("x.h5"), "w");
    fputs("old", file);
    fclose(file);
    OK(ef_set_writer_create(&writer, path_of("x.h5"), err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, 1, 2, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 1, value, err));
    ck_assert_uint_eq(files_in_folder(), 2);
    ef_set_writer_free(writer);
    ck_assert_uint_eq(files_in_folder(), 1);
    ck_assert_uint_eq(slurp(path_of("x.h5"), text, sizeof text), 3);
    ck_assert_str_eq(text, "old");
    write_all(path_of("x.h5"));
    ck_assert_uint_eq(files_in_folder(), 1);
    ef_set_writer_free(NULL);
}
END_TEST

START_TEST(a_new_file_has_the_usual_permissions)
{
    struct stat about;
    mode_t mask = umask(027);
    write_all(path_of("x.h5"));
    umask(mask);
    ck_assert_int_eq(stat(path_of("x.h5"), &about), 0);
    ck_assert_uint_eq(about.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_destination_that_cannot_be_is_named)
{
    ef_set_writer *writer = NULL;
    FAILS(EF_IO, "/no/such/folder/x.h5: cannot be made: No such file or directory",
          ef_set_writer_create(&writer, "/no/such/folder/x.h5", err));
    FAILS(EF_IO, "is a folder", ef_set_writer_create(&writer, folder, err));
    FAILS(EF_IO, "/dev/null: is not a regular file", ef_set_writer_create(&writer, "/dev/null", err));
    ck_assert_ptr_null(writer);
    ck_assert_uint_eq(files_in_folder(), 0);
}
END_TEST

/* What is small stays in HDF5's buffers until the file is closed. */
START_TEST(a_disk_that_is_full_at_the_end_is_an_error)
{
    float value[2] = {1.0f, 2.0f};
    int64_t number = 5;
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN);
    for (int early = 0; early < 2; early++) {
        ef_set_writer *writer = NULL;
        OK(ef_set_writer_create(&writer, path_of("x.h5"), err));
        OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, 1, 2, err));
        OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 1, value, err));
        limit.rlim_cur = 100;
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        if (early) {
            FAILS(EF_IO, "x.h5: labels cannot be written (HDF5: ", ef_set_writer_integers(writer, EF_LABELS, &number, 1, 1, err));
        }
        FAILS(EF_IO, "x.h5: cannot be written (HDF5: ", ef_set_writer_finish(writer, err));
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_FSIZE, &limit);
        ef_set_writer_free(writer);
        ck_assert_uint_eq(files_in_folder(), 0);
    }
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
    enum { N = 4000, D = 64 };
    float *values = random_floats(N * D, 2);
    ef_set_writer *writer = NULL;
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    OK(ef_set_writer_create(&writer, path_of("x.h5"), err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, N, D, err));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    FAILS(EF_IO, "x.h5: embeddings cannot be written (HDF5: ", ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, N, values, err));
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    ef_set_writer_free(writer);
    ck_assert_uint_eq(files_in_folder(), 0);
    free(values);
}
END_TEST

START_TEST(requests_that_make_no_sense_are_refused)
{
    float value[6] = {1, 2, 3, 4, 5, 6};
    int64_t number[6] = {1, 2, 3, 4, 5, 6};
    ef_strings *none = NULL, *names = some_names(5);
    ef_set_writer *writer = NULL;
    OK(ef_strings_create(&none, err));
    OK(ef_set_writer_create(&writer, path_of("x.h5"), err));
    FAILS(EF_INVALID, "does not begin with '/'", ef_set_writer_group(writer, "lfw", err));
    FAILS(EF_INVALID, "embeddings of / was not declared", ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 1, value, err));
    FAILS(EF_INVALID, "embeddings cannot be 0 x 3", ef_set_writer_matrix(writer, EF_EMBEDDINGS, 0, 3, err));
    FAILS(EF_INVALID, "labels must be integers or strings", ef_set_writer_matrix(writer, EF_LABELS, 3, 3, err));
    FAILS(EF_INVALID, "ids must be strings", ef_set_writer_integers(writer, EF_IDS, number, 3, 1, err));
    FAILS(EF_INVALID, "pairs cannot be 2 x 3", ef_set_writer_integers(writer, EF_PAIRS, number, 2, 3, err));
    FAILS(EF_INVALID, "folds cannot be 3 x 2", ef_set_writer_integers(writer, EF_FOLDS, number, 3, 2, err));
    FAILS(EF_INVALID, "templates must be integers", ef_set_writer_strings(writer, EF_TEMPLATES, names, err));
    FAILS(EF_INVALID, "ids cannot be 0 x 1", ef_set_writer_strings(writer, EF_IDS, none, err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, 3, 2, err));
    FAILS(EF_IO, "the dataset embeddings of / cannot be made", ef_set_writer_matrix(writer, EF_EMBEDDINGS, 3, 2, err));
    FAILS(EF_INVALID, "has 3 rows; 2 from row 2 on do not fit", ef_set_writer_rows(writer, EF_EMBEDDINGS, 2, 2, value, err));
    FAILS(EF_INVALID, "do not fit", ef_set_writer_rows(writer, EF_EMBEDDINGS, 2, SIZE_MAX, value, err));
    OK(ef_set_writer_model(writer, "a", err));
    FAILS(EF_IO, "the attribute model of / cannot be written", ef_set_writer_model(writer, "b", err));
    FAILS(EF_IO, "the group /embeddings cannot be made", ef_set_writer_group(writer, "/embeddings", err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 2, value, err));
    FAILS(EF_INVALID, "embeddings of / was declared with 3 rows, and 2 were written", ef_set_writer_finish(writer, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 2, 1, value, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    ef_strings_free(names);
    ef_strings_free(none);
}
END_TEST

START_TEST(every_half_comes_back_and_what_lies_between_is_rounded)
{
    enum { halves = 0x7c00 };
    float *values = malloc(2 * halves * sizeof *values), *got = malloc(2 * halves * sizeof *got);
    uint16_t *bits = malloc(2 * halves * sizeof *bits);
    for (unsigned i = 0; i < halves; i++) {
        values[2 * i] = (float)ef_from_half((uint16_t)i);
        values[2 * i + 1] = -values[2 * i];
    }
    ck_assert(ef_to_half(bits, values, 2 * halves));
    for (unsigned i = 0; i < halves; i++) {
        ck_assert_uint_eq(bits[2 * i], i);
        ck_assert_uint_eq(bits[2 * i + 1], i | 0x8000);
    }
    /* One at a time the processor's own way is not taken: it must agree. */
    float(*eight)[8] = malloc(halves * sizeof *eight);
    uint16_t(*together)[8] = malloc(halves * sizeof *together);
    for (unsigned i = 0; i + 1 < halves; i++) {
        double low = ef_from_half((uint16_t)i), high = ef_from_half((uint16_t)(i + 1)), middle = (low + high) / 2;
        float tie = (float)middle, below = nextafterf(tie, -1), above = nextafterf(tie, 1e6f);
        memcpy(eight[i], (float[8]){tie, below, above, -tie, -below, -above, (float)low, (float)high}, sizeof eight[i]);
    }
    ck_assert(ef_to_half(together[0], eight[0], 8 * (halves - 1)));
    for (unsigned i = 0; i + 1 < halves; i++) {
        uint16_t alone;
        for (int j = 0; j < 8; j++) {
            ck_assert(ef_to_half(&alone, &eight[i][j], 1));
            ck_assert_uint_eq(alone, together[i][j]);
        }
        ck_assert_uint_eq(together[i][0], i % 2 == 0 ? i : i + 1);
        ck_assert_uint_eq(together[i][1], i);
        ck_assert_uint_eq(together[i][2], i + 1);
    }
    free(eight);
    free(together);
    static const float beyond[] = {65520, -65520, 65536, 1e30f, INFINITY, NAN};
    for (size_t i = 0; i < LENGTH(beyond); i++) {
        ck_assert(!ef_to_half(bits, &beyond[i], 1));
    }
    /* Stored in blocks, and read as what they are. */
    ef_set_writer *writer = NULL;
    OK(ef_set_writer_create(&writer, path_of("x.h5"), err));
    OK(ef_set_writer_half_matrix(writer, EF_EMBEDDINGS, 2 * halves / 512, 512, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, 5, values, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 5, 2 * halves / 512 - 5, values + 5 * 512, err));
    FAILS(EF_INVALID, "rows 3 to 3 of embeddings of / do not fit into float16, which ends at 65504",
          ef_set_writer_rows(writer, EF_EMBEDDINGS, 3, 1, (float[512]){70000.0f}, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    ef_set *set = NULL;
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    OK(ef_set_read_floats(set, EF_EMBEDDINGS, 0, 2 * halves / 512, got, err));
    ck_assert_mem_eq(got, values, 2 * halves / 512 * 512 * sizeof *got);
    ef_set_close(set);
    free(values);
    free(got);
    free(bits);
}
END_TEST

START_TEST(integers_and_vectors_come_in_blocks_too)
{
    enum { N = 7 };
    int64_t pairs[N * 3], *back = NULL;
    float quality[N];
    double got[N];
    float *values = random_floats(N, 1);
    ef_set_writer *writer = NULL;
    ef_set *set = NULL;
    for (int i = 0; i < N; i++) {
        pairs[3 * i] = INT64_MAX - i;
        pairs[3 * i + 1] = -7919 * i;
        pairs[3 * i + 2] = i % 2;
        quality[i] = 0.137f * (float)i;
    }
    OK(ef_set_writer_create(&writer, path_of("x.h5"), err));
    OK(ef_set_writer_matrix(writer, EF_EMBEDDINGS, N, 1, err));
    OK(ef_set_writer_rows(writer, EF_EMBEDDINGS, 0, N, values, err));
    FAILS(EF_INVALID, "template_pairs of / was not declared",
          ef_set_writer_integer_rows(writer, EF_TEMPLATE_PAIRS, 0, 1, pairs, err));
    FAILS(EF_INVALID, "template_pairs cannot be 7 x 2", ef_set_writer_integer_matrix(writer, EF_TEMPLATE_PAIRS, N, 2, err));
    FAILS(EF_INVALID, "quality must be floating point", ef_set_writer_integer_matrix(writer, EF_QUALITY, N, 1, err));
    OK(ef_set_writer_integer_matrix(writer, EF_TEMPLATE_PAIRS, N, 3, err));
    FAILS(EF_INVALID, "template_pairs of / was not declared", ef_set_writer_rows(writer, EF_TEMPLATE_PAIRS, 0, 1, quality, err));
    OK(ef_set_writer_integer_rows(writer, EF_TEMPLATE_PAIRS, 4, 3, pairs + 12, err));
    FAILS(EF_INVALID, "declared with 7 rows, and 3 were written", ef_set_writer_finish(writer, err));
    OK(ef_set_writer_integer_rows(writer, EF_TEMPLATE_PAIRS, 0, 4, pairs, err));
    OK(ef_set_writer_matrix(writer, EF_QUALITY, N, 1, err));
    OK(ef_set_writer_rows(writer, EF_QUALITY, 3, 4, quality + 3, err));
    OK(ef_set_writer_rows(writer, EF_QUALITY, 0, 3, quality, err));
    OK(ef_set_writer_finish(writer, err));
    ef_set_writer_free(writer);
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    OK(ef_set_read_integers(set, EF_TEMPLATE_PAIRS, &back, err));
    OK(ef_set_read_reals(set, EF_QUALITY, 0, N, got, err));
    ck_assert_uint_eq(ef_set_field_rows(set, EF_TEMPLATE_PAIRS), N);
    ck_assert_mem_eq(back, pairs, sizeof pairs);
    for (int i = 0; i < N; i++) {
        ck_assert(got[i] == (double)quality[i]);
    }
    free(back);
    free(values);
    ef_set_close(set);
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("set_writer");
    TCase *tests = tcase_create("set_writer");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, what_is_written_is_read_back);
    tcase_add_test(tests, the_same_content_is_the_same_bytes_a_second_later);
    tcase_add_test(tests, a_file_appears_whole_or_not_at_all);
    tcase_add_test(tests, a_new_file_has_the_usual_permissions);
    tcase_add_test(tests, a_destination_that_cannot_be_is_named);
    tcase_add_test(tests, a_full_disk_is_an_error);
    tcase_add_test(tests, a_disk_that_is_full_at_the_end_is_an_error);
    tcase_add_test(tests, every_half_comes_back_and_what_lies_between_is_rounded);
    tcase_add_test(tests, integers_and_vectors_come_in_blocks_too);
    tcase_add_test(tests, requests_that_make_no_sense_are_refused);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
