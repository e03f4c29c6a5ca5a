/* Operating points of all pairs, with little room and with much, against plain loops; EER and AUC within their bounds. */
#include "pair_people.h"

#include "score/pair_points.h"
#include "score/pair_rank.h"

static const double fars[] = {0, 1e-4, 1e-3, 0.01, 0.1, 0.29, 0.5, 0.999999, 1};
enum { FARS = sizeof fars / sizeof *fars };

static size_t above(const double *descending, size_t count, double limit)
{
    size_t n = 0;
    while (n < count && descending[n] > limit) {
        n++;
    }
    return n;
}

static size_t from(const double *descending, size_t count, double limit)
{
    return above(descending, count, nextafter(limit, -INFINITY));
}

/* The definition: of all scores, the lowest at which the FAR is not above the one asked for. */
static ef_pair_point find_point(const truth *all, double far)
{
    ef_pair_point point = {far, INFINITY, 0, 0};
    for (size_t i = 0; i < all->impostors + all->genuines; i++) {
        double limit = i < all->impostors ? all->impostor[i] : all->genuine[i - all->impostors];
        size_t false_matches = from(all->impostor, all->impostors, limit);
        if (limit < point.threshold && (double)false_matches / (double)all->impostors <= far) {
            point = (ef_pair_point){far, limit, false_matches, from(all->genuine, all->genuines, limit)};
        }
    }
    return point;
}

static double auc(const truth *all)
{
    double lost = 0;
    for (size_t i = 0; i < all->genuines; i++) {
        lost += (double)above(all->impostor, all->impostors, all->genuine[i]) +
                (double)from(all->impostor, all->impostors, all->genuine[i]);
    }
    return 1 - lost / 2 / (double)all->genuines / (double)all->impostors;
}

/* The points on both sides of where FMR passes FNMR. */
static void find_crossing(ef_pair_step step[2], const truth *all)
{
    double *limit = malloc((all->impostors + all->genuines) * sizeof *limit);
    step[0] = (ef_pair_step){INFINITY, 0, 0};
    memcpy(limit, all->impostor, all->impostors * sizeof *limit);
    memcpy(limit + all->impostors, all->genuine, all->genuines * sizeof *limit);
    ef_sort_descending(limit, all->impostors + all->genuines);
    for (size_t i = 0; i < all->impostors + all->genuines; i++) {
        step[1] =
            (ef_pair_step){limit[i], from(all->impostor, all->impostors, limit[i]), from(all->genuine, all->genuines, limit[i])};
        if (step[1].false_matches * all->genuines >= (all->genuines - step[1].true_matches) * all->impostors) {
            break;
        }
        step[0] = step[1];
    }
    free(limit);
}

static void check_manner(const people *a, const people *b, const truth *all, const ef_pair_point *expected, double area,
                         const ef_pair_step crossing[2], size_t room, bool areas, const manner *how)
{
    people left = *a, right = b != NULL ? *b : *a;
    ef_vectors rows = vectors_for(&left, how), columns = vectors_for(&right, how);
    const ef_work work = {.memory = how->memory, .threads = how->threads};
    static const double edges[] = {-0.9, -0.2, 0, 0.1, 0.5, 0.99};
    const ef_pair_question question = {fars, FARS, areas, room, edges, areas ? 6 : 0, NULL, 0};
    ef_pair_points *points;
    OK(ef_pair_points_create(&points, &rows, b != NULL ? &columns : NULL, &question, &how->way, &work, err));
    for (size_t f = 0; f < FARS; f++) {
        const ef_pair_point *got = &points->point[f];
        ck_assert_msg(got->threshold == expected[f].threshold, "FAR %g, room %zu: threshold %.17g, not %.17g", fars[f], room,
                      got->threshold, expected[f].threshold);
        ck_assert_uint_eq(got->false_matches, expected[f].false_matches);
        ck_assert_uint_eq(got->true_matches, expected[f].true_matches);
    }
    ck_assert(points->auc.least <= area && area <= points->auc.most);
    for (size_t i = 0; areas && i < 2; i++) {
        ck_assert_uint_eq(points->crossing[i].false_matches, crossing[i].false_matches);
        ck_assert_uint_eq(points->crossing[i].true_matches, crossing[i].true_matches);
    }
    ck_assert(!areas || points->crossing[1].threshold == crossing[1].threshold);
    ck_assert(!areas || points->crossing[0].threshold <= crossing[0].threshold);
    ck_assert(!areas || points->crossing[0].threshold > crossing[1].threshold);
    for (size_t i = 0; areas && i < 6; i++) {
        uint64_t count = from(all->impostor, all->impostors, edges[i]);
        ck_assert(points->edge_count[i].least <= count && count <= points->edge_count[i].most);
    }
    ck_assert_uint_eq(points->genuine, all->genuines);
    ck_assert(memcmp(points->genuine_score, all->genuine, all->genuines * sizeof(double)) == 0);
    ck_assert(memcmp(points->tail, all->impostor, points->tail_count * sizeof(double)) == 0);
    if (areas && room == 0) { /* the whole of the impostors is in the tail */
        ck_assert_double_le(points->auc.most - points->auc.least, 1e-14);
    }
    ef_pair_points_free(points);
}

