/* int8 codes: the bound holds for vectors built to break it, and every way to multiply codes gives the same integers. */
#include "h5_data.h"

#include <float.h>

#include "base/memory.h"
#include "linalg/dot.h"
#include "linalg/dot16.h"
#include "linalg/int8_tile.h"
#include "linalg/normalise.h"
#include "linalg/quantise.h"
#include "linalg/screen.h"

static const size_t dims[] = {1, 2, 3, 4, 7, 8, 127, 128, 512, 513};
enum { DIMS = sizeof dims / sizeof *dims, COUNT = 32, MOST = 513 };

typedef enum kind {
    UNIT,     /* a random direction */
    OUTLIER,  /* one element holds nearly all of the length */
    EQUAL,    /* all elements the same */
    MIDPOINT, /* all elements half-way between two codes */
    BELOW,    /* just below half-way, all residuals as large and of one sign as can be */
    SPARSE,   /* a single element */
    ZERO,
    LONG,     /* of length 1e9 */
    SHORT,    /* of length 1e-20 */
    TINY,     /* squares vanish */
    DENORMAL, /* elements vanish nearly */
    RESIDUAL, /* along what the codes of the vector before it leave out */
    AGAINST,  /* the same, against it */
    KINDS
} kind;

static void scale_to(double *vector, size_t n, double length)
{
    ef_normalise(vector, vector, n);
    for (size_t k = 0; k < n; k++) {
        vector[k] *= length;
    }
}

static void residual_of(double *out, const double *vector, size_t n, const ef_code_range *range, double sign)
{
    int8_t code[MOST];
    ef_quantised about = ef_quantise(code, vector, n, range);
    for (size_t k = 0; k < n; k++) {
        out[k] = sign * (vector[k] - (double)about.scale * code[k]);
    }
    ef_normalise(out, out, n);
}

static void make(double *out, size_t n, kind what, const double *before, const ef_code_range *range, uint64_t *seed)
{
    for (size_t k = 0; k < n; k++) {
        double x = (double)next_float(seed), step = floor(x * (range->most - 1));
        const double element[KINDS] = {
            [UNIT] = x,
            [OUTLIER] = k == n / 2 ? 1.0 : x * 1e-3,
            [EQUAL] = 1.0,
            [MIDPOINT] = k == 0 ? range->most : step + 0.5,
            [BELOW] = k == 0 ? range->most : fabs(step) + 0.5 * (1 - 1e-12),
            [SPARSE] = k == n - 1 ? -1.0 : 0.0,
            [LONG] = x,
            [SHORT] = x,
            [TINY] = x * 1e-170,
            [DENORMAL] = x * 1e-318,
        };
        out[k] = element[what];
    }
    if (what == RESIDUAL || what == AGAINST) {
        residual_of(out, before, n, range, what == RESIDUAL ? 1.0 : -1.0);
    } else if (what == LONG || what == SHORT) {
        scale_to(out, n, what == LONG ? 1e9 : 1e-20);
    } else if (what != TINY && what != DENORMAL && what != ZERO) {
        ef_normalise(out, out, n);
    }
}

/* A kernel of each range of codes; the first has the widest. */
enum { RANGES = 2 };

static const ef_int8_version *kernel_of(size_t range)
{
    size_t versions;
    const ef_int8_version *version = ef_int8_versions(&versions), *found = &version[versions - 1];
    for (size_t v = 0; range > 0 && v < versions; v++) {
        found = version[v].range.run > 0 ? &version[v] : found;
    }
    return found;
}

/* The greatest length of codes that a 16-bit sum takes up. */
static double longest_run(const int8_t *code, size_t n, size_t run)
{
    double longest = 0;
    for (size_t begin = 0; begin < n; begin += 4 * run) {
        double square[2] = {0, 0};
        for (size_t k = begin; k < n && k < begin + 4 * run; k++) {
            square[k % 4 / 2] += code[k] * code[k];
        }
        longest = fmax(longest, sqrt(fmax(square[0], square[1])));
    }
    return longest;
}

/* Vectors of one side, quantised. */
typedef struct side {
    const ef_int8_version *kernel;
    double *vector;
    int8_t *code;
    uint32_t *panel;
    ef_quantised about[COUNT];
    float scale[COUNT], slack[COUNT], limit[COUNT], length;
} side;

