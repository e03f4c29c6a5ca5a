/* Template scores: those of ef_dot(), by class, in the order of the list. */
#include "h5_data.h"

#include "linalg/dot.h"
#include "score/template_scores.h"

enum { TEMPLATES = 300, PAIRS = 4000 };

/* A list in runs of one template, with repeated pairs; or one without any order. */
static void make_list(uint32_t *a, uint32_t *b, unsigned char *label, bool runs, uint64_t seed)
{
    for (size_t i = 0; i < PAIRS; i++) {
        a[i] = (uint32_t)(runs ? i / 700 * 31 : next_bits(&seed) % TEMPLATES);
        b[i] = (uint32_t)(next_bits(&seed) % TEMPLATES);
        label[i] = next_bits(&seed) % 9 == 0;
    }
}

START_TEST(scores_are_those_of_single_products_in_the_order_of_the_list)
{
    static const size_t dims[] = {1, 17, 32}, pieces[] = {7, 700, PAIRS};
    static double unit[TEMPLATES * 32], expected[2][PAIRS];
    static uint32_t a[PAIRS], b[PAIRS];
    static unsigned char label[PAIRS];
    uint64_t seed = 3;
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
        unit[i] = (double)next_float(&seed);
    }
    make_list(a, b, label, _i == 0, 11);
    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
        size_t count[2] = {0}, dim = dims[d];
        for (size_t i = 0; i < PAIRS; i++) {
            expected[label[i]][count[label[i]]++] = ef_dot(unit + a[i] * dim, unit + b[i] * dim, dim);
        }
        for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
            ef_template_scores scores = {0};
            for (size_t i = 0; i < PAIRS; i += pieces[p]) {
                size_t left = PAIRS - i, part = left < pieces[p] ? left : pieces[p];
                OK(ef_template_scores_add(&scores, unit, TEMPLATES, dim, a + i, b + i, label + i, part, 1 + (int)(i % 3), err));
            }
            ck_assert_uint_eq(scores.genuine_count, count[1]);
            ck_assert_uint_eq(scores.impostor_count, count[0]);
            ck_assert_mem_eq(scores.genuine, expected[1], count[1] * sizeof *scores.genuine);
            ck_assert_mem_eq(scores.impostor, expected[0], count[0] * sizeof *scores.impostor);
            ef_template_scores_free(&scores);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template_scores");
    TCase *tests = tcase_create("template_scores");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, scores_are_those_of_single_products_in_the_order_of_the_list, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
