/* dot32.h - quick float32 products that stand for those of ef_dot(), and how far they may be from them.
 *
 * Which float32 comes out depends on the processor: nothing that is printed may depend on it.  What may rests on the bound alone.
 *
 * The bound.  Let a and b be float64 vectors of n elements, of length at most 1 + 2^-20, and a', b' their elements rounded to float32;
 * u = 2^-24.
 *   1. |a'[k] - a[k]| <= u |a[k]| + 2^-150 (the second term where a[k] is subnormal in float32), so sum a'b' differs from sum ab by at most
 *      (2 u + u^2) sum |a[k] b[k]| + n 2^-148, and sum |a[k] b[k]| <= |a| |b| (Cauchy-Schwarz).
 *   2. Elements are added up in 16 lanes or more, then the lanes as a tree: each product takes part in m = ceil(n / 16) + 5 roundings at the
 *      most, whether or not products and additions are fused.  The sum in float32 is therefore within m u / (1 - m u) sum |a'[k] b'[k]|
 *      of that of the exact products (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1), and a product that
 *      is subnormal adds 2^-150 at the most.
 *   3. ef_dot() is likewise within m 2^-53 / (1 - m 2^-53) |a| |b| of sum ab: less than u 2^-2 for any n < 2^30.
 * Together: |ef_dots32() - ef_dot()| <= (m + 3) u / (1 - m u) (1 + 2^-18) + n 2^-147.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_DOT32_H
#define EF_LINALG_DOT32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One vector against many: out[i] is about the sum of a[k] * b[row[i] * n + k].  Rows that begin on 64 bytes are the fastest. */
void ef_dots32(float *out, const float *a, const float *b, const uint32_t *row, size_t count, size_t n);

/* The bound above; infinite when n is so large that float32 says nothing. */
double ef_dots32_bound(size_t n);

/* The code paths behind it, widest first; ef_dots32() takes the first that `runs_here`.  For tests. */
typedef struct ef_dot32_version {
    const char *name;
    bool (*runs_here)(void);
    void (*dots)(float *out, const float *a, const float *b, const uint32_t *row, size_t count, size_t n);
} ef_dot32_version;

const ef_dot32_version *ef_dot32_versions(size_t *count);

#endif
