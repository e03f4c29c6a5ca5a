/* Unit vectors: fusion with the mirrored image, then division by the norm. */
#include "h5_data.h"

#include <eface/rows.h>

#include "io/hdf5_quiet.h"
#include "linalg/dot.h"
#include "score/rows_threads.h"

#define ROWS 700
#define DIM  45

static float *plain, *mirrored;
static ef_set *set;

static void write_set(void)
{
    ef_set_close(set); /* HDF5 does not write to a file that is open */
    set = NULL;
    hid_t file = new_file("x.h5");
    put_floats(file, "embeddings", ROWS, DIM, plain);
    put_floats(file, "embeddings_flip", ROWS, DIM, mirrored);
    H5Fclose(file);
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
}

static void set_up(void)
{
    make_folder();
    plain = random_floats(ROWS * DIM, 31);
    mirrored = random_floats(ROWS * DIM, 32);
    set = NULL;
    write_set();
}

static void tear_down(void)
{
    ef_set_close(set);
    free(plain);
    free(mirrored);
    remove_folder();
}

/* The definition: fuse, then divide by the root of the sum of squares.  Returns the dimension. */
static size_t unit_vector(double *out, size_t row, ef_flip flip)
{
    size_t dim = flip == EF_FLIP_CONCAT ? 2 * DIM : DIM;
    for (size_t k = 0; k < DIM; k++) {
        double f = (double)plain[row * DIM + k], g = (double)mirrored[row * DIM + k];
        out[k] = flip == EF_FLIP_SUM ? f + g : f;
        if (flip == EF_FLIP_CONCAT) {
            out[DIM + k] = g;
        }
    }
    double norm = sqrt(ef_dot(out, out, dim));
    for (size_t k = 0; k < dim; k++) {
        out[k] /= norm;
    }
    return dim;
}

START_TEST(unit_vectors_are_the_same_in_any_blocks_on_any_threads)
{
    static const ef_flip flips[] = {EF_FLIP_NONE, EF_FLIP_SUM, EF_FLIP_CONCAT};
    static const size_t blocks[] = {ROWS, 1, 13, 300};
    static const int threads[] = {1, 2, 5};
    for (size_t f = 0; f < 3; f++) {
        ef_rows *rows = NULL;
        OK(ef_rows_create(&rows, set, flips[f], err));
        size_t dim = ef_rows_dim(rows);
        double *expected = malloc(ROWS * dim * sizeof *expected), *got = malloc(ROWS * dim * sizeof *got);
        for (size_t row = 0; row < ROWS; row++) {
            ck_assert_uint_eq(unit_vector(expected + row * dim, row, flips[f]), dim);
        }
        ck_assert_uint_eq(ef_rows_count(rows), ROWS);
        ck_assert_str_eq(ef_rows_name(rows), ef_set_field_name(set, EF_EMBEDDINGS));
        for (size_t b = 0; b < 4; b++) {
            for (size_t t = 0; t < 3; t++) {
                memset(got, 1, ROWS * dim * sizeof *got);
                for (size_t first = 0; first < ROWS; first += blocks[b]) {
                    size_t count = ROWS - first < blocks[b] ? ROWS - first : blocks[b];
                    OK(ef_rows_read_threads(rows, first, count, got + first * dim, threads[t], err));
                }
                ck_assert_mem_eq(got, expected, ROWS * dim * sizeof *got);
            }
        }
        OK(ef_rows_read(rows, 77, 3, got, err));
        ck_assert_mem_eq(got, expected + 77 * dim, 3 * dim * sizeof *got);
        free(expected);
        free(got);
        ef_rows_free(rows);
    }
}
END_TEST

START_TEST(the_longer_of_two_fused_vectors_weighs_more)
{
    static const float f[] = {3, 0}, g[] = {0, 4};
    ef_set *two = NULL;
    ef_rows *rows = NULL;
    double unit[4];
    hid_t file = new_file("two.h5");
    put_floats(file, "embeddings", 1, 2, f);
    put_floats(file, "embeddings_flip", 1, 2, g);
    H5Fclose(file);
    OK(ef_set_open(&two, path_of("two.h5"), NULL, err));
    OK(ef_rows_create(&rows, two, EF_FLIP_SUM, err));
    OK(ef_rows_read(rows, 0, 1, unit, err));
    /* (3, 4) / 5; the average of the two unit vectors would point to (1, 1) / sqrt(2). */
    ck_assert_double_eq_tol(unit[0], 0.6, 1e-15);
    ck_assert_double_eq_tol(unit[1], 0.8, 1e-15);
    ef_rows_free(rows);
    ef_set_close(two);
}
END_TEST

