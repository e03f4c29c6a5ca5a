/* Directions of vectors: what they are, what they hold, and that products of coordinates are within the slack, whatever the vectors. */
#include "h5_data.h"

#include "base/memory.h"
#include "linalg/basis.h"
#include "linalg/dot.h"
#include "linalg/gemm.h"
#include "linalg/normalise.h"
#include "linalg/quantise.h"

enum { DIM = 48, MOST = 300 };

/* Orthonormal directions of which no element is one: the axes, reflected. */
static double axis(size_t i, size_t k)
{
    return (i == k ? 1.0 : 0.0) - 2.0 / DIM;
}

/* Vectors whose squares along the axes go down from one to the next by `decay`, from `rank` on to nothing. */
static double *make_sample(size_t n, size_t rank, double decay, uint64_t *seed)
{
    double *out = calloc(n * DIM, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        for (size_t a = 0; a < rank; a++) {
            double x = (double)next_float(seed) * pow(decay, (double)a);
            for (size_t k = 0; k < DIM; k++) {
                out[i * DIM + k] += x * axis(a, k);
            }
        }
        ef_normalise(out + i * DIM, out + i * DIM, DIM);
    }
    return out;
}

START_TEST(directions_are_those_of_the_sample)
{
    uint64_t seed = 1;
    double *sample = make_sample(MOST, DIM, 0.8, &seed), *principal, *beside = malloc(MOST * DIM * sizeof *beside),
           moment[DIM] = {0};
    OK(ef_basis_principal(&principal, sample, MOST, DIM, err));
    ef_basis_rests(beside, principal, sample, MOST, DIM);
    for (size_t a = 0; a < DIM; a++) {
        for (size_t b = 0; b < DIM; b++) {
            double dot = ef_dot(principal + a * DIM, principal + b * DIM, DIM), mixed = 0;
            ck_assert_double_lt(fabs(dot - (a == b)), 1e-12);
            for (size_t i = 0; i < MOST; i++) {
                mixed += ef_dot(principal + a * DIM, sample + i * DIM, DIM) * ef_dot(principal + b * DIM, sample + i * DIM, DIM);
            }
            moment[a] = a == b ? mixed : moment[a];
            ck_assert_msg(a == b || fabs(mixed) < 1e-10, "directions %zu and %zu go together", a, b); /* they are eigenvectors */
        }
    }
    for (size_t a = 0; a < DIM; a++) {
        ck_assert(a == 0 || moment[a] <= moment[a - 1] + 1e-10);
    }
    for (size_t i = 0; i < MOST; i++) {
        double rest = 1; /* of a unit vector */
        for (size_t a = 0; a < DIM; a++) {
            double along = ef_dot(principal + a * DIM, sample + i * DIM, DIM);
            rest -= along * along;
            if (!(fabs(beside[i * DIM + a] - rest) < 1e-12)) {
                ck_abort_msg("vector %zu, direction %zu: %g, not %g", i, a, beside[i * DIM + a], rest);
            }
        }
    }
    free(beside);
    free(sample);
    free(principal);
}
END_TEST

/* Coordinates of a sample along its first `count` directions; the caller frees both. */
static float *make_coordinates(ef_basis *basis, const double *sample, size_t count)
{
    double *principal;
    float *narrow = ef_alloc_aligned(MOST * DIM, sizeof *narrow),
          *coordinate = ef_alloc_aligned(MOST * count, sizeof *coordinate);
    OK(ef_basis_principal(&principal, sample, MOST, DIM, err));
    OK(ef_basis_create(basis, principal, count, DIM, err));
    ck_assert_uint_eq(basis->count, count);
    for (size_t i = 0; i < MOST * DIM; i++) {
        narrow[i] = (float)sample[i];
    }
    ef_basis_coordinates(basis, coordinate, narrow, MOST);
    free(principal);
    free(narrow);
    return coordinate;
}

START_TEST(few_directions_hold_what_lies_in_few)
{
    uint64_t seed = 2;
    double *sample = make_sample(MOST, 7, 1, &seed);
    ef_basis basis;
    float *coordinate = make_coordinates(&basis, sample, 7);
    for (size_t i = 0; i < MOST; i++) {
        double square = 0;
        for (size_t k = 0; k < 7; k++) {
            square += (double)coordinate[i * 7 + k] * (double)coordinate[i * 7 + k];
        }
        ck_assert_double_lt(fabs(square - 1), 1e-5);
        ck_assert_double_lt(ef_basis_beside(&basis, 1, sqrt(square)), 1e-4);
    }
    free(sample);
    free(coordinate);
    ef_basis_free(&basis);
}
END_TEST

