/* All pairs of a generated set, by float32 products and by screening, beside the same products by CBLAS alone; then the exact operating points of the set, and
 * probes against a million distractors that are made as they are read.  Twice: of vectors that fill their space, the hardest case, and of vectors that lie in it as those of
 * real networks do.
 * Usage: pairs [VECTORS [DIM [ROUNDS [ONLY]]]].  Everything in turn, so that all see the same machine; medians. */
#include <cblas.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/parallel.h"
#include "linalg/normalise.h"
#include "score/all_pairs.h"
#include "score/pair_best.h"
#include "score/pair_points.h"
#include "score/pair_start.h"
#include "score/pair_tail.h"

enum { EACH = 10, CHUNK = 4096, MOST_ROUNDS = 99, PROBES = 3530, DISTRACTORS = 1000000 };

/* By the clock on the wall, and the processors' time of this process: the ratios of these suffer less from others on the same machine. */
typedef struct moment {
    double wall, cpu;
} moment;

static double read_clock(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static moment now(void)
{
    return (moment){read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

static moment since(moment start)
{
    moment end = now();
    return (moment){end.wall - start.wall, end.cpu - start.cpu};
}

static uint64_t bits(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Nearly normal: the sum of uniform numbers. */
static double noise(uint64_t *state)
{
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += (double)(bits(state) >> 11) * 0x1p-53 - 0.5;
    }
    return sum;
}

/* How vectors lie in their space: in all directions alike, or, as those of a MobileFaceNet do that was measured (half of the square of the lengths of 512 elements in 35 directions,
 * 90 % in 103, 99.9 % in 149), mostly in a few. */
typedef enum lie { EVENLY, AS_NETWORKS, LIES } lie;

static const char *const lies[LIES] = {"that fill their space evenly", "that lie in it as a network's do"};

static double weight(lie how, size_t k, size_t dim)
{
    double place = (double)k / (0.29 * (double)dim);
    return how == EVENLY ? 1 : sqrt(1e-3 + (place < 1 ? pow(1 - place, 1.2) : 0));
}

typedef struct generation {
    double *unit;
    size_t dim;
    lie how;
    double *turn; /* [dim * dim]: orthonormal, so that no element is a direction of its own */
} generation;

static void fill_turn(double *turn, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            turn[i * n + k] =
                sqrt((i == 0 ? 1.0 : 2.0) / (double)n) * cos(acos(-1) * (double)i * (2 * (double)k + 1) / (2 * (double)n));
        }
    }
}

/* One person: EACH vectors about a direction, some of them far from it. */
static void generate(void *data, size_t person, int worker)
{
    const generation *all = data;
    uint64_t state = person * 1000003 + 1;
    size_t dim = all->dim;
    double *first = all->unit + person * EACH * dim, *straight = malloc(EACH * dim * sizeof *straight);
    (void)worker;
    for (size_t k = 0; straight != NULL && k < dim; k++) {
        double centre = noise(&state), share = weight(all->how, k, dim);
        for (size_t i = 0; i < EACH; i++) {
            straight[i * dim + k] = share * (centre + (1.0 + 0.2 * (double)i) * noise(&state));
        }
    }
    if (straight != NULL) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, EACH, (int)dim, (int)dim, 1, straight, (int)dim, all->turn,
                    (int)dim, 0, first, (int)dim);
    }
    for (size_t i = 0; i < EACH; i++) {
        ef_normalise(first + i * dim, first + i * dim, dim);
    }
    free(straight);
}

typedef struct bench {
    ef_vectors vectors;
    float *narrow, *product;
    int64_t *label;
    double far;
} bench;

static void stop(const char *why)
{
    fprintf(stderr, "pairs: %s\n", why);
    exit(EXIT_FAILURE);
}

/* As many products as there are pairs, and those of the blocks on the diagonal twice; BLAS uses its own threads. */
static moment by_sgemm(const bench *set, double *pairs)
{
    size_t n = set->vectors.count, dim = set->vectors.dim;
    openblas_set_num_threads(ef_processors());
    *pairs = 0;
    moment start = now();
    for (size_t r = 0; r < n; r += CHUNK) {
        for (size_t c = r; c < n; c += CHUNK) {
            size_t rows = n - r < CHUNK ? n - r : CHUNK, columns = n - c < CHUNK ? n - c : CHUNK;
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, (int)dim, 1, set->narrow + r * dim,
                        (int)dim, set->narrow + c * dim, (int)dim, 0, set->product, CHUNK);
            *pairs += (double)rows * (double)columns;
        }
    }
    return since(start);
}

