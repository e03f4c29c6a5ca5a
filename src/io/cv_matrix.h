/* cv_matrix.h - a feature in a file of its own, as the MegaFace devkit has it: an OpenCV matrix of one row or one column.
 *
 * Four little-endian int32 - rows, columns, bytes from one row to the next, type (5: float32, 6: float64) - and then rows x stride bytes.
 * Thread rule: safe from any thread. */
#ifndef EF_IO_CV_MATRIX_H
#define EF_IO_CV_MATRIX_H

#include <stddef.h>

#include <eface/status.h>

enum { EF_CV_HEADER = 16 }; /* bytes */

typedef struct ef_cv_matrix {
    size_t dim;         /* values */
    size_t value_bytes; /* 4 or 8 */
    size_t step;        /* bytes from one value to the next; the first one stands right behind the header */
} ef_cv_matrix;

/* Reads the header, the first EF_CV_HEADER bytes of a file of `length` bytes, and checks it against that length: a feature of n values means
 * a file that holds them.  The public writer of float64 notes half the stride; such a file is understood.  The error does not name the file. */
EF_MUST_USE ef_status ef_cv_matrix_open(ef_cv_matrix *out, const unsigned char *header, size_t length, ef_error *err);

/* The values of a file that is all in memory, into out[dim]: float64 rounded to nearest, or float32 exactly. */
void ef_cv_matrix_floats(float *out, const ef_cv_matrix *matrix, const unsigned char *file);
void ef_cv_matrix_reals(double *out, const ef_cv_matrix *matrix, const unsigned char *file);

#endif
