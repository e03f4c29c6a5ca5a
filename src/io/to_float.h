/* to_float.h - IEEE numbers of 16, 32 and 64 bits, in either byte order, as float32: the shorter ones exactly.
 * Thread rule: safe from any thread. */
#ifndef EF_IO_TO_FLOAT_H
#define EF_IO_TO_FLOAT_H

#include <stdbool.h>
#include <stddef.h>

/* out[i] = value i of `in`, which holds n numbers of `bytes` (2, 4 or 8) each, rounded to nearest; `swapped` when their byte
 * order is not the processor's.  For 4 bytes `in` may be `out`. */
void ef_to_float(float *out, const void *in, size_t n, size_t bytes, bool swapped);

/* Whether none of n values is an infinity or a NaN, at the speed of the cache. */
bool ef_floats_are_finite(const float *value, size_t n);

#endif
