#include "linalg/basis.h"

#include <math.h>
#include <stdlib.h>

#include <cblas.h>

#include "base/error.h"
#include "base/memory.h"
#include "linalg/gemm.h"

#define NEAR     0x1p-4        /* the greatest error for which the bound is claimed */
#define ENLARGED (1 + 0x1p-20) /* covers the rounding of lengths, and of what is computed here */
#define PI       3.14159265358979323846

/* LAPACK's eigenvectors of a symmetric matrix: part of OpenBLAS, whose headers do not have it.  The last two are the lengths of the first two, as Fortran passes them. */
void dsyevd_(const char *job, const char *triangle, const int *n, double *matrix, const int *stride, double *value, double *work,
             const int *work_size, int *integers, const int *integers_size, int *info, size_t job_length, size_t triangle_length);

/* Puts the rows of a square matrix in the opposite order. */
static void turn(double *matrix, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        for (size_t k = 0; k < n; k++) {
            double kept = matrix[i * n + k];
            matrix[i * n + k] = matrix[(n - 1 - i) * n + k];
            matrix[(n - 1 - i) * n + k] = kept;
        }
    }
}

/* Second moments become eigenvectors, those of the largest eigenvalues first; false when LAPACK finds none. */
static bool solve(double *matrix, size_t n, double *work, size_t work_size, int *integers, size_t integers_size)
{
    int order = (int)n, sizes[2] = {(int)(work_size - n), (int)integers_size}, info = 0;
    dsyevd_("V", "L", &order, matrix, &order, work, work + n, &sizes[0], integers, &sizes[1], &info, 1, 1);
    turn(matrix, n);
    return info == 0;
}

ef_status ef_basis_principal(double **out, const double *sample, size_t n, size_t dim, ef_error *err)
{
    *out = NULL;
    if (dim == 0 || dim > EF_BASIS_MOST || n == 0) {
        return EF_OK;
    }
    size_t work_size = dim + 1 + 6 * dim + 2 * dim * dim,
           integers_size = 3 + 5 * dim; /* what dsyevd asks for, and the eigenvalues */
    double *matrix = ef_alloc_zero(dim * dim, sizeof *matrix), *work = ef_alloc(work_size, sizeof *work);
    int *integers = ef_alloc(integers_size, sizeof *integers);
    bool enough = matrix != NULL && work != NULL && integers != NULL, found = false;
    if (enough) {
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)dim, (int)n, 1, sample, (int)dim, 0, matrix, (int)dim);
        found = solve(matrix, dim, work, work_size, integers, integers_size);
    }
    free(work);
    free(integers);
    if (found) {
        *out = matrix;
    } else {
        free(matrix);
    }
    return enough ? EF_OK : ef_fail_memory(err, "directions of vectors");
}

void ef_basis_rests(double *beside, const double *principal, const double *vectors, size_t n, size_t dim)
{
    double all = 0;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)dim, (int)dim, 1, vectors, (int)dim, principal, (int)dim, 0,
                beside, (int)dim);
    for (size_t i = 0; i < n; i++) {
        double *one = beside + i * dim, rest = 0;
        for (size_t k = dim; k-- > 0;) { /* the last direction leaves nothing */
            double along = one[k];
            one[k] = rest;
            rest += along * along;
        }
        all += rest;
    }
    for (size_t i = 0; all > 0 && i < n * dim; i++) {
        beside[i] *= (double)n / all;
    }
}

/* The discrete cosine transform of order n: orthonormal, with no large element. */
static void fill_cosines(double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double share = sqrt((i == 0 ? 1.0 : 2.0) / (double)n);
        for (size_t j = 0; j < n; j++) {
            matrix[i * n + j] = share * cos(PI * (double)i * (double)(2 * j + 1) / (double)(2 * n));
        }
    }
}

/* At least the spectral norm of W W^T - I, by way of the Frobenius norm; `rows` are those of W, `products` is room for count x count. */
static double find_error(const double *rows, size_t count, size_t dim, double *products)
{
    double square = 0, rounding = (double)count * (double)dim * 0x1p-51; /* of the products, each of which is at most 2 */
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)count, (int)count, (int)dim, 1, rows, (int)dim, rows, (int)dim, 0,
                products, (int)count);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            double away = products[i * count + j] - (i == j ? 1.0 : 0.0);
            square += away * away;
        }
    }
    return sqrt(square) * ENLARGED + rounding;
}

ef_status ef_basis_create(ef_basis *out, const double *principal, size_t count, size_t dim, ef_error *err)
{
    *out = (ef_basis){.dim = dim, .count = count};
    out->direction = ef_alloc_aligned(count * dim, sizeof *out->direction);
    double *mixed = ef_alloc(count * dim, sizeof *mixed), *square = ef_alloc(count * count, sizeof *square);
    bool enough = out->direction != NULL && mixed != NULL && square != NULL;
    if (enough) {
        fill_cosines(square, count);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)count, (int)dim, (int)count, 1, square, (int)count, principal,
                    (int)dim, 0, mixed, (int)dim);
        for (size_t i = 0; i < count * dim; i++) {
            out->direction[i] = (float)mixed[i];
            mixed[i] = (double)out->direction[i];
        }
        out->error = find_error(mixed, count, dim, square);
        out->count = out->error < NEAR ? count : 0;
    }
    free(mixed);
    free(square);
    return enough ? EF_OK : ef_fail_memory(err, "directions of vectors");
}

void ef_basis_free(ef_basis *basis)
{
    free(basis->direction);
    *basis = (ef_basis){0};
}

void ef_basis_coordinates(const ef_basis *basis, float *out, const float *vectors, size_t n)
{
    ef_gemm(out, vectors, n, basis->direction, basis->count, basis->dim);
}

/* d of vectors that are no longer than `length`. */
static double coordinates_error(const ef_basis *basis, double length)
{
    return sqrt((double)basis->count) * ef_gemm_error(basis->dim, length, 1 + basis->error) * ENLARGED;
}

double ef_basis_beside(const ef_basis *basis, double length, double inside)
{
    double all = length * ENLARGED, within = fmax(0, inside / ENLARGED - coordinates_error(basis, all));
    return fmax(0, all * all - within * within / (1 + basis->error)) * ENLARGED;
}

double ef_basis_slack(const ef_basis *basis, double beside, double length, double others)
{
    double own = coordinates_error(basis, length), theirs = coordinates_error(basis, others);
    double product = length > 0 ? beside / length * others / 2 : 0;
    return (product + own * ((1 + basis->error) * others + theirs) + basis->error * length * others) * ENLARGED;
}