static moment run(const bench *set, const ef_pair_visitor *visitor, ef_pair_product product, double *share)
{
    const ef_work work = {0};
    const ef_pair_way way = {.product = product};
    ef_pair_totals totals;
    ef_error error;
    moment start = now();
    if (ef_all_pairs(&totals, &set->vectors, NULL, visitor, 1, &way, &work, &error) != EF_OK) {
        stop(error.message);
    }
    *share = (double)totals.candidates / (double)totals.pairs;
    return since(start);
}

static moment by_tail(const bench *set, ef_pair_product product, double *found, double *share)
{
    ef_pair_tail *tail;
    ef_error error;
    const ef_work work = {0};
    double n = (double)set->vectors.count;
    size_t k = (size_t)(set->far * n * (n - 1) / 2) + 1;
    double least;
    moment start = now();
    if (ef_pair_start(&least, &set->vectors, NULL, k, &work, &error) != EF_OK ||
        ef_pair_tail_create(&tail, k, least, ef_pair_workers(&work), &error) != EF_OK) {
        stop(error.message);
    }
    moment sampling = since(start);
    ef_pair_visitor visitor = ef_pair_tail_visitor(tail);
    moment time = run(set, &visitor, product, share);
    size_t count = ef_pair_tail_count(tail);
    if (count < k) {
        stop("the guess was too high");
    }
    *found = ef_pair_tail_scores(tail)[count - 1];
    time.wall += sampling.wall;
    time.cpu += sampling.cpu;
    ef_pair_tail_free(tail);
    return time;
}

static moment by_best(const bench *set, ef_pair_product product, double *found, double *share)
{
    ef_pair_best *best;
    ef_error error;
    if (ef_pair_best_create(&best, set->vectors.count, 1, EF_AMONG_OTHERS, true, &error) != EF_OK) {
        stop(error.message);
    }
    ef_pair_visitor visitor = ef_pair_best_visitor(best);
    moment time = run(set, &visitor, product, share);
    *found = 0;
    for (size_t i = 0; i < set->vectors.count; i++) {
        *found += ef_pair_best_of(best, i)->score;
    }
    ef_pair_best_free(best);
    return time;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *times, size_t count)
{
    qsort(times, count, sizeof *times, ascending);
    return times[count / 2];
}

typedef struct contest {
    const char *name;
    double far; /* 0: best matches */
    ef_pair_product product;
    double wall[MOST_ROUNDS], cpu[MOST_ROUNDS], found, share;
} contest;

static contest contests[] = {
    {.name = "float32, FAR 1e-6", .far = 1e-6, .product = EF_PRODUCT_FLOATS},
    {.name = "float32, FAR 1e-4", .far = 1e-4, .product = EF_PRODUCT_FLOATS},
    {.name = "float32, rank 1", .product = EF_PRODUCT_FLOATS},
    {.name = "screened, FAR 1e-6", .far = 1e-6, .product = EF_PRODUCT_CODES},
    {.name = "screened, FAR 1e-4", .far = 1e-4, .product = EF_PRODUCT_CODES},
    {.name = "screened, rank 1", .product = EF_PRODUCT_CODES},
};
enum { CONTESTS = sizeof contests / sizeof *contests };

