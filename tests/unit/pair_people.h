/* pair_people.h - what tests of all pairs share: vectors of people, the ways to compare them, and the truth by plain loops. */
#ifndef PAIR_PEOPLE_H
#define PAIR_PEOPLE_H

#include "h5_data.h"

#include <eface/pair_scores.h>

#include "linalg/dot.h"
#include "linalg/normalise.h"
#include "score/all_pairs.h"
#include "score/highest.h"

typedef enum kind {
    RANDOM,
    QUANTISED,  /* few different scores */
    DUPLICATES, /* few different vectors, one of them zero */
    EQUAL,      /* one vector */
    CLOSE,      /* scores nearer to each other than float32 can tell */
    KINDS
} kind;

enum { KINDS_TO_TEST = ONLY_RACES ? QUANTISED + 1 : KINDS };

typedef struct people {
    ef_vectors vectors;
    double *unit;
    int64_t *label; /* given out only when there are several of anybody */
    int64_t *group; /* NULL until group_people() */
} people;

/* Of `subjects` people; 0 for vectors without labels. */
static inline people make_people(size_t count, size_t dim, size_t subjects, kind what, uint64_t seed)
{
    people all = {.unit = malloc((count + 1) * dim * sizeof(double)), .label = malloc((count + 1) * sizeof(int64_t))};
    for (size_t i = 0; i < count; i++) {
        uint64_t own = what == DUPLICATES ? 100 + next_bits(&seed) % 5 : what == EQUAL || what == CLOSE ? 7 : next_bits(&seed);
        bool zero = what == DUPLICATES && own == 100;
        for (size_t k = 0; k < dim; k++) {
            double x = (double)next_float(&own);
            all.unit[i * dim + k] = zero                ? 0.0
                                    : what == QUANTISED ? (x < 0 ? -1.0 : 1.0)
                                    : what == CLOSE     ? x + 1e-9 * (double)next_float(&seed)
                                                        : x;
        }
        ef_normalise(all.unit + i * dim, all.unit + i * dim, dim);
        static int64_t nobody;
        all.label[i] = subjects > 0 ? (int64_t)(next_bits(&seed) % subjects) * 1000003 - 5 : nobody++;
    }
    all.vectors = (ef_vectors){.count = count, .dim = dim, .unit = all.unit, .label = subjects > 0 ? all.label : NULL};
    return all;
}

static inline void free_people(people *all)
{
    free(all->unit);
    free(all->label);
    free(all->group);
}

/* Deals vectors out to groups, which make no pairs among themselves. */
static inline void group_people(people *all, size_t groups, uint64_t seed)
{
    all->group = malloc((all->vectors.count + 1) * sizeof *all->group);
    for (size_t i = 0; i < all->vectors.count; i++) {
        all->group[i] = (int64_t)(next_bits(&seed) % groups) - 1;
    }
    all->vectors.group = all->group;
}

static inline ef_status read_rows(void *context, double *unit, size_t first, size_t count, ef_error *err)
{
    const people *all = context;
    size_t dim = all->vectors.dim;
    (void)err;
    memcpy(unit, all->unit + first * dim, count * dim * sizeof *unit);
    return EF_OK;
}

/* Ways that must make no difference. */
typedef struct manner {
    ef_pair_way way;
    int threads;
    size_t memory;
    bool reads; /* the vectors are not in memory */
} manner;

static const manner manners[] = {
    {.threads = 1},
    {.way = {.product = EF_PRODUCT_FLOATS}, .threads = 1},
    {.way = {.product = EF_PRODUCT_CODES}, .threads = 1},
    {.way = {EF_PRODUCT_CODES, .block = 37}, .threads = 3},
    {.way = {EF_PRODUCT_FLOATS, .block = 50}, .threads = 2, .reads = true},
    {.way = {EF_PRODUCT_CODES, .tile_rows = 12, .tile_columns = 32}, .threads = 4, .reads = true},
    {.way = {EF_PRODUCT_FLOATS, .tile_rows = 24, .tile_columns = 96}, .threads = 4},
    {.way = {EF_PRODUCT_CODES, .block = 96, .tile_rows = 17, .tile_columns = 300}, .threads = 2},
    {.way = {EF_PRODUCT_CODES, .directions = 3}, .threads = 2},
    {.way = {EF_PRODUCT_CODES, .directions = 17, .block = 70}, .threads = 3, .reads = true},
    {.way = {EF_PRODUCT_CODES, .directions = SIZE_MAX}, .threads = 1},
    {.threads = 2, .memory = 1000, .reads = true},
    {.way = {.product = EF_PRODUCT_FLOATS}, .threads = 2, .memory = 30000},
};
enum { MANNERS = sizeof manners / sizeof *manners };

/* The truth, by plain loops. */
typedef struct truth {
    double *impostor, *genuine; /* descending */
    size_t impostors, genuines;
} truth;

static inline double score(const people *a, size_t i, const people *b, size_t j)
{
    return ef_dot(a->unit + i * a->vectors.dim, b->unit + j * b->vectors.dim, a->vectors.dim);
}

static inline truth find_truth(const people *a, const people *b)
{
    const people *columns = b != NULL ? b : a;
    size_t most = a->vectors.count * columns->vectors.count + 1;
    truth all = {malloc(most * sizeof(double)), malloc(most * sizeof(double)), 0, 0};
    for (size_t i = 0; i < a->vectors.count; i++) {
        for (size_t j = b != NULL ? 0 : i + 1; j < columns->vectors.count; j++) {
            if (a->group != NULL && columns->group != NULL && a->group[i] == columns->group[j]) {
                continue;
            }
            if (a->label[i] == columns->label[j]) {
                all.genuine[all.genuines++] = score(a, i, columns, j);
            } else {
                all.impostor[all.impostors++] = score(a, i, columns, j);
            }
        }
    }
    ef_sort_descending(all.impostor, all.impostors);
    ef_sort_descending(all.genuine, all.genuines);
    return all;
}

static inline void free_truth(truth *all)
{
    free(all->impostor);
    free(all->genuine);
}

/* The vectors as a manner hands them over. */
static inline ef_vectors vectors_for(people *all, const manner *how)
{
    ef_vectors vectors = all->vectors;
    if (how->reads) {
        vectors.unit = NULL;
        vectors.read = read_rows;
        vectors.context = all;
    }
    return vectors;
}

/* Compares a with b in one of the manners; b NULL: with itself. */
static inline ef_pair_totals compare(const people *a, const people *b, const ef_pair_visitor *visitors, size_t count,
                                     const manner *how)
{
    people left = *a, right = b != NULL ? *b : *a;
    ef_vectors rows = vectors_for(&left, how), columns = vectors_for(&right, how);
    ef_pair_totals totals = {0};
    const ef_work work = {.memory = how->memory, .threads = how->threads};
    OK(ef_all_pairs(&totals, &rows, b != NULL ? &columns : NULL, visitors, count, &how->way, &work, err));
    bool looks = false;
    for (size_t v = 0; v < count; v++) {
        looks = looks || visitors[v].look != NULL;
    }
    if (how->way.directions > 0 && !looks && rows.dim >= 16 && rows.count >= 16) { /* or there is no sample */
        size_t all = rows.dim;
        ck_assert_uint_eq(totals.directions, how->way.directions < all ? how->way.directions : all);
    }
    return totals;
}

#endif