START_TEST(sets_of_several_internal_blocks_read_the_same)
{
    enum { N = 1500, D = 512 };
    float *many = random_floats((size_t)N * D, 5);
    hid_t file = new_file("y.h5");
    put_floats(file, "embeddings", N, D, many);
    put_floats(file, "embs_f", N, D, many);
    H5Fclose(file);
    ef_set *large = NULL;
    ef_rows *none = NULL, *sum = NULL, *concat = NULL;
    double *a = malloc((size_t)N * D * sizeof *a), *b = malloc((size_t)N * D * sizeof *b),
           *c = malloc((size_t)N * 2 * D * sizeof *c);
    OK(ef_set_open(&large, path_of("y.h5"), NULL, err));
    OK(ef_rows_create(&none, large, EF_FLIP_NONE, err));
    OK(ef_rows_create(&sum, large, EF_FLIP_SUM, err));
    OK(ef_rows_create(&concat, large, EF_FLIP_CONCAT, err));
    OK(ef_rows_read_threads(none, 0, N, a, 2, err));
    OK(ef_rows_read_threads(sum, 0, N, b, 2, err));
    OK(ef_rows_read_threads(concat, 0, N, c, 2, err));
    /* v + v has the direction of v, to the last bit; (v, v) has it in both halves. */
    ck_assert_mem_eq(a, b, (size_t)N * D * sizeof *a);
    for (size_t row = 0; row < N; row++) {
        ck_assert_mem_eq(c + row * 2 * D, c + row * 2 * D + D, D * sizeof *c);
        ck_assert(fabs(c[row * 2 * D] * sqrt(2.0) - a[row * D]) < 1e-15);
    }
    ef_rows_free(none);
    ef_rows_free(sum);
    ef_rows_free(concat);
    ef_set_close(large);
    free(a);
    free(b);
    free(c);
    free(many);
}
END_TEST

START_TEST(a_row_without_direction_is_named)
{
    ef_rows *rows = NULL;
    double *unit = malloc(ROWS * 2 * DIM * sizeof *unit);
    memset(plain + 130 * DIM, 0, DIM * sizeof *plain);
    memset(plain + 600 * DIM, 0, DIM * sizeof *plain);
    for (size_t k = 0; k < DIM; k++) {
        mirrored[7 * DIM + k] = -plain[7 * DIM + k];
    }
    write_set();
    OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
    for (int threads = 1; threads < 6; threads++) {
        FAILS(EF_FORMAT, "x.h5:/embeddings row 130: is zero", ef_rows_read_threads(rows, 0, ROWS, unit, threads, err));
    }
    FAILS(EF_FORMAT, "x.h5:/embeddings row 600: is zero", ef_rows_read(rows, 200, 500, unit, err));
    OK(ef_rows_read(rows, 131, 400, unit, err));
    ef_rows_free(rows);
    OK(ef_rows_create(&rows, set, EF_FLIP_SUM, err));
    FAILS(EF_FORMAT, "x.h5:/embeddings row 7: the sum with the mirrored image is zero", ef_rows_read(rows, 0, ROWS, unit, err));
    OK(ef_rows_read(rows, 8, 122, unit, err));
    /* Whoever made a row of zeros has failed, though the sum has a direction. */
    FAILS(EF_FORMAT, "x.h5:/embeddings row 130: is zero, so it has no direction (and 1 more row)",
          ef_rows_read(rows, 8, ROWS - 8, unit, err));
    ef_rows_free(rows);
    memset(mirrored + 9 * DIM, 0, DIM * sizeof *mirrored);
    write_set();
    OK(ef_rows_create(&rows, set, EF_FLIP_CONCAT, err));
    FAILS(EF_FORMAT, "x.h5:/embeddings_flip row 9: is zero, so it has no direction (and 2 more rows)",
          ef_rows_read(rows, 0, ROWS, unit, err));
    ef_rows_free(rows);
    OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
    OK(ef_rows_read(rows, 0, 130, unit, err)); /* what is not read is not looked at */
    ef_rows_free(rows);
    free(unit);
}
END_TEST

