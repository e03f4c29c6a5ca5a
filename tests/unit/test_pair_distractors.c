/* Probes among distractors on several lists at once: ranks of mates and highest scores, against plain loops, in every manner of comparing. */
#include "pair_people.h"

#include "score/pair_distractors.h"

enum { probes = 60, distractors = 230, sizes = 4, first = 20 };

typedef struct marks {
    double *mark;
    size_t *begin;
} marks;

static int ascending(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Some marks of each row: scores of other rows, and scores that distractors have; every fifth row has none. */
static marks make_marks(const people *rows, const people *columns)
{
    marks all = {malloc(8 * probes * sizeof(double)), malloc((probes + 1) * sizeof(size_t))};
    size_t at = 0;
    for (size_t p = 0; p < probes; p++) {
        all.begin[p] = at;
        for (size_t i = 1; p % 5 != 4 && i <= 4; i++) {
            all.mark[at++] = score(rows, p, rows, (p + i) % probes);
            all.mark[at++] = score(rows, p, columns, (7 * p + i) % distractors);
        }
        qsort(all.mark + all.begin[p], at - all.begin[p], sizeof(double), ascending);
    }
    all.begin[probes] = at;
    return all;
}

/* One list holds nearly all, one few, one hardly any and one none; some distractors are on no list. */
static void make_lists(uint32_t *lists)
{
    for (size_t d = 0; d < distractors; d++) {
        lists[d] = (d % 9 != 0 ? 1U : 0U) | (d % 7 == 3 ? 2U : 0U) | (d == 100 || d == 171 ? 4U : 0U);
    }
}

static void check_counts(const ef_pair_distractors *found, const ef_distractor_question *ask, const people *rows,
                         const people *columns)
{
    size_t total = ask->begin[probes];
    uint32_t *above = malloc((total + 1) * sizeof *above), *level = malloc((total + 1) * sizeof *level);
    for (size_t s = 0; s < sizes; s++) {
        ef_pair_distractors_counts(found, s, above, level);
        for (size_t p = 0; p < probes; p++) {
            for (size_t i = ask->begin[p]; i < ask->begin[p + 1]; i++) {
                uint32_t higher = 0, same = 0;
                for (size_t d = 0; d < distractors; d++) {
                    double value = score(rows, p, columns, d);
                    bool on = (ask->lists[d] >> s & 1) != 0;
                    higher += on && value > ask->mark[i];
                    same += on && value == ask->mark[i];
                }
                bool beyond = higher > ask->ranks;
                ck_assert_uint_eq(above[i], beyond ? ask->ranks + 1 : higher);
                ck_assert_uint_eq(level[i], beyond ? 0 : same);
            }
        }
    }
    free(above);
    free(level);
}

static void check_highest(ef_pair_distractors *found, const ef_distractor_question *ask, const people *rows,
                          const people *columns)
{
    double *expected = malloc((size_t)probes * distractors * sizeof *expected);
    for (size_t s = 0; s < sizes; s++) {
        for (int whose = 0; whose < EF_WHOSE_COUNT; whose++) {
            size_t all = 0, count;
            for (size_t p = 0; p < (whose == EF_WHOSE_FIRST ? first : (size_t)probes); p++) {
                for (size_t d = 0; d < distractors; d++) {
                    if ((ask->lists[d] >> s & 1) != 0) {
                        expected[all++] = score(rows, p, columns, d);
                    }
                }
            }
            ef_sort_descending(expected, all);
            const double *kept = ef_pair_distractors_highest(found, s, (ef_pair_whose)whose, &count);
            ck_assert_uint_eq(count, ask->keep[s][whose] < all ? ask->keep[s][whose] : all);
            for (size_t i = 0; i < count; i++) {
                ck_assert_double_eq(kept[i], expected[i]);
            }
        }
    }
    free(expected);
}

START_TEST(ranks_and_highest_scores_are_those_of_plain_loops)
{
    people rows = make_people(probes, 12, 0, (kind)_i, 3), columns = make_people(distractors, 12, 0, (kind)_i, 4);
    marks given = make_marks(&rows, &columns);
    uint32_t lists[distractors];
    make_lists(lists);
    static const uint32_t most[] = {0, 3, 100000};
    for (size_t m = 0; m < MANNERS; m++) {
        ef_distractor_question ask = {.mark = given.mark,
                                      .begin = given.begin,
                                      .probes = probes,
                                      .lists = lists,
                                      .distractors = distractors,
                                      .sizes = sizes,
                                      .ranks = most[m % 3],
                                      .first = first,
                                      .keep = {{40, 7}, {100000, 3}, {0, 1}, {5, 5}}};
        ef_pair_distractors *found;
        OK(ef_pair_distractors_create(&found, &ask, ef_pair_workers(&(ef_work){.threads = manners[m].threads}), err));
        const ef_pair_visitor visitor = ef_pair_distractors_visitor(found);
        compare(&rows, &columns, &visitor, 1, &manners[m]);
        check_counts(found, &ask, &rows, &columns);
        check_highest(found, &ask, &rows, &columns);
        ef_pair_distractors_free(found);
    }
    free(given.mark);
    free(given.begin);
    free_people(&rows);
    free_people(&columns);
}
END_TEST

/* Columns can be in one order only, and not in another than the rows where a set meets itself. */
START_TEST(kinds_of_columns_are_of_one_visitor_and_of_two_sets)
{
    people rows = make_people(4, 3, 0, RANDOM, 1), columns = make_people(5, 3, 0, RANDOM, 2);
    const size_t begin[] = {0, 0, 0, 0, 0};
    const uint32_t lists[] = {1, 1, 1, 1, 1};
    const ef_distractor_question ask = {.begin = begin, .probes = 4, .lists = lists, .distractors = 5, .sizes = 1, .keep = {{2}}};
    ef_pair_distractors *found;
    OK(ef_pair_distractors_create(&found, &ask, 1, err));
    const ef_pair_visitor visitor = ef_pair_distractors_visitor(found), two[] = {visitor, visitor};
    const ef_work work = {.threads = 1};
    OK(ef_all_pairs(NULL, &rows.vectors, &columns.vectors, &visitor, 1, NULL, &work, err));
    FAILS(EF_INVALID, "one visitor's kinds", ef_all_pairs(NULL, &rows.vectors, &columns.vectors, two, 2, NULL, &work, err));
    FAILS(EF_INVALID, "one visitor's kinds", ef_all_pairs(NULL, &columns.vectors, NULL, &visitor, 1, NULL, &work, err));
    ef_pair_distractors_free(found);
    free_people(&rows);
    free_people(&columns);
}
END_TEST

START_TEST(more_lists_than_bits_are_refused)
{
    const size_t begin[] = {0};
    ef_pair_distractors *found;
    const ef_distractor_question ask = {.begin = begin, .sizes = EF_MOST_SIZES + 1};
    FAILS(EF_INVALID, "33 numbers of distractors", ef_pair_distractors_create(&found, &ask, 1, err));
    ck_assert_ptr_null(found);
    ef_pair_distractors_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pair_distractors");
    TCase *tests = tcase_create("pair_distractors");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, ranks_and_highest_scores_are_those_of_plain_loops, 0, KINDS_TO_TEST);
    tcase_add_test(tests, kinds_of_columns_are_of_one_visitor_and_of_two_sets);
    tcase_add_test(tests, more_lists_than_bits_are_refused);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
