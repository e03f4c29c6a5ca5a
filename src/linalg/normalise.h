/* normalise.h - vectors of length one.  Thread rule: safe from any thread. */
#ifndef EF_LINALG_NORMALISE_H
#define EF_LINALG_NORMALISE_H

#include <stdbool.h>
#include <stddef.h>

/* unit[k] = vector[k] / norm, norm = sqrt(sum of vector[k]^2) summed in the order of ef_dot().  `unit` may be `vector`.
 * The vector must be finite.  Squares that would overflow or vanish are avoided by scaling with a power of two first, so any vector
 * that is not zero gets a unit vector; its norm may still be too large for a double and is then +infinity.
 * Returns the norm; 0, and unit all zero, exactly when the vector is zero. */
double ef_normalise(double *unit, const double *vector, size_t n);

/* Whether all numbers are zero; looks no further than the first that is not. */
bool ef_is_zero(const double *vector, size_t n);

#endif
