/* train.h - what a training program needs beside loss.h: a small head over given features, stochastic gradient descent, and a schedule of its rate.
 *
 * A step: ef_head_forward(), ef_loss_compute() over its output, ef_head_backward(), ef_gradients_clip(), ef_sgd_step() at ef_schedule_rate().
 * Everything is float32 with float64 sums where many numbers are added outside of matrix products, and gives the same bits for every number of threads.
 * Thread rule: an object serves one call at a time; calls use threads of their own inside, and hold OpenBLAS to one. */
#ifndef EFACE_TRAIN_H
#define EFACE_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/rng.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An array that is trained, or part of a model's state.  Borrowed: whoever handed it out owns the arrays. */
typedef struct ef_parameter {
    const char *name;
    float *value;    /* count */
    float *gradient; /* count; NULL for state that is not trained */
    size_t count;
    bool decays; /* weight decay applies */
} ef_parameter;

/* --- The head ------------------------------------------------------------------------------------------------------------------ */

typedef struct ef_head_shape {
    size_t in, out;
    size_t
        hidden; /* 0: out = A in + b.  Else: a layer of so many features without bias, batch normalisation, PReLU, then such a linear map */
} ef_head_shape;

#define EF_HEAD_MOST_PARAMETERS 8

#define EF_NORM_EPSILON  1e-5 /* added to variances */
#define EF_NORM_MOMENTUM 0.1  /* how much a batch counts in the running mean and variance */
#define EF_PRELU_SLOPE   0.25 /* of every feature in the beginning: He et al., ICCV 2015 */

typedef struct ef_head ef_head;

/* A head for batches of up to `most` samples.  Weights begin normal with variance 2 / inputs before PReLU and 1 / inputs otherwise (He et al., ICCV 2015;
 * LeCun et al. 1998), drawn from `rng`; biases 0, scales 1.  threads 0: one per processor.  The caller frees *out with ef_head_free().
 * Errors: a size of 0 or beyond 2^31, out of memory. */
EF_API EF_MUST_USE ef_status ef_head_create(ef_head **out, const ef_head_shape *shape, size_t most, int threads, ef_rng *rng,
                                            ef_error *err);
EF_API void ef_head_free(ef_head *head); /* NULL is fine */

/* The arrays of a head, in a fixed order, up to EF_HEAD_MOST_PARAMETERS into `parameters`; returns how many.  They live as long as the head.  Linear: weight
 * (out x in), bias.  With a hidden layer: hidden_weight (hidden x in), norm_scale, norm_shift, slope, weight (out x hidden), bias, and the state running_mean and
 * running_variance. */
EF_API size_t ef_head_parameters(ef_parameter *parameters, ef_head *head);

EF_API ef_head_shape ef_head_shape_of(const ef_head *head);

/* out[count x shape.out] from in[count x shape.in], row by row.  When it `trains`, batch normalisation uses the batch's own mean and variance and moves the running
 * ones (the variance over count - 1, as PyTorch has it); otherwise it uses the running ones.  `in` must stay as it is until ef_head_backward().
 * Numbers that are not finite are not looked for: what comes of them ef_loss_compute() refuses, but running statistics keep them.
 * Errors: count 0 or above `most`; a single sample where a batch is normalised. */
EF_API EF_MUST_USE ef_status ef_head_forward(float *out, ef_head *head, const float *in, size_t count, bool trains,
                                             ef_error *err);

/* Fills the gradients of all parameters from that of the output, out_gradient[count x shape.out], for the batch of the last ef_head_forward() that trained;
 * in_gradient[count x shape.in], if not NULL, gets that of the input.
 * Errors: no such batch, or there has been another forward since. */
EF_API EF_MUST_USE ef_status ef_head_backward(float *in_gradient, ef_head *head, const float *out_gradient, ef_error *err);

/* --- The optimiser ------------------------------------------------------------------------------------------------------------- */

typedef struct ef_sgd_settings {
    double momentum; /* in [0, 1) */
    double decay;    /* at least 0 */
} ef_sgd_settings;

typedef struct ef_sgd ef_sgd;

/* Stochastic gradient descent with momentum, as PyTorch defines it: g = gradient + decay value; v = momentum v + g, v being 0 in the beginning;
 * value -= rate v.  Parameters without a gradient are left out.  Copies the descriptions, borrows the arrays.  The caller frees *out with ef_sgd_free().
 * Errors: settings out of range, out of memory. */
EF_API EF_MUST_USE ef_status ef_sgd_create(ef_sgd **out, const ef_parameter *parameters, size_t count,
                                           const ef_sgd_settings *settings, int threads, ef_error *err);
EF_API void ef_sgd_free(ef_sgd *sgd); /* NULL is fine */
EF_API void ef_sgd_step(ef_sgd *sgd, double rate);

/* What an optimiser remembers: for each trained parameter, in their order and under their names, its v, into `state`, which has room for as many as were given to
 * ef_sgd_create(); returns how many.  To be saved, and written to by whoever goes on with a saved training.  They live as long as the optimiser. */
EF_API size_t ef_sgd_state(ef_parameter *state, ef_sgd *sgd);

/* Scales all gradients so that together, as one vector, they are not longer than `limit` (a positive number): by limit / (norm + 1e-6) where that is below 1, as
 * PyTorch does.  *norm, if not NULL, gets the length before.
 * Errors: a limit that is not positive, gradients that are not finite, which are then left as they are. */
EF_API EF_MUST_USE ef_status ef_gradients_clip(double *norm, const ef_parameter *parameters, size_t count, double limit,
                                               ef_error *err);

/* --- The schedule -------------------------------------------------------------------------------------------------------------- */

typedef enum ef_schedule_kind { EF_RATE_STEPS, EF_RATE_COSINE } ef_schedule_kind;

typedef struct ef_schedule {
    ef_schedule_kind kind;
    double rate;      /* after the warm-up */
    uint64_t warm_up; /* steps: step i < warm_up has rate (i + 1) / warm_up */
    const uint64_t
        *drop_at; /* EF_RATE_STEPS: from these steps on the rate is multiplied by `factor` once more; ascending, borrowed */
    size_t drops;
    double factor;
    uint64_t
        steps; /* EF_RATE_COSINE: from `rate` at the end of the warm-up to `last` at this step, by half a cosine (Loshchilov and Hutter, ICLR 2017) */
    double last;
} ef_schedule;

/* Errors: a rate that is not positive and finite, steps that do not ascend, a warm-up that never ends. */
EF_API EF_MUST_USE ef_status ef_schedule_check(const ef_schedule *schedule, ef_error *err);

/* The rate of a step, counted from 0.  The schedule must have passed ef_schedule_check(). */
EF_API double ef_schedule_rate(const ef_schedule *schedule, uint64_t step);

#ifdef __cplusplus
}
#endif
#endif
