/* norm_prelu.h - batch normalisation followed by PReLU, feature by feature: y = prelu(scale (z - mean) / sqrt(variance + epsilon) + shift).
 * Sources: Ioffe and Szegedy, "Batch normalization", ICML 2015; He et al., "Delving deep into rectifiers", ICCV 2015. */
#ifndef EF_TRAIN_NORM_PRELU_H
#define EF_TRAIN_NORM_PRELU_H

#include <stdbool.h>
#include <stddef.h>

/* All arrays have an element for each feature. */
typedef struct ef_norm_prelu {
    float *scale, *shift, *slope;
    float *scale_gradient, *shift_gradient, *slope_gradient;
    float *running_mean, *running_variance;
    double *inverse; /* 1 / sqrt(variance + epsilon) of the last forward */
    size_t features;
    int threads;
} ef_norm_prelu;

/* y[count x features] from `normal`, which holds z and then z normalised: the backward pass needs it.  y may not be `normal`. */
void ef_norm_prelu_forward(const ef_norm_prelu *layer, float *y, float *normal, size_t count, bool trains);

/* Replaces the gradient of y by that of z, and fills those of scale, shift and slope. */
void ef_norm_prelu_backward(const ef_norm_prelu *layer, float *gradient, const float *normal, size_t count);

#endif
