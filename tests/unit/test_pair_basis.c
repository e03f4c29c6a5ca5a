/* In which directions vectors are compared: few where they lie in few, all elements where they fill their space, and the results are the same. */
#include "pair_people.h"

#include <float.h>

#include "linalg/gemm.h"
#include "score/pair_basis.h"
#include "score/pair_tail.h"

enum { DIM = 64, COUNT = 2400, PEOPLE = 500 };

/* Vectors of which `rank` elements are large, and the others `rest` of that, turned so that no element is a direction of its own. */
static people make_lying(size_t count, size_t dim, size_t rank, double rest, uint64_t seed)
{
    people all = make_people(count, dim, PEOPLE, RANDOM, seed);
    for (size_t i = 0; i < count; i++) {
        double *vector = all.unit + i * dim, sum = 0;
        for (size_t k = 0; k < dim; k++) {
            vector[k] *= k < rank ? 1 : rest;
            sum += vector[k];
        }
        for (size_t k = 0; k < dim; k++) {
            vector[k] -= 2 * sum / (double)dim;
        }
        ef_normalise(vector, vector, dim);
    }
    return all;
}

enum { AHEAD = 4 };

/* With so many directions wanted, or the best number. */
static ef_pair_basis_terms terms_of(size_t wanted)
{
    return (ef_pair_basis_terms){wanted, AHEAD, 2, (size_t)2 << 30};
}

static size_t directions_for(const people *a, const people *b)
{
    ef_basis basis;
    const ef_pair_basis_terms terms = terms_of(0);
    OK(ef_pair_basis_find(&basis, &a->vectors, b != NULL ? &b->vectors : NULL, &terms, err));
    size_t count = basis.count;
    ef_basis_free(&basis);
    return count;
}