static void check(size_t rows, size_t columns, size_t dim, size_t subjects, size_t groups, kind what, uint64_t seed)
{
    static const size_t rooms[] = {0, 1, 30, 700};
    people a = make_people(rows, dim, subjects, what, seed), b = make_people(columns, dim, subjects, what, seed + 1);
    if (groups > 0) {
        group_people(&a, groups, seed + 2);
        group_people(&b, groups, seed + 3);
    }
    for (size_t self = 0; self < 2; self++) {
        const people *other = self != 0 ? NULL : &b;
        truth all = find_truth(&a, other);
        ef_pair_point expected[FARS];
        for (size_t f = 0; f < FARS; f++) {
            expected[f] = find_point(&all, fars[f]);
        }
        double area = auc(&all);
        ef_pair_step crossing[2];
        find_crossing(crossing, &all);
        for (size_t r = 0; r < sizeof rooms / sizeof *rooms; r++) {
            const manner *how = &manners[(r * 3 + seed) % MANNERS];
            check_manner(&a, other, &all, expected, area, crossing, rooms[r], r % 2 == 0, how);
            if ((r + self) % 2 == 0) {
                check_manner(&a, other, &all, expected, area, crossing, rooms[r], r % 2 != 0, &manners[r]);
            }
        }
        free_truth(&all);
    }
    free_people(&a);
    free_people(&b);
}

START_TEST(points_are_those_of_plain_loops)
{
    check(40, 57, 3, 12, 0, (kind)_i, 1);
    check(57, 40, 24, 6, 0, (kind)_i, 2);
    check(31, 60, 130, 3, 0, (kind)_i, 3);
    check(45, 52, 12, 5, 4, (kind)_i, 4);
}
END_TEST

/* A bracket may be anything. */
START_TEST(a_rank_is_found_from_any_bracket)
{
    static const double brackets[][2] = {{-1, 1}, {0.1, 0.10001}, {0.9, 1.5}, {-3, -2}, {0, 5e-324}, {0.2, 0.3}};
    people a = make_people(50, 16, 10, (kind)_i, 4);
    truth all = find_truth(&a, NULL);
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        const size_t ranks[] = {1, 2, 100, all.impostors / 2, all.impostors};
        for (size_t r = 0; r < sizeof ranks / sizeof *ranks; r++) {
            ef_pair_passes passes = {.rows = &a.vectors, .work = {.threads = 1 + r % 2}, .room = i % 2 == 0 ? 5 : 2000};
            ef_rank found;
            OK(ef_pair_rank_find(&found, ranks[r], brackets[i][0], brackets[i][1], i % 3 == 0 ? 1 : UINT64_MAX, &passes, err));
            double score_there = all.impostor[ranks[r] - 1];
            size_t higher = above(all.impostor, all.impostors, score_there);
            ck_assert(found.score == score_there);
            ck_assert_uint_eq(found.above, higher);
            ck_assert(found.next == (higher > 0 ? all.impostor[higher - 1] : INFINITY));
            ck_assert_uint_le(passes.passes, 24);
        }
    }
    free_truth(&all);
    free_people(&a);
}
END_TEST

