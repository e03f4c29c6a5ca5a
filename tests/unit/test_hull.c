/* The pieces below the metrics: the convex hull, and the best value of a range. */
#include "random_trials.h"

#include "metric/hull.h"
#include "metric/range_best.h"

/* On which side of the line from corner a to corner b point i lies: positive is above.  Exact for these small counts. */
static int64_t above(const ef_curve *curve, size_t a, size_t b, size_t i)
{
    int64_t run = (int64_t)(curve->false_matches[b] - curve->false_matches[a]);
    int64_t rise = (int64_t)(curve->true_matches[b] - curve->true_matches[a]);
    int64_t x = (int64_t)curve->false_matches[i] - (int64_t)curve->false_matches[a];
    int64_t y = (int64_t)curve->true_matches[i] - (int64_t)curve->true_matches[a];
    return y * run - x * rise;
}

START_TEST(no_point_is_above_the_hull_and_no_corner_is_idle)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        random_trials made = make_random(seed, 2 + 15 * seed, 0.4, (double)(seed % 3), seed % 2 ? 3 : 1e6, 2);
        size_t *corner, count;
        OK(ef_hull_create(&corner, &count, made.curve, err));
        ck_assert(corner[0] == 0 && corner[count - 1] == made.curve->points - 1);
        for (size_t c = 1; c < count; c++) {
            ck_assert_uint_gt(corner[c], corner[c - 1]);
            for (size_t i = 0; i < made.curve->points; i++) {
                ck_assert_int_le(above(made.curve, corner[c - 1], corner[c], i), 0);
            }
            if (c + 1 < count) {
                ck_assert_int_gt(above(made.curve, corner[c - 1], corner[c + 1], corner[c]), 0);
            }
        }
        free(corner);
        free_random(&made);
    }
}
END_TEST

/* Counts as large as memory can hold: products of 2^117, far beyond what a double could tell apart. */
START_TEST(orientation_is_exact_for_huge_counts)
{
    const uint64_t huge = UINT64_C(1) << 59;
    double threshold[] = {INFINITY, 2, 1};
    uint64_t false_matches[] = {0, huge / 2, huge}, true_matches[] = {0, huge / 2, huge};
    ef_curve curve = {3, threshold, false_matches, true_matches, huge, huge};
    for (int step = -1; step <= 1; step++) {
        size_t *corner, count;
        true_matches[1] = step < 0 ? huge / 2 - 1 : huge / 2 + (uint64_t)step;
        OK(ef_hull_create(&corner, &count, &curve, err));
        ck_assert_uint_eq(count, step > 0 ? 3 : 2);
        free(corner);
    }
}
END_TEST

START_TEST(the_first_best_of_every_range_is_found)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        int64_t value[70];
        size_t count = 1 + seed;
        ef_rng *rng = NULL;
        ef_range_best *best = NULL;
        OK(ef_rng_create(&rng, seed, 0, err));
        for (size_t i = 0; i < count; i++) {
            value[i] = (int64_t)ef_rng_below(rng, 4) - 2;
        }
        OK(ef_range_best_create(&best, value, count, err));
        for (size_t first = 0; first < count; first++) {
            size_t expected = first;
            for (size_t last = first; last < count; last++) {
                expected = value[last] > value[expected] ? last : expected;
                ck_assert_uint_eq(ef_range_best_find(best, first, last), expected);
            }
        }
        ef_range_best_free(best);
        ef_rng_free(rng);
    }
    ef_range_best_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hull");
    TCase *tests = tcase_create("hull");
    tcase_add_test(tests, no_point_is_above_the_hull_and_no_corner_is_idle);
    tcase_add_test(tests, orientation_is_exact_for_huge_counts);
    tcase_add_test(tests, the_first_best_of_every_range_is_found);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
