#include "train/linear.h"

#include "base/parallel.h"
#include "linalg/gemm.h"
#include "linalg/vector32.h"

#define PIECE ((size_t)64) /* rows that a thread takes at a time */

typedef struct product {
    const ef_linear *layer;
    float *out, *bias_gradient;
    const float *x, *y_gradient;
    size_t count;
} product;

static size_t pieces_of(size_t rows)
{
    return (rows + PIECE - 1) / PIECE;
}

static size_t length_of(size_t piece, size_t rows)
{
    size_t left = rows - piece * PIECE;
    return left < PIECE ? left : PIECE;
}

static void forward(void *data, size_t piece, int worker)
{
    const product *job = data;
    const ef_linear *layer = job->layer;
    size_t first = piece * PIECE, rows = length_of(piece, job->count);
    float *y = job->out + first * layer->out;
    (void)worker;
    ef_gemm(y, job->x + first * layer->in, rows, layer->weight, layer->out, layer->in);
    for (size_t i = 0; layer->bias != NULL && i < rows; i++) {
        ef_add32(y + i * layer->out, y + i * layer->out, layer->bias, layer->out);
    }
}

void ef_linear_forward(const ef_linear *layer, float *y, const float *x, size_t count)
{
    product job = {.layer = layer, .out = y, .x = x, .count = count};
    ef_parallel_for(layer->threads, pieces_of(count), forward, &job);
}

static void backward_input(void *data, size_t piece, int worker)
{
    const product *job = data;
    const ef_linear *layer = job->layer;
    size_t first = piece * PIECE;
    (void)worker;
    ef_gemm_weighted(job->out + first * layer->in, job->y_gradient + first * layer->out, length_of(piece, job->count), layer->out,
                     layer->weight, layer->in);
}

void ef_linear_backward_input(const ef_linear *layer, float *x_gradient, const float *y_gradient, size_t count)
{
    product job = {.layer = layer, .out = x_gradient, .y_gradient = y_gradient, .count = count};
    ef_parallel_for(layer->threads, pieces_of(count), backward_input, &job);
}

static void backward_weight(void *data, size_t piece, int worker)
{
    const product *job = data;
    const ef_linear *layer = job->layer;
    size_t first = piece * PIECE, rows = length_of(piece, layer->out);
    (void)worker;
    ef_gemm_weighted_down(job->out + first * layer->in, job->y_gradient + first, layer->out, job->count, rows, job->x, layer->in);
    for (size_t o = first; job->bias_gradient != NULL && o < first + rows; o++) {
        double sum = 0.0;
        for (size_t i = 0; i < job->count; i++) {
            sum += (double)job->y_gradient[i * layer->out + o];
        }
        job->bias_gradient[o] = (float)sum;
    }
}

void ef_linear_backward_weight(const ef_linear *layer, float *weight_gradient, float *bias_gradient, const float *x,
                               const float *y_gradient, size_t count)
{
    product job = {layer, weight_gradient, bias_gradient, x, y_gradient, count};
    ef_parallel_for(layer->threads, pieces_of(layer->out), backward_weight, &job);
}
