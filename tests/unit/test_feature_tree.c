/* Features in files of their own: what a header may say, and a tree of them read by threads. */
#include "unit.h"

#include <fcntl.h>

#include "feature_files.h"

#include "base/copy.h"
#include "io/cv_matrix.h"
#include "io/feature_tree.h"

enum { dim = 5 };

static const float values[dim] = {0.125f, -3.25f, 1e-3f, 7e20f, -0.0f};

/* The values of `rows` x `columns` numbers of 4 or 8 bytes, `step` bytes apart, behind a header that says `stride`. */
static size_t make_file(unsigned char *file, int64_t rows, int64_t columns, int64_t stride, size_t bytes, size_t step)
{
    put_header(file, rows, columns, stride, bytes == 4 ? 5 : 6);
    for (size_t i = 0; i < dim; i++) {
        double wide = (double)values[i];
        memcpy(file + 16 + i * step, bytes == 4 ? (const void *)&values[i] : (const void *)&wide, bytes);
    }
    return 16 + dim * step;
}

START_TEST(a_row_and_a_column_of_either_width_are_read)
{
    static const struct {
        int64_t rows, columns, stride;
        size_t bytes, step;
    } cases[] = {{dim, 1, 4, 4, 4},   {1, dim, 4 * dim, 4, 4}, {dim, 1, 8, 8, 8}, {1, dim, 8 * dim, 8, 8},
                 {dim, 1, 4, 8, 8},   {1, dim, 4 * dim, 8, 8}, /* the public writer's stride of float64 */
                 {dim, 1, 16, 4, 16}, {dim, 1, 24, 8, 24}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        unsigned char file[512] = {0};
        float floats[dim];
        double reals[dim];
        ef_cv_matrix matrix;
        size_t length = make_file(file, cases[i].rows, cases[i].columns, cases[i].stride, cases[i].bytes, cases[i].step);
        OK(ef_cv_matrix_open(&matrix, file, length, err));
        ck_assert_uint_eq(matrix.dim, dim);
        ef_cv_matrix_floats(floats, &matrix, file);
        ck_assert_mem_eq(floats, values, sizeof values);
        ef_cv_matrix_reals(reals, &matrix, file);
        for (size_t j = 0; j < dim; j++) {
            ck_assert(reals[j] == (double)values[j]);
        }
    }
}
END_TEST

