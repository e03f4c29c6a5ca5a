/* One training step over all classes, and what of it is the loss, as a share of what SGEMM can do.  A step: a linear head forward, the loss and its gradients, the
 * head backward, its gradients clipped, and gradient descent with momentum and decay for the head and the classes.
 * Usage: loss [COUNT [DIM [CLASSES [ROUNDS [MEMORY_MB]]]]].  In turn with SGEMM, so that both see the same machine; medians. */
#include <cblas.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <eface/loss.h>
#include <eface/train.h>

#include "base/parallel.h"

enum { SIZE = 2048, MOST_ROUNDS = 99 };

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

static void stop(const char *why)
{
    fprintf(stderr, "loss: %s\n", why);
    exit(EXIT_FAILURE);
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

static float *noise(size_t count, uint64_t *state)
{
    float *values = malloc(count * sizeof *values);
    for (size_t i = 0; values != NULL && i < count; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        values[i] = (float)(*state >> 40) * 0x1p-24f - 0.5f;
    }
    if (values == NULL) {
        stop("out of memory");
    }
    return values;
}

/* What SGEMM takes, on all processors. */
static moment sgemm(const float *a, const float *b, float *c)
{
    openblas_set_num_threads(ef_processors());
    moment start = now();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, SIZE, SIZE, SIZE, 1, a, SIZE, b, SIZE, 0, c, SIZE);
    return since(start);
}

static size_t number(int argc, char **argv, int i, size_t otherwise)
{
    char *end = NULL;
    unsigned long value = i < argc ? strtoul(argv[i], &end, 10) : otherwise;
    if ((i < argc && *end != '\0') || value == 0 || value > 100000000) {
        stop("usage: loss [COUNT [DIM [CLASSES [ROUNDS [MEMORY_MB]]]]]");
    }
    return value;
}

typedef struct contest {
    const char *name;
    double giga; /* operations, in thousands of millions */
    double wall[MOST_ROUNDS], cpu[MOST_ROUNDS];
} contest;

enum { ALONE, LOSS, GRADIENTS, STEP, CONTESTS };

/* What a step needs beside the loss. */
typedef struct training {
    ef_head *head;
    ef_sgd *sgd;
    ef_parameter parameters[EF_HEAD_MOST_PARAMETERS + 1]; /* of the head, then the classes */
    size_t count;
    float *in, *out;
} training;

static void begin(training *made, const ef_loss_batch *batch, const ef_loss_gradients *gradients, float *out, float *weights,
                  ef_rng *rng)
{
    static const ef_sgd_settings settings = {0.9, 5e-4};
    uint64_t state = 5;
    ef_error error;
    made->in = noise(batch->count * batch->dim, &state);
    made->out = out;
    if (ef_head_create(&made->head, &(ef_head_shape){batch->dim, batch->dim, 0}, batch->count, 0, rng, &error) != EF_OK) {
        stop(error.message);
    }
    made->count = ef_head_parameters(made->parameters, made->head);
    made->parameters[made->count] = (ef_parameter){"classes", weights, gradients->weights, batch->classes * batch->dim, true};
    if (ef_sgd_create(&made->sgd, made->parameters, made->count + 1, &settings, 0, &error) != EF_OK) {
        stop(error.message);
    }
}

static void take_step(training *all, double *mean, ef_loss_workspace *room, const ef_loss_batch *batch,
                      const ef_loss_gradients *gradients)
{
    ef_error error;
    if (ef_head_forward(all->out, all->head, all->in, batch->count, true, &error) != EF_OK ||
        ef_loss_compute(mean, room, batch, gradients, NULL, &error) != EF_OK ||
        ef_head_backward(NULL, all->head, gradients->embeddings, &error) != EF_OK ||
        ef_gradients_clip(NULL, all->parameters, all->count, 5, &error) != EF_OK) {
        stop(error.message);
    }
    ef_sgd_step(all->sgd, 1e-3);
}

