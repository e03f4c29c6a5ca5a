/* Rows that hold an image and its mirror image: the same bits as two datasets give; and how such rows are recognised. */
#include "h5_data.h"

#include <eface/distractor_set.h>
#include <eface/pool.h>
#include <eface/rows.h>

#include "io/hdf5_quiet.h"
#include "evaluate/distractor_vectors.h"
#include "score/halves.h"

enum { N = 300, D = 37 }; /* more rows than a piece of work has, and no multiple of what a vector register holds */

static float *plain, *mirrored, *both;
static ef_set *two, *one;

/* Writes the embeddings as two datasets or as one, to a group. */
static void write_rows(hid_t place, bool halves)
{
    if (halves) {
        put_floats(place, "embeddings", N, (hsize_t)2 * D, both);
    } else {
        put_floats(place, "embeddings", N, D, plain);
        put_floats(place, "embeddings_flip", N, D, mirrored);
    }
}

static void write_file(const char *name, bool halves)
{
    static const char *const sides[] = {"probes", "distractors"};
    int64_t labels[N];
    for (int i = 0; i < N; i++) {
        labels[i] = i / 3;
    }
    hid_t file = new_file(name);
    write_rows(file, halves);
    for (int side = 0; side < 2; side++) {
        hid_t group = H5Gcreate2(file, sides[side], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        write_rows(group, halves);
        put(group, "labels", H5T_STD_I64LE, H5T_NATIVE_INT64, N, 0, (layout){0}, labels);
        H5Gclose(group);
    }
    H5Fclose(file);
}

static void set_up(void)
{
    make_folder();
    plain = random_floats(N * D, 1);
    mirrored = random_floats(N * D, 2);
    both = malloc(sizeof *both * 2 * N * D);
    for (size_t i = 0; i < N; i++) {
        memcpy(both + 2 * i * D, plain + i * D, D * sizeof *both);
        memcpy(both + 2 * i * D + D, mirrored + i * D, D * sizeof *both);
    }
    write_file("two.h5", false);
    write_file("one.h5", true);
    OK(ef_set_open(&two, path_of("two.h5"), NULL, err));
    OK(ef_set_open(&one, path_of("one.h5"), NULL, err));
}

static void tear_down(void)
{
    ef_set_close(two);
    ef_set_close(one);
    free(plain);
    free(mirrored);
    free(both);
    remove_folder();
}

/* The mode for rows of halves, and the one for two datasets that does the same. */
static const ef_flip same[2][2] = {{EF_FLIP_HALVES, EF_FLIP_SUM}, {EF_FLIP_FIRST_HALF, EF_FLIP_NONE}};

START_TEST(halves_of_rows_give_the_same_unit_vectors_as_two_datasets)
{
    for (int mode = 0; mode < 2; mode++) {
        ef_rows *a = NULL, *b = NULL;
        double *got = malloc(sizeof *got * N * D), *expected = malloc(sizeof *expected * N * D);
        OK(ef_rows_create(&a, one, same[mode][0], err));
        OK(ef_rows_create(&b, two, same[mode][1], err));
        ck_assert_uint_eq(ef_rows_dim(a), D);
        OK(ef_rows_read(a, 0, N, got, err));
        OK(ef_rows_read(b, 0, N, expected, err));
        ck_assert_mem_eq(got, expected, sizeof *got * N * D);
        ef_rows_free(a);
        ef_rows_free(b);
        free(got);
        free(expected);
    }
}
END_TEST

START_TEST(halves_of_rows_give_the_same_templates_as_two_datasets)
{
    int64_t template_id[N], media_id[N];
    float quality[N];
    size_t row[N];
    for (size_t i = 0; i < N; i++) {
        template_id[i] = (int64_t)i / 5;
        media_id[i] = (int64_t)i / 2;
        quality[i] = 0.25f + (float)(i % 7) / 8;
        row[i] = i * 7 % N;
    }
    for (int way = 0; way < 8; way++) {
        int mode = way / 4;
        ef_pool_options options = {
            .flip = same[mode][0], .norm = way % 2 == 0 ? EF_NORM_KEEP : EF_NORM_UNIT, .weight_quality = true};
        const size_t *rows = way % 4 < 2 ? row : NULL;
        ef_templates *a = NULL, *b = NULL;
        OK(ef_pool(&a, one, rows, template_id, media_id, quality, N, &options, err));
        options.flip = same[mode][1];
        OK(ef_pool(&b, two, rows, template_id, media_id, quality, N, &options, err));
        ck_assert_uint_eq(a->dim, D);
        ck_assert_uint_eq(a->count, b->count);
        ck_assert_mem_eq(a->unit, b->unit, a->count * D * sizeof *a->unit);
        ef_templates_free(a);
        ef_templates_free(b);
    }
}
END_TEST

START_TEST(halves_of_rows_give_the_same_distractors_as_two_datasets)
{
    ef_distractor_set *a = NULL, *b = NULL;
    OK(ef_distractor_set_open(&a, path_of("one.h5"), NULL, NULL, err));
    OK(ef_distractor_set_open(&b, path_of("two.h5"), NULL, NULL, err));
    for (int way = 0; way < 4; way++) {
        ef_side side = way % 2 == 0 ? EF_SIDE_PROBES : EF_SIDE_DISTRACTORS;
        ef_distractor_vectors from_one = {.set = a, .side = side, .flip = same[way / 2][0], .threads = 2},
                              from_two = {.set = b, .side = side, .flip = same[way / 2][1], .threads = 2};
        double *got = malloc(sizeof *got * N * D), *expected = malloc(sizeof *expected * N * D);
        ck_assert_uint_eq(ef_distractor_vectors_dim(&from_one), D);
        OK(ef_distractor_vectors_read(&from_one, got, 0, N, err));
        OK(ef_distractor_vectors_read(&from_two, expected, 0, N, err));
        ck_assert_mem_eq(got, expected, sizeof *got * N * D);
        ck_assert(from_one.shortest == from_two.shortest && from_one.longest == from_two.longest);
        free(got);
        free(expected);
    }
    ef_distractor_set_close(a);
    ef_distractor_set_close(b);
}
END_TEST

START_TEST(what_has_no_halves_is_not_split)
{
    ef_rows *rows = NULL;
    ef_templates *templates = NULL;
    ef_set *odd = NULL, *zero = NULL;
    int64_t id[2] = {1, 2};
    static const float three[] = {1, 2, 3, 4, 5, 6}, opposite[] = {1, 2, 3, 4, 1, 2, -1, -2, 0, 0, 1, 2};
    hid_t file = new_file("odd.h5");
    put_floats(file, "embeddings", 2, 3, three);
    H5Fclose(file);
    file = new_file("zero.h5");
    put_floats(file, "embeddings", 3, 4, opposite);
    H5Fclose(file);
    OK(ef_set_open(&odd, path_of("odd.h5"), NULL, err));
    OK(ef_set_open(&zero, path_of("zero.h5"), NULL, err));
    for (int mode = 0; mode < 2; mode++) {
        ef_pool_options options = {.flip = same[mode][0]};
        FAILS(EF_FORMAT, "has 3 columns; flip '", ef_rows_create(&rows, odd, same[mode][0], err));
        FAILS(EF_FORMAT, "has 3 columns; flip '", ef_pool(&templates, odd, NULL, id, id, NULL, 2, &options, err));
        FAILS(EF_FORMAT, "embeddings_flip: is there, so flip '", ef_rows_create(&rows, two, same[mode][0], err));
        FAILS(EF_FORMAT, "embeddings_flip: is there, so flip '", ef_pool(&templates, two, NULL, id, id, NULL, 2, &options, err));
    }
    double unit[6];
    OK(ef_rows_create(&rows, zero, EF_FLIP_HALVES, err));
    FAILS(EF_FORMAT, "embeddings row 1: the sum of its halves is zero", ef_rows_read(rows, 0, 3, unit, err));
    FAILS(EF_FORMAT, "embeddings row 2: its first half is zero", ef_rows_read(rows, 2, 1, unit, err));
    const ef_pool_options halves = {.flip = EF_FLIP_HALVES};
    const int64_t ids[] = {1, 1, 1};
    const size_t rows_used[] = {0, 2};
    FAILS(EF_FORMAT, "template 1: row 2: its first half is zero",
          ef_pool(&templates, zero, rows_used, ids, ids, NULL, 2, &halves, err));
    ef_rows_free(rows);
    OK(ef_rows_create(&rows, zero, EF_FLIP_FIRST_HALF, err));
    FAILS(EF_FORMAT, "embeddings row 2: its first half is zero", ef_rows_read(rows, 0, 3, unit, err));
    ef_rows_free(rows);
    ef_set_close(odd);
    ef_set_close(zero);
}
END_TEST

enum { COUNT = 64, MOST = 128 };

/* How vectors are made: `offset` is common to all, `person` to every `images` of them, `noise` their own, and each half has `apart` of its own. */
typedef struct recipe {
    size_t count, half, images;
    float offset, person, noise, apart;
    bool unrelated; /* the halves are of two strangers */
} recipe;

static ef_halves compare(const recipe *how)
{
    double *vectors = malloc(sizeof *vectors * COUNT * 2 * MOST);
    uint64_t seed = 11;
    float of_person[2 * MOST] = {0}, common = how->offset;
    for (size_t i = 0; i < how->count; i++) {
        double *row = vectors + i * 2 * how->half;
        for (size_t k = 0; i % how->images == 0 && k < 2 * how->half; k++) {
            of_person[k] = how->person * next_float(&seed);
        }
        for (size_t k = 0; k < how->half; k++) {
            float own = how->noise * next_float(&seed), other = how->noise * next_float(&seed);
            row[k] = (double)(common + of_person[k] + own + how->apart * next_float(&seed));
            row[how->half + k] = how->unrelated ? (double)(common + of_person[how->half + k] + other)
                                                : (double)(common + of_person[k] + own + how->apart * next_float(&seed));
        }
    }
    ef_halves found = ef_halves_compare(vectors, how->count, 2 * how->half);
    free(vectors);
    return found;
}

START_TEST(halves_that_look_like_mirror_images_are_recognised)
{
    static const recipe alike[] = {{COUNT, 128, 4, 0, 1, 0.5f, 0.2f, false}, {COUNT, 16, 4, 0, 1, 0.5f, 0.2f, false},
                                   {COUNT, 64, 32, 0, 1, 0.5f, 0.2f, false}, {COUNT, 64, 64, 0, 1, 0.5f, 0.2f, false},
                                   {10, 32, 2, 0, 1, 0.5f, 0.2f, false},     {COUNT, 64, 4, 1, 1, 0.5f, 0.2f, false}};
    static const recipe unlike[] = {
        {COUNT, 128, 4, 0, 1, 0.5f, 0, true},    {COUNT, 16, 4, 0, 1, 0.5f, 0, true},   {COUNT, 128, 4, 1, 1, 0.5f, 0, true},
        {COUNT, 128, 4, 1, 0.1f, 0.1f, 0, true}, {COUNT, 64, 32, 0, 1, 0.1f, 0, true},  {COUNT, 64, 64, 0, 1, 0.1f, 0, true},
        {COUNT, 1, 4, 0, 1, 0.5f, 0, true},      {COUNT, 2, 16, 0, 1, 0.1f, 0, true},   {COUNT, 128, 4, 1, 0, 0, 0, true},
        {COUNT, 128, 4, 1, 0, 0, 0, false},      {COUNT, 128, 4, 1, 0, 1e-6f, 0, true}, {COUNT, 128, 4, 0, 0, 0, 0, true},
        {3, 128, 1, 0, 1, 0.5f, 0.2f, false},    {COUNT, 128, 4, 1, 0, 0, 0.2f, false}, {COUNT, 128, 64, 0, 1, 0, 0.2f, false}};
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        ef_halves found = compare(&alike[i]);
        ck_assert_msg(found.alike, "%zu: %g against %g", i, found.same, found.strangers);
    }
    for (size_t i = 0; i < sizeof unlike / sizeof *unlike; i++) {
        ef_halves found = compare(&unlike[i]);
        ck_assert_msg(!found.alike, "%zu: %g against %g", i, found.same, found.strangers);
    }
}
END_TEST

