/* Scores of template pairs: the bits of ef_dot(), in the order of the list, whatever the pieces and threads. */
#include "unit.h"

#include <eface/rng.h>
#include <stdint.h>

#include "linalg/dot.h"
#include "score/template_scores.h"

enum { templates = 300, dim = 37, pairs = 5000 }; /* templates: more than two blocks, the last one part full */

static double unit[templates * dim];
static uint32_t a[pairs], b[pairs];
static unsigned char label[pairs];

static void make(uint64_t seed)
{
    ef_rng *rng = NULL;
    OK(ef_rng_create(&rng, seed, 0, err));
    for (size_t i = 0; i < templates * dim; i++) {
        unit[i] = ef_rng_normal(rng);
    }
    for (size_t i = 0; i < pairs; i++) {
        a[i] = (uint32_t)ef_rng_below(rng, templates);
        b[i] = i < 4 ? (uint32_t)(i % 2 * (templates - 1)) : (uint32_t)ef_rng_below(rng, templates);
        label[i] = ef_rng_uniform(rng) < 0.1;
    }
    ef_rng_free(rng);
}

static void check(const ef_template_scores *scores)
{
    size_t genuine = 0, impostor = 0;
    for (size_t i = 0; i < pairs; i++) {
        double expected = ef_dot(unit + a[i] * dim, unit + b[i] * dim, dim);
        double got = label[i] ? scores->genuine[genuine++] : scores->impostor[impostor++];
        ck_assert_msg(got == expected, "pair %zu scores %a, not %a", i, got, expected);
    }
    ck_assert_uint_eq(scores->genuine_count, genuine);
    ck_assert_uint_eq(scores->impostor_count, impostor);
}

START_TEST(scores_stand_in_the_order_of_the_list)
{
    static const size_t pieces[] = {1, 7, 999, 2500, pairs};
    make(1);
    for (int threads = 1; threads <= 5; threads += 2) {
        for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
            ef_template_scores scores = {0};
            for (size_t first = 0; first < pairs; first += pieces[p]) {
                size_t count = pairs - first < pieces[p] ? pairs - first : pieces[p];
                OK(ef_template_scores_add(&scores, unit, templates, dim, a + first, b + first, label + first, count, threads,
                                          err));
            }
            check(&scores);
            ef_template_scores_free(&scores);
            ck_assert(scores.genuine == NULL && scores.impostor == NULL && scores.genuine_count == 0);
        }
    }
}
END_TEST

START_TEST(room_that_was_made_is_only_a_guess)
{
    static const size_t guesses[] = {0, 1, 100, pairs, 100 * pairs};
    make(2);
    for (size_t g = 0; g < sizeof guesses / sizeof *guesses; g++) {
        ef_template_scores scores = {0};
        OK(ef_template_scores_expect(&scores, guesses[g], err));
        OK(ef_template_scores_add(&scores, unit, templates, dim, a, b, label, pairs, 2, err));
        check(&scores);
        ef_template_scores_free(&scores);
    }
    ef_template_scores scores = {0};
    FAILS(EF_NOMEM, "memory", ef_template_scores_expect(&scores, SIZE_MAX, err));
    ef_template_scores_free(&scores);
}
END_TEST

START_TEST(nothing_and_one_class_are_fine)
{
    make(3);
    ef_template_scores scores = {0};
    OK(ef_template_scores_add(&scores, unit, templates, dim, a, b, label, 0, 2, err));
    ck_assert_uint_eq(scores.genuine_count + scores.impostor_count, 0);
    memset(label, 1, sizeof label);
    OK(ef_template_scores_add(&scores, unit, templates, dim, a, b, label, pairs, 2, err));
    check(&scores);
    ef_template_scores_free(&scores);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template_scores");
    TCase *tests = tcase_create("template_scores");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, scores_stand_in_the_order_of_the_list);
    tcase_add_test(tests, room_that_was_made_is_only_a_guess);
    tcase_add_test(tests, nothing_and_one_class_are_fine);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
