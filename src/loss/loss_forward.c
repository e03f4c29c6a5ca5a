#include <math.h>

#include "base/parallel.h"
#include "linalg/gemm.h"
#include "loss/loss_parts.h"

/* The own class is left out of the float32 exponentials: its logit is known in float64, and how near its probability is to 1 shows only in the others. */
static void forward_tile(void *data, size_t slot, int worker)
{
    const ef_loss_call *call = data;
    ef_loss_workspace *room = call->room;
    const ef_loss_batch *batch = call->batch;
    size_t first = (call->wave + slot) * EF_LOSS_TILE, width = ef_loss_tile_width(room, call->wave + slot);
    float *exponential = room->exponential + slot * room->most * EF_LOSS_TILE;
    ef_exponentials *sums = room->exponentials + slot * room->most;
    (void)worker;
    ef_gemm_tile(exponential, width, room->unit, batch->count, batch->weights + first * room->dim, width, room->dim);
    for (size_t i = 0; i < batch->count; i++) {
        size_t label = (size_t)batch->labels[i], own = label >= first ? label - first : width;
        sums[i] = ef_softmax_row(exponential + i * width, room->inverse + first, (float)batch->scale, width, own);
    }
}

void ef_loss_forward_wave(ef_loss_call *call, size_t tiles)
{
    ef_parallel_for(call->room->threads, tiles, forward_tile, call);
}

static void add(ef_loss_row *row, const ef_exponentials *part)
{
    double largest = (double)part->largest;
    if (part->sum == 0.0) {
        return;
    }
    if (largest > row->largest) {
        row->sum = row->sum * exp(row->largest - largest) + part->sum;
        row->largest = largest;
    } else {
        row->sum += part->sum * exp(largest - row->largest);
    }
}

/* The cross entropy from the gap between the other classes together and the own one: log(1 + exp(gap)), without the cancellation of a difference of logarithms. */
static void settle(ef_loss_row *row, size_t count)
{
    double gap = row->largest + log(row->sum) - row->target.value;
    double miss = gap > 0 ? 1.0 / (1.0 + exp(-gap)) : exp(gap) / (1.0 + exp(gap));
    row->loss = gap > 0 ? gap + log1p(exp(-gap)) : log1p(exp(gap));
    row->probability = 1.0 / (1.0 + exp(gap));
    row->normaliser = row->target.value + row->loss;
    row->pull = row->sine > EF_LOSS_LEAST_SINE ? miss / (double)count * row->target.fall / row->sine : 0.0;
}

double ef_loss_forward(ef_loss_call *call)
{
    ef_loss_workspace *room = call->room;
    size_t count = call->batch->count, wave = room->keeps ? room->tiles : room->slots;
    double total = 0.0;
    for (size_t i = 0; i < count; i++) {
        room->row[i].largest = -INFINITY;
        room->row[i].sum = 0.0;
    }
    for (size_t first = 0; first < room->tiles; first += wave) {
        size_t tiles = room->tiles - first < wave ? room->tiles - first : wave;
        call->wave = first;
        ef_loss_forward_wave(call, tiles);
        for (size_t slot = 0; slot < tiles; slot++) {
            for (size_t i = 0; i < count; i++) {
                add(&room->row[i], &room->exponentials[slot * room->most + i]);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        settle(&room->row[i], count);
        total += room->row[i].loss;
    }
    return total / (double)count;
}
