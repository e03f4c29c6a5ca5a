/* Template scores: those of ef_dot(), by class; impostors within the bound of what is held, and exact when asked for. */
#include "h5_data.h"

#include "linalg/dot.h"
#include "linalg/dot32.h"
#include "linalg/normalise.h"
#include "score/template_scores.h"

enum { TEMPLATES = 700, PAIRS = 4000, MOST_DIM = 48 };

/* A list without any order; one in runs of one template, with repeated pairs; and one in runs with the templates of one block. */
static void make_list(uint32_t *a, uint32_t *b, unsigned char *label, int kind, uint64_t seed)
{
    for (size_t i = 0; i < PAIRS; i++) {
        a[i] = (uint32_t)(kind > 0 ? i / 1300 * 31 : next_bits(&seed) % TEMPLATES);
        b[i] = (uint32_t)(next_bits(&seed) % (kind == 2 ? 256 : TEMPLATES));
        label[i] = next_bits(&seed) % 9 == 0;
    }
}

static int descending(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left < *right) - (*left > *right);
}

/* Files the list in pieces, and compares what comes out with single products. */
static void check(const double *unit, size_t dim, const uint32_t *a, const uint32_t *b, const unsigned char *label, size_t piece,
                  int threads)
{
    static double expected[2][PAIRS], got[PAIRS];
    size_t count[2] = {0}, genuine;
    ef_template_scores *scores = NULL;
    OK(ef_template_scores_create(&scores, unit, TEMPLATES, dim, piece % 2 ? 0 : PAIRS, err));
    for (size_t i = 0; i < PAIRS; i++) {
        expected[label[i]][count[label[i]]++] = ef_dot(unit + a[i] * dim, unit + b[i] * dim, dim);
    }
    for (size_t i = 0; i < PAIRS; i += piece) {
        size_t left = PAIRS - i, part = left < piece ? left : piece;
        OK(ef_template_scores_add(scores, a + i, b + i, label + i, part, threads, err));
    }
    OK(ef_template_scores_add(scores, a, b, label, 0, threads, err));
    OK(ef_template_scores_compute(scores, threads, err));
    const double *found = ef_template_scores_genuine(scores, &genuine);
    ef_screened impostors = ef_template_scores_impostors(scores);
    ck_assert_uint_eq(genuine, count[1]);
    ck_assert_uint_eq(impostors.count, count[0]);
    ck_assert_mem_eq(found, expected[1], count[1] * sizeof *found);
    ck_assert(impostors.slack == ef_dots32_bound(dim));
    for (size_t i = 0; i < impostors.count; i++) {
        got[i] = impostors.exact(impostors.context, i);
        ck_assert_msg(fabs(got[i] - (double)impostors.approximate[i]) <= impostors.slack, "score %zu is %.9g, not %.9g", i,
                      (double)impostors.approximate[i], got[i]);
    }
    qsort(got, impostors.count, sizeof *got, descending);
    qsort(expected[0], impostors.count, sizeof **expected, descending);
    ck_assert_mem_eq(got, expected[0], impostors.count * sizeof *got);
    ef_template_scores_free(scores);
}

START_TEST(scores_are_those_of_single_products)
{
    static const size_t dims[] = {1, 17, 32, 48}, pieces[] = {1, 7, 700, PAIRS};
    static double unit[TEMPLATES * MOST_DIM];
    static uint32_t a[PAIRS], b[PAIRS];
    static unsigned char label[PAIRS];
    uint64_t seed = 3;
    make_list(a, b, label, _i, 11);
    for (size_t d = 0; d < LENGTH(dims); d++) {
        for (size_t i = 0; i < TEMPLATES * dims[d]; i++) {
            unit[i] = (double)next_float(&seed);
        }
        for (size_t t = 0; t < TEMPLATES; t++) {
            ef_normalise(unit + t * dims[d], unit + t * dims[d], dims[d]);
        }
        for (size_t p = 0; p < LENGTH(pieces); p++) {
            check(unit, dims[d], a, b, label, pieces[p], 1 + (int)(p % 3));
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template_scores");
    TCase *tests = tcase_create("template_scores");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, scores_are_those_of_single_products, 0, 3);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
