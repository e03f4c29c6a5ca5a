#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/parallel.h"
#include "linalg/dot.h"
#include "linalg/normalise.h"
#include "linalg/vector32.h"
#include "loss/loss_parts.h"
#include "loss/loss_table.h"

#define SHORTEST 0x1p-60
#define LONGEST  0x1p60

/* 1 / |v|, and v in float64 in wide[n]; 0 when v will not do. */
static double inverse_length(double *wide, const float *vector, size_t n)
{
    bool finite = ef_widen32(wide, vector, n);
    double length = sqrt(ef_dot(wide, wide, n));
    return finite && length >= SHORTEST && length <= LONGEST ? 1.0 / length : 0.0;
}

static ef_status fail_vector(ef_error *err, const char *what, size_t index, const float *vector, size_t n)
{
    double sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(vector[k])) {
            return ef_fail(err, EF_INVALID, "%s %zu is not finite", what, index);
        }
        sum += (double)vector[k] * (double)vector[k];
    }
    if (sum == 0.0) {
        return ef_fail(err, EF_INVALID, "%s %zu is zero: it has no direction", what, index);
    }
    return ef_fail(err, EF_INVALID, "%s %zu has a length of %g, which is not between 2^-60 and 2^60", what, index, sqrt(sum));
}

static void measure_classes(void *data, size_t tile, int worker)
{
    const ef_loss_call *call = data;
    ef_loss_workspace *room = call->room;
    size_t first = tile * EF_LOSS_TILE, width = ef_loss_tile_width(room, tile);
    double *wide = room->scratch + (size_t)worker * 2 * room->dim;
    for (size_t j = first; j < first + width; j++) {
        room->inverse[j] = (float)inverse_length(wide, call->batch->weights + j * room->dim, room->dim);
    }
}

/* Unit vectors rather than quotients of sums: the sine, as the length of the tangent, is right to its last digits at any angle. */
static void measure_sample(void *data, size_t i, int worker)
{
    const ef_loss_call *call = data;
    ef_loss_workspace *room = call->room;
    ef_loss_row *row = &room->row[i];
    size_t dim = room->dim;
    double *x = room->scratch + (size_t)worker * 2 * dim, *w = x + dim, square = 0.0;
    row->inverse = inverse_length(x, call->batch->embeddings + i * dim, dim);
    if (row->inverse == 0.0) {
        return;
    }
    ef_normalise(x, x, dim);
    row->class_inverse = inverse_length(w, call->batch->weights + (size_t)call->batch->labels[i] * dim, dim);
    ef_normalise(w, w, dim);
    double cosine = ef_dot(x, w, dim);
    for (size_t k = 0; k < dim; k++) {
        double tangent = w[k] - cosine * x[k];
        square += tangent * tangent;
        room->unit[i * dim + k] = (float)x[k];
    }
    row->cosine = fmin(fmax(cosine, -1.0), 1.0);
    row->sine = sqrt(square);
}

static ef_status check(const ef_loss_call *call, ef_error *err)
{
    const ef_loss_batch *batch = call->batch;
    const ef_loss_workspace *room = call->room;
    if (batch->count == 0 || batch->count > room->most) {
        return ef_fail(err, EF_INVALID, "a batch of %zu samples, but the workspace is for 1 to %zu", batch->count, room->most);
    }
    if (batch->dim != room->dim || batch->classes != room->classes) {
        return ef_fail(err, EF_INVALID, "a batch of %zu elements and %zu classes, but the workspace is for %zu and %zu",
                       batch->dim, batch->classes, room->dim, room->classes);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->labels[i] < 0 || (uint64_t)batch->labels[i] >= batch->classes) {
            return ef_fail(err, EF_INVALID, "the label of sample %zu is %lld, but classes are 0 to %zu", i,
                           (long long)batch->labels[i], batch->classes - 1);
        }
    }
    if (batch->loss->has_margin && batch->margins == NULL) {
        return ef_fail(err, EF_INVALID, "%s needs margins", batch->loss->name);
    }
    for (size_t i = 0; batch->loss->has_margin && i < batch->count; i++) {
        if (!isfinite(batch->margins[i])) {
            return ef_fail(err, EF_INVALID, "the margin of sample %zu is not finite", i);
        }
    }
    return ef_loss_check_scale(batch->scale, err);
}

static ef_status give_margins(const ef_loss_call *call, ef_error *err)
{
    const ef_loss_batch *batch = call->batch;
    ef_loss_workspace *room = call->room;
    for (size_t i = 0; i < batch->count; i++) {
        room->margin[i] = batch->loss->has_margin ? batch->margins[i] : 0.0;
        room->cosine[i] = room->row[i].cosine;
    }
    ef_status status = ef_margins_arrange(room->margin, room->cosine, batch->count, batch->loss->order, err);
    for (size_t i = 0; status == EF_OK && i < batch->count; i++) {
        ef_loss_row *row = &room->row[i];
        row->margin = room->margin[i];
        row->target = batch->loss->target(row->cosine, row->sine, batch->scale, row->margin);
    }
    return status;
}

ef_status ef_loss_prepare(const ef_loss_call *call, ef_error *err)
{
    const ef_loss_batch *batch = call->batch;
    ef_loss_workspace *room = call->room;
    ef_status status = check(call, err);
    if (status != EF_OK) {
        return status;
    }
    ef_loss_call shared = *call;
    ef_parallel_for(room->threads, room->tiles, measure_classes, &shared);
    for (size_t j = 0; j < batch->classes; j++) {
        if (room->inverse[j] == 0.0f) {
            return fail_vector(err, "class", j, batch->weights + j * batch->dim, batch->dim);
        }
    }
    ef_parallel_for(room->threads, batch->count, measure_sample, &shared);
    for (size_t i = 0; i < batch->count; i++) {
        if (room->row[i].inverse == 0.0) {
            return fail_vector(err, "embedding", i, batch->embeddings + i * batch->dim, batch->dim);
        }
    }
    return give_margins(call, err);
}
