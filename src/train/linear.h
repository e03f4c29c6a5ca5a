/* linear.h - a linear map of rows, and its gradients.  Rows are worked on in pieces of fixed size, so that threads change no bit. */
#ifndef EF_TRAIN_LINEAR_H
#define EF_TRAIN_LINEAR_H

#include <stddef.h>

/* What the three products read and write: y = x A' + b, of count x in, out x in and out. */
typedef struct ef_linear {
    const float *weight, *bias; /* the bias may be NULL */
    size_t in, out;
    int threads;
} ef_linear;

/* y[count x out] from x[count x in]. */
void ef_linear_forward(const ef_linear *layer, float *y, const float *x, size_t count);

/* From the gradient of y: that of x, and those of the weights and the bias (NULL: there is none). */
void ef_linear_backward_input(const ef_linear *layer, float *x_gradient, const float *y_gradient, size_t count);
void ef_linear_backward_weight(const ef_linear *layer, float *weight_gradient, float *bias_gradient, const float *x,
                               const float *y_gradient, size_t count);

#endif