static void quantise_side(side *self, size_t n, const ef_int8_version *kernel)
{
    self->kernel = kernel;
    size_t words = ef_int8_words(n);
    self->code = malloc(COUNT * n);
    self->panel = ef_alloc_aligned(words * EF_TILE_COLUMNS, sizeof *self->panel);
    self->length = 0;
    for (size_t i = 0; i < COUNT; i++) {
        self->about[i] = ef_quantise(self->code + i * n, self->vector + i * n, n, &kernel->range);
        ck_assert(self->about[i].length <= EF_QUANTISE_LENGTH);
        self->scale[i] = self->about[i].scale;
        self->length = fmaxf(self->length, self->about[i].length);
        ef_int8_panel_put(kernel, self->panel, i, self->code + i * n, n);
    }
}

static void slacks(side *self, float others, size_t n)
{
    for (size_t i = 0; i < COUNT; i++) {
        self->slack[i] = ef_quantised_slack(self->about[i].residual, n, self->length, others);
    }
}

static side make_side(size_t n, kind first, kind second, const ef_int8_version *kernel, uint64_t *seed)
{
    side self = {.vector = calloc(COUNT * n, sizeof(double))};
    for (size_t i = 0; i < COUNT; i++) {
        kind what = i % 2 == 0 ? first : second;
        make(self.vector + i * n, n, what, i > 0 ? self.vector + (i - 1) * n : self.vector, &kernel->range, seed);
    }
    quantise_side(&self, n, kernel);
    return self;
}

static void free_side(side *self)
{
    free(self->vector);
    free(self->code);
    free(self->panel);
}

static int32_t plain_product(const int8_t *a, const int8_t *b, size_t n)
{
    int32_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += a[k] * b[k];
    }
    return sum;
}

/* The farthest that products of codes are from ef_dot(), as a share of the slack. */
static double worst_share(const side *a, const side *b, size_t n)
{
    double worst = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            float product = ef_screen_product(plain_product(a->code + i * n, b->code + j * n, n), a->scale[i], b->scale[j]);
            double away = fabs((double)product - ef_dot(a->vector + i * n, b->vector + j * n, n));
            double share = away / ((double)a->slack[i] + (double)b->slack[j]);
            worst = fmax(worst, share);
            ck_assert_msg(share <= 1.0, "n %zu: product %zu, %zu is %g of the slack away", n, i, j, share);
        }
    }
    return worst;
}

START_TEST(products_stay_within_the_slack)
{
    uint64_t seed = 77;
    size_t n = dims[_i % DIMS];
    const ef_int8_version *kernel = kernel_of((size_t)_i / DIMS);
    for (kind left = 0; left < KINDS; left++) {
        for (kind right = 0; right < KINDS; right++) {
            side a = make_side(n, UNIT, left, kernel, &seed), b = make_side(n, right, UNIT, kernel, &seed);
            slacks(&a, b.length, n);
            slacks(&b, a.length, n);
            worst_share(&a, &b, n);
            free_side(&a);
            free_side(&b);
        }
    }
}
END_TEST

/* Vectors along the residuals of those that they meet: what the first part of the bound fears most. */
START_TEST(slack_is_nearly_needed_so_it_is_not_wide)
{
    enum { N = 512 };
    uint64_t seed = 5;
    const ef_int8_version *kernel = kernel_of((size_t)_i);
    side a = make_side(N, UNIT, UNIT, kernel, &seed), b = {.vector = malloc(COUNT * N * sizeof(double))};
    for (size_t i = 0; i < COUNT; i++) {
        residual_of(b.vector + i * N, a.vector + i * N, N, &kernel->range, i % 2 == 0 ? 1.0 : -1.0);
    }
    quantise_side(&b, N, kernel);
    slacks(&a, b.length, N);
    slacks(&b, a.length, N);
    ck_assert_double_gt(worst_share(&a, &b, N), 0.4);
    ck_assert_float_lt(a.slack[0], kernel->range.run > 0 ? 0.0145f : 0.01f);
    free_side(&a);
    free_side(&b);
}
END_TEST

