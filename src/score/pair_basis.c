#include "score/pair_basis.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "linalg/dot.h"
#include "linalg/quantise.h"

enum {
    RUN = 16,     /* neighbours that are sampled together, for the sake of reading */
    EACH = 3,     /* vectors sampled for each element of one */
    JUDGE = 4,    /* one run of so many is kept apart, to judge by */
    STEP = 16,    /* numbers of directions are multiples of it */
    PAYS = 500,   /* times the square of the number of elements: as many pairs make the search for directions pay */
    SPREAD = 256, /* vectors whose products tell how far scores spread */
    ROOM = 64,    /* bytes for each element of a matrix of directions: of samples, directions, and for finding them */
    PART = 8,     /* no more than this part of the memory goes into it */
};

/* In terms of the time that one more element of codes takes for one pair: a candidate that is looked at again, and one product in float32, of which a coordinate takes as many as a
 * vector has elements. */
#define CANDIDATE  12000.0
#define COORDINATE 3.4

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

/* Runs of neighbours, evenly spread. */
static ef_status take(sample *of, const ef_vectors *from, size_t most, ef_error *err)
{
    size_t runs = least(most, from->count) / RUN;
    ef_status status = EF_OK;
    for (size_t r = 0; status == EF_OK && r < runs; r++) {
        size_t p = r % JUDGE == 1 ? JUDGING : FINDING;
        status = ef_vectors_copy(of->part[p] + of->count[p] * of->dim, from, from->count / runs * r, RUN, err);
        of->count[p] += RUN;
    }
    return status;
}

static ef_status take_sample(sample *of, const ef_vectors *rows, const ef_vectors *columns, ef_error *err)
{
    size_t dim = rows->dim, most = EACH * dim / (columns != NULL ? 2 : 1),
           room[PARTS] = {EACH * dim, EACH * dim / JUDGE + 2 * RUN};
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
            if (i * step / RUN != j * step / RUN) {
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

/* What comparing a pair by `count` coordinates takes, when `beside` of a vector's square is not along them. */
static double cost_of(double count, double beside, double spread)
{
    double reached = LIMIT - (ROUNDING + beside) / spread;
    return count + CANDIDATE * erfc(reached / sqrt(2)) / 2;
}

/* How many directions make the least work; 0 for all elements. */
static size_t choose(const double *share, size_t dim, double spread, double per_direction)
{
    double inside = 0, lowest = cost_of((double)dim, 0, spread) * 0.9; /* not for a small gain */
    size_t best = 0;
    for (size_t k = 0; k < dim; k++) {
        inside += share[k];
        double count = (double)(k + 1), cost = cost_of(count, fmax(0, 1 - inside), spread) + per_direction * count;
        if ((k + 1) % STEP == 0 && cost < lowest) {
            lowest = cost;
            best = k + 1;
        }
    }
    return best;
}

static ef_status find_count(size_t *count, const sample *of, const double *principal, double per_direction, ef_error *err)
{
    double *share = ef_alloc(of->dim, sizeof *share), spread = find_spread(of->part[JUDGING], of->count[JUDGING], of->dim);
    if (share == NULL) {
        return ef_fail_memory(err, "directions of vectors");
    }
    ef_status status = ef_basis_shares(share, principal, of->part[JUDGING], of->count[JUDGING], of->dim, err);
    *count = status == EF_OK && spread > 0 ? choose(share, of->dim, spread, per_direction) : 0;
    free(share);
    return status;
}

static ef_status find(ef_basis *out, const sample *of, size_t wanted, double per_direction, ef_error *err)
{
    double *principal;
    size_t count = least(wanted, of->dim);
    ef_status status = ef_basis_principal(&principal, of->part[FINDING], of->count[FINDING], of->dim, err);
    if (status == EF_OK && principal != NULL && wanted == 0) {
        status = find_count(&count, of, principal, per_direction, err);
    }
    if (status == EF_OK && principal != NULL && count > 0) {
        status = ef_basis_create(out, principal, count, of->dim, err);
    }
    free(principal);
    return status;
}

ef_status ef_pair_basis_find(ef_basis *out, const ef_vectors *rows, const ef_vectors *columns, size_t wanted, size_t memory,
                             ef_error *err)
{
    double dim = (double)rows->dim, own = (double)rows->count, others = columns != NULL ? (double)columns->count : 0;
    double pairs = columns != NULL ? own * others : own * own / 2;
    *out = (ef_basis){0};
    if (rows->dim > EF_BASIS_MOST || (wanted == 0 && (pairs < PAYS * dim * dim || ROOM * dim * dim * PART > (double)memory))) {
        return EF_OK;
    }
    sample of;
    ef_status status = take_sample(&of, rows, columns, err);
    if (status == EF_OK && is_sound(&of, wanted == 0)) {
        status = find(out, &of, wanted, COORDINATE * dim * (own + others) / pairs, err);
    }
    free(of.part[FINDING]);
    free(of.part[JUDGING]);
    return status;
}
