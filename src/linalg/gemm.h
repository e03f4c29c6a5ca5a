/* gemm.h - products of float32 matrices, and how far they can be from the truth.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_GEMM_H
#define EF_LINALG_GEMM_H

#include <stddef.h>

/* Makes each ef_gemm() run on its caller's thread alone, for the whole process: threads are ours, over tiles.  Call it before threads
 * that multiply are started. */
void ef_gemm_begin(void);

/* product[i * columns + j] = the dot product of rows[i] and columns[j]: matrices of rows x n and columns x n.  The order in which
 * a dot product is summed depends on the processor and the sizes; ef_gemm_error() holds for all of them. */
void ef_gemm(float *product, const float *row_vectors, size_t rows, const float *column_vectors, size_t columns, size_t n);

/* The same into part of a wider matrix: product[i * stride + j]. */
void ef_gemm_tile(float *product, size_t stride, const float *row_vectors, size_t rows, const float *column_vectors,
                  size_t columns, size_t n);

/* Rows that are weighted sums of vectors: sums[i * n + k] = the sum over t of weights[i * terms + t] * vectors[t * n + k]; and the same with the
 * transpose of the weights, sums[t * n + k] = the sum over i of weights[i * stride + t] * vectors[i * n + k].  On one machine the same sizes give
 * the same bits. */
void ef_gemm_weighted(float *sums, const float *weights, size_t rows, size_t terms, const float *vectors, size_t n);
void ef_gemm_weighted_down(float *sums, const float *weights, size_t stride, size_t rows, size_t terms, const float *vectors,
                           size_t n);

/* A bound of |ef_gemm() - ef_dot()| for float64 vectors a and b of n elements whose lengths are at most `length_a` and `length_b`, and which
 * ef_gemm() got rounded to float32.  Infinite when n or a length is too large for any.
 *
 * Proof.  u = 2^-24.  Rounding a_k gives a_k (1 + d), |d| <= u.  A sum of n products in float32, in any order, with or without fused
 * multiply-add, is sum a_k b_k (1 + t_k), |t_k| <= g(n) = n u / (1 - n u) (Higham, Accuracy and Stability, 2nd ed., section 3.1), so
 * all in all each term has an error of at most g(n + 2) |a_k b_k|, and sum |a_k b_k| <= |a| |b| (Cauchy-Schwarz).  ef_dot() itself errs by
 * n 2^-53 / (1 - n 2^-53) |a| |b| <= u |a| |b| as n < 2^24.  Together: g(n + 3) |a| |b|.
 * Numbers below 2^-126 may lose all their bits, each time an error of 2^-126 at the most: of a_k it is multiplied by
 * |b_k| <= |b| and the other way round, and there are n products and n sums: n 2^-126 (|a| + |b| + 2), which is doubled here to cover
 * products of these errors and their growth in the sum.  A hundredth more covers the rounding of the bound and of the lengths. */
double ef_gemm_error(size_t n, double length_a, double length_b);

#endif