static void check_versions(const double *vector, size_t n, const ef_code_range *range)
{
    int8_t code[2][MOST];
    size_t versions;
    const ef_quantise_version *version = ef_quantise_versions(&versions);
    const ef_quantised expected = version[versions - 1].quantise(code[0], vector, n, range);
    for (size_t v = 0; v < versions; v++) {
        if (version[v].runs_here()) {
            const ef_quantised got = version[v].quantise(code[1], vector, n, range);
            ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%s, n %zu", version[v].name, n);
            ck_assert_mem_eq(code[1], code[0], n);
        }
    }
}

START_TEST(what_is_said_of_a_vector_is_true)
{
    static int8_t code[MOST];
    uint64_t seed = 1;
    const ef_code_range *range = &kernel_of((size_t)_i)->range;
    for (size_t d = 0; d < DIMS; d++) {
        for (kind what = 0; what < RESIDUAL; what++) {
            double vector[MOST];
            long double left = 0, square = 0, coded = 0;
            make(vector, dims[d], what, vector, range, &seed);
            check_versions(vector, dims[d], range);
            ef_quantised about = ef_quantise(code, vector, dims[d], range);
            for (size_t k = 0; k < dims[d]; k++) {
                long double stood_for = (long double)about.scale * code[k], rest = (long double)vector[k] - stood_for;
                ck_assert_int_le(abs(code[k]), range->most);
                left += rest * rest;
                square += (long double)vector[k] * (long double)vector[k];
                coded += stood_for * stood_for;
            }
            ck_assert(range->run == 0 || longest_run(code, dims[d], range->run) <= range->length);
            ck_assert((long double)about.residual >= sqrtl(left));
            ck_assert((long double)about.length >= sqrtl(square) && (long double)about.length >= sqrtl(coded));
            ck_assert((long double)about.residual <= 1.00001L * sqrtl(left) + 1e-40L);
            ck_assert((long double)about.length <= 1.00001L * sqrtl(fmaxl(square, coded)) + 1e-40L);
        }
    }
}
END_TEST

static void check_fine_versions(const double *vector, size_t n)
{
    int16_t code[2][MOST];
    size_t versions;
    const ef_quantise_version *version = ef_quantise_versions(&versions);
    const ef_quantised expected = version[versions - 1].quantise_fine(code[0], vector, n);
    for (size_t v = 0; v < versions; v++) {
        if (version[v].runs_here()) {
            const ef_quantised got = version[v].quantise_fine(code[1], vector, n);
            ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%s, n %zu", version[v].name, n);
            ck_assert_mem_eq(code[1], code[0], n * sizeof *code[0]);
        }
    }
}

/* Their length as a vector: products must fit into 32 bits. */
static uint64_t square_of(const int16_t *code, size_t n)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        ck_assert_int_ne(code[k], INT16_MIN);
        sum += (uint64_t)(code[k] * code[k]);
    }
    return sum;
}

START_TEST(what_is_said_of_fine_codes_is_true)
{
    static int16_t code[MOST];
    uint64_t seed = 1;
    for (size_t d = 0; d < DIMS; d++) {
        for (kind what = 0; what < RESIDUAL; what++) {
            double vector[MOST];
            long double left = 0, square = 0;
            make(vector, dims[d], what, vector, &kernel_of(0)->range, &seed);
            check_fine_versions(vector, dims[d]);
            ef_quantised about = ef_quantise_fine(code, vector, dims[d]);
            ck_assert_uint_le(square_of(code, dims[d]), INT32_MAX);
            for (size_t k = 0; k < dims[d]; k++) {
                long double rest = (long double)vector[k] - (long double)about.scale * code[k];
                left += rest * rest;
                square += (long double)vector[k] * (long double)vector[k];
            }
            ck_assert((long double)about.residual >= sqrtl(left));
            ck_assert((long double)about.residual <= 1.00001L * sqrtl(left) + 1e-40L);
            ck_assert((long double)about.length >= sqrtl(square));
            ck_assert(what != UNIT || about.residual < 2e-4f);
        }
    }
}
END_TEST