/* One direction has nearly all: mixed, no coordinate is much larger than the others. */
START_TEST(coordinates_are_about_equally_large)
{
    uint64_t seed = 3;
    double *sample = make_sample(MOST, DIM, 0.3, &seed);
    ef_basis basis;
    float *coordinate = make_coordinates(&basis, sample, 16);
    for (size_t i = 0; i < MOST * 16; i++) {
        ck_assert_float_lt(fabsf(coordinate[i]), 2.5f / 4); /* 1 / sqrt(16) is the least that the largest can be */
    }
    free(sample);
    free(coordinate);
    ef_basis_free(&basis);
}
END_TEST

static long double exact_product(const double *a, const double *b, size_t n)
{
    long double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += (long double)a[k] * (long double)b[k];
    }
    return sum;
}

START_TEST(the_error_of_a_basis_is_no_less_than_said)
{
    uint64_t seed = 4;
    double *sample = make_sample(MOST, DIM, 0.9, &seed), *principal;
    OK(ef_basis_principal(&principal, sample, MOST, DIM, err));
    principal[3] += _i * 1e-3; /* a little off; and more */
    ef_basis basis;
    OK(ef_basis_create(&basis, principal, 20, DIM, err));
    long double square = 0;
    for (size_t i = 0; i < 20; i++) {
        for (size_t j = 0; j < 20; j++) {
            long double dot = 0;
            for (size_t k = 0; k < DIM; k++) {
                dot += (long double)basis.direction[i * DIM + k] * (long double)basis.direction[j * DIM + k];
            }
            square += (dot - (i == j)) * (dot - (i == j));
        }
    }
    ck_assert((long double)basis.error >= sqrtl(square));
    ck_assert_double_lt(basis.error, 1e-6 + _i * 4e-3);
    ck_assert_uint_eq(basis.count, 20);
    ef_basis_free(&basis);
    principal[5] += 0.1;
    OK(ef_basis_create(&basis, principal, 20, DIM, err));
    ck_assert_uint_eq(basis.count, 0); /* not orthonormal enough for the bound */
    ef_basis_free(&basis);
    free(sample);
    free(principal);
}
END_TEST

/* Vectors as the bound fears them most, of one length. */
enum { RANDOM, WITHIN, BESIDE, SAME_BESIDE, MOSTLY_WITHIN, MOSTLY_BESIDE, ALONG, ZERO, KINDS };

static void make_vector(double *out, const ef_basis *basis, const double *first, int kind, double length, uint64_t *seed)
{
    uint64_t same = 99, *source = kind == SAME_BESIDE ? &same : seed;
    double part[2][DIM], inside = kind == WITHIN || kind == RANDOM ? 1
                                  : kind == MOSTLY_WITHIN          ? 0.99
                                  : kind == MOSTLY_BESIDE          ? 0.1
                                                                   : 0;
    for (size_t k = 0; k < DIM; k++) {
        part[0][k] = 0;
        part[1][k] = (double)next_float(source);
    }
    for (size_t i = 0; i < basis->count; i++) {
        double own = (double)next_float(source);
        for (size_t k = 0; k < DIM; k++) {
            part[0][k] += own * (double)basis->direction[i * DIM + k];
        }
    }
    for (size_t turn = 0; turn < 4; turn++) { /* Gram and Schmidt, as often as bad directions need */
        for (size_t i = 0; i < basis->count; i++) {
            double along = 0;
            for (size_t k = 0; k < DIM; k++) {
                along += part[1][k] * (double)basis->direction[i * DIM + k];
            }
            for (size_t k = 0; k < DIM && kind != RANDOM; k++) {
                part[1][k] -= along * (double)basis->direction[i * DIM + k];
            }
        }
    }
    ef_normalise(part[0], part[0], DIM);
    ef_normalise(part[1], part[1], DIM);
    for (size_t k = 0; k < DIM; k++) {
        out[k] = kind == ALONG ? first[k]
                               : inside * part[0][k] + sqrt(1 - inside * inside) * part[1][k] + (kind == RANDOM ? part[1][k] : 0);
    }
    ef_normalise(out, out, DIM);
    for (size_t k = 0; k < DIM; k++) {
        out[k] *= kind == ZERO ? 0 : length;
    }
}

/* Directions of a sample, of which the first is too long, so that the error of the basis is that of the case; the caller frees both. */
static const size_t counts[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 20, 31, 32, 40, DIM - 2, DIM - 1, DIM};
static const double errors[] = {0, 1e-3, 0.05};
enum { CASES = sizeof counts / sizeof *counts * (sizeof errors / sizeof *errors) };