START_TEST(a_header_is_believed_only_when_the_file_agrees)
{
    static const struct {
        int64_t rows, columns, stride, type;
        size_t length;
        const char *says;
    } cases[] = {
        {0, 0, 0, 5, 15, "has 15 bytes, and the header alone takes 16"},
        {dim, 1, 4, 5, 35, "is cut off: its header says 5 x 1 values, 36 bytes in all, and it has 35"},
        {dim, 1, 4, 5, 16, "is cut off"},
        {dim, 1, 4, 5, 37, "is too long"},
        {dim, 1, 4, 6, 16 + 4 * dim, "bytes from row to row; 5 x 1 values need 8"},
        {dim, 1, 3, 5, 36, "3 bytes from row to row"},
        {1, dim, 4, 5, 36, "4 bytes from row to row; 1 x 5 values need 20"},
        {dim, 1, -4, 5, 36, "-4 bytes"},
        {5, 4, 16, 5, 96, "5 x 4 values; a feature has one column or one row"},
        {0, 1, 4, 5, 16, "0 x 1"},
        {-5, 1, 4, 5, 36, "-5 x 1"},
        {2147483647, 1, 2147483647, 5, 36, "is cut off"},
        {1, 2147483647, 2147483647, 6, 36, "is no feature"},
        {1, 536870911, 2147483644, 5, 36, "is cut off"},
        {-2147483647 - 1, -1, -1, 5, 36, "is no feature"},
        {dim, 1, 4, 0, 36, "type 0"},
        {dim, 1, 4, 13, 36, "type 13; 5 (float32) and 6 (float64)"},
        {dim, 1, 4, -1, 36, "type -1"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        unsigned char header[16];
        ef_cv_matrix matrix;
        put_header(header, cases[i].rows, cases[i].columns, cases[i].stride, cases[i].type);
        FAILS(EF_FORMAT, cases[i].says, ef_cv_matrix_open(&matrix, header, cases[i].length, err));
        ck_assert_int_eq(ef_cv_matrix_open(&matrix, header, cases[i].length, NULL), EF_FORMAT);
    }
}
END_TEST

static char *said(const void *context, size_t row)
{
    (void)context;
    return ef_copy_format("entry %zu of a list", row + 1);
}

/* Images "p/imageK.png" with the value K in all of `dim` places. */
static ef_strings *make_tree(size_t count, const char *ending)
{
    ef_strings *paths = NULL;
    OK(ef_strings_create(&paths, err));
    for (size_t i = 0; i < count; i++) {
        char path[64], name[128];
        float feature[dim];
        int length = snprintf(path, sizeof path, "%zu/image%zu.png", i % 7, i);
        for (size_t j = 0; j < dim; j++) {
            feature[j] = (float)i + (float)j / 8;
        }
        OK(ef_strings_add(paths, path, (size_t)length, err));
        snprintf(name, sizeof name, "%s%s", path, ending);
        put_feature(name, feature, dim);
    }
    return paths;
}

START_TEST(a_tree_reads_the_same_with_any_number_of_threads)
{
    enum { count = 300 };
    ef_strings *paths = make_tree(count, "_net.bin");
    char *ending = NULL;
    float *floats = malloc(count * dim * sizeof *floats);
    double reals[3 * dim];
    OK(ef_feature_tree_ending(&ending, folder, paths, err));
    ck_assert_str_eq(ending, "_net.bin");
    for (int threads = 0; threads <= 5; threads++) {
        ef_feature_tree *tree = NULL;
        OK(ef_feature_tree_open(&tree, folder, paths, ending, said, NULL, threads, err));
        ck_assert_uint_eq(ef_feature_tree_dim(tree), dim);
        memset(floats, 0, count * dim * sizeof *floats);
        OK(ef_feature_tree_floats(tree, 0, count, floats, err));
        for (size_t i = 0; i < (size_t)count * dim; i++) {
            ck_assert(floats[i] == (float)(i / dim) + (float)(i % dim) / 8);
        }
        OK(ef_feature_tree_reals(tree, count - 3, 3, reals, err));
        ck_assert(reals[2 * dim + 1] == count - 1 + 0.125);
        OK(ef_feature_tree_floats(tree, count, 0, floats, err));
        FAILS(EF_INVALID, "301", ef_feature_tree_floats(tree, 0, count + 1, floats, err));
        ef_feature_tree_close(tree);
    }
    ef_feature_tree_close(NULL);
    free(ending);
    free(floats);
    ef_strings_free(paths);
}
END_TEST

/* Opens the tree anew: one that is open keeps to the files that it has seen. */
static void reopen(ef_feature_tree **tree, const ef_strings *paths)
{
    ef_feature_tree_close(*tree);
    OK(ef_feature_tree_open(tree, folder, paths, "_net.bin", said, NULL, 3, err));
}

START_TEST(a_file_that_changes_between_readings_is_found_out)
{
    enum { count = 20 };
    ef_strings *paths = make_tree(count, "_net.bin");
    ef_feature_tree *tree = NULL;
    float floats[count * dim], feature[dim] = {1, 2, 3, 4, 5};
    double reals[count * dim];
    reopen(&tree, paths);
    OK(ef_feature_tree_floats(tree, 0, count, floats, err));
    OK(ef_feature_tree_reals(tree, 0, count, reals, err));
    put_feature("5/image12.png_net.bin", feature, dim);
    char path[256];
    snprintf(path, sizeof path, "%s/5/image12.png_net.bin", folder);
    const struct timespec times[2] = {{1000, 1}, {1000, 1}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    FAILS(EF_IO, "5/image12.png_net.bin: was changed while features were read",
          ef_feature_tree_reals(tree, 0, count, reals, err));
    reopen(&tree, paths);
    OK(ef_feature_tree_reals(tree, 0, count, reals, err));
    ck_assert(reals[12 * dim] == 1);
    ef_feature_tree_close(tree);
    ef_strings_free(paths);
}
END_TEST

START_TEST(the_first_bad_file_is_named)
{
    enum { count = 300 };
    ef_strings *paths = make_tree(count, "_net.bin");
    ef_feature_tree *tree = NULL;
    float *floats = malloc(count * dim * sizeof *floats);
    double *reals = malloc(count * dim * sizeof *reals);
    char path[256];
    unsigned char file[512];
    float feature[dim + 1] = {1, 2, 3, 4, 5, 6};
    reopen(&tree, paths);
    snprintf(path, sizeof path, "%s/%d/image299.png_net.bin", folder, 299 % 7);
    ck_assert_int_eq(unlink(path), 0);
    FAILS(EF_IO, "image299.png_net.bin: no such file, but its image is entry 300 of a list",
          ef_feature_tree_floats(tree, 0, count, floats, err));
    put_feature("4/image200.png_net.bin", feature, dim + 1);
    reopen(&tree, paths);
    FAILS(EF_FORMAT, "4/image200.png_net.bin: has 6 values, but that of the first image has 5",
          ef_feature_tree_floats(tree, 0, count, floats, err));
    put_bytes("1/image190.png_net.bin", file, make_file(file, dim, 1, 4, 4, 4) - 1);
    reopen(&tree, paths);
    FAILS(EF_FORMAT, "1/image190.png_net.bin: is cut off", ef_feature_tree_floats(tree, 0, count, floats, err));
    feature[3] = NAN;
    put_feature("4/image11.png_net.bin", feature, dim);
    reopen(&tree, paths);
    FAILS(EF_FORMAT, "4/image11.png_net.bin: not finite", ef_feature_tree_floats(tree, 0, count, floats, err));
    /* Too large only as a float32. */
    double wide[dim] = {1, 2, -1e39, 4, 5};
    put_header(file, dim, 1, 8, 6);
    memcpy(file + 16, wide, sizeof wide);
    put_bytes("3/image10.png_net.bin", file, 16 + sizeof wide);
    reopen(&tree, paths);
    FAILS(EF_FORMAT, "3/image10.png_net.bin: not finite, or too large for a float32",
          ef_feature_tree_floats(tree, 0, count, floats, err));
    OK(ef_feature_tree_reals(tree, 0, 11, reals, err));
    ck_assert(reals[10 * dim + 2] == -1e39);
    FAILS(EF_FORMAT, "4/image11.png_net.bin: not finite", ef_feature_tree_reals(tree, 0, count, reals, err));
    put_bytes("2/image9.png_net.bin", file, 0);
    reopen(&tree, paths);
    FAILS(EF_FORMAT, "2/image9.png_net.bin: is no feature: it has 0 bytes", ef_feature_tree_reals(tree, 0, count, reals, err));
    snprintf(path, sizeof path, "%s/2/image9.png_net.bin", folder);
    unlink(path);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    reopen(&tree, paths);
    FAILS(EF_IO, "2/image9.png_net.bin: is not a regular file", ef_feature_tree_reals(tree, 0, count, reals, err));
    ef_feature_tree_close(tree);
    free(floats);
    free(reals);
    ef_strings_free(paths);
}
END_TEST

START_TEST(the_ending_is_found_or_the_doubt_is_told)
{
    ef_strings *paths = make_tree(1, "_one.bin");
    char *ending = NULL;
    put("0/image0.png_one.txt", "");
    put("0/image1.png_other.bin", "");
    OK(ef_feature_tree_ending(&ending, folder, paths, err));
    ck_assert_str_eq(ending, "_one.bin");
    free(ending);
    put("0/image0.png_two.bin", "");
    put("0/image0.png_a.bin", "");
    FAILS(EF_INVALID, "the endings '_a.bin' and '_one.bin'; --features says which",
          ef_feature_tree_ending(&ending, folder, paths, err));
    ef_strings_free(paths);

    OK(ef_strings_create(&paths, err));
    OK(ef_strings_add(paths, "0/elsewhere.png", 15, err));
    FAILS(EF_IO, "/0/: no feature file elsewhere.png<ending>.bin there for the first image of the list",
          ef_feature_tree_ending(&ending, folder, paths, err));
    ef_feature_tree *tree = NULL;
    FAILS(EF_IO, "0/elsewhere.png_x.bin: no such file, but its image is entry 1 of a list",
          ef_feature_tree_open(&tree, folder, paths, "_x.bin", said, NULL, 1, err));
    FAILS(EF_IO, "nowhere: No such file", ef_feature_tree_open(&tree, "/tmp/nowhere", paths, "_x.bin", said, NULL, 1, err));
    ef_strings_free(paths);
    OK(ef_strings_create(&paths, err));
    OK(ef_strings_add(paths, "nowhere/a.png", 13, err));
    FAILS(EF_IO, "nowhere/: No such file or directory; the features of the first image",
          ef_feature_tree_ending(&ending, folder, paths, err));
    ef_strings_free(paths);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("feature_tree");
    TCase *files = tcase_create("files");
    tcase_add_checked_fixture(files, make_folder, remove_folder);
    tcase_add_test(files, a_row_and_a_column_of_either_width_are_read);
    tcase_add_test(files, a_header_is_believed_only_when_the_file_agrees);
    tcase_add_test(files, a_tree_reads_the_same_with_any_number_of_threads);
    tcase_add_test(files, a_file_that_changes_between_readings_is_found_out);
    tcase_add_test(files, the_first_bad_file_is_named);
    tcase_add_test(files, the_ending_is_found_or_the_doubt_is_told);
    suite_add_tcase(suite, files);
    return unit_run(suite);
}
