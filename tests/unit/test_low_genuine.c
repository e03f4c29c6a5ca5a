/* Genuine comparisons that score like impostor ones, and scores that are all the same. */
#include "unit.h"

#include <stdio.h>

#include "evaluate/compared_others.h"
#include "evaluate/low_genuine.h"

enum { IMPOSTORS = 1000 };

/* Impostors 0 .. 999; of `genuine` scores `low` lie as impostors do, evenly and between them, and the others above them all. */
static ef_curve *make_mixture(size_t genuine, size_t low)
{
    size_t count = IMPOSTORS + genuine;
    double *score = malloc(count * sizeof *score);
    unsigned char *is_genuine = malloc(count);
    ef_curve *curve = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t g = i - IMPOSTORS;
        is_genuine[i] = i >= IMPOSTORS;
        score[i] = i < IMPOSTORS ? (double)i : g < low ? ((double)g + 0.5) * IMPOSTORS / (double)low - 0.25 : 2 * IMPOSTORS;
    }
    OK(ef_curve_create(&curve, score, is_genuine, count, err));
    free(score);
    free(is_genuine);
    return curve;
}

START_TEST(a_mixture_has_its_share_below_every_height)
{
    static const uint64_t expected[EF_LOW_COUNT] = {198, 180, 140, 100, 60};
    ef_curve *curve = make_mixture(400, 200);
    ef_low_genuine low;
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.genuine, 400);
    for (int i = 0; i < EF_LOW_COUNT; i++) {
        ck_assert_msg(low.below[i] == expected[i], "%d: %llu", i, (unsigned long long)low.below[i]);
    }
    ck_assert_double_eq(ef_low_genuine_share(&low), 0.5);
    ef_curve_free(curve);
    curve = make_mixture(400, 0);
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.genuine, 400);
    ck_assert_uint_eq(low.below[EF_LOW_01], 0);
    ck_assert_double_eq(ef_low_genuine_share(&low), 0);
    ef_curve_free(curve);
}
END_TEST

START_TEST(ties_raise_no_suspicion)
{
    enum { EACH = 200 };
    double score[2 * EACH];
    unsigned char genuine[2 * EACH];
    ef_curve *curve;
    ef_low_genuine low;
    for (int i = 0; i < 2 * EACH;
         i++) { /* 120 impostors and 60 genuine scores are 0, as a matcher gives what it cannot compare */
        int rank = i / 2;
        genuine[i] = (unsigned char)(i % 2);
        score[i] = genuine[i] ? (rank < 60 ? 0 : 1000) : (rank < 120 ? 0 : rank);
    }
    OK(ef_curve_create(&curve, score, genuine, LENGTH(score), err));
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.below[EF_LOW_01], 60);
    ck_assert_uint_eq(low.below[EF_LOW_10], 60);
    ck_assert_uint_eq(low.below[EF_LOW_30], 60);
    ck_assert_uint_eq(low.below[EF_LOW_50], 0);
    ck_assert_double_eq(ef_low_genuine_share(&low), 0);
    ef_curve_free(curve);
}
END_TEST

START_TEST(what_is_not_known_is_not_counted)
{
    ef_curve *curve = make_mixture(400, 200);
    ef_low_genuine low;
    size_t points = curve->points;
    while (curve->false_matches[curve->points - 1] >= 700) {
        curve->points--;
    }
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.genuine, 0);
    ck_assert_double_eq(ef_low_genuine_share(&low), 0);
    curve->points++;
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.genuine, 400);
    curve->points = points;
    curve->impostors = 100;
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.genuine, 400);
    curve->impostors = 99;
    ef_low_genuine_of_curve(&low, curve);
    ck_assert_uint_eq(low.genuine, 0);
    ef_curve_free(curve);
}
END_TEST

