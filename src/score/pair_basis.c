#include "score/pair_basis.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "linalg/dot.h"
#include "linalg/quantise.h"

enum {
    EACH = 3,   /* vectors sampled for each element of one */
    JUDGE = 4,  /* one run of so many is kept apart, to judge by */
    STEP = 16,  /* numbers of directions are multiples of it */
    PAYS = 250, /* times the square of the number of elements: as many pairs for each thread make the search for directions pay */
    SPREAD = 256, /* vectors whose products tell how far scores spread */
    OTHERS = 8,   /* pairs of each judging vector that the work is reckoned from */
    ROOM = 64,    /* bytes for each element of a matrix of directions: of samples, directions, and for finding them */
    PART = 8,     /* no more than this part of the memory goes into it */
};

/* The time that a candidate takes to be looked at again; in terms of that which SGEMM takes for one element of one pair. */
#define CANDIDATE 3600.0

#define LIMIT    3.7   /* in standard deviations above the mean: the score that one pair in 10,000 reaches, were scores normal */
#define ROUNDING 0.025 /* the slack of a pair of unit vectors for rounding to codes */

/* Vectors of both sides: some to find directions in, and others to judge these by. */
enum { FINDING, JUDGING, PARTS };

typedef struct sample {
    size_t dim, count[PARTS];
    double *part[PARTS];
} sample;

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Runs of neighbours. */
static ef_status take(sample *of, const ef_vectors *from, size_t most, ef_error *err)
{
    size_t runs = least(most, from->count) / EF_SAMPLE_RUN;
    ef_status status = EF_OK;
    for (size_t r = 0; status == EF_OK && r < runs; r++) {
        size_t p = r % JUDGE == 1 ? JUDGING : FINDING;
        status =
            ef_vectors_copy(of->part[p] + of->count[p] * of->dim, from, ef_vectors_run(from->count, runs, r), EF_SAMPLE_RUN, err);
        of->count[p] += EF_SAMPLE_RUN;
    }
    return status;
}

static ef_status take_sample(sample *of, const ef_vectors *rows, const ef_vectors *columns, ef_error *err)
{
    size_t dim = rows->dim, most = EACH * dim / (columns != NULL ? 2 : 1),
           room[PARTS] = {EACH * dim, EACH * dim / JUDGE + 2 * EF_SAMPLE_RUN};
    *of = (sample){.dim = dim};
    for (size_t p = 0; p < PARTS; p++) {
        of->part[p] = ef_alloc(room[p] * dim, sizeof *of->part[p]);
    }
    if (of->part[FINDING] == NULL || of->part[JUDGING] == NULL) {
        return ef_fail_memory(err, "a sample of vectors");
    }
    ef_status status = take(of, rows, most, err);
    return status == EF_OK && columns != NULL ? take(of, columns, most, err) : status;
}

/* Whether there are enough, and all can be used; what cannot is told of where it is compared. */
static bool is_sound(const sample *of, bool judged)
{
    for (size_t p = 0; p < PARTS; p++) {
        for (size_t i = 0; i < of->count[p]; i++) {
            const double *vector = of->part[p] + i * of->dim;
            if (!(ef_dot(vector, vector, of->dim) <= EF_QUANTISE_LENGTH * EF_QUANTISE_LENGTH)) {
                return false;
            }
        }
    }
    return of->count[FINDING] > 0 && (!judged || of->count[JUDGING] > 0);
}

/* The standard deviation of the scores of pairs that are not neighbours, in terms of the mean square of a vector's length; 0 for no such pairs. */
static double find_spread(const double *vector, size_t count, size_t dim)
{
    double pairs = 0, sum = 0, square = 0, length = 0;
    size_t some = least(count, SPREAD), step = some > 0 ? count / some : 1;
    for (size_t i = 0; i < some; i++) {
        const double *a = vector + i * step * dim;
        length += ef_dot(a, a, dim) / (double)some;
        for (size_t j = 0; j < i; j++) {
            if (i * step / EF_SAMPLE_RUN != j * step / EF_SAMPLE_RUN) {
                double score = ef_dot(a, vector + j * step * dim, dim);
                pairs++;
                sum += score;
                square += score * score;
            }
        }
    }
    double mean = pairs > 0 ? sum / pairs : 0;
    return pairs > 0 && length > 0 ? sqrt(fmax(0, square / pairs - mean * mean)) / length : 0;
}

