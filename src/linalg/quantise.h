/* quantise.h - float64 vectors as int8 codes, or finer ones of 16 bits, and how far the products of codes can be from the products of vectors.
 *
 * A vector a becomes scale * code, rounded to whole codes of the range that a kernel can multiply (at the most -127 to 127); what the rounding took away is
 * measured, not estimated, so the bound below holds for every vector, whatever it looks like: an outlier element only makes it wider.
 *
 * Bound.  Write A = scale_a code_a for the vector that the codes stand for, d_a = a - A, and M_a for at least |a| and |A| of all the vectors
 * on one side.  For any two vectors
 *     <a, b> - <A, B> = <a - A, B> + <a, b - B>
 * so by Cauchy-Schwarz |<a, b> - <A, B>| <= |d_a| |B| + |a| |d_b| <= |d_a| M_b + M_a |d_b|.  This is the sum of a number of each vector:
 * ef_quantised_slack() gives them.
 *
 * Rounding.  u = 2^-24.
 * - <A, B> = scale_a scale_b n, n the integer product of the codes, which is exact (EF_QUANTISE_MOST elements cannot overflow it).  In float32
 *   n is rounded, then multiplied by both scales: three roundings, each of a relative u; one more where a slack is added in float32 and compared.
 *   The product is at most M_a M_b, the slack 4 M_a M_b (|d| <= |a| + |A| <= 2 M), or 6 M_a M_b with what a basis adds to it (basis.h), so this is
 *   less than 10 u M_a M_b in all (3 u for the product, 7 u for the sum), and less than 2^-100 where numbers vanish below 2^-126: lengths are at
 *   most 2^40.
 * - ef_dot() is away from <a, b> by at most n 2^-53 / (1 - n 2^-53) |a| |b| <= n 2^-52 M_a M_b.
 * - |d| and the lengths are computed in float64 with relative errors below (n + 4) 2^-53 (squares that vanish take less than
 *   n 2^-1074 from a sum) and are enlarged by 2^-20 and rounded up before they become float32.
 * Each of the two slacks of a pair holds (16 u + n 2^-52) M_a M_b + 2^-100: twice what is needed.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_QUANTISE_H
#define EF_LINALG_QUANTISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most elements a vector may have: 65536 * 255 * 127 < 2^31, for kernels that take codes of one side from 0 to 255. */
#define EF_QUANTISE_MOST ((size_t)65536)

/* The greatest length for which the bound is claimed. */
#define EF_QUANTISE_LENGTH 0x1p40

/* What codes may be.  With a run, codes are also held down where 16-bit sums take up products of many of them: of every `run` words of four codes, beginning with
 * the first, those in places 0 and 1 of the words have together at most the length `length`, as a vector, and so have those in places 2 and 3. */
typedef struct ef_code_range {
    int most;      /* the largest magnitude, up to 127 */
    size_t run;    /* an even number; 0: no such limit */
    double length; /* greater than sqrt(run / 2) */
} ef_code_range;

typedef struct ef_quantised {
    float
        scale; /* the vector is about scale * code; 0 for the zero vector and for those so short that float32 cannot say their scale */
    float residual; /* at least |vector - scale * code| */
    float length;   /* at least |vector| and |scale * code| */
} ef_quantised;

/* Codes of a vector of n elements, within `range`, and what the bound needs to know of it.  A vector that is not finite, or is longer than EF_QUANTISE_LENGTH, gets a
 * length that is not at most EF_QUANTISE_LENGTH (and codes that mean nothing): that is to be tested. */
ef_quantised ef_quantise(int8_t *code, const double *vector, size_t n, const ef_code_range *range);

/* The same with codes of 16 bits, from -32767 to 32767, whose length as a vector is below sqrt(2^31): so that the product of any two such vectors is exact in 32 bits (dot16.h),
 * whatever sums it is made up of, by Cauchy-Schwarz.  They leave out a hundredth of what int8 codes do. */
ef_quantised ef_quantise_fine(int16_t *code, const double *vector, size_t n);

/* What a vector adds to the slack of its pairs: |scale_a scale_b n - ef_dot(a, b)| <= slack_a + slack_b, with the left side computed in float32 as said
 * above, or more exactly.  `length` is the greatest length of its own side, `others` that of the other side. */
float ef_quantised_slack(float residual, size_t n, float length, float others);

/* The smallest float32 that is not below `value`, and the largest that is not above it. */
float ef_float_above(double value);
float ef_float_below(double value);

/* The code paths behind these, widest first; for tests: all give the same bits. */
typedef struct ef_quantise_version {
    const char *name;
    bool (*runs_here)(void);
    ef_quantised (*quantise)(int8_t *code, const double *vector, size_t n, const ef_code_range *range);
    ef_quantised (*quantise_fine)(int16_t *code, const double *vector, size_t n);
} ef_quantise_version;

const ef_quantise_version *ef_quantise_versions(size_t *count);

#endif