/* Of vectors of every kind, and of the same vector twice, whose product is the largest; the last one is along what the codes of the first leave out. */
START_TEST(products_of_fine_codes_stay_within_the_slack)
{
    enum { ALL = KINDS + 1 };
    static double vector[ALL][MOST];
    static int16_t code[ALL][MOST];
    uint64_t seed = 4;
    size_t n = dims[_i], versions;
    const ef_dot16_version *version = ef_dot16_versions(&versions);
    ef_quantised about[ALL];
    for (size_t i = 0; i < ALL; i++) {
        if (i == KINDS) {
            for (size_t k = 0; k < n; k++) {
                vector[i][k] = vector[UNIT][k] - (double)about[UNIT].scale * code[UNIT][k];
            }
            ef_normalise(vector[i], vector[i], n);
        } else {
            make(vector[i], n, (kind)i, vector[UNIT], &kernel_of(0)->range, &seed);
        }
        about[i] = ef_quantise_fine(code[i], vector[i], n);
    }
    for (size_t i = 0; i < ALL; i++) {
        for (size_t j = 0; j < ALL; j++) {
            double dot = ef_dot16(code[i], code[j], n), exact = ef_dot(vector[i], vector[j], n);
            double away = fabs(dot * ((double)about[i].scale * (double)about[j].scale) - exact);
            float slack[2] = {ef_quantised_slack(about[i].residual, n, about[i].length, about[j].length),
                              ef_quantised_slack(about[j].residual, n, about[j].length, about[i].length)};
            ck_assert_msg(away <= (double)slack[0] + (double)slack[1], "n %zu: %zu, %zu", n, i, j);
            for (size_t v = 0; v < versions; v++) {
                ck_assert(!version[v].runs_here() || version[v].dot(code[i], code[j], n) == (int32_t)dot);
            }
        }
    }
}
END_TEST

/* As many as can be, as long as can be: the sum is just below 2^31. */
START_TEST(the_longest_fine_codes_do_not_overflow)
{
    double *vector = malloc(EF_QUANTISE_MOST * sizeof *vector);
    int16_t *code = malloc(EF_QUANTISE_MOST * sizeof *code);
    size_t versions;
    const ef_dot16_version *version = ef_dot16_versions(&versions);
    for (size_t n = 1; n <= EF_QUANTISE_MOST; n *= 2) {
        for (size_t k = 0; k < n; k++) {
            vector[k] = k % 3 == 0 ? 1.0 : 0.75;
        }
        ef_quantised about = ef_quantise_fine(code, vector, n);
        uint64_t square = square_of(code, n);
        ck_assert(about.length > 0 && square <= INT32_MAX && (n == 1 || square > INT32_MAX / 10 * 7));
        for (size_t v = 0; v < versions; v++) {
            ck_assert(!version[v].runs_here() || version[v].dot(code, code, n) == (int32_t)square);
        }
    }
    free(vector);
    free(code);
}
END_TEST

START_TEST(vectors_of_no_use_are_told_by_their_length)
{
    int8_t code[3];
    int16_t fine[3];
    const ef_code_range *range = &kernel_of((size_t)_i)->range;
    const double bad[][3] = {{1, NAN, 0}, {INFINITY, 0, 0}, {1e200, 1e200, 0}, {0, 0x1p41, 0}, {-INFINITY, NAN, 3}};
    const double good[][3] = {{0, 0, 0}, {0x1p39, 0, 0}, {5e-324, 0, -5e-324}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert(!(ef_quantise(code, bad[i], 3, range).length <= EF_QUANTISE_LENGTH));
        ck_assert(!(ef_quantise_fine(fine, bad[i], 3).length <= EF_QUANTISE_LENGTH));
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert(ef_quantise(code, good[i], 3, range).length <= EF_QUANTISE_LENGTH);
    }
    ef_quantised zero = ef_quantise(code, good[0], 3, range);
    ck_assert(zero.scale == 0 && code[0] == 0 && code[1] == 0 && code[2] == 0);
}
END_TEST

/* Codes as far out as a kernel's range lets them be: random, all as large as can be with the same sign or with another from one to the next, or, where lengths of
 * runs are limited, a few as large as can be, whose products fill a 16-bit sum. */
enum { RANDOM, POSITIVE, NEGATIVE, ALTERNATE, SPIKES, EXTREMES };

