/* Scores of pairs against a plain double loop, in any memory, on any threads, from any file. */
#include "h5_data.h"

#include <pthread.h>

#include <eface/pair_scores.h>

#include "io/hdf5_quiet.h"
#include "linalg/dot.h"

#define ROWS  400
#define DIM   67
#define PAIRS 1500

static float *values, *mirrored;
static ef_row_pair pairs[PAIRS];

static void set_up(void)
{
    uint64_t state = 77;
    make_folder();
    values = random_floats(ROWS * DIM, 41);
    mirrored = random_floats(ROWS * DIM, 42);
    /* Multiples of 2^-10, exact also as halves. */
    for (size_t i = 0; i < ROWS * DIM; i++) {
        values[i] = floorf(values[i] * 1024.0f) / 1024.0f;
        mirrored[i] = floorf(mirrored[i] * 1024.0f) / 1024.0f;
    }
    /* Rows below 20 and above 389, and some between, are in no pair; some pairs repeat, or are of a row with itself. */
    for (size_t i = 0; i < PAIRS; i++) {
        pairs[i] = (ef_row_pair){20 + next_bits(&state) % 370, 20 + next_bits(&state) % 370 / 3 * 3};
    }
    pairs[3] = pairs[2];
    pairs[5] = (ef_row_pair){pairs[4].b, pairs[4].a};
    pairs[6].a = pairs[6].b;
}

static void tear_down(void)
{
    free(values);
    free(mirrored);
    remove_folder();
}

static void write_set(hid_t type, layout how)
{
    hid_t file = new_file("x.h5");
    put(file, "embeddings", type, H5T_NATIVE_FLOAT, ROWS, DIM, how, values);
    put(file, "embeddings_flip", type, H5T_NATIVE_FLOAT, ROWS, DIM, how, mirrored);
    H5Fclose(file);
}

/* The definition, with a row at a time: as long double sums, to say that the right thing is computed ... */
static void reference(double *cosine, double *distance, ef_flip flip)
{
    size_t dim = flip == EF_FLIP_CONCAT ? 2 * DIM : DIM;
    for (size_t i = 0; i < PAIRS; i++) {
        size_t row[2] = {pairs[i].a, pairs[i].b};
        long double vector[2][2 * DIM], squares[2] = {0, 0}, dot = 0, square = 0;
        for (size_t side = 0; side < 2; side++) {
            for (size_t k = 0; k < DIM; k++) {
                long double f = (long double)values[row[side] * DIM + k], g = (long double)mirrored[row[side] * DIM + k];
                vector[side][k] = flip == EF_FLIP_SUM ? f + g : f;
                if (flip == EF_FLIP_CONCAT) {
                    vector[side][DIM + k] = g;
                }
            }
            for (size_t k = 0; k < dim; k++) {
                squares[side] += vector[side][k] * vector[side][k];
            }
        }
        for (size_t k = 0; k < dim; k++) {
            long double a = vector[0][k] / sqrtl(squares[0]), b = vector[1][k] / sqrtl(squares[1]);
            dot += a * b;
            square += (a - b) * (a - b);
        }
        cosine[i] = (double)dot;
        distance[i] = (double)square;
    }
}

/* ... and to the last bit, from the unit vectors in the documented order. */
static void exact(double *cosine, double *distance, ef_rows *rows)
{
    size_t dim = ef_rows_dim(rows);
    double *unit = malloc(ROWS * dim * sizeof *unit);
    OK(ef_rows_read(rows, 0, ROWS, unit, err));
    for (size_t i = 0; i < PAIRS; i++) {
        cosine[i] = ef_dot(unit + pairs[i].a * dim, unit + pairs[i].b * dim, dim);
        distance[i] = ef_distance2(unit + pairs[i].a * dim, unit + pairs[i].b * dim, dim);
    }
    free(unit);
}

static size_t distinct_rows(void)
{
    bool named[ROWS] = {false};
    size_t count = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        named[pairs[i].a] = named[pairs[i].b] = true;
    }
    for (size_t i = 0; i < ROWS; i++) {
        count += named[i];
    }
    return count;
}

