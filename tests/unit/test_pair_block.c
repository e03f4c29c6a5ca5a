/* Vectors made ready to be compared: the order of kinds, the length that bounds rest on, and who is named when a vector is of no use. */
#include "h5_data.h"

#include "base/memory.h"
#include "linalg/gemm.h"
#include "linalg/normalise.h"
#include "score/pair_block.h"

enum { DIM = 512, COUNT = 150, FIRST = 40, ALL = FIRST + COUNT };

static double *random_vectors(uint64_t seed)
{
    double *out = malloc((size_t)ALL * DIM * sizeof *out);
    for (size_t i = 0; i < ALL; i++) {
        for (size_t k = 0; k < DIM; k++) {
            out[i * DIM + k] = (double)next_float(&seed);
        }
        ef_normalise(out + i * DIM, out + i * DIM, DIM);
    }
    return out;
}

/* Few kinds, the higher ones first. */
static void fill_kinds(uint32_t *kind)
{
    for (size_t i = 0; i < COUNT; i++) {
        kind[i] = i % 5 == 0 ? UINT32_MAX : (uint32_t)((COUNT - i) / 20);
    }
}

/* Which kernel a test's turn is about: that of turn 0 is none. */
static size_t turns(void)
{
    size_t versions;
    ef_int8_versions(&versions);
    return versions + 1;
}

static const ef_int8_version *kernel_of(size_t turn)
{
    size_t versions;
    return turn > 0 ? &ef_int8_versions(&versions)[turn - 1] : NULL;
}

static bool runs(size_t turn)
{
    return turn == 0 || kernel_of(turn)->runs_here();
}

START_TEST(vectors_are_in_the_order_of_their_kinds)
{
    uint32_t kind[COUNT];
    double *vector = random_vectors(1);
    const ef_vectors vectors = {.count = ALL, .dim = DIM, .unit = vector};
    fill_kinds(kind);
    for (size_t turn = 0; turn < turns(); turn++) {
        bool seen[COUNT] = {false};
        ef_pair_block block = {0};
        if (!runs(turn)) {
            continue;
        }
        OK(ef_pair_block_create(&block, &vectors, COUNT, kernel_of(turn), NULL, err));
        OK(ef_pair_block_prepare(&block, FIRST, COUNT, kind, 2, err));
        for (size_t place = 0; place < COUNT; place++) {
            size_t i = ef_pair_block_at(&block, place), before = place > 0 ? ef_pair_block_at(&block, place - 1) : i;
            ck_assert(i < COUNT && !seen[i]);
            seen[i] = true;
            ck_assert_uint_eq(block.kind[place], kind[i]);
            ck_assert(kind[before] < kind[i] || (kind[before] == kind[i] && before <= i)); /* of one kind as they come */
            const double *own = vector + (FIRST + i) * DIM;
            int16_t fine[DIM];
            ef_quantised about = ef_quantise_fine(fine, own, DIM);
            ck_assert(turn == 0 || memcmp(block.fine + place * DIM, fine, sizeof fine) == 0);
            ck_assert(turn == 0 || block.fine_scale[place] == about.scale);
            for (size_t k = 0; turn == 0 && k < DIM; k++) {
                ck_assert_float_eq(block.narrow[place * DIM + k], (float)own[k]);
            }
        }
        ef_pair_block_free(&block);
    }
    free(vector);
}
END_TEST

START_TEST(a_vector_of_no_use_is_named_by_its_number)
{
    static const double bad[] = {NAN, INFINITY, 0x1p41};
    static const size_t number[] = {FIRST, FIRST + 37, ALL - 1};
    uint32_t kind[COUNT];
    double *vector = random_vectors(1);
    const ef_vectors vectors = {.count = ALL, .dim = DIM, .unit = vector};
    fill_kinds(kind);
    for (size_t turn = 0; turn < turns(); turn++) {
        for (size_t b = 0; runs(turn) && b < LENGTH(bad); b++) {
            for (size_t i = 0; i < LENGTH(number); i++) {
                double *spoilt = vector + number[i] * DIM + 5, kept = *spoilt;
                char named[40];
                ef_pair_block block = {0};
                snprintf(named, sizeof named, "vector %zu is not finite", number[i]);
                *spoilt = bad[b];
                OK(ef_pair_block_create(&block, &vectors, COUNT, kernel_of(turn), NULL, err));
                FAILS(EF_INVALID, named, ef_pair_block_prepare(&block, FIRST, COUNT, NULL, 2, err));
                FAILS(EF_INVALID, named, ef_pair_block_prepare(&block, FIRST, COUNT, kind, 2, err));
                ef_pair_block_free(&block);
                *spoilt = kept;
            }
        }
    }
    free(vector);
}
END_TEST