START_TEST(mean_cosines_are_those_of_the_vectors)
{
    /* Halves (1, 0) and (0.6, 0.8); (0, 2) and (0, 3); (5, 0) and (1, 0); (0, 1) and (0.8, 0.6); and a row with a half of zero. */
    double rows[] = {1, 0, 0.6, 0.8, 0, 0, 1, 0, 0, 2, 0, 3, 5, 0, 1, 0, 0, 1, 0.8, 0.6};
    ef_halves found = ef_halves_compare(rows, 5, 4);
    ck_assert_double_eq_tol(found.same, (0.6 + 1 + 1 + 0.6) / 4, 1e-15);
    ck_assert_double_eq_tol(found.strangers, ((0 + 1 + 0.8) + (0.8 + 0 + 0.6) + (0.6 + 0 + 0.8) + (0.8 + 1 + 0)) / 12, 1e-15);
    ck_assert(!found.alike);
    found = ef_halves_compare(rows, 4, 5);
    ck_assert(!found.alike && found.same == 0);
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("halves");
    TCase *tests = tcase_create("halves");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, halves_of_rows_give_the_same_unit_vectors_as_two_datasets);
    tcase_add_test(tests, halves_of_rows_give_the_same_templates_as_two_datasets);
    tcase_add_test(tests, halves_of_rows_give_the_same_distractors_as_two_datasets);
    tcase_add_test(tests, what_has_no_halves_is_not_split);
    tcase_add_test(tests, halves_that_look_like_mirror_images_are_recognised);
    tcase_add_test(tests, mean_cosines_are_those_of_the_vectors);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
