#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "loss/loss_table.h"

ef_status ef_margins_draw(double *margins, size_t count, const ef_loss *loss, const ef_loss_settings *settings, ef_rng *rng,
                          ef_error *err)
{
    ef_status status = ef_loss_check_scale(settings->scale, err);
    if (status != EF_OK) {
        return status;
    }
    if (loss->has_margin && !isfinite(settings->margin)) {
        return ef_fail(err, EF_INVALID, "the margin is not finite");
    }
    if (loss->has_sigma && !(settings->sigma >= 0 && isfinite(settings->sigma))) {
        return ef_fail(err, EF_INVALID, "a sigma of %g is no standard deviation", settings->sigma);
    }
    if (loss->has_sigma && rng == NULL) {
        return ef_fail(err, EF_INVALID, "%s draws its margins, but there is no generator to draw them from", loss->name);
    }
    for (size_t i = 0; i < count; i++) {
        margins[i] = loss->has_margin ? settings->margin : 0.0;
        if (loss->has_sigma) {
            margins[i] += settings->sigma * ef_rng_normal(rng);
        }
    }
    return EF_OK;
}

typedef struct ranked {
    double key;
    size_t sample;
} ranked;

static int descending(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    if (a->key != b->key) {
        return a->key > b->key ? -1 : 1;
    }
    return (a->sample > b->sample) - (a->sample < b->sample);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

ef_status ef_margins_arrange(double *margins, const double *cosines, size_t count, ef_margin_order order, ef_error *err)
{
    if (order == EF_MARGIN_AS_DRAWN || count == 0) {
        return EF_OK;
    }
    ranked *rank = ef_alloc(count, sizeof *rank);
    double *sorted = ef_alloc(count, sizeof *sorted);
    if (rank == NULL || sorted == NULL) {
        free(rank);
        free(sorted);
        return ef_fail_memory(err, "the margins of a batch");
    }
    for (size_t i = 0; i < count; i++) {
        rank[i] = (ranked){cosines[i], i};
        sorted[i] = margins[i];
    }
    qsort(rank, count, sizeof *rank, descending);
    qsort(sorted, count, sizeof *sorted, ascending);
    for (size_t r = 0; r < count; r++) {
        if (order == EF_MARGIN_AS_PUBLISHED) {
            margins[rank[r].sample] = sorted[r];
        } else {
            margins[r] = sorted[rank[r].sample];
        }
    }
    free(rank);
    free(sorted);
    return EF_OK;
}
