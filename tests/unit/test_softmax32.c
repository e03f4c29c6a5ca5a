/* The elementwise part of a softmax: right, complete at its edges, and the same bits on every code path. */
#include "h5_data.h"

#include "linalg/gemm.h"
#include "linalg/softmax32.h"

static const size_t sizes[] = {1, 2, 15, 16, 17, 31, 32, 33, 100, 512, 513};
enum { SIZES = sizeof sizes / sizeof *sizes, MOST = 513 };

static void make(float *row, float *factor, size_t n, uint64_t *seed)
{
    for (size_t k = 0; k < n; k++) {
        row[k] = 1.2f * next_float(seed);
        factor[k] = 1.0f + 0.2f * next_float(seed);
    }
}

static double held(double x)
{
    return fmin(fmax(x, -1), 1);
}

START_TEST(a_row_is_that_of_the_definition)
{
    static const float scales[] = {1e-9f, 1, 30, 64, 1000};
    uint64_t seed = 3;
    for (size_t s = 0; s < SIZES; s++) {
        for (size_t c = 0; c < LENGTH(scales); c++) {
            size_t n = sizes[s], without = (s + c) % 3 == 0 ? n : (7 * s + c) % n;
            float row[MOST], factor[MOST], z[MOST], largest = -INFINITY;
            double sum = 0;
            make(row, factor, n, &seed);
            for (size_t k = 0; k < n; k++) {
                z[k] = (float)held((double)(row[k] * factor[k])) * scales[c];
                largest = k != without && z[k] > largest ? z[k] : largest;
            }
            ef_exponentials all = ef_softmax_row(row, factor, scales[c], n, without);
            ck_assert(all.largest == largest);
            for (size_t k = 0; k < n; k++) {
                double truth = k == without ? 0 : exp((double)(z[k] - largest));
                ck_assert_double_le(fabs((double)row[k] - truth), 4e-7 * truth + (truth < exp(-86.9) ? truth : 0));
                sum += (double)row[k];
            }
            ck_assert_double_le(fabs(all.sum - sum), 1e-13 * sum);
        }
    }
}
END_TEST

START_TEST(a_row_of_nothing_sums_to_zero)
{
    float row[] = {0.5f}, factor[] = {1};
    ef_exponentials none = ef_softmax_row(row, factor, 64, 1, 0);
    ck_assert(none.largest == -INFINITY && none.sum == 0 && row[0] == 0);
}
END_TEST

START_TEST(every_code_path_gives_the_same_bits)
{
    size_t count, first = 0;
    const ef_softmax_version *version = ef_softmax_versions(&count);
    uint64_t seed = 5;
    while (!version[first].runs_here()) {
        first++;
    }
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        float row[MOST], factor[MOST], a[MOST], b[MOST];
        make(row, factor, n, &seed);
        memcpy(a, row, sizeof a);
        ef_exponentials expected = version[first].row(a, factor, 64, n, n / 2);
        for (size_t v = first + 1; v < count; v++) {
            memcpy(b, row, sizeof b);
            ef_exponentials other = version[v].row(b, factor, 64, n, n / 2);
            ck_assert_msg(other.largest == expected.largest && other.sum == expected.sum, "%s, n %zu", version[v].name, n);
            ck_assert_mem_eq(a, b, n * sizeof *a);
        }
        for (size_t v = first; v < count; v++) {
            memcpy(b, row, sizeof b);
            version[v].multiply_twice(b, 0.3f, factor, n);
            for (size_t k = 0; k < n; k++) {
                float once = row[k] * 0.3f;
                ck_assert(b[k] == once * factor[k]);
            }
        }
    }
}
END_TEST

START_TEST(weighted_sums_are_those_of_rows_and_of_columns)
{
    static const float weights[] = {1, 2, 3, 4, 5, 6}; /* 2 x 3 */
    static const float three[] = {1, 0, 0, 1, 2, -1}, two[] = {1, 1, 10, 0};
    static const float across[] = {7, -1, 16, -1}, down[] = {41, 1, 52, 2, 63, 3};
    float out[6];
    ef_gemm_begin();
    ef_gemm_weighted(out, weights, 2, 3, three, 2);
    ck_assert_mem_eq(out, across, sizeof across);
    ef_gemm_weighted_down(out, weights, 3, 2, 3, two, 2);
    ck_assert_mem_eq(out, down, sizeof down);
    ef_gemm_weighted_down(out, weights + 1, 3, 2, 2, two, 2); /* the last two columns of the weights */
    ck_assert_mem_eq(out, down + 2, 4 * sizeof *down);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("softmax32");
    TCase *tests = tcase_create("softmax32");
    tcase_add_test(tests, a_row_is_that_of_the_definition);
    tcase_add_test(tests, a_row_of_nothing_sums_to_zero);
    tcase_add_test(tests, every_code_path_gives_the_same_bits);
    tcase_add_test(tests, weighted_sums_are_those_of_rows_and_of_columns);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
