#include <math.h>
#include <stdlib.h>

#include <eface/train.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

#define PIECE ((size_t)1 << 16) /* numbers that a thread takes at a time */

typedef struct trained {
    ef_parameter parameter;
    float *velocity;
} trained;

struct ef_sgd {
    ef_sgd_settings settings;
    int threads;
    trained *trained;
    size_t count;
};

void ef_sgd_free(ef_sgd *sgd)
{
    if (sgd != NULL) {
        for (size_t k = 0; k < sgd->count; k++) {
            free(sgd->trained[k].velocity);
        }
        free(sgd->trained);
        free(sgd);
    }
}

ef_status ef_sgd_create(ef_sgd **out, const ef_parameter *parameters, size_t count, const ef_sgd_settings *settings, int threads,
                        ef_error *err)
{
    if (!(settings->momentum >= 0 && settings->momentum < 1)) {
        return ef_fail(err, EF_INVALID, "a momentum of %g is not in [0, 1)", settings->momentum);
    }
    if (!(settings->decay >= 0 && isfinite(settings->decay))) {
        return ef_fail(err, EF_INVALID, "a weight decay of %g is not 0 or more", settings->decay);
    }
    ef_sgd *sgd = ef_alloc_zero(1, sizeof *sgd);
    if (sgd == NULL || (sgd->trained = ef_alloc(count, sizeof *sgd->trained)) == NULL) {
        free(sgd);
        return ef_fail_memory(err, "an optimiser");
    }
    sgd->settings = *settings;
    sgd->threads = threads;
    for (size_t k = 0; k < count; k++) {
        if (parameters[k].gradient == NULL) {
            continue;
        }
        float *velocity = ef_alloc_zero(parameters[k].count, sizeof *velocity);
        if (velocity == NULL) {
            ef_sgd_free(sgd);
            return ef_fail_memory(err, "an optimiser");
        }
        sgd->trained[sgd->count++] = (trained){parameters[k], velocity};
    }
    *out = sgd;
    return EF_OK;
}

typedef struct move {
    const trained *what;
    float momentum, decay, rate;
} move;

static void move_piece(void *data, size_t piece, int worker)
{
    const move *job = data;
    const ef_parameter *parameter = &job->what->parameter;
    size_t first = piece * PIECE, end = parameter->count - first < PIECE ? parameter->count : first + PIECE;
    float *velocity = job->what->velocity, *value = parameter->value;
    (void)worker;
    for (size_t k = first; k < end; k++) {
        velocity[k] = job->momentum * velocity[k] + (parameter->gradient[k] + job->decay * value[k]);
        value[k] -= job->rate * velocity[k];
    }
}

void ef_sgd_step(ef_sgd *sgd, double rate)
{
    for (size_t k = 0; k < sgd->count; k++) {
        const ef_parameter *parameter = &sgd->trained[k].parameter;
        float decay = parameter->decays ? (float)sgd->settings.decay : 0.0f;
        move job = {&sgd->trained[k], (float)sgd->settings.momentum, decay, (float)rate};
        ef_parallel_for(sgd->threads, (parameter->count + PIECE - 1) / PIECE, move_piece, &job);
    }
}

size_t ef_sgd_state(ef_parameter *state, ef_sgd *sgd)
{
    for (size_t k = 0; k < sgd->count; k++) {
        const ef_parameter *parameter = &sgd->trained[k].parameter;
        state[k] = (ef_parameter){.name = parameter->name, .value = sgd->trained[k].velocity, .count = parameter->count};
    }
    return sgd->count;
}

ef_status ef_gradients_clip(double *norm, const ef_parameter *parameters, size_t count, double limit, ef_error *err)
{
    double sum = 0.0;
    if (!(limit > 0)) {
        return ef_fail(err, EF_INVALID, "gradients cannot be clipped at %g", limit);
    }
    for (size_t p = 0; p < count; p++) {
        for (size_t k = 0; parameters[p].gradient != NULL && k < parameters[p].count; k++) {
            sum += (double)parameters[p].gradient[k] * (double)parameters[p].gradient[k];
        }
        if (!isfinite(sum)) {
            return ef_fail(err, EF_INVALID, "the gradient of %s is not finite", parameters[p].name);
        }
    }
    double factor = limit / (sqrt(sum) + 1e-6);
    for (size_t p = 0; factor < 1 && p < count; p++) {
        for (size_t k = 0; parameters[p].gradient != NULL && k < parameters[p].count; k++) {
            parameters[p].gradient[k] *= (float)factor;
        }
    }
    if (norm != NULL) {
        *norm = sqrt(sum);
    }
    return EF_OK;
}
