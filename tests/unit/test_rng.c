/* Random numbers: reproducible, apart for every seed and stream, and of the right distribution. */
#include "unit.h"

#include <eface/rng.h>

static void draw(uint64_t *out, size_t count, uint64_t seed, uint64_t stream)
{
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, seed, stream, err));
    for (size_t i = 0; i < count; i++) {
        out[i] = ef_rng_below(rng, UINT32_MAX);
    }
    ef_rng_free(rng);
}

START_TEST(one_seed_gives_the_same_numbers_again)
{
    uint64_t a[100], b[100];
    double uniform[20], normal[20];
    draw(a, 100, 42, 3);
    draw(b, 100, 42, 3);
    ck_assert_mem_eq(a, b, sizeof a);
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, 7, 7, err));
    for (int i = 0; i < 20; i++) {
        uniform[i] = ef_rng_uniform(rng);
        normal[i] = ef_rng_normal(rng);
    }
    ef_rng_restart(rng, 7, 7);
    for (int i = 0; i < 20; i++) {
        ck_assert(ef_rng_uniform(rng) == uniform[i] && ef_rng_normal(rng) == normal[i]);
    }
    ef_rng_free(rng);
}
END_TEST

/* Every seed and stream of one bit, and both of none: 129 sequences, no two with the same first numbers. */
START_TEST(every_bit_of_seed_and_stream_counts)
{
    static uint64_t first[129][4];
    for (unsigned i = 0; i < 129; i++) {
        draw(first[i], 4, i < 64 ? UINT64_C(1) << i : 0, i >= 64 && i < 128 ? UINT64_C(1) << (i - 64) : 0);
        for (unsigned j = 0; j < i; j++) {
            for (int k = 0; k < 4; k++) {
                ck_assert_msg(first[i][k] != first[j][k], "sequences %u and %u share number %d", i, j, k);
            }
        }
    }
}
END_TEST

/* For n draws the correlation of two independent streams is normal with standard deviation 1 / sqrt(n). */
START_TEST(neighbouring_streams_are_uncorrelated)
{
    enum { draws = 20000 };
    ef_rng *a = NULL, *b = NULL;
    for (uint64_t stream = 0; stream < 5; stream++) {
        OK(ef_rng_create(&a, 1, stream, err));
        OK(ef_rng_create(&b, 1, stream + 1, err));
        double sum = 0;
        for (int i = 0; i < draws; i++) {
            sum += ef_rng_normal(a) * ef_rng_normal(b);
        }
        ck_assert_double_lt(fabs(sum) / draws, 5 / sqrt(draws));
        ef_rng_free(a);
        ef_rng_free(b);
    }
}
END_TEST

START_TEST(numbers_have_their_distributions)
{
    enum { draws = 200000 };
    size_t tally[7] = {0};
    double uniform = 0, uniform_square = 0, normal = 0, normal_square = 0, normal_fourth = 0;
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, 20240229, 1, err));
    for (int i = 0; i < draws; i++) {
        double u = ef_rng_uniform(rng), z = ef_rng_normal(rng);
        ck_assert(u >= 0 && u < 1);
        uniform += u;
        uniform_square += u * u;
        normal += z;
        normal_square += z * z;
        normal_fourth += z * z * z * z;
        uint64_t below = ef_rng_below(rng, 7);
        ck_assert_uint_lt(below, 7);
        tally[below]++;
        ck_assert_uint_eq(ef_rng_below(rng, 1), 0);
    }
    /* Five standard deviations of each mean: the moments of u are 1/2, 1/3, of z 0, 1, 3. */
    double root = sqrt(draws);
    ck_assert_double_eq_tol(uniform / draws, 1.0 / 2, 5 * sqrt(1.0 / 12) / root);
    ck_assert_double_eq_tol(uniform_square / draws, 1.0 / 3, 5 * sqrt(4.0 / 45) / root);
    ck_assert_double_eq_tol(normal / draws, 0, 5 / root);
    ck_assert_double_eq_tol(normal_square / draws, 1, 5 * sqrt(2) / root);
    ck_assert_double_eq_tol(normal_fourth / draws, 3, 5 * sqrt(96) / root);
    for (int i = 0; i < 7; i++) {
        ck_assert_double_eq_tol((double)tally[i] / draws, 1.0 / 7, 5 * sqrt(6.0 / 49) / root);
    }
    ef_rng_free(rng);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rng");
    TCase *tests = tcase_create("rng");
    tcase_add_test(tests, one_seed_gives_the_same_numbers_again);
    tcase_add_test(tests, every_bit_of_seed_and_stream_counts);
    tcase_add_test(tests, neighbouring_streams_are_uncorrelated);
    tcase_add_test(tests, numbers_have_their_distributions);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
