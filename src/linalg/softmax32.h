/* softmax32.h - the elementwise part of a softmax over cosines, in float32 with float64 sums.
 *
 * Every code path gives the same bits: elementwise operations are rounded alike in any width, and the sum has one fixed order: element k goes
 * to lane k mod 16, k ascending, then lane l += lane l + 8, + 4, + 2, + 1.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_SOFTMAX32_H
#define EF_LINALG_SOFTMAX32_H

#include <stdbool.h>
#include <stddef.h>

/* A sum of exponentials that cannot overflow: the sum over k of exp(z[k]) is sum * exp(largest).  Of no element at all: -infinity and 0. */
typedef struct ef_exponentials {
    float largest;
    double sum;
} ef_exponentials;

/* row[k] becomes exp(z[k] - largest), where z[k] = scale * (row[k] * factor[k] held to [-1, 1]) and `largest` is the largest z[k].  Element `without`
 * (none when it is n or more) is left out: it becomes 0 and counts for neither.  Exponentials are within 4e-7 of the truth, relatively, besides the
 * rounding of z; those below exp(-87) become 0. */
ef_exponentials ef_softmax_row(float *row, const float *factor, float scale, size_t n, size_t without);

/* row[k] = row[k] * by * factor[k], rounded after each product. */
void ef_multiply_twice32(float *row, float by, const float *factor, size_t n);

/* The code paths, widest first; the functions above take the first that `runs_here`.  For tests: all give the same bits. */
typedef struct ef_softmax_version {
    const char *name;
    bool (*runs_here)(void);
    ef_exponentials (*row)(float *row, const float *factor, float scale, size_t n, size_t without);
    void (*multiply_twice)(float *row, float by, const float *factor, size_t n);
} ef_softmax_version;

const ef_softmax_version *ef_softmax_versions(size_t *count);

#endif