/* As when two passes contradict each other: the search ends. */
START_TEST(a_rank_that_no_score_has_is_refused)
{
    static const double brackets[][2] = {{-1, 1}, {0.1, 0.10001}, {0.9, 1.5}, {-3, -2}};
    people a = make_people(50, 16, 10, (kind)_i, 4);
    truth all = find_truth(&a, NULL);
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        ef_pair_passes passes = {.rows = &a.vectors, .work = {.threads = 2}, .room = i % 2 == 0 ? 5 : 2000};
        ef_rank found;
        FAILS(EF_INVALID, "no impostor score is of rank",
              ef_pair_rank_find(&found, all.impostors + 1, brackets[i][0], brackets[i][1], UINT64_MAX, &passes, err));
    }
    free_truth(&all);
    free_people(&a);
}
END_TEST

START_TEST(a_set_worth_sampling_gives_the_same)
{
    people a = make_people(2100, 16, 600, (kind)_i, 5);
    truth all = find_truth(&a, NULL);
    static const double few[] = {1e-6, 1e-4, 1e-3};
    const ef_work work = {.threads = 2};
    const ef_pair_question question = {.far = few, .fars = 3};
    ef_pair_points *points;
    OK(ef_pair_points_create(&points, &a.vectors, NULL, &question, NULL, &work, err));
    for (size_t f = 0; f < 3; f++) {
        size_t blocked = (size_t)(few[f] * (double)all.impostors),
               higher = above(all.impostor, all.impostors, all.impostor[blocked]);
        ck_assert_uint_eq(points->point[f].false_matches, higher);
        ck_assert_uint_eq(points->point[f].true_matches, above(all.genuine, all.genuines, all.impostor[blocked]));
    }
    ef_pair_points_free(points);
    free_truth(&all);
    free_people(&a);
}
END_TEST

START_TEST(questions_that_make_no_sense_are_refused)
{
    people a = make_people(20, 4, 3, RANDOM, 1), one = make_people(20, 4, 1, RANDOM, 1), none = make_people(20, 4, 0, RANDOM, 1);
    people other = make_people(5, 3, 3, RANDOM, 1);
    ef_pair_points *points;
    const ef_work work = {.threads = 1};
    const double bad[] = {1.0000001, -0.1, NAN};
    const ef_pair_question question = {.far = fars, .fars = FARS, .areas = true};
    for (size_t i = 0; i < 3; i++) {
        const ef_pair_question wrong = {.far = bad + i, .fars = 1};
        FAILS(EF_INVALID, "false accept rate", ef_pair_points_create(&points, &a.vectors, NULL, &wrong, NULL, &work, err));
    }
    FAILS(EF_INVALID, "no impostor", ef_pair_points_create(&points, &one.vectors, NULL, &question, NULL, &work, err));
    FAILS(EF_INVALID, "no genuine", ef_pair_points_create(&points, &none.vectors, NULL, &question, NULL, &work, err));
    FAILS(EF_INVALID, "elements", ef_pair_points_create(&points, &a.vectors, &other.vectors, &question, NULL, &work, err));
    a.unit[4 * 7 + 2] = NAN;
    for (ef_pair_product product = EF_PRODUCT_FLOATS; product <= EF_PRODUCT_CODES; product++) {
        const ef_pair_way way = {.product = product};
        FAILS(EF_INVALID, "vector 7", ef_pair_points_create(&points, &a.vectors, NULL, &question, &way, &work, err));
    }
    free_people(&a);
    free_people(&one);
    free_people(&none);
    free_people(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pair_points");
    TCase *tests = tcase_create("pair_points");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, points_are_those_of_plain_loops, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, a_rank_is_found_from_any_bracket, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, a_rank_that_no_score_has_is_refused, 0, KINDS_TO_TEST);
    tcase_add_loop_test(tests, a_set_worth_sampling_gives_the_same, 0, KINDS_TO_TEST);
    tcase_add_test(tests, questions_that_make_no_sense_are_refused);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
