/* dot.h - the float64 sums that scores are made of, in one fixed order, so that every processor gives the same bits.
 *
 * The order: 16 lanes begin at zero; element k is added to lane k mod 16, k ascending; then the lanes are folded as a tree:
 * lane l += lane l + 8 for l < 8, lane l += lane l + 4 for l < 4, then 2, then 1; lane 0 is the sum.
 * A product is rounded before it is added (never a fused multiply-add).
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_DOT_H
#define EF_LINALG_DOT_H

#include <stdbool.h>
#include <stddef.h>

/* sum of a[k] * b[k] */
double ef_dot(const double *a, const double *b, size_t n);

/* sum of (a[k] - b[k])^2 */
double ef_distance2(const double *a, const double *b, size_t n);

/* The code paths behind these, widest first; ef_dot() takes the first that `runs_here`.  For tests: all must agree. */
typedef struct ef_dot_version {
    const char *name;
    bool (*runs_here)(void);
    double (*dot)(const double *a, const double *b, size_t n);
    double (*distance2)(const double *a, const double *b, size_t n);
} ef_dot_version;

const ef_dot_version *ef_dot_versions(size_t *count);

#endif