START_TEST(scores_are_those_of_the_double_loop_in_any_memory_on_any_threads)
{
    static const ef_flip flips[] = {EF_FLIP_NONE, EF_FLIP_SUM, EF_FLIP_CONCAT};
    static const size_t memories[] = {0, 1, 1000, 20000, 50000, 123457, 150000, 200000, 1000000};
    static const int threads[] = {1, 2, 5, 0};
    static double cosine[PAIRS], distance[PAIRS], wanted_cosine[PAIRS], wanted_distance[PAIRS];
    write_set(H5T_IEEE_F32LE, (layout){0});
    ef_set *set = NULL;
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    for (size_t f = 0; f < 3; f++) {
        ef_rows *rows = NULL;
        OK(ef_rows_create(&rows, set, flips[f], err));
        reference(cosine, distance, flips[f]);
        exact(wanted_cosine, wanted_distance, rows);
        for (size_t i = 0; i < PAIRS; i++) {
            ck_assert_double_eq_tol(wanted_cosine[i], cosine[i], 1e-14);
            ck_assert_double_eq_tol(wanted_distance[i], distance[i], 1e-14);
        }
        for (size_t m = 0; m < sizeof memories / sizeof *memories; m++) {
            for (size_t t = 0; t < 4; t++) {
                ef_work work = {.memory = memories[m], .threads = threads[t]};
                size_t used = 0;
                memset(cosine, 1, sizeof cosine);
                memset(distance, 1, sizeof distance);
                OK(ef_score_pairs(cosine, distance, &used, rows, pairs, PAIRS, &work, err));
                ck_assert_uint_eq(used, distinct_rows());
                ck_assert_mem_eq(cosine, wanted_cosine, sizeof cosine);
                ck_assert_mem_eq(distance, wanted_distance, sizeof distance);
            }
        }
        ef_rows_free(rows);
    }
    ck_assert(wanted_distance[6] == 0.0);
    ef_set_close(set);
}
END_TEST

START_TEST(either_kind_of_score_may_be_left_out)
{
    static double cosine[PAIRS], distance[PAIRS], alone[PAIRS];
    ef_set *set = NULL;
    ef_rows *rows = NULL;
    ef_work work = {.threads = 2};
    write_set(H5T_IEEE_F32LE, (layout){0});
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
    OK(ef_score_pairs(cosine, distance, NULL, rows, pairs, PAIRS, &work, err));
    OK(ef_score_pairs(alone, NULL, NULL, rows, pairs, PAIRS, &work, err));
    ck_assert_mem_eq(alone, cosine, sizeof alone);
    OK(ef_score_pairs(NULL, alone, NULL, rows, pairs, PAIRS, &work, err));
    ck_assert_mem_eq(alone, distance, sizeof alone);
    size_t used = 9;
    OK(ef_score_pairs(NULL, NULL, &used, rows, NULL, 0, &work, err));
    ck_assert_uint_eq(used, 0);
    ef_rows_free(rows);
    ef_set_close(set);
}
END_TEST

START_TEST(scores_do_not_depend_on_how_the_file_is_stored)
{
    hid_t halves[2] = {half_type(H5T_ORDER_LE), half_type(H5T_ORDER_BE)};
    const hid_t types[] = {H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE, halves[0], halves[1]};
    static const layout layouts[] = {{0, 0, 0}, {100, DIM, 0}, {64, 10, 5}};
    static double first[PAIRS], cosine[PAIRS];
    for (size_t t = 0; t < 6; t++) {
        for (size_t l = 0; l < 3; l++) {
            ef_set *set = NULL;
            ef_rows *rows = NULL;
            ef_work work = {.threads = 2, .memory = l == 1 ? 30000 : 0};
            write_set(types[t], layouts[l]);
            OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
            OK(ef_rows_create(&rows, set, EF_FLIP_SUM, err));
            OK(ef_score_pairs(cosine, NULL, NULL, rows, pairs, PAIRS, &work, err));
            if (t == 0 && l == 0) {
                memcpy(first, cosine, sizeof first);
            }
            ck_assert_mem_eq(first, cosine, sizeof first);
            ef_rows_free(rows);
            ef_set_close(set);
        }
    }
    H5Tclose(halves[0]);
    H5Tclose(halves[1]);
}
END_TEST