static double compete(bench *set, size_t rounds, const char *only)
{
    static double wall[MOST_ROUNDS], cpu[MOST_ROUNDS];
    double pairs = (double)set->vectors.count * (double)(set->vectors.count - 1) / 2;
    double giga = 2e-9 * pairs * (double)set->vectors.dim;
    for (size_t round = 0; round < rounds; round++) {
        double multiplied = pairs;
        moment alone = *only == '\0' ? by_sgemm(set, &multiplied) : (moment){0, 0};
        wall[round] = alone.wall * pairs / multiplied;
        cpu[round] = alone.cpu * pairs / multiplied;
        for (size_t c = 0; c < CONTESTS; c++) {
            contest *one = &contests[c];
            if (strstr(one->name, only) == NULL) {
                continue;
            }
            set->far = one->far;
            moment time = one->far > 0 ? by_tail(set, one->product, &one->found, &one->share)
                                       : by_best(set, one->product, &one->found, &one->share);
            one->wall[round] = time.wall;
            one->cpu[round] = time.cpu;
        }
    }
    double alone = median(wall, rounds), alone_cpu = median(cpu, rounds);
    printf("%.0f pairs, median of %zu\n", pairs, rounds);
    printf("%-20s %9s %9s %10s %6s %8s %11s  %s\n", "", "wall s", "cpu s", "GFLOP/s", "ratio", "cpu", "candidates", "result");
    printf("%-20s %9.3f %9.3f %10.1f %6.2f %8.2f\n", "CBLAS SGEMM alone", alone, alone_cpu, giga / alone, 1.0, 1.0);
    for (size_t c = 0; c < CONTESTS; c++) {
        contest *one = &contests[c];
        if (strstr(one->name, only) == NULL) {
            continue;
        }
        double time = median(one->wall, rounds), busy = median(one->cpu, rounds);
        printf("%-20s %9.3f %9.3f %10.1f %6.2f %8.2f %11.2e  %.17g\n", one->name, time, busy, giga / time, alone / time,
               alone_cpu / busy, one->share, one->found);
    }
    for (size_t c = 0; c < CONTESTS / 2; c++) {
        if (*only == '\0' && contests[c].found != contests[c + CONTESTS / 2].found) {
            stop("float32 and screened results differ");
        }
    }
    return giga / alone;
}

/* Exact rates at low FARs, of the first `count` vectors. */
static void print_points(const bench *set, size_t count, double rate, bool rates)
{
    static const double fars[] = {1e-8, 1e-6, 1e-4};
    const ef_pair_question question = {.far = fars, .fars = 3};
    const ef_work work = {0};
    ef_vectors vectors = set->vectors;
    ef_pair_points *points;
    ef_error error;
    vectors.count = count;
    moment start = now();
    if (ef_pair_points_create(&points, &vectors, NULL, &question, NULL, &work, &error) != EF_OK) {
        stop(error.message);
    }
    moment time = since(start);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double pairs = (double)points->impostors + (double)points->genuine, alone = 2e-9 * pairs * (double)set->vectors.dim / rate;
    printf("%9zu %14.0f %9.3f %9.3f %12.4g %11.3f %9.2f %6zu\n", count, pairs, time.wall, time.cpu, pairs / time.wall, alone,
           alone / time.wall, points->passes);
    for (size_t i = 0; rates && i < 3; i++) {
        const ef_pair_point *point = &points->point[i];
        printf("%sTAR %.9f at FAR %.0e: %llu of %llu, %llu false matches, threshold %.17g\n", i == 0 ? "\n" : "",
               (double)point->true_matches / (double)points->genuine, point->far, (unsigned long long)point->true_matches,
               (unsigned long long)points->genuine, (unsigned long long)point->false_matches, point->threshold);
    }
    if (rates) {
        printf("memory at the most %.0f MB, of which %.0f MB are the vectors, twice over for SGEMM\n",
               (double)usage.ru_maxrss / 1024,
               1e-6 * (double)set->vectors.count * (double)set->vectors.dim * (sizeof(double) + sizeof(float)));
    }
    ef_pair_points_free(points);
}

static void print_growth(const bench *set, double rate)
{
    printf("\nexact TAR at FAR 1e-8, 1e-6 and 1e-4\n%9s %14s %9s %9s %12s %11s %9s %6s\n", "vectors", "pairs", "wall s", "cpu s",
           "pairs / s", "SGEMM s", "SGEMM/wall", "passes");
    for (size_t part = 8; part > 0; part /= 2) {
        print_points(set, set->vectors.count / part / EACH * EACH, rate, part == 1);
    }
}