/* One large element, and others that are a little more than half a code: these are rounded upwards, so that codes stand for more than the vector. */
static void fill_rounded_up(double *out, size_t n, const ef_code_range *range)
{
    int8_t code[DIM];
    memset(out, 0, n * sizeof *out);
    out[0] = 1;
    double scale = (double)ef_quantise(code, out, n, range).scale;
    for (size_t k = 1; k < n; k++) {
        out[k] = 0.55 * scale;
    }
}

static double length_of(const double *vector, size_t n)
{
    double square = 0;
    for (size_t k = 0; k < n; k++) {
        square += vector[k] * vector[k];
    }
    return sqrt(square);
}

/* Of what codes stand for. */
static double coded_length(const double *vector, size_t n, const ef_code_range *range)
{
    int8_t code[DIM];
    double stood_for[DIM];
    ef_quantised about = ef_quantise(code, vector, n, range);
    for (size_t k = 0; k < n; k++) {
        stood_for[k] = (double)about.scale * code[k];
    }
    return length_of(stood_for, n);
}

/* The block's only vector, of elements or of coordinates that are rounded up. */
START_TEST(the_length_is_that_of_codes_too)
{
    enum { DIRECTIONS = 256 };
    static double principal[DIRECTIONS * DIM];
    double vector[DIM], coordinate[DIRECTIONS];
    ef_basis basis;
    for (size_t i = 0; i < DIRECTIONS; i++) {
        principal[i * DIM + (DIM - 1 - i)] = 1;
    }
    OK(ef_basis_create(&basis, principal, DIRECTIONS, DIM, err));
    const ef_vectors vectors = {.count = 1, .dim = DIM, .unit = vector};
    for (size_t turn = 1; turn < turns(); turn++) {
        for (size_t along = 0; runs(turn) && along < 2; along++) {
            const ef_code_range *range = &kernel_of(turn)->range;
            ef_pair_block block = {0};
            fill_rounded_up(along == 0 ? vector : coordinate, along == 0 ? DIM : DIRECTIONS, range);
            for (size_t k = 0; along != 0 && k < DIM; k++) {
                vector[k] = 0;
                for (size_t i = 0; i < DIRECTIONS; i++) {
                    vector[k] += coordinate[i] * (double)basis.direction[i * DIM + k];
                }
            }
            double coded = along == 0 ? coded_length(vector, DIM, range) : coded_length(coordinate, DIRECTIONS, range);
            ck_assert_double_gt(coded, 1.002 * length_of(vector, DIM));
            OK(ef_pair_block_create(&block, &vectors, 1, kernel_of(turn), along == 0 ? NULL : &basis, err));
            OK(ef_pair_block_prepare(&block, 0, 1, NULL, 1, err));
            ck_assert_msg((double)block.length >= coded * (1 - 1e-6), "%s: %g, not %g", kernel_of(turn)->name,
                          (double)block.length, coded);
            ck_assert_msg((double)block.length <= coded * 1.001, "%s: %g, and only %g", kernel_of(turn)->name,
                          (double)block.length, coded);
            ef_pair_block_free(&block);
        }
    }
    ef_basis_free(&basis);
}
END_TEST

int main(void)
{
    ef_gemm_begin();
    Suite *suite = suite_create("pair_block");
    TCase *tests = tcase_create("pair_block");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, vectors_are_in_the_order_of_their_kinds);
    tcase_add_test(tests, a_vector_of_no_use_is_named_by_its_number);
    tcase_add_test(tests, the_length_is_that_of_codes_too);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