static double *make_directions(ef_basis *basis, size_t c)
{
    size_t count = counts[c % LENGTH(counts)];
    double error = errors[c / LENGTH(counts)];
    uint64_t seed = 5;
    double *sample = make_sample(MOST, DIM, 0.9, &seed), *principal;
    OK(ef_basis_principal(&principal, sample, MOST, DIM, err));
    for (size_t k = 0; k < DIM; k++) {
        principal[k] *= sqrt(1 + error);
    }
    OK(ef_basis_create(basis, principal, count, DIM, err));
    ck_assert_uint_eq(basis->count, count);
    ck_assert_double_ge(basis->error, 0.999 * error);
    free(sample);
    return principal;
}

/* Moves coordinates outwards, or inwards, by as much as they may be away from the products. */
static void push(float *coordinate, const ef_basis *basis, double length, double sign)
{
    double most = 0.9 * ef_gemm_error(DIM, length, 1 + basis->error); /* they are a little away already */
    for (size_t k = 0; k < basis->count; k++) {
        coordinate[k] = (float)((double)coordinate[k] + sign * copysign(most, (double)coordinate[k]));
    }
}

typedef struct vectors {
    double vector[KINDS * 4][DIM], beside[KINDS * 4], length;
    float narrow[KINDS * 4][DIM], coordinate[KINDS * 4][DIM];
} vectors;

static void make_vectors(vectors *out, const ef_basis *basis, const double *first, double length, uint64_t *seed)
{
    static const double pushed[] = {0, 0, 1, -1};
    out->length = 0;
    for (size_t i = 0; i < KINDS * 4; i++) {
        make_vector(out->vector[i], basis, first, (int)i % KINDS, length, seed);
        for (size_t k = 0; k < DIM; k++) {
            out->narrow[i][k] = (float)out->vector[i][k];
        }
        double wide[DIM], own = sqrt(ef_dot(out->vector[i], out->vector[i], DIM));
        ef_basis_coordinates(basis, out->coordinate[i], out->narrow[i], 1);
        push(out->coordinate[i], basis, own, pushed[i / KINDS]);
        for (size_t k = 0; k < basis->count; k++) {
            wide[k] = (double)out->coordinate[i][k];
        }
        double inside = sqrt(ef_dot(wide, wide, basis->count));
        out->beside[i] = ef_basis_beside(basis, own, inside);
        out->length = fmax(out->length, fmax(own, inside) * (1 + 1e-6));
    }
}

static void check_products(size_t c)
{
    static const double lengths[] = {1, 1e9, 1e-20, 1e-36, 1e-200};
    enum { LENGTHS = sizeof lengths / sizeof *lengths };
    static vectors a, b;
    uint64_t seed = 5;
    double worst = 0;
    ef_basis basis;
    double *principal = make_directions(&basis, c);
    for (size_t l = 0; l < LENGTHS * LENGTHS; l++) {
        make_vectors(&a, &basis, principal, lengths[l / LENGTHS], &seed);
        make_vectors(&b, &basis, principal, lengths[l % LENGTHS], &seed);
        for (size_t i = 0; i < KINDS * 4; i++) {
            for (size_t j = 0; j < KINDS * 4; j++) {
                long double product = 0;
                for (size_t k = 0; k < basis.count; k++) {
                    product += (long double)a.coordinate[i][k] * (long double)b.coordinate[j][k];
                }
                double away = (double)fabsl(product - exact_product(a.vector[i], b.vector[j], DIM));
                double slack = ef_basis_slack(&basis, a.beside[i], a.length, b.length) +
                               ef_basis_slack(&basis, b.beside[j], b.length, a.length);
                if (!(away <= slack)) { /* an assertion for each pair would take longer than the rest */
                    ck_abort_msg("%zu directions, error %g, lengths %g and %g: %zu, %zu is %g away, not %g", basis.count,
                                 basis.error, a.length, b.length, i, j, away, slack);
                }
                worst = lengths[l / LENGTHS] >= 1e-20 && slack > 0 ? fmax(worst, away / slack) : worst;
            }
        }
    }
    ck_assert(basis.count == DIM || worst > 0.99 / (1 + 2 * basis.error)); /* both beside, and the same */
    free(principal);
    ef_basis_free(&basis);
}

/* All errors of as many directions. */
START_TEST(products_of_coordinates_stay_within_the_slack)
{
    for (size_t c = (size_t)_i; c < CASES; c += LENGTH(counts)) {
        check_products(c);
    }
}
END_TEST

