/* Columns of several kinds, for each of which rows have limits of their own: every pair that reaches the limit of its kind is met, and once, whatever else there is to
 * see to, in every manner of comparing. */
#include "pair_people.h"

#include <stdatomic.h>

enum { ROWS = 50, DIM = 24, NUMBERS = 16, REPEATED = 8, COLUMNS = 612 };

/* How many columns are of a kind: of some more than a panel of 32 holds. */
static const size_t sizes[REPEATED] = {70, 1, 33, 64, 2, 100, 31, 5};

/* The lowest numbers, and the highest. */
static uint32_t number_of(size_t which)
{
    return which < NUMBERS / 2 ? (uint32_t)which : UINT32_MAX - (NUMBERS - 1) + (uint32_t)which;
}

static size_t kind_of(uint32_t number)
{
    return number < NUMBERS / 2 ? number : NUMBERS - 1 - (UINT32_MAX - number);
}

/* What is wanted, and what was met. */
typedef struct watch {
    size_t kind[COLUMNS];
    double score[ROWS][COLUMNS], limit[NUMBERS][ROWS], column_limit[COLUMNS];
    atomic_uint met[ROWS][COLUMNS], mates[ROWS][COLUMNS], wrong;
} watch;

static uint32_t column_kind(void *self, size_t column)
{
    const watch *of = self;
    return number_of(of->kind[column]);
}

static void kind_limits(void *self, double *limit, size_t first, size_t count, uint32_t number)
{
    const watch *of = self;
    memcpy(limit, of->limit[kind_of(number)] + first, count * sizeof *limit);
}

static void no_limits(void *self, double *limit, size_t first, size_t count)
{
    (void)self;
    (void)first;
    for (size_t i = 0; i < count; i++) {
        limit[i] = INFINITY;
    }
}

static void column_limits(void *self, double *limit, size_t first, size_t count)
{
    const watch *of = self;
    memcpy(limit, of->column_limit + first, count * sizeof *limit);
}

/* On any thread: what is wrong is counted, and told of later. */
static void meet(void *self, ef_pair_batch *batch, int worker)
{
    watch *of = self;
    (void)worker;
    for (size_t i = 0; i < batch->count; i++) {
        ef_pair_candidate *pair = &batch->pair[i];
        size_t row = batch->rows->first + pair->row, column = batch->columns->first + pair->column;
        double score = of->score[row][column];
        of->wrong += !(pair->low <= score && score <= pair->high) || ef_pair_score(batch, pair) != score;
        of->met[row][column]++;
    }
}

static void meet_mate(void *self, size_t row, size_t column, double score, int worker)
{
    watch *of = self;
    (void)worker;
    of->wrong += score != of->score[row][column];
    of->mates[row][column]++;
}

/* Columns of all kinds, mixed.  Each kind is shorter than the one before it, so that limits of that one would be too high for it. */
static void deal_kinds(watch *of, people *columns, uint64_t *seed)
{
    size_t count = 0;
    for (size_t which = 0; which < NUMBERS; which++) {
        for (size_t i = 0; i < sizes[which % REPEATED]; i++) {
            of->kind[count++] = which;
        }
    }
    ck_assert_uint_eq(count, COLUMNS);
    for (size_t i = COLUMNS - 1; i > 0; i--) {
        size_t other = next_bits(seed) % (i + 1), kept = of->kind[i];
        of->kind[i] = of->kind[other];
        of->kind[other] = kept;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        for (size_t k = 0; k < DIM; k++) {
            columns->unit[i * DIM + k] *= pow(0.9, (double)of->kind[i]);
        }
    }
}

