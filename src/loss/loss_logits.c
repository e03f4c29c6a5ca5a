#include "base/parallel.h"
#include "linalg/gemm.h"
#include "loss/loss_parts.h"

typedef struct logits_call {
    ef_loss_call call;
    float *logits;
} logits_call;

static void logits_tile(void *data, size_t tile, int worker)
{
    const logits_call *all = data;
    const ef_loss_workspace *room = all->call.room;
    const ef_loss_batch *batch = all->call.batch;
    size_t first = tile * EF_LOSS_TILE, width = ef_loss_tile_width(room, tile);
    (void)worker;
    ef_gemm_tile(all->logits + first, batch->classes, room->unit, batch->count, batch->weights + first * room->dim, width,
                 room->dim);
    for (size_t i = 0; i < batch->count; i++) {
        float *logit = all->logits + i * batch->classes;
        for (size_t j = first; j < first + width; j++) {
            float cosine = logit[j] * room->inverse[j];
            cosine = cosine > 1.0f ? 1.0f : cosine;
            logit[j] = (cosine < -1.0f ? -1.0f : cosine) * (float)batch->scale;
        }
    }
}

ef_status ef_loss_logits(float *logits, ef_loss_workspace *workspace, const ef_loss_batch *batch, ef_error *err)
{
    logits_call all = {.call = {.room = workspace, .batch = batch}, .logits = logits};
    ef_gemm_begin();
    ef_status status = ef_loss_prepare(&all.call, err);
    if (status != EF_OK) {
        return status;
    }
    ef_parallel_for(workspace->threads, workspace->tiles, logits_tile, &all);
    for (size_t i = 0; i < batch->count; i++) {
        logits[i * batch->classes + (size_t)batch->labels[i]] = (float)workspace->row[i].target.value;
    }
    return EF_OK;
}
