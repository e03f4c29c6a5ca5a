/* Repeated pairs, against comparing each pair with each: in lists of rows, and in those of templates, filed by blocks and threads. */
#include "h5_data.h"

#include "score/pair_repeats.h"
#include "score/template_scores.h"

enum { TEMPLATES = 600, PAIRS = 900 };

typedef struct list {
    ef_row_pair rows[PAIRS];
    uint32_t a[PAIRS], b[PAIRS];
    unsigned char genuine[PAIRS];
} list;

/* Few templates, all of them first and second in turn; galleries against probes, in blocks of their own; and a mixture of both. */
static void make_list(list *out, int kind, uint64_t seed)
{
    for (size_t i = 0; i < PAIRS; i++) {
        bool roles = kind == 1 || (kind == 2 && i % 2 == 0);
        size_t a = roles ? next_bits(&seed) % 30 : 100 + next_bits(&seed) % 30;
        size_t b = roles ? 570 + next_bits(&seed) % 30 : 100 + next_bits(&seed) % 30;
        out->rows[i] = (ef_row_pair){a, b};
        out->a[i] = (uint32_t)a;
        out->b[i] = (uint32_t)b;
        out->genuine[i] = next_bits(&seed) % 9 == 0;
    }
}

static bool same(const ef_row_pair *x, const ef_row_pair *y)
{
    return (x->a == y->a && x->b == y->b) || (x->a == y->b && x->b == y->a);
}

static ef_pair_repeats find_slowly(const list *in, size_t count)
{
    ef_pair_repeats found = {0};
    for (size_t i = 0; i < count; i++) {
        const ef_row_pair *pair = &in->rows[i];
        uint64_t before[2] = {0, 0}, all[2] = {0, 0};
        for (size_t j = 0; j < count; j++) {
            bool is = same(pair, &in->rows[j]);
            before[in->genuine[j]] += is && j < i;
            all[in->genuine[j]] += is;
        }
        bool self = pair->a == pair->b, fresh = before[0] + before[1] == 0;
        found.again[in->genuine[i]] += before[in->genuine[i]] > 0;
        found.self += self;
        if (fresh && !self && all[0] + all[1] > 1) {
            found.repeated++;
            found.most = all[0] + all[1] > found.most ? all[0] + all[1] : found.most;
        }
        found.both += fresh && all[0] > 0 && (all[1] > 0 || self);
    }
    return found;
}

static void check_equal(const ef_pair_repeats *found, const ef_pair_repeats *expected)
{
    ck_assert_uint_eq(found->again[0], expected->again[0]);
    ck_assert_uint_eq(found->again[1], expected->again[1]);
    ck_assert_uint_eq(found->self, expected->self);
    ck_assert_uint_eq(found->repeated, expected->repeated);
    ck_assert_uint_eq(found->most, expected->most);
    ck_assert_uint_eq(found->both, expected->both);
}

static void check_first(const list *in, const ef_pair_repeats *found)
{
    bool called[2] = {false, false};
    for (size_t i = 0; i < PAIRS; i++) {
        called[in->genuine[i]] = called[in->genuine[i]] || same(&found->first_both, &in->rows[i]);
    }
    ck_assert(called[0] && (called[1] || found->first_both.a == found->first_both.b));
}

START_TEST(repeats_are_those_of_comparing_each_with_each)
{
    static list in;
    static double unit[TEMPLATES];
    ef_pair_repeats found;
    for (size_t seed = 1; seed <= 8; seed++) {
        make_list(&in, _i, seed);
        size_t count = seed == 8 ? 1 : PAIRS;
        const ef_pair_repeats expected = find_slowly(&in, count);
        ck_assert(count == 1 || (expected.repeated > 50 && expected.most > 2 && expected.both > 10));
        OK(ef_pair_repeats_find(&found, in.rows, in.genuine, count, err));
        check_equal(&found, &expected);
        ck_assert(count == 1 || found.first_both.a + found.first_both.b > 0);
        ef_template_scores *scores = NULL;
        OK(ef_template_scores_create(&scores, unit, TEMPLATES, 1, 0, err));
        for (size_t i = 0; i < count; i += 100 * seed) {
            size_t part = count - i < 100 * seed ? count - i : 100 * seed;
            OK(ef_template_scores_add(scores, in.a + i, in.b + i, in.genuine + i, part, 1 + (int)(seed % 3), err));
        }
        OK(ef_template_scores_repeats(&found, scores, 1 + (int)(seed % 3), err));
        check_equal(&found, &expected);
        if (count == PAIRS) {
            check_first(&in, &found);
        }
        ef_template_scores_free(scores);
    }
}
END_TEST

START_TEST(numbers_are_sorted_whatever_bits_they_have)
{
    enum { COUNT = 3000 };
    static uint64_t key[COUNT], room[COUNT];
    uint64_t seed = 5;
    for (int bits = 1; bits <= 64; bits += 7) {
        for (size_t i = 0; i < COUNT; i++) {
            key[i] = next_bits(&seed) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits);
        }
        uint64_t sum = 0, sorted_sum = 0;
        for (size_t i = 0; i < COUNT; i++) {
            sum += key[i] * key[i];
        }
        ef_sort_keys(key, room, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            sorted_sum += key[i] * key[i];
            ck_assert(i == 0 || key[i - 1] <= key[i]);
        }
        ck_assert_uint_eq(sum, sorted_sum);
    }
    ef_sort_keys(key, room, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pair_repeats");
    TCase *tests = tcase_create("pair_repeats");
    tcase_add_loop_test(tests, repeats_are_those_of_comparing_each_with_each, 0, 3);
    tcase_add_test(tests, numbers_are_sorted_whatever_bits_they_have);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
