/* widen.h - IEEE numbers of 16, 32 and 64 bits, in either byte order, as float64: every value exactly.
 * HDF5 can do it too, but takes a hundred times as long for float16.
 * Thread rule: safe from any thread. */
#ifndef EF_IO_WIDEN_H
#define EF_IO_WIDEN_H

#include <stdbool.h>
#include <stddef.h>

/* out[i] = value i of `in`, which holds n numbers of `bytes` (2, 4 or 8) each; `swapped` when their byte order is not the
 * processor's.  For 8 bytes `in` may be `out`. */
void ef_widen(double *out, const void *in, size_t n, size_t bytes, bool swapped);

#endif
