#include "linalg/normalise.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "linalg/dot.h"

/* Between these a sum of squares is as good as any: it has not overflowed, and a square that vanished, below 2^-1022,
 * is beyond its last bit. */
#define SUM_LOW  0x1p-900
#define SUM_HIGH DBL_MAX

/* The binary exponent of the largest magnitude; 0 for the zero vector. */
static int largest_exponent(const double *vector, size_t n)
{
    double largest = 0.0;
    int exponent;
    for (size_t k = 0; k < n; k++) {
        largest = fmax(largest, fabs(vector[k]));
    }
    (void)frexp(largest, &exponent);
    return exponent;
}

/* Two quotients at once; a division is rounded alike in every width. */
static void divide(double *out, const double *in, size_t n, double divisor)
{
    typedef double vector __attribute__((vector_size(16), aligned(8), may_alias));
    size_t k = 0;
    for (; k + 2 <= n; k += 2) {
        *(vector *)(void *)(out + k) = *(const vector *)(const void *)(in + k) / divisor;
    }
    if (k < n) {
        out[k] = in[k] / divisor;
    }
}

double ef_normalise(double *unit, const double *vector, size_t n)
{
    int exponent = 0;
    double sum = ef_dot(vector, vector, n);
    if (!(sum >= SUM_LOW && sum <= SUM_HIGH)) {
        exponent = largest_exponent(vector, n);
        for (size_t k = 0; k < n; k++) {
            unit[k] = ldexp(vector[k], -exponent);
        }
        vector = unit;
        sum = ef_dot(vector, vector, n);
    }
    if (sum == 0.0) {
        memset(unit, 0, n * sizeof *unit);
        return 0.0;
    }
    double norm = sqrt(sum);
    divide(unit, vector, n, norm);
    return ldexp(norm, exponent);
}

bool ef_is_zero(const double *vector, size_t n)
{
    size_t i = 0;
    while (i < n && vector[i] == 0.0) {
        i++;
    }
    return i == n;
}
