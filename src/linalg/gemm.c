#include "linalg/gemm.h"

#include <assert.h>
#include <limits.h>
#include <math.h>

#include <cblas.h>

void ef_gemm_begin(void)
{
    openblas_set_num_threads(1);
}

void ef_gemm_tile(float *product, size_t stride, const float *row_vectors, size_t rows, const float *column_vectors,
                  size_t columns, size_t n)
{
    assert(rows <= INT_MAX && columns <= INT_MAX && n <= INT_MAX && stride <= INT_MAX && stride >= columns);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, (int)n, 1.0f, row_vectors, (int)n,
                column_vectors, (int)n, 0.0f, product, (int)stride);
}

void ef_gemm(float *product, const float *row_vectors, size_t rows, const float *column_vectors, size_t columns, size_t n)
{
    ef_gemm_tile(product, columns, row_vectors, rows, column_vectors, columns, n);
}

void ef_gemm_weighted(float *sums, const float *weights, size_t rows, size_t terms, const float *vectors, size_t n)
{
    assert(rows <= INT_MAX && terms <= INT_MAX && n <= INT_MAX);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)n, (int)terms, 1.0f, weights, (int)terms, vectors,
                (int)n, 0.0f, sums, (int)n);
}

void ef_gemm_weighted_down(float *sums, const float *weights, size_t stride, size_t rows, size_t terms, const float *vectors,
                           size_t n)
{
    assert(rows <= INT_MAX && terms <= INT_MAX && n <= INT_MAX && stride <= INT_MAX && stride >= terms);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)terms, (int)n, (int)rows, 1.0f, weights, (int)stride, vectors,
                (int)n, 0.0f, sums, (int)n);
}

double ef_gemm_error(size_t n, double length_a, double length_b)
{
    double share = (double)(n + 3) * 0x1p-24;
    if (share > 0.5 || length_a > 0x1p63 || length_b > 0x1p63) {
        return INFINITY;
    }
    return 1.01 * (share / (1.0 - share) * length_a * length_b + (double)n * 0x1p-125 * (length_a + length_b + 2.0));
}
