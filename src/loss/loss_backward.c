/* With G_ij = dL/dz_ij s / |w_j| for the classes j other than a sample's own, the gradients are
 *     dL/dx_i = (v_i - <v_i, u_i> u_i) / |x_i| + own class,   v_i = sum over j of G_ij w_j,   u_i = x_i / |x_i|
 *     dL/dw_j = g_j - <g_j, w_j> w_j / |w_j|^2 + own samples, g_j = sum over i of G_ij u_i
 * so two products of one matrix do it.  The own class adds, by the angle, pull times the tangent; the pull holds the sine by which the tangent is too long. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "linalg/dot.h"
#include "linalg/gemm.h"
#include "linalg/vector32.h"
#include "loss/loss_parts.h"

/* Takes from v, a float64 vector, what is along w, and widens w. */
static void project(double *v, double *wide, const float *w, double inverse, size_t n)
{
    (void)ef_widen32(wide, w, n);
    double along = ef_dot(v, wide, n) * inverse * inverse;
    for (size_t k = 0; k < n; k++) {
        v[k] -= along * wide[k];
    }
}

/* out[k] -= factor * (to / |to| - cosine * from / |from|) */
static void draw(double *out, double factor, double cosine, const float *to, double inverse_to, const float *from,
                 double inverse_from, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        out[k] -= factor * ((double)to[k] * inverse_to - cosine * ((double)from[k] * inverse_from));
    }
}

/* The first owner whose label is `label` or above. */
static size_t first_of_label(const ef_loss_call *call, size_t label)
{
    size_t low = 0, high = call->batch->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((size_t)call->room->owner[middle].label < label) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void finish_classes(const ef_loss_call *call, size_t first, size_t width, double *scratch)
{
    const ef_loss_workspace *room = call->room;
    const ef_loss_batch *batch = call->batch;
    size_t dim = room->dim, next = first_of_label(call, first);
    double *sum = scratch, *wide = scratch + dim;
    for (size_t j = first; j < first + width; j++) {
        const float *weight = batch->weights + j * dim;
        float *gradient = call->gradients->weights + j * dim;
        (void)ef_widen32(sum, gradient, dim);
        project(sum, wide, weight, (double)room->inverse[j], dim);
        for (; next < batch->count && (size_t)room->owner[next].label == j; next++) {
            size_t i = room->owner[next].sample;
            const ef_loss_row *row = &room->row[i];
            draw(sum, row->pull * row->class_inverse, row->cosine, batch->embeddings + i * dim, row->inverse, weight,
                 row->class_inverse, dim);
        }
        for (size_t k = 0; k < dim; k++) {
            gradient[k] = (float)sum[k];
        }
    }
}

static void backward_tile(void *data, size_t slot, int worker)
{
    const ef_loss_call *call = data;
    ef_loss_workspace *room = call->room;
    const ef_loss_batch *batch = call->batch;
    size_t tile = call->wave + slot, first = tile * EF_LOSS_TILE, width = ef_loss_tile_width(room, tile), count = batch->count;
    size_t at = room->keeps ? tile : slot;
    float *matrix = room->exponential + at * room->most * EF_LOSS_TILE;
    const ef_exponentials *sums = room->exponentials + at * room->most;
    for (size_t i = 0; i < count; i++) {
        double share = exp((double)sums[i].largest - room->row[i].normaliser) * batch->scale / (double)count;
        ef_multiply_twice32(matrix + i * width, (float)share, room->inverse + first, width);
    }
    if (call->gradients->embeddings != NULL) {
        ef_gemm_weighted(room->partial + slot * room->most * room->dim, matrix, count, width, batch->weights + first * room->dim,
                         room->dim);
    }
    if (call->gradients->weights != NULL) {
        ef_gemm_weighted_down(call->gradients->weights + first * room->dim, matrix, width, count, width, room->unit, room->dim);
        finish_classes(call, first, width, room->scratch + (size_t)worker * 2 * room->dim);
    }
}

typedef struct reduction {
    const ef_loss_call *call;
    size_t tiles;
} reduction;

/* Adds what the tiles of a wave have for a sample, in their order. */
static void reduce_sample(void *data, size_t i, int worker)
{
    const reduction *all = data;
    const ef_loss_workspace *room = all->call->room;
    size_t dim = room->dim;
    double *sum = room->sum + i * dim;
    (void)worker;
    for (size_t slot = 0; slot < all->tiles; slot++) {
        const float *partial = room->partial + (slot * room->most + i) * dim;
        for (size_t k = 0; k < dim; k++) {
            sum[k] += (double)partial[k];
        }
    }
}

static void finish_sample(void *data, size_t i, int worker)
{
    const ef_loss_call *call = data;
    const ef_loss_workspace *room = call->room;
    const ef_loss_batch *batch = call->batch;
    const ef_loss_row *row = &room->row[i];
    size_t dim = room->dim;
    const float *embedding = batch->embeddings + i * dim;
    double *sum = room->sum + i * dim;
    project(sum, room->scratch + (size_t)worker * 2 * dim, embedding, row->inverse, dim);
    draw(sum, row->pull, row->cosine, batch->weights + (size_t)batch->labels[i] * dim, row->class_inverse, embedding,
         row->inverse, dim);
    for (size_t k = 0; k < dim; k++) {
        call->gradients->embeddings[i * dim + k] = (float)(sum[k] * row->inverse);
    }
}

static int by_label(const void *left, const void *right)
{
    const ef_loss_owner *a = left, *b = right;
    if (a->label != b->label) {
        return a->label < b->label ? -1 : 1;
    }
    return (a->sample > b->sample) - (a->sample < b->sample);
}

static void order_by_label(const ef_loss_call *call)
{
    ef_loss_owner *owner = call->room->owner;
    for (size_t i = 0; i < call->batch->count; i++) {
        owner[i] = (ef_loss_owner){call->batch->labels[i], i};
    }
    qsort(owner, call->batch->count, sizeof *owner, by_label);
}

void ef_loss_backward(ef_loss_call *call)
{
    ef_loss_workspace *room = call->room;
    order_by_label(call);
    memset(room->sum, 0, call->batch->count * room->dim * sizeof *room->sum);
    for (size_t first = 0; first < room->tiles; first += room->slots) {
        size_t tiles = room->tiles - first < room->slots ? room->tiles - first : room->slots;
        call->wave = first;
        if (!room->keeps) {
            ef_loss_forward_wave(call, tiles);
        }
        ef_parallel_for(room->threads, tiles, backward_tile, call);
        if (call->gradients->embeddings != NULL) {
            reduction wave = {call, tiles};
            ef_parallel_for(room->threads, call->batch->count, reduce_sample, &wave);
        }
    }
    if (call->gradients->embeddings != NULL) {
        ef_parallel_for(room->threads, call->batch->count, finish_sample, call);
    }
}
