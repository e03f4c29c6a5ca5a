#include "train/norm_prelu.h"

#include <math.h>

#include <eface/train.h>

#include "base/parallel.h"

#define PIECE 16 /* features that a thread takes at a time: a line of the cache */

typedef struct pass {
    const ef_norm_prelu *layer;
    float *y, *normal, *gradient;
    const float *normalised; /* in the backward pass */
    size_t count;
    bool trains;
} pass;

static size_t end_of(const ef_norm_prelu *layer, size_t first)
{
    return layer->features - first < PIECE ? layer->features : first + PIECE;
}

/* Mean and variance over the batch of features first .. end-1; the variance from the deviations, since E z^2 - (E z)^2 cancels. */
static void measure(const pass *job, double *mean, double *variance, size_t first, size_t end)
{
    const ef_norm_prelu *layer = job->layer;
    double n = (double)job->count;
    for (size_t f = first; f < end; f++) {
        mean[f - first] = variance[f - first] = 0.0;
    }
    for (size_t i = 0; i < job->count; i++) {
        for (size_t f = first; f < end; f++) {
            mean[f - first] += (double)job->normal[i * layer->features + f] / n;
        }
    }
    for (size_t i = 0; i < job->count; i++) {
        for (size_t f = first; f < end; f++) {
            double deviation = (double)job->normal[i * layer->features + f] - mean[f - first];
            variance[f - first] += deviation * deviation / n;
        }
    }
    for (size_t f = first; f < end; f++) {
        double unbiased = variance[f - first] * n / (n - 1), old = 1 - EF_NORM_MOMENTUM;
        layer->running_mean[f] = (float)(old * (double)layer->running_mean[f] + EF_NORM_MOMENTUM * mean[f - first]);
        layer->running_variance[f] = (float)(old * (double)layer->running_variance[f] + EF_NORM_MOMENTUM * unbiased);
    }
}

static void forward(void *data, size_t piece, int worker)
{
    const pass *job = data;
    const ef_norm_prelu *layer = job->layer;
    size_t first = piece * PIECE, end = end_of(layer, first);
    double mean[PIECE], variance[PIECE];
    (void)worker;
    if (job->trains) {
        measure(job, mean, variance, first, end);
    }
    for (size_t f = first; f < end; f++) {
        if (!job->trains) {
            mean[f - first] = (double)layer->running_mean[f];
            variance[f - first] = (double)layer->running_variance[f];
        }
        layer->inverse[f] = 1.0 / sqrt(variance[f - first] + EF_NORM_EPSILON);
    }
    for (size_t i = 0; i < job->count; i++) {
        for (size_t f = first; f < end; f++) {
            size_t at = i * layer->features + f;
            job->normal[at] = (float)(((double)job->normal[at] - mean[f - first]) * layer->inverse[f]);
            float value = layer->scale[f] * job->normal[at] + layer->shift[f];
            job->y[at] = value > 0 ? value : layer->slope[f] * value;
        }
    }
}

void ef_norm_prelu_forward(const ef_norm_prelu *layer, float *y, float *normal, size_t count, bool trains)
{
    pass job = {.layer = layer, .y = y, .normal = normal, .count = count, .trains = trains};
    ef_parallel_for(layer->threads, (layer->features + PIECE - 1) / PIECE, forward, &job);
}

/* With u = dL/d(scale n + shift), n the normalised z:  dL/dz = scale inverse (u - mean(u) - n mean(u n)). */
static void backward(void *data, size_t piece, int worker)
{
    const pass *job = data;
    const ef_norm_prelu *layer = job->layer;
    size_t first = piece * PIECE, end = end_of(layer, first);
    double shift[PIECE] = {0}, scale[PIECE] = {0}, slope[PIECE] = {0}, n = (double)job->count;
    (void)worker;
    for (size_t i = 0; i < job->count; i++) {
        for (size_t f = first; f < end; f++) {
            size_t at = i * layer->features + f;
            float value = layer->scale[f] * job->normalised[at] + layer->shift[f];
            if (!(value > 0)) {
                slope[f - first] += (double)job->gradient[at] * (double)value;
                job->gradient[at] *= layer->slope[f];
            }
            shift[f - first] += (double)job->gradient[at];
            scale[f - first] += (double)job->gradient[at] * (double)job->normalised[at];
        }
    }
    for (size_t i = 0; i < job->count; i++) {
        for (size_t f = first; f < end; f++) {
            size_t at = i * layer->features + f;
            double rest = (double)job->gradient[at] - (shift[f - first] + (double)job->normalised[at] * scale[f - first]) / n;
            job->gradient[at] = (float)((double)layer->scale[f] * layer->inverse[f] * rest);
        }
    }
    for (size_t f = first; f < end; f++) {
        layer->scale_gradient[f] = (float)scale[f - first];
        layer->shift_gradient[f] = (float)shift[f - first];
        layer->slope_gradient[f] = (float)slope[f - first];
    }
}

void ef_norm_prelu_backward(const ef_norm_prelu *layer, float *gradient, const float *normal, size_t count)
{
    pass job = {.layer = layer, .normalised = normal, .gradient = gradient, .count = count};
    ef_parallel_for(layer->threads, (layer->features + PIECE - 1) / PIECE, backward, &job);
}