static void fill_codes(int8_t *code, size_t n, size_t extreme, const ef_code_range *range, uint64_t *seed)
{
    int most = range->most, even = range->run > 0 ? (int)(range->length / sqrt(2 * (double)range->run)) : most;
    size_t period = range->run > 0 ? 4 * range->run : 1, spikes = (size_t)(range->length / most * (range->length / most));
    for (size_t k = 0; k < n; k++) {
        size_t place = k % period / 4 * 2 + k % 2; /* among those of its 16-bit sum */
        const int codes[EXTREMES] = {
            [RANDOM] = (int)(next_bits(seed) % (2 * (unsigned)even + 1)) - even,
            [POSITIVE] = even,
            [NEGATIVE] = -even,
            [ALTERNATE] = k % 2 == 0 ? even : -even,
            [SPIKES] = range->run == 0  ? most
                       : place < spikes ? most
                                        : 0,
        };
        code[k] = (int8_t)codes[extreme];
    }
    ck_assert(range->run == 0 || longest_run(code, n, range->run) <= range->length);
}

static void check_kernel(const ef_int8_version *kernel, size_t n, size_t extreme, uint64_t *seed)
{
    size_t words = ef_int8_words(n);
    int8_t *code = malloc(2 * COUNT * n);
    uint32_t *panels = ef_alloc_aligned(2 * words * EF_TILE_COLUMNS, 4);
    uint32_t *strip = ef_alloc_aligned(words * EF_TILE_ROWS, 4);
    int32_t *dot = ef_alloc_aligned(EF_TILE_ROWS * EF_TILE_COLUMNS, 4);
    int32_t *starts = malloc(ef_int8_starts(kernel, words) * sizeof *starts);
    for (size_t c = 0; c < 2 * COUNT; c++) {
        fill_codes(code + c * n, n, extreme, &kernel->range, seed);
        ef_int8_panel_put(kernel, panels + c / COUNT * words * EF_TILE_COLUMNS, c % COUNT, code + c * n, n);
    }
    ef_int8_panel_clear(kernel, panels, 31, n);
    memset(code + 31 * n, 0, n);
    ef_int8_strip_take(kernel, strip, starts, panels, 26, 10, words); /* over the border of two panels; two rows too many */
    memset(dot, 0x55, EF_TILE_ROWS * EF_TILE_COLUMNS * sizeof *dot);
    kernel->product(dot, strip, starts, panels, words);
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        for (size_t c = 0; c < EF_TILE_COLUMNS; c++) {
            int32_t expected = r < 10 ? plain_product(code + (26 + r) * n, code + c * n, n) : 0;
            ck_assert_msg(dot[r * EF_TILE_COLUMNS + c] == expected, "%s, n %zu, codes %zu: %zu %zu", kernel->name, n, extreme, r,
                          c);
        }
    }
    free(code);
    free(panels);
    free(strip);
    free(dot);
    free(starts);
}

START_TEST(every_kernel_gives_the_same_integers)
{
    uint64_t seed = 3;
    size_t versions;
    const ef_int8_version *version = ef_int8_versions(&versions);
    for (size_t v = 0; v < versions; v++) {
        for (size_t d = 0; version[v].runs_here() && d < DIMS; d++) {
            for (size_t extreme = 0; extreme < EXTREMES; extreme++) {
                check_kernel(&version[v], dims[d], extreme, &seed);
            }
        }
    }
    ck_assert(version[versions - 1].runs_here());
}
END_TEST

START_TEST(the_longest_vectors_do_not_overflow)
{
    uint64_t seed = 3;
    size_t versions;
    const ef_int8_version *version = ef_int8_versions(&versions);
    for (size_t v = 0; v < versions; v++) {
        if (version[v].runs_here()) {
            check_kernel(&version[v], EF_QUANTISE_MOST, _i == 0 ? POSITIVE : SPIKES, &seed);
        }
    }
}
END_TEST