START_TEST(as_many_as_make_the_least_work)
{
    static const struct {
        size_t rank;
        double rest;
        size_t least, most; /* directions; 0: all elements as they are */
    } cases[] = {{16, 0, 16, 16}, {20, 0.01, 32, 32}, {30, 0.03, 32, 48}, {DIM, 1, 0, 0}, {58, 0, 0, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        people a = make_lying(COUNT, DIM, cases[c].rank, cases[c].rest, 1),
               b = make_lying(COUNT, DIM, cases[c].rank, cases[c].rest, 2);
        size_t alone = directions_for(&a, NULL), two = directions_for(&a, &b);
        ck_assert_msg(alone >= cases[c].least && alone <= cases[c].most, "case %zu: %zu", c, alone);
        ck_assert_msg(two >= cases[c].least && two <= cases[c].most, "case %zu, two sides: %zu", c, two);
        free_people(&a);
        free_people(&b);
    }
}
END_TEST

/* Both sides count: one that lies in few directions is of no use when the other lies elsewhere. */
/* They are in many pairs, which are all looked at again. */
START_TEST(a_few_vectors_beside_the_directions_count)
{
    static const struct {
        size_t each, directions; /* one vector of so many fills the space */
    } cases[] = {{10, 0}, {50, 16}};
    for (size_t c = 0; c < LENGTH(cases); c++) {
        people a = make_lying(COUNT, DIM, 16, 0, 1), full = make_lying(COUNT, DIM, DIM, 1, 2);
        for (size_t i = 0; i < COUNT; i++) {
            if (i * 7919 % cases[c].each == 0) {
                memcpy(a.unit + i * DIM, full.unit + i * DIM, DIM * sizeof *a.unit);
            }
        }
        size_t found = directions_for(&a, NULL);
        ck_assert_msg(found == cases[c].directions, "one of %zu: %zu", cases[c].each, found);
        free_people(&a);
        free_people(&full);
    }
}
END_TEST

START_TEST(both_sides_are_sampled)
{
    people a = make_lying(COUNT, DIM, 16, 0, 1), b = make_lying(COUNT, DIM, DIM, 1, 2);
    ck_assert_uint_eq(directions_for(&a, NULL), 16);
    ck_assert_uint_ne(directions_for(&a, &b), 16);
    free_people(&a);
    free_people(&b);
}
END_TEST

START_TEST(few_pairs_are_not_worth_a_search)
{
    people a = make_lying(COUNT, DIM, 16, 0, 1);
    a.vectors.count = 1000;
    ck_assert_uint_eq(directions_for(&a, NULL), 0);
    a.vectors.count = 15; /* nor is there a sample to take */
    ef_basis basis;
    const ef_pair_basis_terms terms = terms_of(5);
    OK(ef_pair_basis_find(&basis, &a.vectors, NULL, &terms, err));
    ck_assert_uint_eq(basis.count, 0);
    ef_basis_free(&basis);
    free_people(&a);
}
END_TEST

START_TEST(little_memory_is_not_spent_on_a_search)
{
    people a = make_lying(COUNT, DIM, 16, 0, 1);
    ef_basis basis;
    const ef_pair_basis_terms terms = {0, AHEAD, 2, (size_t)1 << 20};
    OK(ef_pair_basis_find(&basis, &a.vectors, NULL, &terms, err));
    ck_assert_uint_eq(basis.count, 0);
    ef_basis_free(&basis);
    free_people(&a);
}
END_TEST

START_TEST(unsound_vectors_are_left_to_the_comparison)
{
    static const double bad[] = {NAN, INFINITY, DBL_MAX};
    people a = make_lying(COUNT, DIM, 16, 0, 1);
    ef_pair_tail *tail;
    OK(ef_pair_tail_create(&tail, 10, -INFINITY, 2, err));
    const ef_pair_visitor visitor = ef_pair_tail_visitor(tail);
    const ef_work work = {.threads = 2};
    for (size_t i = 0; i < 3; i++) {
        a.unit[5 * DIM + 7] = bad[i];
        ck_assert_uint_eq(directions_for(&a, NULL), 0);
        FAILS(EF_INVALID, "vector 5 is not finite", ef_all_pairs(NULL, &a.vectors, NULL, &visitor, 1, NULL, &work, err));
    }
    ef_pair_tail_free(tail);
    free_people(&a);
}
END_TEST

/* Where runs of vectors that were read begin. */
typedef struct reading {
    const people *from;
    size_t first[100], runs;
} reading;

static ef_status read_run(void *context, double *unit, size_t first, size_t count, ef_error *err)
{
    reading *all = context;
    (void)err;
    ck_assert_uint_lt(all->runs, LENGTH(all->first));
    all->first[all->runs++] = first;
    memcpy(unit, all->from->unit + first * DIM, count * DIM * sizeof *unit);
    return EF_OK;
}

/* One bad number in any of the runs that are sampled, to find directions in or to judge them by, and there are none, not even so many as are asked for; the comparison
 * says which vector it is. */
START_TEST(a_sample_is_sound_in_all_its_parts)
{
    static const double bad[] = {NAN, INFINITY, DBL_MAX, 0x1p41};
    people a = make_lying(COUNT, DIM, 16, 0, 1), b = make_lying(COUNT, DIM, 16, 0, 2);
    reading rows = {.from = &a}, columns = {.from = &b}, *side[] = {&rows, &columns};
    const ef_vectors left = {.count = COUNT, .dim = DIM, .read = read_run, .context = &rows},
                     right = {.count = COUNT, .dim = DIM, .read = read_run, .context = &columns};
    ef_basis basis;
    const ef_pair_way way = {.product = EF_PRODUCT_CODES, .directions = 16};
    const ef_work work = {.threads = 1};
    const ef_pair_basis_terms terms = terms_of(16);
    OK(ef_pair_basis_find(&basis, &left, &right, &terms, err));
    ck_assert_uint_eq(basis.count, 16);
    ef_basis_free(&basis);
    for (size_t s = 0; s < 2; s++) {
        const reading sampled = *side[s];
        ck_assert_uint_gt(sampled.runs, 4);
        for (size_t i = 0; i < LENGTH(bad) * sampled.runs; i++) {
            size_t vector = sampled.first[i / LENGTH(bad)] + 3;
            double *number = sampled.from->unit + vector * DIM + 7, kept = *number;
            char named[40];
            snprintf(named, sizeof named, "vector %zu is not finite", vector);
            *number = bad[i % LENGTH(bad)];
            for (size_t wanted = 0; wanted <= 16; wanted += 16) {
                rows.runs = columns.runs = 0;
                const ef_pair_basis_terms spoilt = terms_of(wanted);
                OK(ef_pair_basis_find(&basis, &left, &right, &spoilt, err));
                ck_assert_msg(basis.count == 0, "side %zu, run %zu, number %zu", s, i / LENGTH(bad), i % LENGTH(bad));
                ef_basis_free(&basis);
            }
            FAILS(EF_INVALID, named, ef_all_pairs(NULL, &a.vectors, &b.vectors, NULL, 0, &way, &work, err));
            *number = kept;
        }
    }
    free_people(&a);
    free_people(&b);
}
END_TEST

/* The few vectors that lie elsewhere are the ones that score highest: a screen that trusted the sample would miss them. */
START_TEST(vectors_beside_all_directions_are_found_too)
{
    people a = make_lying(COUNT, DIM, 16, 0, 1);
    for (size_t i = 0; i < 6; i++) { /* between the runs of neighbours that are sampled */
        double *vector = a.unit + (size_t[]){17, 18, 60, 555, 1001, 2399}[i] * DIM, sum = 0;
        for (size_t k = 0; k < DIM; k++) {
            vector[k] = k == 40 ? 1 : k == 41 + i ? 0.2 : 0;
            sum += vector[k];
        }
        for (size_t k = 0; k < DIM; k++) {
            vector[k] -= 2 * sum / DIM;
        }
        ef_normalise(vector, vector, DIM);
    }
    ck_assert_uint_eq(directions_for(&a, NULL), 16);
    truth all = find_truth(&a, NULL);
    for (size_t product = EF_PRODUCT_FASTEST; product <= EF_PRODUCT_CODES; product++) {
        ef_pair_tail *tail;
        const manner how = {.way = {.product = (ef_pair_product)product}, .threads = 2};
        OK(ef_pair_tail_create(&tail, 2000, -INFINITY, 2, err));
        const ef_pair_visitor visitor = ef_pair_tail_visitor(tail);
        compare(&a, NULL, &visitor, 1, &how);
        ck_assert_mem_eq(ef_pair_tail_scores(tail), all.impostor, 2000 * sizeof(double));
        ef_pair_tail_free(tail);
    }
    ck_assert_double_gt(all.impostor[0], 0.9);
    free_truth(&all);
    free_people(&a);
}
END_TEST

int main(void)
{
    ef_gemm_begin();
    Suite *suite = suite_create("pair_basis");
    TCase *tests = tcase_create("pair_basis");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, as_many_as_make_the_least_work);
    tcase_add_test(tests, a_few_vectors_beside_the_directions_count);
    tcase_add_test(tests, both_sides_are_sampled);
    tcase_add_test(tests, few_pairs_are_not_worth_a_search);
    tcase_add_test(tests, little_memory_is_not_spent_on_a_search);
    tcase_add_test(tests, unsound_vectors_are_left_to_the_comparison);
    tcase_add_test(tests, a_sample_is_sound_in_all_its_parts);
    tcase_add_test(tests, vectors_beside_all_directions_are_found_too);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