START_TEST(searches_count_by_rank)
{
    const ef_search_outcome outcome[] = {
        {.mates = 1, .above = 0},   {.mates = 1, .above = 9},   {.mates = 1, .above = 10},   {.mates = 1, .above = 100},
        {.mates = 1, .above = 500}, {.mates = 1, .above = 501}, {.mates = 1, .above = 1000}, {.mates = 0, .above = 0},
    };
    const ef_gallery_search search[] = {{outcome, LENGTH(outcome), 1001, NULL}, {outcome, LENGTH(outcome), 100, NULL}};
    const ef_identification found = {.gallery = search, .galleries = 2}; /* the second has 99 others: too few */
    ef_low_genuine low;
    ef_low_genuine_of_searches(&low, &found);
    ck_assert(low.related);
    ck_assert_uint_eq(low.genuine, 7);
    ck_assert_uint_eq(low.below[EF_LOW_01], 5);
    ck_assert_uint_eq(low.below[EF_LOW_10], 4);
    ck_assert_uint_eq(low.below[EF_LOW_30], 3);
    ck_assert_uint_eq(low.below[EF_LOW_50], 2);
    ck_assert_uint_eq(low.below[EF_LOW_70], 1);
    /* What each probe met may be less: ranks are of that, and the second has too few for any. */
    const uint64_t others[LENGTH(outcome)] = {1000, 99, 1000, 1000, 1000, 1000, 1200, 1000};
    const ef_gallery_search some[] = {{outcome, LENGTH(outcome), 5001, others}};
    ef_low_genuine_of_searches(&low, &(ef_identification){.gallery = some, .galleries = 1});
    ck_assert_uint_eq(low.genuine, 6);
    ck_assert_uint_eq(low.below[EF_LOW_01], 5);
    ck_assert_uint_eq(low.below[EF_LOW_50], 2);
    low = (ef_low_genuine){0};
    ef_low_genuine_meet(&low, 60, 100);
    ck_assert_uint_eq(low.below[EF_LOW_50], 1);
    ef_low_genuine_meet(&low, 60, 99);
    ck_assert_uint_eq(low.genuine, 1);
}
END_TEST

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005 + 1442695040888963407;
    return *state >> 40;
}

/* Against a double loop: a set with itself and two sides, with and without groups; who is not known has a number of his own. */
START_TEST(others_are_counted_pair_by_pair)
{
    enum { MOST = 60 };
    int64_t label[2][MOST], group[2][MOST];
    uint64_t state = 5;
    for (int round = 0; round < 40; round++) {
        ef_all_pairs_plan plan = {.split = round % 2 == 1};
        for (int s = 0; s < 2; s++) {
            for (size_t i = 0; i < MOST; i++) {
                label[s][i] = (int64_t)(next(&state) % 12) - 2;
                group[s][i] = (int64_t)(next(&state) % 7) - 1;
                label[s][i] = label[s][i] < 0 ? -1 - (int64_t)i - s * MOST : label[s][i];
                group[s][i] = group[s][i] < 0 ? -1 - (int64_t)i - s * MOST : group[s][i];
            }
            size_t count = s == 1 && !plan.split ? 0 : 1 + next(&state) % MOST;
            plan.side[s] = (ef_compared_side){count, NULL, label[s], round % 4 < 2 ? NULL : group[s]};
        }
        const ef_compared_side *rows = &plan.side[0], *entries = &plan.side[plan.split];
        uint64_t *others = NULL;
        OK(ef_compared_others(&others, &plan, err));
        for (size_t i = 0; i < rows->count; i++) {
            uint64_t expected = 0;
            for (size_t j = 0; j < entries->count; j++) {
                bool together = rows->group != NULL && rows->group[i] == entries->group[j];
                expected += rows->label[i] != entries->label[j] && !together;
            }
            ck_assert_uint_eq(others[i], expected);
        }
        free(others);
    }
}
END_TEST