/* Limits that are the very scores of pairs: the highest of a row and a kind, or any; some rows want no pair of some kinds. */
static void set_limits(watch *of, const people *rows, const people *columns, uint64_t *seed)
{
    for (size_t r = 0; r < ROWS; r++) {
        size_t seen[NUMBERS] = {0};
        for (size_t c = 0; c < COLUMNS; c++) {
            size_t which = of->kind[c];
            double *limit = &of->limit[which][r], own = of->score[r][c] = score(rows, r, columns, c);
            bool highest = (r + which) % 3 != 0, taken = highest ? own > *limit : next_bits(seed) % (seen[which] + 1) == 0;
            *limit = seen[which]++ == 0 || taken ? own : *limit;
            of->column_limit[c] = r == 0 || own > of->column_limit[c] ? own : of->column_limit[c];
        }
        for (size_t which = r % 7; which < NUMBERS; which += 7) {
            of->limit[which][r] = INFINITY;
        }
    }
    for (size_t c = 0; c < COLUMNS; c += 3) {
        of->column_limit[c] = INFINITY;
    }
}

/* Whether a pair was met as often as it should be. */
static bool is_right(const watch *of, const people *rows, const people *columns, size_t r, size_t c, bool limited)
{
    bool grouped = rows->group != NULL && rows->group[r] == columns->group[c],
         mates = rows->label[r] == columns->label[c] && !grouped,
         matters = of->score[r][c] >= of->limit[of->kind[c]][r] || (limited && of->score[r][c] >= of->column_limit[c]);
    unsigned least = !grouped && !mates && matters, most = !grouped && !mates;
    return of->met[r][c] >= least && of->met[r][c] <= most && of->mates[r][c] == mates;
}

static void check_manner(watch *of, const people *rows, const people *columns, bool limited, const manner *how, size_t m)
{
    const ef_pair_visitor visitors[] = {{.self = of, .column_limits = column_limits},
                                        {.self = of,
                                         .row_limits = no_limits,
                                         .column_kind = column_kind,
                                         .kind_limits = kind_limits,
                                         .meet = meet,
                                         .mate = meet_mate}};
    of->wrong = 0;
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++) {
        of->met[i / COLUMNS][i % COLUMNS] = of->mates[i / COLUMNS][i % COLUMNS] = 0;
    }
    compare(rows, columns, limited ? visitors : visitors + 1, limited ? 2 : 1, how);
    ck_assert_uint_eq(of->wrong, 0);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++) {
        size_t r = i / COLUMNS, c = i % COLUMNS;
        if (!is_right(of, rows, columns, r, c, limited)) { /* an assertion for each pair would take far longer than comparing */
            ck_abort_msg("manner %zu: row %zu and column %zu, of kind %zu, met %u times, as mates %u", m, r, c, of->kind[c],
                         of->met[r][c], of->mates[r][c]);
        }
    }
}

/* Without labels and with, without groups and with, and, besides limits of kinds, limits of the columns themselves. */
START_TEST(every_pair_that_reaches_the_limit_of_its_kind_is_met)
{
    static watch of;
    uint64_t seed = 5;
    bool labels = _i % 2 != 0, groups = _i / 2 % 2 != 0, limited = _i / 4 != 0;
    people rows = make_people(ROWS, DIM, labels ? 5 : 0, RANDOM, 1),
           columns = make_people(COLUMNS, DIM, labels ? 5 : 0, RANDOM, 2);
    if (groups) {
        group_people(&rows, 6, 3);
        group_people(&columns, 6, 4);
    }
    deal_kinds(&of, &columns, &seed);
    set_limits(&of, &rows, &columns, &seed);
    for (size_t m = 0; m < MANNERS; m++) {
        if (manners[m].memory == 0 || manners[m].memory > 1000) { /* or columns would come one by one */
            check_manner(&of, &rows, &columns, limited, &manners[m], m);
        }
    }
    size_t versions;
    const ef_int8_version *version = ef_int8_versions(&versions);
    for (size_t v = 0; v < versions; v++) {
        if (version[v].runs_here()) {
            const manner how = {.way = {EF_PRODUCT_CODES, .kernel = &version[v]}, .threads = 2};
            check_manner(&of, &rows, &columns, limited, &how, MANNERS + v);
        }
    }
    free_people(&rows);
    free_people(&columns);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pair_kinds");
    TCase *tests = tcase_create("pair_kinds");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, every_pair_that_reaches_the_limit_of_its_kind_is_met, 0, 8);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
