/* Searching: every outcome against plain loops, above all where many scores are equal. */
#include "h5_data.h"

#include <eface/identify.h>

#include "linalg/dot.h"
#include "linalg/normalise.h"

typedef enum kind {
    RANDOM,
    QUANTISED,  /* few different scores */
    DUPLICATES, /* few different vectors */
    EQUAL,      /* one vector */
    CLOSE,      /* scores nearer to each other than float32 can tell */
    KINDS
} kind;

typedef struct people {
    double *unit;
    size_t *row;
    int64_t *subject;
    ef_search_side side;
} people;

static size_t dim;

/* `count` vectors of `subjects` people; the rows are in reverse order, to tell rows from entries. */
static people make_people(size_t count, size_t subjects, kind what, uint64_t seed)
{
    people all = {malloc((count + 1) * dim * sizeof *all.unit),
                  malloc((count + 1) * sizeof *all.row),
                  malloc((count + 1) * sizeof *all.subject),
                  {0}};
    for (size_t i = 0; i < count; i++) {
        double *unit = all.unit + i * dim;
        uint64_t own = what == DUPLICATES               ? 100 + seed % 2 + next_bits(&seed) % 5
                       : what == EQUAL || what == CLOSE ? 7
                                                        : next_bits(&seed);
        for (size_t k = 0; k < dim; k++) {
            unit[k] = (double)next_float(&own);
            if (what == QUANTISED) {
                unit[k] = unit[k] < 0 ? -1.0 : 1.0;
            } else if (what == CLOSE) {
                unit[k] += 1e-9 * (double)next_float(&seed);
            }
        }
        ef_normalise(unit, unit, dim);
        all.row[i] = count - 1 - i;
        all.subject[i] = (int64_t)(next_bits(&seed) % subjects) * 1000003 - 5;
    }
    all.side = (ef_search_side){all.unit, all.row, all.subject, count};
    return all;
}

static void free_people(people *all)
{
    free(all->unit);
    free(all->row);
    free(all->subject);
}

static double score(const people *probes, size_t p, const people *gallery, size_t g)
{
    return ef_dot(probes->unit + probes->row[p] * dim, gallery->unit + gallery->row[g] * dim, dim);
}

static ef_search_outcome plain_outcome(const people *probes, size_t p, const people *gallery)
{
    ef_search_outcome expected = {.mate = -INFINITY, .other = -INFINITY};
    for (size_t g = 0; g < gallery->side.count; g++) {
        if (gallery->subject[g] == probes->subject[p]) {
            expected.mates++;
            expected.mate = fmax(expected.mate, score(probes, p, gallery, g));
        }
    }
    for (size_t g = 0; g < gallery->side.count; g++) {
        if (gallery->subject[g] != probes->subject[p]) {
            double s = score(probes, p, gallery, g);
            expected.other = fmax(expected.other, s);
            expected.above += expected.mates > 0 && s > expected.mate;
            expected.level += expected.mates > 0 && s == expected.mate;
        }
    }
    return expected;
}

static void check_outcome(const ef_search_outcome *got, const ef_search_outcome *expected)
{
    ck_assert(got->mate == expected->mate && got->other == expected->other);
    ck_assert_uint_eq(got->mates, expected->mates);
    ck_assert_uint_eq(got->above, expected->above);
    ck_assert_uint_eq(got->level, expected->level);
}

static int descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* All scores with others, descending; freed with free(). */
static double *plain_others(size_t *out, const people *probes, const people *gallery)
{
    size_t count = 0, most = probes->side.count * gallery->side.count;
    double *all = malloc((most + 1) * sizeof *all);
    for (size_t p = 0; p < probes->side.count; p++) {
        for (size_t g = 0; g < gallery->side.count; g++) {
            if (gallery->subject[g] != probes->subject[p]) {
                all[count++] = score(probes, p, gallery, g);
            }
        }
    }
    qsort(all, count, sizeof *all, descending);
    *out = count;
    return all;
}

static void check_top(const double *all, size_t count, const people *probes, const people *gallery, const ef_work *work)
{
    double *top = malloc((count + 1) * sizeof *top);
    const size_t sizes[] = {1, 2, 17, count / 2, count};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (sizes[i] >= 1 && sizes[i] <= count) {
            OK(ef_search_pooled_top(top, sizes[i], &probes->side, &gallery->side, dim, work, err));
            ck_assert_mem_eq(top, all, sizes[i] * sizeof *top);
        }
    }
    FAILS(EF_INVALID, "highest non-mated scores",
          ef_search_pooled_top(top, count + 1, &probes->side, &gallery->side, dim, work, err));
    FAILS(EF_INVALID, "highest non-mated scores", ef_search_pooled_top(top, 0, &probes->side, &gallery->side, dim, work, err));
    free(top);
}

static void check_search(size_t probe_count, size_t gallery_count, size_t subjects, kind what, uint64_t seed)
{
    people probes = make_people(probe_count, subjects, what, seed),
           gallery = make_people(gallery_count, subjects, what, seed + 1);
    static const ef_work ways[] = {
        {.threads = 1}, {.threads = 2}, {.threads = 3}, {.threads = 2, .memory = 1}, {.threads = 0, .memory = 20000}};
    ef_search_outcome *outcome = malloc((probe_count + 1) * sizeof *outcome),
                      *expected = malloc((probe_count + 1) * sizeof *expected);
    for (size_t p = 0; p < probe_count; p++) {
        expected[p] = plain_outcome(&probes, p, &gallery);
    }
    size_t count;
    double *all = plain_others(&count, &probes, &gallery);
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        if (ways[w].memory == 1 && gallery_count > 60) {
            continue; /* a gallery entry at a time, and threads are started for each */
        }
        memset(outcome, 0x55, (probe_count + 1) * sizeof *outcome);
        OK(ef_search(outcome, &probes.side, &gallery.side, dim, &ways[w], err));
        for (size_t p = 0; p < probe_count; p++) {
            check_outcome(&outcome[p], &expected[p]);
        }
        check_top(all, count, &probes, &gallery, &ways[w]);
    }
    free(all);
    free(expected);
    free(outcome);
    free_people(&probes);
    free_people(&gallery);
}

