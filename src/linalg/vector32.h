/* vector32.h - float32 vectors with NumPy's arithmetic: the same operations in the same order, so the same bits.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_VECTOR32_H
#define EF_LINALG_VECTOR32_H

#include <stdbool.h>
#include <stddef.h>

/* out[k] = a[k] + b[k]; out may be a or b. */
void ef_add32(float *out, const float *a, const float *b, size_t n);

/* out[k] = in[k] * factor, out[k] = in[k] / divisor; out may be in. */
void ef_multiply32(float *out, const float *in, size_t n, float factor);
void ef_divide32(float *out, const float *in, size_t n, float divisor);

/* out[k] = a[k] + b[k] * factor, the product rounded before it is added; out may be a or b. */
void ef_add_multiplied32(float *out, const float *a, const float *b, size_t n, float factor);

/* out[k] = in[k] in float64.  False when one of them is infinite or not a number. */
bool ef_widen32(double *out, const float *in, size_t n);

/* np.sqrt(np.sum(v ** 2)) of a contiguous row.  The sum is NumPy's pairwise one: halves are added recursively, and in a part of at most
 * 128 elements, element k goes to accumulator k mod 8. */
float ef_length32(const float *v, size_t n);

#endif