/* Distractors are the set's vectors over and over, each time with some of another one. */
static ef_status read_distractors(void *context, double *unit, size_t first, size_t count, ef_error *err)
{
    const ef_vectors *from = context;
    const double some = 0.5, all = 1 / sqrt(1 + some * some);
    size_t dim = from->dim;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        size_t row = (first + i) % from->count, other = (row + 7919 * ((first + i) / from->count + 1)) % from->count;
        const double *a = from->unit + row * dim, *b = from->unit + other * dim;
        for (size_t k = 0; k < dim; k++) {
            unit[i * dim + k] = all * a[k] + all * some * b[k];
        }
    }
    return EF_OK;
}

static void print_distractors(const bench *set, double rate)
{
    const ef_work work = {0};
    ef_pair_best *best;
    ef_error error;
    ef_pair_totals totals;
    ef_vectors from = set->vectors, probes = {.count = PROBES, .dim = from.dim, .unit = from.unit};
    ef_vectors distractors = {.count = DISTRACTORS, .dim = from.dim, .read = read_distractors, .context = &from};
    if (from.count < PROBES) {
        return;
    }
    if (ef_pair_best_create(&best, PROBES, 1, EF_AMONG_OTHERS, false, &error) != EF_OK) {
        stop(error.message);
    }
    const ef_pair_visitor visitor = ef_pair_best_visitor(best);
    moment start = now();
    if (ef_all_pairs(&totals, &probes, &distractors, &visitor, 1, NULL, &work, &error) != EF_OK) {
        stop(error.message);
    }
    moment time = since(start);
    double alone = 2e-9 * (double)totals.pairs * (double)from.dim / rate;
    printf("\n%d probes against %d distractors, the best of each: %.3f s (%.3f s of processors); SGEMM alone would take %.3f s\n",
           PROBES, DISTRACTORS, time.wall, time.cpu, alone);
    ef_pair_best_free(best);
}

static size_t number(int argc, char **argv, int i, size_t otherwise)
{
    char *end = NULL;
    unsigned long value = i < argc ? strtoul(argv[i], &end, 10) : otherwise;
    if ((i < argc && *end != '\0') || value == 0 || value > 10000000) {
        stop("usage: pairs [VECTORS [DIM [ROUNDS [ONLY]]]]");
    }
    return value;
}

int main(int argc, char **argv)
{
    size_t count = number(argc, argv, 1, 20000) / EACH * EACH, dim = number(argc, argv, 2, 512),
           rounds = number(argc, argv, 3, count > 50000 ? 1 : 5);
    const char *only = argc > 4 ? argv[4] : "";
    generation all = {malloc(count * dim * sizeof *all.unit), dim, EVENLY, malloc(dim * dim * sizeof *all.turn)};
    bench set = {.narrow = malloc(count * dim * sizeof(float)),
                 .product = malloc((size_t)CHUNK * CHUNK * sizeof(float)),
                 .label = malloc(count * sizeof(int64_t))};
    if (count < EACH || rounds > MOST_ROUNDS || all.unit == NULL || all.turn == NULL || set.narrow == NULL ||
        set.product == NULL || set.label == NULL) {
        stop("out of memory");
    }
    fill_turn(all.turn, dim);
    memset(set.product, 0, (size_t)CHUNK * CHUNK * sizeof(float));
    for (size_t i = 0; i < count; i++) {
        set.label[i] = (int64_t)(i / EACH);
    }
    set.vectors = (ef_vectors){.count = count, .dim = dim, .unit = all.unit, .label = set.label};
    for (; all.how < LIES; all.how++) {
        openblas_set_num_threads(1);
        ef_parallel_for(0, count / EACH, generate, &all);
        for (size_t i = 0; i < count * dim; i++) {
            set.narrow[i] = (float)all.unit[i];
        }
        printf("%s%zu vectors of %zu elements, %s\n", all.how > 0 ? "\n\n" : "", count, dim, lies[all.how]);
        double rate = compete(&set, rounds, only);
        if (*only == '\0') {
            print_growth(&set, rate);
            print_distractors(&set, rate);
        }
        fflush(stdout);
    }
    free(all.unit);
    free(all.turn);
    free(set.narrow);
    free(set.product);
    free(set.label);
    return EXIT_SUCCESS;
}
