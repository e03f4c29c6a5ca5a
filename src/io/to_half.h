/* to_half.h - float32 as float16, rounded to nearest, ties to even.
 * Thread rule: safe from any thread. */
#ifndef EF_IO_TO_HALF_H
#define EF_IO_TO_HALF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* out[i] = the bits of in[i] as a float16, in the processor's byte order, for n values: the same on every machine.  False when one of them is not finite
 * as a float16 (65520 and more in size, or not finite before). */
bool ef_to_half(uint16_t *out, const float *in, size_t n);

#endif
