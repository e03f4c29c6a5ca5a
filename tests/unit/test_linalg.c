/* Sums in a fixed order, and vectors of length one. */
#include "unit.h"

#include <float.h>
#include <stdint.h>

#include "linalg/dot.h"
#include "linalg/dot32.h"
#include "linalg/normalise.h"

static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* All 53 bits in use, magnitudes over 40 powers of two, both signs. */
static double next_value(uint64_t *state)
{
    double value = (double)(next_bits(state) >> 11) * 0x1p-53;
    int exponent = (int)(next_bits(state) % 40) - 20;
    return ldexp(next_bits(state) % 2 == 0 ? value : -value, exponent);
}

/* The definition, word for word. */
static double fold(double lane[16])
{
    for (size_t width = 8; width > 0; width /= 2) {
        for (size_t l = 0; l < width; l++) {
            lane[l] += lane[l + width];
        }
    }
    return lane[0];
}

static double plain_dot(const double *a, const double *b, size_t n)
{
    double lane[16] = {0.0};
    for (size_t k = 0; k < n; k++) {
        volatile double product = a[k] * b[k]; /* rounded: nothing can be fused */
        lane[k % 16] += product;
    }
    return fold(lane);
}

static double plain_distance2(const double *a, const double *b, size_t n)
{
    double lane[16] = {0.0};
    for (size_t k = 0; k < n; k++) {
        double difference = a[k] - b[k];
        volatile double square = difference * difference;
        lane[k % 16] += square;
    }
    return fold(lane);
}

static void check_bits(double got, double expected, const char *what, size_t n)
{
    ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%s of %zu elements: %a, not %a", what, n, got, expected);
}

START_TEST(every_width_of_registers_gives_the_bits_of_the_plain_loop)
{
    enum { MOST = 1100 };
    static double a[MOST + 8], b[MOST + 8];
    uint64_t state = 20240607;
    size_t versions;
    const ef_dot_version *version = ef_dot_versions(&versions);
    for (size_t i = 0; i < MOST + 8; i++) {
        a[i] = next_value(&state);
        b[i] = next_value(&state);
    }
    for (size_t n = 0; n <= MOST; n += n < 200 ? 1 : 37) {
        const double *x = a + n % 7, *y = b + n % 5; /* every misalignment */
        double dot = plain_dot(x, y, n), distance = plain_distance2(x, y, n);
        check_bits(ef_dot(x, y, n), dot, "ef_dot", n);
        check_bits(ef_distance2(x, y, n), distance, "ef_distance2", n);
        for (size_t v = 0; v < versions; v++) {
            if (version[v].runs_here()) {
                check_bits(version[v].dot(x, y, n), dot, version[v].name, n);
                check_bits(version[v].distance2(x, y, n), distance, version[v].name, n);
            }
        }
    }
    ck_assert(version[versions - 1].runs_here());
}
END_TEST

/* How far the quick product is from ef_dot(), for every version that runs here, and at most what the bound says. */
static void check_quick(const double *a, const double *b, size_t n, const char *what)
{
    enum { COPIES = 7 };
    static const uint32_t row[COPIES] = {0, 1, 1, 0, 1, 0, 1};
    size_t versions;
    const ef_dot32_version *version = ef_dot32_versions(&versions);
    float *narrow = malloc((3 * n + 1) * sizeof *narrow), out[COPIES];
    double exact[2] = {ef_dot(a, b, n), ef_dot(a, a, n)};
    for (size_t k = 0; k < n; k++) {
        narrow[k] = narrow[2 * n + k] = (float)a[k];
        narrow[n + k] = (float)b[k];
    }
    for (size_t v = 0; v < versions; v++) {
        if (version[v].runs_here()) {
            for (size_t count = 1; count <= COPIES; count++) {
                version[v].dots(out, narrow, narrow + n, row, count, n);
                for (size_t i = 0; i < count; i++) {
                    double off = fabs((double)out[i] - exact[row[i]]);
                    ck_assert_msg(off <= ef_dots32_bound(n), "%s, %s, %zu elements: %g off, beyond %g", version[v].name, what, n,
                                  off, ef_dots32_bound(n));
                }
            }
        }
    }
    free(narrow);
}

static void scale_to_unit(double *v, size_t n)
{
    double length = sqrt(ef_dot(v, v, n));
    for (size_t k = 0; k < n && length > 0; k++) {
        v[k] /= length;
    }
}