/* What work is reckoned from.  The unit of time is that of CANDIDATE. */
typedef struct reckoning {
    const double *beside; /* of judging vectors, as ef_basis_rests() has it */
    size_t count, dim;
    double spread, ahead;
    double per_direction; /* a coordinate of each vector, which SGEMM finds, in terms of one pair */
} reckoning;

/* What comparing a pair by the first k directions takes; k = dim stands for all elements.  Every pair counts by itself: a few vectors that lie beside the directions are in many
 * pairs. */
static double cost_of(const reckoning *all, size_t k)
{
    double candidates = 0, pairs = 0;
    for (size_t i = 0; i < all->count; i++) {
        for (size_t o = 1; o <= OTHERS; o++) {
            size_t j = (i + o * all->count / (OTHERS + 1)) % all->count;
            double beside = (all->beside[i * all->dim + k - 1] + all->beside[j * all->dim + k - 1]) / 2;
            candidates += erfc((LIMIT - (ROUNDING + beside) / all->spread) / sqrt(2)) / 2;
            pairs++;
        }
    }
    return (double)k / all->ahead + CANDIDATE * candidates / pairs;
}

/* How many directions make the least work; 0 for all elements. */
static size_t choose(const reckoning *all)
{
    double lowest = cost_of(all, all->dim) * 0.9; /* not for a small gain */
    size_t best = 0;
    for (size_t k = STEP; k <= all->dim; k += STEP) {
        double cost = cost_of(all, k) + all->per_direction * (double)k;
        if (cost < lowest) {
            lowest = cost;
            best = k;
        }
    }
    return best;
}

static ef_status find_count(size_t *count, const sample *of, const double *principal, double ahead, double per_direction,
                            ef_error *err)
{
    size_t judges = of->count[JUDGING];
    double *beside = ef_alloc(judges * of->dim, sizeof *beside), spread = find_spread(of->part[JUDGING], judges, of->dim);
    if (beside == NULL) {
        return ef_fail_memory(err, "directions of vectors");
    }
    ef_basis_rests(beside, principal, of->part[JUDGING], judges, of->dim);
    const reckoning all = {beside, judges, of->dim, spread, ahead, per_direction};
    *count = spread > 0 ? choose(&all) : 0;
    free(beside);
    return EF_OK;
}

/* `pairs` for each vector. */
static ef_status find(ef_basis *out, const sample *of, const ef_pair_basis_terms *terms, double pairs, ef_error *err)
{
    double *principal;
    size_t count = least(terms->wanted, of->dim);
    ef_status status = ef_basis_principal(&principal, of->part[FINDING], of->count[FINDING], of->dim, err);
    if (status == EF_OK && principal != NULL && terms->wanted == 0) {
        status = find_count(&count, of, principal, terms->ahead, (double)of->dim / pairs, err);
    }
    if (status == EF_OK && principal != NULL && count > 0) {
        status = ef_basis_create(out, principal, count, of->dim, err);
    }
    free(principal);
    return status;
}

ef_status ef_pair_basis_find(ef_basis *out, const ef_vectors *rows, const ef_vectors *columns, const ef_pair_basis_terms *terms,
                             ef_error *err)
{
    double dim = (double)rows->dim, own = (double)rows->count, others = columns != NULL ? (double)columns->count : 0;
    double pairs = columns != NULL ? own * others : own * own / 2;
    bool pays = pairs >= PAYS * dim * dim * (double)terms->threads && ROOM * dim * dim * PART <= (double)terms->memory;
    *out = (ef_basis){0};
    if (rows->dim > EF_BASIS_MOST || (terms->wanted == 0 && !pays)) {
        return EF_OK;
    }
    sample of;
    ef_status status = take_sample(&of, rows, columns, err);
    if (status == EF_OK && is_sound(&of, terms->wanted == 0)) {
        status = find(out, &of, terms, pairs / (own + others), err);
    }
    free(of.part[FINDING]);
    free(of.part[JUDGING]);
    return status;
}
