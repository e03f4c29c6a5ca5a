#include "linalg/vector32.h"

#include <math.h>

/* Written with vectors because gcc 12 at -O2 makes none of loops of unknown length.  Elementwise operations round alike in any width. */
typedef float four __attribute__((vector_size(16), aligned(4), may_alias));

#define AT(pointer)    (*(four *)(void *)(pointer))
#define GIVEN(pointer) (*(const four *)(const void *)(pointer))

#define PART 128 /* the most elements that NumPy sums without halving */

void ef_add32(float *out, const float *a, const float *b, size_t n)
{
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        AT(out + k) = GIVEN(a + k) + GIVEN(b + k);
    }
    for (; k < n; k++) {
        out[k] = a[k] + b[k];
    }
}

void ef_multiply32(float *out, const float *in, size_t n, float factor)
{
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        AT(out + k) = GIVEN(in + k) * factor;
    }
    for (; k < n; k++) {
        out[k] = in[k] * factor;
    }
}

void ef_add_multiplied32(float *out, const float *a, const float *b, size_t n, float factor)
{
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        AT(out + k) = GIVEN(a + k) + GIVEN(b + k) * factor;
    }
    for (; k < n; k++) {
        out[k] = a[k] + b[k] * factor;
    }
}

bool ef_widen32(double *out, const float *in, size_t n)
{
    typedef float two __attribute__((vector_size(8), aligned(4), may_alias));
    typedef double wide __attribute__((vector_size(16), aligned(8), may_alias));
    wide zeros = {0.0, 0.0}; /* times zero, an infinity or a NaN is NaN */
    double zero = 0.0;
    size_t k = 0;
    for (; k + 2 <= n; k += 2) {
        wide value = __builtin_convertvector(*(const two *)(const void *)(in + k), wide);
        zeros += value * 0.0;
        *(wide *)(void *)(out + k) = value;
    }
    for (; k < n; k++) {
        out[k] = (double)in[k];
        zero += out[k] * 0.0;
    }
    return zeros[0] + zeros[1] + zero == 0.0;
}

void ef_divide32(float *out, const float *in, size_t n, float divisor)
{
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        AT(out + k) = GIVEN(in + k) / divisor;
    }
    for (; k < n; k++) {
        out[k] = in[k] / divisor;
    }
}

static float sum_part(const float *v, size_t n)
{
    float sum = 0.0f;
    size_t k = 0;
    if (n >= 8) {
        four low = GIVEN(v) * GIVEN(v), high = GIVEN(v + 4) * GIVEN(v + 4);
        for (k = 8; k + 8 <= n; k += 8) {
            low += GIVEN(v + k) * GIVEN(v + k);
            high += GIVEN(v + k + 4) * GIVEN(v + k + 4);
        }
        sum = ((low[0] + low[1]) + (low[2] + low[3])) + ((high[0] + high[1]) + (high[2] + high[3]));
    }
    for (; k < n; k++) {
        sum += v[k] * v[k];
    }
    return sum;
}

/* Halves are multiples of 8 long, so only the last part has a remainder.  The depth is log2(n / 64). */
static float sum_squares(const float *v, size_t n) /* NOLINT(misc-no-recursion) */
{
    if (n <= PART) {
        return sum_part(v, n);
    }
    size_t half = n / 2 - n / 2 % 8;
    return sum_squares(v, half) + sum_squares(v + half, n - half);
}

float ef_length32(const float *v, size_t n)
{
    return sqrtf(sum_squares(v, n));
}