/* Orthonormal directions of the same span. */
static void find_span(long double span[][DIM], const ef_basis *basis)
{
    for (size_t i = 0; i < basis->count; i++) {
        for (size_t k = 0; k < DIM; k++) {
            span[i][k] = (long double)basis->direction[i * DIM + k];
        }
        for (size_t turn = 0; turn < 2; turn++) {
            for (size_t j = 0; j <= i; j++) { /* itself last: to be of length one */
                long double along = 0;
                for (size_t k = 0; k < DIM; k++) {
                    along += span[i][k] * span[j][k];
                }
                for (size_t k = 0; k < DIM; k++) {
                    span[i][k] = j == i ? span[i][k] / sqrtl(along) : span[i][k] - along * span[j][k];
                }
            }
        }
    }
}

/* The square of what lies beside a span. */
static long double find_rest(const double *vector, long double span[][DIM], size_t count)
{
    long double rest[DIM], square = 0;
    for (size_t k = 0; k < DIM; k++) {
        rest[k] = (long double)vector[k];
    }
    for (size_t i = 0; i < 2 * count; i++) {
        long double along = 0;
        for (size_t k = 0; k < DIM; k++) {
            along += rest[k] * span[i % count][k];
        }
        for (size_t k = 0; k < DIM; k++) {
            rest[k] -= along * span[i % count][k];
        }
    }
    for (size_t k = 0; k < DIM; k++) {
        square += rest[k] * rest[k];
    }
    return square;
}

/* The length of coordinates that are away from the products by `away`, outwards. */
static double length_inside(const double *vector, const ef_basis *basis, double away)
{
    long double square = 0;
    for (size_t i = 0; i < basis->count; i++) {
        long double along = 0;
        for (size_t k = 0; k < DIM; k++) {
            along += (long double)vector[k] * (long double)basis->direction[i * DIM + k];
        }
        along += copysignl((long double)away, along);
        square += along * along;
    }
    return (double)sqrtl(square);
}

/* Whatever the coordinates are away: outwards, and the vector seems to lie within; and not much less than said, or no pair would be passed over. */
static void check_beside(size_t c)
{
    static const double lengths[] = {1, 1e9, 1e-20};
    static long double span[DIM][DIM];
    uint64_t seed = 6;
    ef_basis basis;
    double *principal = make_directions(&basis, c), vector[DIM];
    find_span(span, &basis);
    for (int i = 0; i < 20 * KINDS; i++) {
        double length = lengths[i / KINDS % 3];
        make_vector(vector, &basis, principal, i % KINDS, length, &seed);
        double own = sqrt(ef_dot(vector, vector, DIM)), away = ef_gemm_error(DIM, own, 1 + basis.error);
        long double rest = find_rest(vector, span, basis.count);
        for (int sign = -1; sign <= 1; sign++) {
            double said = ef_basis_beside(&basis, own, length_inside(vector, &basis, sign * away)),
                   room = 2 * basis.error + 4 * sqrt((double)basis.count) * (1 + basis.error) * away / length + 1e-5;
            ck_assert_msg((long double)said >= rest, "%zu directions, error %g, kind %d: %g, not %Lg", basis.count, basis.error,
                          i % KINDS, said, rest);
            ck_assert_msg((long double)said <= rest + (long double)(room * length * length),
                          "%zu directions, error %g, kind %d: %g, and only %Lg", basis.count, basis.error, i % KINDS, said, rest);
        }
    }
    free(principal);
    ef_basis_free(&basis);
}

/* All errors of as many directions. */
START_TEST(what_lies_beside_is_no_more_than_said)
{
    for (size_t c = (size_t)_i; c < CASES; c += LENGTH(counts)) {
        check_beside(c);
    }
}
END_TEST

START_TEST(nothing_to_find_directions_in)
{
    double one[DIM] = {1}, *principal;
    OK(ef_basis_principal(&principal, one, 0, DIM, err));
    ck_assert_ptr_null(principal);
    OK(ef_basis_principal(&principal, one, 1, EF_BASIS_MOST + 1, err));
    ck_assert_ptr_null(principal);
    OK(ef_basis_principal(&principal, one, 1, DIM, err)); /* one vector is the first direction, and any others will do */
    ck_assert_double_lt(fabs(fabs(principal[0]) - 1), 1e-12);
    free(principal);
}
END_TEST

int main(void)
{
    ef_gemm_begin();
    Suite *suite = suite_create("basis");
    TCase *tests = tcase_create("basis");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, directions_are_those_of_the_sample);
    tcase_add_test(tests, few_directions_hold_what_lies_in_few);
    tcase_add_test(tests, coordinates_are_about_equally_large);
    tcase_add_loop_test(tests, the_error_of_a_basis_is_no_less_than_said, 0, 3);
    tcase_add_loop_test(tests, products_of_coordinates_stay_within_the_slack, 0, LENGTH(counts));
    tcase_add_loop_test(tests, what_lies_beside_is_no_more_than_said, 0, LENGTH(counts));
    tcase_add_test(tests, nothing_to_find_directions_in);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