START_TEST(every_row_is_checked_whether_a_pair_names_it_or_not)
{
    static const size_t memories[] = {0, 1, 50000};
    double cosine[PAIRS];
    for (size_t m = 0; m < 3; m++) {
        ef_set *set = NULL;
        ef_rows *rows = NULL;
        ef_work work = {.threads = 2, .memory = memories[m]};
        values[395 * DIM] = NAN; /* in no pair */
        write_set(H5T_IEEE_F32LE, (layout){0});
        OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
        OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
        FAILS(EF_FORMAT, "row 395: not finite", ef_score_pairs(cosine, NULL, NULL, rows, pairs, PAIRS, &work, err));
        ef_rows_free(rows);
        ef_set_close(set);
        memset(values + 395 * DIM, 0, DIM * sizeof *values);
        write_set(H5T_IEEE_F32LE, (layout){0});
        OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
        OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
        FAILS(EF_FORMAT, "row 395: is zero", ef_score_pairs(cosine, NULL, NULL, rows, pairs, PAIRS, &work, err));
        pairs[9].b = 400;
        FAILS(EF_INVALID, "pair 9 names row 400, but ", ef_score_pairs(cosine, NULL, NULL, rows, pairs, PAIRS, &work, err));
        FAILS(EF_INVALID, "has 400 rows", ef_score_pairs(cosine, NULL, NULL, rows, pairs, PAIRS, &work, err));
        pairs[9].b = 30;
        ef_rows_free(rows);
        ef_set_close(set);
    }
}
END_TEST

typedef struct watch {
    pthread_t caller;
    const char *stage;
    uint64_t done, total;
    size_t reports, stages;
} watch;

static void look(void *context, const char *stage, uint64_t done, uint64_t total)
{
    watch *seen = context;
    ck_assert(pthread_equal(pthread_self(), seen->caller));
    ck_assert_uint_le(done, total);
    if (seen->stage == NULL || strcmp(stage, seen->stage) != 0) {
        ck_assert(seen->stage == NULL || seen->done == seen->total); /* the stage before was finished */
        seen->stage = stage;
        seen->stages++;
    } else {
        ck_assert_uint_ge(done, seen->done);
    }
    seen->done = done;
    seen->total = total;
    seen->reports++;
}

START_TEST(progress_goes_forward_in_the_callers_thread)
{
    static const size_t memories[] = {0, 1, 50000};
    double cosine[PAIRS];
    ef_set *set = NULL;
    ef_rows *rows = NULL;
    write_set(H5T_IEEE_F32LE, (layout){0});
    OK(ef_set_open(&set, path_of("x.h5"), NULL, err));
    OK(ef_rows_create(&rows, set, EF_FLIP_NONE, err));
    for (size_t m = 0; m < 3; m++) {
        watch seen = {.caller = pthread_self()};
        ef_progress progress = {look, &seen};
        ef_work work = {.threads = 5, .memory = memories[m], .progress = &progress};
        OK(ef_score_pairs(cosine, NULL, NULL, rows, pairs, PAIRS, &work, err));
        ck_assert_str_eq(seen.stage, "scoring pairs");
        ck_assert_uint_eq(seen.done, PAIRS);
        ck_assert_uint_eq(seen.total, PAIRS);
        ck_assert_uint_eq(seen.stages, 2);
        ck_assert_uint_ge(seen.reports, 2);
    }
    ef_rows_free(rows);
    ef_set_close(set);
}
END_TEST

int main(void)
{
    ef_hdf5_quiet();
    Suite *suite = suite_create("pair_scores");
    TCase *tests = tcase_create("pair_scores");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, scores_are_those_of_the_double_loop_in_any_memory_on_any_threads);
    tcase_add_test(tests, either_kind_of_score_may_be_left_out);
    tcase_add_test(tests, scores_do_not_depend_on_how_the_file_is_stored);
    tcase_add_test(tests, every_row_is_checked_whether_a_pair_names_it_or_not);
    tcase_add_test(tests, progress_goes_forward_in_the_callers_thread);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
