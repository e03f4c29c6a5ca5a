
#include "linalg/gemm.h"
#include "loss/loss_parts.h"

ef_status ef_loss_compute(double *mean, ef_loss_workspace *workspace, const ef_loss_batch *batch,
                          const ef_loss_gradients *gradients, ef_loss_sample *samples, ef_error *err)
{
    ef_loss_call call = {.room = workspace, .batch = batch, .gradients = gradients};
    ef_gemm_begin();
    ef_status status = ef_loss_prepare(&call, err);
    if (status != EF_OK) {
        return status;
    }
    *mean = ef_loss_forward(&call);
    for (size_t i = 0; samples != NULL && i < batch->count; i++) {
        const ef_loss_row *row = &workspace->row[i];
        samples[i] = (ef_loss_sample){row->cosine, row->margin, row->target.value, row->loss, row->probability};
    }
    if (gradients != NULL && (gradients->embeddings != NULL || gradients->weights != NULL)) {
        ef_loss_backward(&call);
    }
    return EF_OK;
}