/* Counts on either side of each threshold. */
START_TEST(every_threshold_decides)
{
    static const struct {
        const char *what;
        ef_low_genuine low;
        double share;
    } cases[] = {
        {"a mixture", {1000, {396, 360, 280, 200, 120}, false}, 0.4},
        {"five below the median", {100, {10, 9, 7, 5, 3}, false}, 0.1},
        {"four below the median", {100, {8, 7, 6, 4, 3}, false}, 0},
        {"one percent", {10000, {99, 90, 70, 50, 30}, false}, 0.01},
        {"less than one percent", {10000, {97, 88, 69, 49, 29}, false}, 0},
        /* s(0.5) = 0.12, s(0.1) = 0.16 and s(0.01) = 0.46: evenness 0.1803; then 0.1780 */
        {"even enough", {9900, {4500, 1425, 700, 594, 100}, false}, 0.12},
        {"not even enough", {9900, {4560, 1425, 700, 594, 100}, false}, 0},
        {"related and even enough", {9900, {3250, 1420, 700, 594, 100}, true}, 0.12},  /* evenness 0.2506 */
        {"related and not even enough", {9900, {3280, 1420, 700, 594, 100}, true}, 0}, /* 0.2483 */
        {"others are high", {1000, {599, 480, 400, 250, 100}, false}, 0.5},
        {"others are not high", {1000, {601, 480, 400, 250, 100}, false}, 0},
        {"others are not high, but the rest is straight", {1000, {729, 500, 400, 250, 145}, false}, 0.5},
        {"not straight", {1000, {729, 500, 400, 250, 143}, false}, 0},
        {"straight, and not high", {1000, {731, 500, 400, 250, 145}, false}, 0},
        {"straight but related", {1000, {729, 500, 400, 250, 145}, true}, 0},
        {"straight by a hundred", {400, {290, 200, 140, 100, 60}, false}, 0.5},
        {"straight by too few", {396, {287, 198, 140, 99, 60}, false}, 0},
        {"no more than all", {1000, {600, 600, 600, 600, 300}, false}, 1},
        {"nothing", {0, {0}, false}, 0},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        double share = ef_low_genuine_share(&cases[i].low);
        ck_assert_msg(fabs(share - cases[i].share) < 1e-12, "%s: %g", cases[i].what, share);
    }
}
END_TEST

static void expect_note(ef_strings *notes, size_t count, const char *text)
{
    ck_assert_uint_eq(ef_strings_count(notes), count);
    ck_assert_str_eq(ef_strings_at(notes, count - 1), text);
}

START_TEST(notes_name_the_share)
{
    ef_strings *notes;
    OK(ef_strings_create(&notes, err));
    ef_low_genuine low = {1000, {396, 360, 280, 200, 120}, false};
    OK(ef_note_low_genuine(notes, &low, "genuine pairs", "impostor pairs", EF_ASK_IN_STEP, err));
    expect_note(
        notes, 1,
        "40 % of the genuine pairs score like impostor pairs while others score far above them: are rows and ids in step, and "
        "are the labels right?");
    low.genuine = 15000;
    OK(ef_note_low_genuine(notes, &low, "mates", "distractors", "are the labels right?", err));
    expect_note(notes, 2, "2.7 % of the mates score like distractors while others score far above them: are the labels right?");
    low.below[EF_LOW_50] = 0;
    OK(ef_note_low_genuine(notes, &low, "mates", "distractors", "are the labels right?", err));
    ck_assert_uint_eq(ef_strings_count(notes), 2);
    ef_strings_free(notes);
}
END_TEST

START_TEST(scores_collapse_within_a_thousandth)
{
    uint64_t genuine[8] = {0}, impostor[8] = {0};
    const ef_histogram histogram = {-1, 1, 8, genuine, impostor};
    ef_strings *notes;
    OK(ef_strings_create(&notes, err));
    OK(ef_note_collapse(notes, 0.5, 0.5 + 1.0 / 512, NULL, err));
    OK(ef_note_collapse(notes, 0.5, 0.501001, NULL, err));
    ck_assert_uint_eq(ef_strings_count(notes), 0);
    OK(ef_note_collapse(notes, 0.998, 0.998 + 1.0 / 1024, NULL, err));
    expect_note(
        notes, 1,
        "all scores are about 0.998: the embeddings have nearly all the same direction, and thresholds in steps of 0.01, as "
        "insightface has them, cannot tell such scores apart");
    genuine[3] = 1;
    impostor[4] = 7;
    OK(ef_note_collapse(notes, 0.2, 0.2, &histogram, err));
    ck_assert_uint_eq(ef_strings_count(notes), 2);
    impostor[5] = 1;
    OK(ef_note_collapse(notes, 0.2, 0.2, &histogram, err));
    ck_assert_uint_eq(ef_strings_count(notes), 2);
    ef_strings_free(notes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("low genuine scores");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, a_mixture_has_its_share_below_every_height);
    tcase_add_test(tests, ties_raise_no_suspicion);
    tcase_add_test(tests, what_is_not_known_is_not_counted);
    tcase_add_test(tests, searches_count_by_rank);
    tcase_add_test(tests, others_are_counted_pair_by_pair);
    tcase_add_test(tests, every_threshold_decides);
    tcase_add_test(tests, notes_name_the_share);
    tcase_add_test(tests, scores_collapse_within_a_thousandth);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
