/* Computes a loss for losses.py: a problem in numbers on standard input, everything that the library says of it as JSON on standard output.
 * Usage: loss_json NAME SCALE COUNT DIM CLASSES; input: embeddings, labels, margins, weights.
 *        loss_json --list: names and defaults. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/loss.h>

typedef struct problem {
    float *embeddings, *weights, *embedding_gradients, *weight_gradients, *logits;
    double *margins;
    int64_t *labels;
    ef_loss_sample *samples;
} problem;

static void stop(const char *why)
{
    fprintf(stderr, "loss_json: %s\n", why);
    exit(EXIT_FAILURE);
}

static double number(void)
{
    char word[64], *end;
    if (scanf("%63s", word) != 1) {
        stop("numbers are missing");
    }
    double value = strtod(word, &end);
    if (*end != '\0') {
        stop("this is no number");
    }
    return value;
}

static void read_floats(float *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (float)number();
    }
}

static void print_floats(const char *name, const float *values, size_t count)
{
    printf(",\n\"%s\": [", name);
    for (size_t i = 0; i < count; i++) {
        printf("%s%.9g", i > 0 ? ", " : "", (double)values[i]);
    }
    printf("]");
}

static void print_samples(const char *name, const ef_loss_sample *samples, size_t count, double (*of)(const ef_loss_sample *))
{
    printf(",\n\"%s\": [", name);
    for (size_t i = 0; i < count; i++) {
        printf("%s%.17g", i > 0 ? ", " : "", of(&samples[i]));
    }
    printf("]");
}

static double cosine(const ef_loss_sample *sample)
{
    return sample->cosine;
}

static double margin(const ef_loss_sample *sample)
{
    return sample->margin;
}

static double loss_of(const ef_loss_sample *sample)
{
    return sample->loss;
}

static void list(void)
{
    printf("[");
    for (size_t i = 0; i < ef_loss_count(); i++) {
        const ef_loss *loss = ef_loss_at(i);
        printf("%s{\"name\": \"%s\", \"s\": %.17g, \"m\": %.17g, \"sigma\": %.17g}", i > 0 ? ",\n" : "", loss->name,
               loss->defaults.scale, loss->defaults.margin, loss->defaults.sigma);
    }
    printf("]\n");
}

static void answer(const ef_loss_batch *batch, problem *p)
{
    double mean;
    ef_error error;
    ef_loss_workspace *room = NULL;
    size_t count = batch->count;
    if (ef_loss_workspace_create(&room, count, batch->dim, batch->classes, NULL, &error) != EF_OK ||
        ef_loss_compute(&mean, room, batch, &(ef_loss_gradients){p->embedding_gradients, p->weight_gradients}, p->samples,
                        &error) != EF_OK ||
        ef_loss_logits(p->logits, room, batch, &error) != EF_OK) {
        stop(error.message);
    }
    printf("{\"mean\": %.17g", mean);
    print_samples("cosines", p->samples, count, cosine);
    print_samples("margins", p->samples, count, margin);
    print_samples("losses", p->samples, count, loss_of);
    print_floats("logits", p->logits, count * batch->classes);
    print_floats("embedding_gradients", p->embedding_gradients, count * batch->dim);
    print_floats("weight_gradients", p->weight_gradients, batch->classes * batch->dim);
    printf("}\n");
    ef_loss_workspace_free(room);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        list();
        return EXIT_SUCCESS;
    }
    const ef_loss *loss = argc == 6 ? ef_loss_find(argv[1]) : NULL;
    if (loss == NULL) {
        stop("usage: loss_json NAME SCALE COUNT DIM CLASSES");
    }
    size_t count = strtoul(argv[3], NULL, 10), dim = strtoul(argv[4], NULL, 10), classes = strtoul(argv[5], NULL, 10);
    problem p = {.embeddings = calloc(count * dim, sizeof(float)),
                 .weights = calloc(classes * dim, sizeof(float)),
                 .embedding_gradients = calloc(count * dim, sizeof(float)),
                 .weight_gradients = calloc(classes * dim, sizeof(float)),
                 .logits = calloc(count * classes, sizeof(float)),
                 .margins = calloc(count, sizeof(double)),
                 .labels = calloc(count, sizeof(int64_t)),
                 .samples = calloc(count, sizeof(ef_loss_sample))};
    if (p.embeddings == NULL || p.weights == NULL || p.embedding_gradients == NULL || p.weight_gradients == NULL ||
        p.logits == NULL || p.margins == NULL || p.labels == NULL || p.samples == NULL) {
        stop("out of memory");
    }
    read_floats(p.embeddings, count * dim);
    for (size_t i = 0; i < count; i++) {
        p.labels[i] = (int64_t)number();
    }
    for (size_t i = 0; i < count; i++) {
        p.margins[i] = number();
    }
    read_floats(p.weights, classes * dim);
    answer(&(ef_loss_batch){.loss = loss,
                            .scale = strtod(argv[2], NULL),
                            .embeddings = p.embeddings,
                            .labels = p.labels,
                            .margins = p.margins,
                            .weights = p.weights,
                            .count = count,
                            .dim = dim,
                            .classes = classes},
           &p);
    free(p.embeddings);
    free(p.weights);
    free(p.embedding_gradients);
    free(p.weight_gradients);
    free(p.logits);
    free(p.margins);
    free(p.labels);
    free(p.samples);
    return EXIT_SUCCESS;
}