START_TEST(a_mirrored_row_that_is_not_finite_is_named)
{
    ef_rows *rows = NULL;
    double *unit = malloc(ROWS * DIM * sizeof *unit);
    mirrored[33 * DIM + 4] = NAN;
    write_set();
    OK(ef_rows_create(&rows, set, EF_FLIP_SUM, err));
    FAILS(EF_FORMAT, "x.h5:/embeddings_flip row 33: not finite", ef_rows_read(rows, 0, ROWS, unit, err));
    ef_rows_free(rows);
    OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
    OK(ef_rows_read(rows, 0, ROWS, unit, err));
    FAILS(EF_INVALID, "it has 700", ef_rows_read(rows, ROWS, 1, unit, err));
    FAILS(EF_INVALID, "it has 700", ef_rows_read(rows, 1, SIZE_MAX, unit, err));
    ef_rows_free(rows);
    free(unit);
}
END_TEST

START_TEST(numbers_near_the_limits_of_doubles_still_have_a_direction)
{
    double f[2 * 3] = {1.7e308, -1.7e308, 1e300, 1e-310, 2e-310, -2e-310};
    double g[2 * 3] = {1.7e308, -1.7e308, 1e300, 1e-322, 0.0, 0.0};
    double unit[2 * 3];
    ef_rows *rows = NULL;
    hid_t file = new_file("y.h5");
    put(file, "embeddings", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, 3, (layout){0}, f);
    put(file, "embs_f", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, 3, (layout){0}, g);
    H5Fclose(file);
    ef_set *extreme = NULL;
    OK(ef_set_open(&extreme, path_of("y.h5"), NULL, err));
    OK(ef_rows_create(&rows, extreme, EF_FLIP_SUM, err));
    OK(ef_rows_read(rows, 0, 2, unit, err));
    ck_assert(fabs(unit[0] - sqrt(0.5)) < 1e-8 && fabs(unit[1] + sqrt(0.5)) < 1e-8 && fabs(unit[2]) < 1e-8);
    ck_assert(fabs(unit[3] - 1.0 / 3.0) < 1e-12 && fabs(unit[5] + 2.0 / 3.0) < 1e-12);
    ef_rows_free(rows);
    ef_set_close(extreme);
}
END_TEST

START_TEST(fusion_needs_what_it_fuses)
{
    ef_rows *rows = NULL;
    ef_set *other = NULL;
    hid_t file = new_file("y.h5");
    put_floats(file, "embeddings", 3, 2, plain);
    close_group(file, "bare");
    put_floats(file, "bare/scores", 3, 0, plain);
    H5Fclose(file);
    OK(ef_set_open(&other, path_of("y.h5"), NULL, err));
    FAILS(EF_FORMAT, "y.h5:/embeddings_flip: is missing; flip 'sum' needs", ef_rows_create(&rows, other, EF_FLIP_SUM, err));
    FAILS(EF_FORMAT, "flip 'concat' needs", ef_rows_create(&rows, other, EF_FLIP_CONCAT, err));
    ef_set_close(other);
    OK(ef_set_open(&other, path_of("y.h5"), "bare", err));
    FAILS(EF_FORMAT, "y.h5:/bare: has no embeddings", ef_rows_create(&rows, other, EF_FLIP_NONE, err));
    ef_set_close(other);
    ck_assert_ptr_null(rows);
    ef_rows_free(NULL);
}
END_TEST

START_TEST(ways_to_fuse_have_names)
{
    ef_flip flip = EF_FLIP_NONE;
    static const ef_flip all[] = {EF_FLIP_NONE, EF_FLIP_SUM, EF_FLIP_CONCAT, EF_FLIP_HALVES, EF_FLIP_FIRST_HALF};
    static const char *const names[] = {"none", "sum", "concat", "halves", "first-half"};
    for (size_t i = 0; i < 5; i++) {
        ck_assert_str_eq(ef_flip_name(all[i]), names[i]);
        OK(ef_flip_parse(&flip, names[i], err));
        ck_assert_int_eq(flip, all[i]);
    }
    FAILS(EF_INVALID, "no flip 'Sum'; did you mean 'sum'?", ef_flip_parse(&flip, "Sum", err));
    FAILS(EF_INVALID, "there are none, sum, concat, halves and first-half", ef_flip_parse(&flip, "mirrored", err));
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("rows");
    TCase *tests = tcase_create("rows");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, unit_vectors_are_the_same_in_any_blocks_on_any_threads);
    tcase_add_test(tests, the_longer_of_two_fused_vectors_weighs_more);
    tcase_add_test(tests, sets_of_several_internal_blocks_read_the_same);
    tcase_add_test(tests, a_row_without_direction_is_named);
    tcase_add_test(tests, a_mirrored_row_that_is_not_finite_is_named);
    tcase_add_test(tests, numbers_near_the_limits_of_doubles_still_have_a_direction);
    tcase_add_test(tests, fusion_needs_what_it_fuses);
    tcase_add_test(tests, ways_to_fuse_have_names);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
