/* Float32 products: within the proven distance of the float64 ones, for vectors made to come near it. */
#include "h5_data.h"

#include <float.h>

#include "linalg/dot.h"
#include "linalg/gemm.h"

/* The farthest that products of `count` vectors on each side are from ef_dot(), as a share of the bound. */
static double worst_share(const double *a, const double *b, size_t count, size_t n)
{
    float *narrow_a = malloc(count * n * sizeof *narrow_a), *narrow_b = malloc(count * n * sizeof *narrow_b);
    float *product = malloc(count * count * sizeof *product);
    double worst = 0.0;
    for (size_t k = 0; k < count * n; k++) {
        narrow_a[k] = (float)a[k];
        narrow_b[k] = (float)b[k];
    }
    ef_gemm_begin();
    ef_gemm(product, narrow_a, count, narrow_b, count, n);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const double *x = a + i * n, *y = b + j * n;
            double bound = ef_gemm_error(n, sqrt(ef_dot(x, x, n)), sqrt(ef_dot(y, y, n)));
            worst = fmax(worst, fabs((double)product[i * count + j] - ef_dot(x, y, n)) / bound);
        }
    }
    free(narrow_a);
    free(narrow_b);
    free(product);
    return worst;
}

START_TEST(products_are_those_of_rows_with_columns)
{
    static const float rows[] = {1, 2, 3, 4, 5, 6}, columns[] = {1, 0, 1, 0, 1, 0, 2, 2, 2, -1, 0, 0};
    static const float expected[] = {4, 2, 12, -1, 10, 5, 30, -4};
    float product[8];
    ef_gemm_begin();
    ef_gemm(product, rows, 2, columns, 4, 3);
    ck_assert_mem_eq(product, expected, sizeof expected);
}
END_TEST

START_TEST(products_stay_within_the_bound)
{
    enum { COUNT = 23 };
    static const size_t sizes[] = {1, 2, 3, 16, 33, 128, 512, 1000};
    static const double scales[] = {1.0, 1e-3, 37.0, 1e-19, 1e-22, 1e6};
    uint64_t seed = 9;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t kind = 0; kind < 5; kind++) {
            for (size_t scale = 0; scale < sizeof scales / sizeof *scales; scale++) {
                size_t n = sizes[s];
                double *a = malloc(COUNT * n * sizeof *a), *b = malloc(COUNT * n * sizeof *b);
                for (size_t k = 0; k < COUNT * n; k++) {
                    double x = (double)next_float(&seed), y = (double)next_float(&seed), wide = pow(10.0, 8.0 * x);
                    /* random; all rounded the same way; large terms that cancel; of very different sizes; halfway cases */
                    const double left[] = {x, 1.0 + 0x1p-24 * 0.999, k % 2 == 0 ? 1.0 + x * 1e-6 : -1.0, wide, 1.0 + 0x1p-24};
                    const double right[] = {y, 1.0 + 0x1p-24 * 0.999, 1.0 + y * 1e-6, 1.0 / wide, 1.0 + 0x1p-23 + 0x1p-24};
                    a[k] = left[kind] * scales[scale];
                    b[k] = right[kind] * scales[scale];
                }
                double share = worst_share(a, b, COUNT, n);
                ck_assert_msg(share <= 1.0, "n %zu, kind %zu, scale %g: %g of the bound", n, kind, scales[scale], share);
                free(a);
                free(b);
            }
        }
    }
}
END_TEST

START_TEST(bound_is_nearly_reached_so_it_is_not_wide)
{
    double a = 1.0 + 0x1p-24 * 0.999; /* rounds down to 1, as far as can be */
    ck_assert_double_ge(worst_share(&a, &a, 1, 1), 0.49);
    ck_assert_double_lt(ef_gemm_error(512, 1.0, 1.0), 3.11e-5);
    ck_assert_double_gt(ef_gemm_error(512, 1.0, 1.0), 515 * 0x1p-24);
}
END_TEST

START_TEST(no_bound_is_claimed_for_huge_vectors)
{
    ck_assert(isinf(ef_gemm_error((size_t)1 << 24, 1.0, 1.0)));
    ck_assert(isinf(ef_gemm_error(2, 1e20, 1.0)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gemm");
    TCase *tests = tcase_create("gemm");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, products_are_those_of_rows_with_columns);
    tcase_add_test(tests, products_stay_within_the_bound);
    tcase_add_test(tests, bound_is_nearly_reached_so_it_is_not_wide);
    tcase_add_test(tests, no_bound_is_claimed_for_huge_vectors);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
