/* basis.h - the directions along which vectors mostly lie, and how much of a vector lies beside them.
 *
 * Embeddings fill little of the space that they are in: of real ones with 512 elements, 150 directions hold 99.9 % of the squared length.  The products with a few
 * directions, the coordinates, then say nearly all of a vector, and multiplying coordinates takes a fraction of the work.  What is beside the directions is
 * measured for each vector, so the bound below holds for every vector, whatever the directions are: poor ones only make it wider.
 *
 * Bound.  W is the matrix whose m rows are the directions, as they are in float32, and e at least the spectral norm of W W^T - I, below 1/16.  For vectors a and b
 * of lengths at most M_a and M_b let u = W a, v = W b, and P the projection onto the span of the rows.  Then
 *     <a, b> = <P a, P b> + <a - P a, b - P b>,   <P a, P b> = u^T (W W^T)^-1 v
 * and so, with t_a = |a - P a|,
 *     |<a, b> - <u, v>| <= e / (1 - e) |u| |v| + t_a t_b,   t_a^2 = |a|^2 - u^T (W W^T)^-1 u <= |a|^2 - |u|^2 / (1 + e).
 * Of the coordinates only approximations U are known, each away from those of u by at most ef_gemm_error() of M_a and the length of a direction, which is at most
 * 1 + e; so |U - u| <= d_a, sqrt(m) times that.  It follows that |u| >= |U| - d_a, and
 *     |<u, v> - <U, V>| <= |U - u| |v| + |U| |V - v| <= d_a (1 + e) M_b + (|u| + d_a) d_b.
 * The product of what is beside becomes a sum of numbers of each vector: t_a t_b <= (t_a^2 M_b / M_a + t_b^2 M_a / M_b) / 2.
 * Thread rule: ef_basis_coordinates() and the numbers are safe from any thread; the others from one, after ef_gemm_begin() (gemm.h). */
#ifndef EF_LINALG_BASIS_H
#define EF_LINALG_BASIS_H

#include <stddef.h>

#include <eface/status.h>

/* The most elements vectors may have: finding directions takes a time that grows with the third power of that, and memory with the second. */
#define EF_BASIS_MOST ((size_t)1024)

typedef struct ef_basis {
    size_t dim, count; /* of directions: at most `dim` */
    float *direction;  /* [count * dim] */
    double error;      /* e */
} ef_basis;

/* All directions of a sample, [n * dim] finite numbers, as rows of [dim * dim]: the one with most of the sum of squares first (the eigenvectors of the second moments,
 * about zero).  To be freed with free(); NULL, without an error, if there are none to be had. */
EF_MUST_USE ef_status ef_basis_principal(double **out, const double *sample, size_t n, size_t dim, ef_error *err);

/* beside[i * dim + k] = the square of what vector i of n, [n * dim], has beside directions 0 .. k of `principal`, in terms of the mean square of the vectors' lengths. */
void ef_basis_rests(double *beside, const double *principal, const double *vectors, size_t n, size_t dim);

/* A basis of the span of the first `count` of these: not they themselves, but mixed (by a discrete cosine transform) so that all coordinates are about equally large,
 * which suits codes.  If they are not orthonormal enough for the bound, `count` of the basis is 0.  To be freed with ef_basis_free(), in any case. */
EF_MUST_USE ef_status ef_basis_create(ef_basis *out, const double *principal, size_t count, size_t dim, ef_error *err);
void ef_basis_free(ef_basis *basis);

/* Coordinates of n vectors in float32, [n * dim], as [n * count]. */
void ef_basis_coordinates(const ef_basis *basis, float *out, const float *vectors, size_t n);

/* At least t^2 of a vector whose length is `length`, up to the rounding of a sum of squares in float64, and whose coordinates have the length `inside`, likewise; the terms of ef_gemm_error() for
 * small numbers are more than squares that vanish. */
double ef_basis_beside(const ef_basis *basis, double length, double inside);

/* What a vector adds to the slack of its pairs: |<U, V> - <a, b>| is at most the sum of both.  `beside` is its t^2 (ef_basis_beside()), `length` the greatest length
 * of its own side, of vectors and their coordinates, `others` that of the other side. */
double ef_basis_slack(const ef_basis *basis, double beside, double length, double others);

#endif