/* One pass over several galleries, one of them empty, against a pass over each and one over all. */
START_TEST(galleries_together_are_galleries_one_by_one)
{
    enum { PROBES = 31, ENTRIES = 1100, GALLERIES = 4 };
    static const size_t end[GALLERIES] = {300, 300, 1030, ENTRIES};
    static const ef_work ways[] = {{.threads = 1}, {.threads = 3}, {.threads = 2, .memory = 20000}};
    static ef_search_outcome together[GALLERIES][PROBES], all[PROBES], alone[GALLERIES + 1][PROBES];
    static double top[PROBES * ENTRIES], expected[PROBES * ENTRIES];
    ef_search_outcome *const outcome[GALLERIES] = {together[0], together[1], together[2], together[3]};
    dim = 19;
    people probes = make_people(PROBES, 40, (kind)_i, 5), gallery = make_people(ENTRIES, 40, (kind)_i, 6);
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        static const size_t sizes[] = {0, 1, 500, 20000};
        for (size_t g = 0, begin = 0; g < GALLERIES; begin = end[g++]) {
            const ef_search_side part = {gallery.unit, gallery.row + begin, gallery.subject + begin, end[g] - begin};
            OK(ef_search(alone[g], &probes.side, &part, dim, &ways[w], err));
        }
        OK(ef_search(alone[GALLERIES], &probes.side, &gallery.side, dim, &ways[w], err));
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            size_t k = sizes[s];
            OK(ef_search_galleries(outcome, all, top, &k, &probes.side, &gallery.side, end, GALLERIES, dim, &ways[w], err));
            ck_assert_uint_eq(k, sizes[s]);
            for (size_t g = 0; g < GALLERIES; g++) {
                ck_assert_mem_eq(together[g], alone[g], sizeof alone[g]);
            }
            ck_assert_mem_eq(all, alone[GALLERIES], sizeof all);
            if (k > 0) {
                OK(ef_search_pooled_top(expected, k, &probes.side, &gallery.side, dim, &ways[w], err));
                ck_assert_mem_eq(top, expected, k * sizeof *top);
            }
        }
    }
    size_t k = PROBES * ENTRIES; /* more than there are with others */
    OK(ef_search_galleries(outcome, all, top, &k, &probes.side, &gallery.side, end, GALLERIES, dim, &ways[0], err));
    ck_assert_uint_eq(k, 0);
    free_people(&probes);
    free_people(&gallery);
}
END_TEST

START_TEST(outcomes_are_those_of_plain_loops)
{
    static const size_t dims[] = {1, 3, 16, 45};
    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
        dim = dims[d];
        check_search(57, 83, 20, (kind)_i, 11 * d);   /* several mates each */
        check_search(30, 101, 400, (kind)_i, 13 * d); /* many without a mate */
        check_search(5, 40, 1, (kind)_i, 15 * d);     /* mates only */
        check_search(1, 1, 2, (kind)_i, 17 * d);
    }
}
END_TEST

START_TEST(outcomes_are_exact_beyond_one_tile)
{
    dim = 24;
    check_search(40, 1300, 150, (kind)_i, 3);
}
END_TEST

START_TEST(empty_gallery_and_no_probes_are_defined)
{
    dim = 4;
    people probes = make_people(3, 2, RANDOM, 1), nobody = make_people(0, 1, RANDOM, 2);
    ef_search_outcome outcome[3];
    const ef_work work = {.threads = 2};
    OK(ef_search(outcome, &probes.side, &nobody.side, dim, &work, err));
    for (size_t p = 0; p < 3; p++) {
        const ef_search_outcome expected = plain_outcome(&probes, p, &nobody);
        check_outcome(&outcome[p], &expected);
        ck_assert(isinf(outcome[p].mate) && isinf(outcome[p].other));
    }
    OK(ef_search(outcome, &nobody.side, &probes.side, dim, &work, err));
    double top;
    FAILS(EF_INVALID, "there are 0", ef_search_pooled_top(&top, 1, &probes.side, &nobody.side, dim, &work, err));
    free_people(&probes);
    free_people(&nobody);
}
END_TEST

static void last_report(void *context, const char *stage, uint64_t done, uint64_t total)
{
    ck_assert_str_eq(stage, "searching");
    ck_assert_uint_le(done, total);
    *(uint64_t *)context = done;
}

START_TEST(progress_comes_to_its_end)
{
    uint64_t done = 0;
    const ef_progress progress = {last_report, &done};
    const ef_work work = {.threads = 1, .progress = &progress};
    ef_search_outcome outcome[100];
    dim = 5;
    people probes = make_people(100, 9, RANDOM, 1), gallery = make_people(70, 9, RANDOM, 2);
    OK(ef_search(outcome, &probes.side, &gallery.side, dim, &work, err));
    ck_assert_uint_eq(done, 7000);
    free_people(&probes);
    free_people(&gallery);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("search");
    TCase *tests = tcase_create("search");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, outcomes_are_those_of_plain_loops, 0, KINDS);
    tcase_add_loop_test(tests, outcomes_are_exact_beyond_one_tile, 0, KINDS);
    tcase_add_loop_test(tests, galleries_together_are_galleries_one_by_one, 0, KINDS);
    tcase_add_test(tests, empty_gallery_and_no_probes_are_defined);
    tcase_add_test(tests, progress_comes_to_its_end);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