START_TEST(quick_products_keep_their_bound)
{
    static const size_t sizes[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 127, 128, 512, 513, 4096};
    static double a[4096], b[4096];
    uint64_t state = 99;
    for (size_t s = 0; s < LENGTH(sizes); s++) {
        size_t n = sizes[s];
        for (int trial = 0; trial < 200; trial++) {
            for (size_t k = 0; k < n; k++) {
                a[k] = next_value(&state);
                b[k] = trial % 2 ? next_value(&state) : a[k] * (1 + 1e-3 * next_value(&state));
            }
            scale_to_unit(a, n);
            scale_to_unit(b, n);
            check_quick(a, b, n, "random vectors");
        }
        /* All elements round the same way, and so do all the sums; outliers; numbers that float32 holds badly or not at all. */
        double even = 1 / sqrt((double)n), up = (double)nextafterf((float)even, 0);
        for (size_t k = 0; k < n; k++) {
            a[k] = b[k] = up + 0.49 * ((double)nextafterf((float)even, 1) - up);
        }
        scale_to_unit(a, n);
        scale_to_unit(b, n);
        check_quick(a, b, n, "equal elements");
        for (size_t k = 0; k < n; k++) {
            a[k] = k == 0 ? 1 : 0x1p-25 * (1 + 0x1p-24);
            b[k] = k + 1 == n ? 1 : -0x1p-25 * (1 - 0x1p-24);
        }
        scale_to_unit(a, n);
        scale_to_unit(b, n);
        check_quick(a, b, n, "an outlier");
        for (size_t k = 0; k < n; k++) {
            a[k] = k == n / 2 ? 1 : 1e-42 * (double)(k + 1);
            b[k] = k == n / 2 ? -1 : 1e-310 * (double)(k + 1);
        }
        check_quick(a, b, n, "subnormal elements");
    }
    ck_assert(isinf(ef_dots32_bound((size_t)1 << 30)));
    ck_assert(ef_dots32_bound(512) < 3e-6);
}
END_TEST

START_TEST(sums_do_not_depend_on_the_order_of_the_two_vectors)
{
    double a[77], b[77];
    uint64_t state = 5;
    for (size_t i = 0; i < 77; i++) {
        a[i] = next_value(&state);
        b[i] = next_value(&state);
    }
    check_bits(ef_dot(a, b, 77), ef_dot(b, a, 77), "dot", 77);
    check_bits(ef_distance2(a, b, 77), ef_distance2(b, a, 77), "distance", 77);
    ck_assert(ef_distance2(a, a, 77) == 0.0);
}
END_TEST

START_TEST(a_vector_is_divided_by_the_root_of_its_squares)
{
    double vector[131], unit[131];
    uint64_t state = 99;
    for (size_t n = 1; n <= 131; n++) {
        for (size_t i = 0; i < n; i++) {
            vector[i] = next_value(&state);
        }
        double norm = sqrt(plain_dot(vector, vector, n));
        check_bits(ef_normalise(unit, vector, n), norm, "norm", n);
        for (size_t i = 0; i < n; i++) {
            check_bits(unit[i], vector[i] / norm, "unit", n);
        }
        ck_assert(fabs(ef_dot(unit, unit, n) - 1.0) < 1e-14);
        ef_normalise(vector, vector, n);
        ck_assert_mem_eq(vector, unit, n * sizeof *unit);
    }
}
END_TEST

START_TEST(huge_and_tiny_vectors_have_a_direction_too)
{
    static const double scales[] = {1e200, 1e-200, 1e307, 3e-310, 5e-324, DBL_MAX, DBL_MIN, 1e154, 1e-162, 1e-140};
    double base[19], vector[19], unit[19], plain[19];
    uint64_t state = 4;
    for (size_t i = 0; i < 19; i++) {
        base[i] = (double)(int64_t)(next_bits(&state) >> 11) * 0x1p-53 + 0.01;
    }
    ef_normalise(plain, base, 19);
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
        for (size_t i = 0; i < 19; i++) {
            vector[i] = base[i] * scales[s] > DBL_MAX ? DBL_MAX : base[i] * scales[s];
        }
        double norm = ef_normalise(unit, vector, 19);
        ck_assert_msg(norm > 0.0, "scale %g", scales[s]);
        ck_assert_msg(fabs(ef_dot(unit, unit, 19) - 1.0) < 1e-14, "scale %g: length %.17g", scales[s],
                      sqrt(ef_dot(unit, unit, 19)));
        for (size_t i = 0; i < 19 && scales[s] > DBL_MIN && scales[s] < 1e308; i++) {
            ck_assert_msg(fabs(unit[i] - plain[i]) < 1e-14, "scale %g element %zu", scales[s], i);
        }
    }
    double lonely[3] = {0.0, -5e-324, 0.0};
    ck_assert(ef_normalise(unit, lonely, 3) == 5e-324);
    ck_assert(unit[0] == 0.0 && unit[1] == -1.0 && unit[2] == 0.0);
    double both[2] = {1e300, 1e-300};
    ck_assert(ef_normalise(unit, both, 2) == 1e300 && unit[0] == 1.0 && unit[1] == 0.0);
    double largest[4] = {DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX};
    ck_assert(isinf(ef_normalise(unit, largest, 4)) && unit[0] == 0.5 && unit[3] == 0.5);
}
END_TEST

START_TEST(the_zero_vector_is_reported)
{
    double vector[21] = {0.0}, unit[21];
    vector[4] = -0.0;
    memset(unit, 1, sizeof unit);
    ck_assert(ef_normalise(unit, vector, 21) == 0.0);
    for (size_t i = 0; i < 21; i++) {
        ck_assert(unit[i] == 0.0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("linalg");
    TCase *tests = tcase_create("linalg");
    tcase_add_test(tests, every_width_of_registers_gives_the_bits_of_the_plain_loop);
    tcase_add_test(tests, quick_products_keep_their_bound);
    tcase_add_test(tests, sums_do_not_depend_on_the_order_of_the_two_vectors);
    tcase_add_test(tests, a_vector_is_divided_by_the_root_of_its_squares);
    tcase_add_test(tests, huge_and_tiny_vectors_have_a_direction_too);
    tcase_add_test(tests, the_zero_vector_is_reported);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
