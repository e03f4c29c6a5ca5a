/* stored_number.h - one number of a file as a float64: what the converters of whole blocks share. */
#ifndef EF_IO_STORED_NUMBER_H
#define EF_IO_STORED_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

/* A half shifted into the fields of a double is that number times 2^-1008, also when it is subnormal (whose double is too):
 * the exponents' biases are 15 and 1023.  Infinities and NaN need the exponent field filled up. */
static inline double ef_from_half(uint16_t half)
{
    uint64_t bits = (uint64_t)(half & 0x7fff) << 42, sign = (uint64_t)(half & 0x8000) << 48;
    double value;
    if ((half & 0x7c00) == 0x7c00) {
        bits |= (uint64_t)0x7ff << 52;
    } else {
        memcpy(&value, &bits, sizeof value);
        value *= 0x1p1008;
        memcpy(&bits, &value, sizeof bits);
    }
    bits |= sign;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Number i of `in`, of 2, 4 or 8 bytes, the bytes swapped or not: exact.  Constant `bytes` and `swapped`, once this is inlined, leave nothing to decide for each number. */
static inline __attribute__((always_inline)) double ef_stored_number(const unsigned char *in, size_t i, size_t bytes,
                                                                     bool swapped)
{
    uint16_t half;
    uint32_t word;
    uint64_t longer;
    float single;
    double value;
    switch (bytes) {
    case 2: memcpy(&half, in + 2 * i, sizeof half); return ef_from_half(swapped ? __builtin_bswap16(half) : half);
    case 4:
        memcpy(&word, in + 4 * i, sizeof word);
        word = swapped ? __builtin_bswap32(word) : word;
        memcpy(&single, &word, sizeof single);
        return (double)single;
    default:
        memcpy(&longer, in + 8 * i, sizeof longer);
        longer = swapped ? __builtin_bswap64(longer) : longer;
        memcpy(&value, &longer, sizeof value);
        return value;
    }
}

/* Whether the processor converts halves by itself.  Not every compiler's __builtin_cpu_supports() knows "f16c"; "avx" says that the
 * system saves the registers.  Asking takes microseconds, and many of them in a virtual machine: ask where there is a block to convert. */
static inline bool ef_has_f16c(void)
{
#if defined(__x86_64__)
    unsigned a, b, c = 0, d;
    return __builtin_cpu_supports("avx") && __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
#else
    return false;
#endif
}

#endif