/* Limits that are the very scores of pairs: the pairs at or above their limit must be let through, and not many more. */
START_TEST(no_pair_that_matters_is_missed)
{
    uint64_t seed = 8;
    size_t n = dims[_i % DIMS], versions;
    const ef_int8_version *kernel = kernel_of((size_t)_i / DIMS);
    const ef_screen_version *version = ef_screen_versions(&versions);
    side a = make_side(n, UNIT, UNIT, kernel, &seed), b = make_side(n, UNIT, OUTLIER, kernel, &seed);
    slacks(&a, b.length, n);
    slacks(&b, a.length, n);
    for (size_t t = 0; t < 200; t++) {
        int32_t dot[EF_TILE_ROWS * EF_TILE_COLUMNS];
        float product[EF_TILE_ROWS * EF_TILE_COLUMNS];
        uint32_t expected[EF_TILE_ROWS], mask[EF_TILE_ROWS];
        double row_limit[COUNT], column_limit[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            size_t j = next_bits(&seed) % COUNT;
            row_limit[i] = t == 0 ? -INFINITY : t == 1 ? INFINITY : ef_dot(a.vector + i * n, b.vector + j * n, n);
            column_limit[i] = t == 2 ? -INFINITY : t < 50 ? INFINITY : ef_dot(a.vector + j * n, b.vector + i * n, n);
            a.limit[i] = ef_screen_limit(row_limit[i], a.slack[i]);
            b.limit[i] = ef_screen_limit(column_limit[i], b.slack[i]);
        }
        for (size_t p = 0; p < EF_TILE_ROWS * EF_TILE_COLUMNS; p++) {
            size_t r = p / EF_TILE_COLUMNS, c = p % EF_TILE_COLUMNS;
            dot[p] = plain_product(a.code + r * n, b.code + c * n, n);
            product[p] = ef_screen_product(dot[p], a.scale[r], b.scale[c]);
        }
        const ef_screen_side rows = {a.scale, a.slack, a.limit};
        const ef_screen_side columns = {b.scale, b.slack, t < 50 && t != 2 ? NULL : b.limit};
        bool any = version[versions - 1].codes(expected, dot, &rows, &columns);
        for (size_t p = 0; p < EF_TILE_ROWS * EF_TILE_COLUMNS; p++) {
            size_t r = p / EF_TILE_COLUMNS, c = p % EF_TILE_COLUMNS;
            bool let = (expected[r] >> c & 1) != 0;
            double score = ef_dot(a.vector + r * n, b.vector + c * n, n), slack = (double)a.slack[r] + (double)b.slack[c];
            bool matters = (score >= row_limit[r] && t != 1) || (score >= column_limit[c] && (t >= 50 || t == 2));
            bool near = score + 2.01 * slack >= fmin(row_limit[r], column_limit[c]);
            ck_assert_msg(!matters || let, "n %zu, pair %zu, %zu is missed", n, r, c);
            ck_assert_msg(!let || near, "n %zu, pair %zu, %zu is let through", n, r, c);
        }
        for (size_t v = 0; v < versions; v++) {
            if (version[v].runs_here()) {
                ck_assert(version[v].codes(mask, dot, &rows, &columns) == any);
                ck_assert_mem_eq(mask, expected, sizeof mask);
                float again[EF_TILE_ROWS * EF_TILE_COLUMNS];
                version[v].products(again, dot, a.scale, b.scale);
                ck_assert_mem_eq(again, product, sizeof again);
                ck_assert(version[v].floats(mask, product, EF_TILE_COLUMNS, &rows, &columns) == any);
                ck_assert_mem_eq(mask, expected, sizeof mask);
            }
        }
    }
    free_side(&a);
    free_side(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quantise");
    TCase *tests = tcase_create("quantise");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, products_stay_within_the_slack, 0, DIMS * RANGES);
    tcase_add_loop_test(tests, slack_is_nearly_needed_so_it_is_not_wide, 0, RANGES);
    tcase_add_loop_test(tests, what_is_said_of_a_vector_is_true, 0, RANGES);
    tcase_add_test(tests, what_is_said_of_fine_codes_is_true);
    tcase_add_loop_test(tests, products_of_fine_codes_stay_within_the_slack, 0, DIMS);
    tcase_add_test(tests, the_longest_fine_codes_do_not_overflow);
    tcase_add_loop_test(tests, vectors_of_no_use_are_told_by_their_length, 0, RANGES);
    tcase_add_test(tests, every_kernel_gives_the_same_integers);
    tcase_add_loop_test(tests, the_longest_vectors_do_not_overflow, 0, 2);
    tcase_add_loop_test(tests, no_pair_that_matters_is_missed, 0, DIMS * RANGES);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