static void run(const ef_loss_batch *batch, ef_loss_workspace *room, const ef_loss_gradients *gradients, training *all,
                size_t rounds)
{
    static contest contests[CONTESTS] = {
        {.name = "SGEMM 2048^3"}, {.name = "loss alone"}, {.name = "loss and gradients"}, {.name = "training step"}};
    const size_t square = (size_t)SIZE * SIZE;
    uint64_t state = 3;
    float *a = noise(square, &state), *b = noise(square, &state), *c = noise(square, &state);
    double mean = 0, product = 2e-9 * (double)batch->count * (double)batch->dim * (double)batch->classes;
    ef_error error;
    contests[ALONE].giga = 2e-9 * SIZE * SIZE * SIZE;
    contests[LOSS].giga = product;
    contests[GRADIENTS].giga = 3 * product;
    contests[STEP].giga =
        3 * product + 4e-9 * (double)batch->count * (double)batch->dim * (double)batch->dim; /* forward, weights */
    for (size_t round = 0; round < rounds + 1; round++) { /* the first warms up, and is written over */
        for (size_t k = 0; k < CONTESTS; k++) {
            moment start = now(), time;
            if (k == ALONE) {
                time = sgemm(a, b, c);
            } else if (k == STEP) {
                take_step(all, &mean, room, batch, gradients);
                time = since(start);
            } else if (ef_loss_compute(&mean, room, batch, k == GRADIENTS ? gradients : NULL, NULL, &error) != EF_OK) {
                stop(error.message);
            } else {
                time = since(start);
            }
            contests[k].wall[round > 0 ? round - 1 : 0] = time.wall;
            contests[k].cpu[round > 0 ? round - 1 : 0] = time.cpu;
        }
    }
    printf("%s, batch %zu of %zu elements, %zu classes, median of %zu; loss %.6f\n", batch->loss->name, batch->count, batch->dim,
           batch->classes, rounds, mean);
    printf("%-20s %9s %9s %10s %9s %9s\n", "", "wall s", "cpu s", "GFLOP/s", "of SGEMM", "by cpu");
    double rate = 0, busy_rate = 0;
    for (size_t k = 0; k < CONTESTS; k++) {
        contest *one = &contests[k];
        double wall = median(one->wall, rounds), cpu = median(one->cpu, rounds);
        rate = k == ALONE ? one->giga / wall : rate;
        busy_rate = k == ALONE ? one->giga / cpu : busy_rate;
        printf("%-20s %9.3f %9.3f %10.1f %9.2f %9.2f\n", one->name, wall, cpu, one->giga / wall, one->giga / wall / rate,
               one->giga / cpu / busy_rate);
    }
    free(a);
    free(b);
    free(c);
}

int main(int argc, char **argv)
{
    size_t count = number(argc, argv, 1, 512), dim = number(argc, argv, 2, 512), classes = number(argc, argv, 3, 85742),
           rounds = number(argc, argv, 4, 5), memory = number(argc, argv, 5, 2048);
    uint64_t state = 1;
    float *embeddings = noise(count * dim, &state), *weights = noise(classes * dim, &state);
    ef_loss_gradients gradients = {noise(count * dim, &state), noise(classes * dim, &state)};
    int64_t *labels = malloc(count * sizeof *labels);
    double *margins = malloc(count * sizeof *margins);
    const ef_loss *loss = ef_loss_find("elasticface_arc");
    const ef_work work = {.memory = memory << 20};
    ef_rng *rng = NULL;
    ef_loss_workspace *room = NULL;
    ef_error error;
    if (labels == NULL || margins == NULL || rounds > MOST_ROUNDS) {
        stop("out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        labels[i] = (int64_t)(i * 7919 % classes);
    }
    if (ef_rng_create(&rng, 1, 0, &error) != EF_OK ||
        ef_margins_draw(margins, count, loss, &loss->defaults, rng, &error) != EF_OK ||
        ef_loss_workspace_create(&room, count, dim, classes, &work, &error) != EF_OK) {
        stop(error.message);
    }
    const ef_loss_batch batch = {.loss = loss,
                                 .scale = loss->defaults.scale,
                                 .embeddings = embeddings,
                                 .labels = labels,
                                 .margins = margins,
                                 .weights = weights,
                                 .count = count,
                                 .dim = dim,
                                 .classes = classes};
    training all = {0};
    begin(&all, &batch, &gradients, embeddings, weights, rng);
    run(&batch, room, &gradients, &all, rounds);
    ef_sgd_free(all.sgd);
    ef_head_free(all.head);
    free(all.in);
    ef_loss_workspace_free(room);
    ef_rng_free(rng);
    free(embeddings);
    free(weights);
    free(gradients.embeddings);
    free(gradients.weights);
    free(labels);
    free(margins);
    return EXIT_SUCCESS;
}
