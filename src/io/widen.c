#include "io/widen.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

/* A half shifted into the fields of a double is that number times 2^-1008, also when it is subnormal (whose double is too):
 * the exponents' biases are 15 and 1023.  Infinities and NaN need the exponent field filled up. */
static double from_half(uint16_t half)
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

/* Number i of `in`.  Constant `bytes` and `swapped`, once this is inlined, leave nothing to decide for each number. */
static inline __attribute__((always_inline)) double number(const unsigned char *in, size_t i, size_t bytes, bool swapped)
{
    uint16_t half;
    uint32_t word;
    uint64_t longer;
    float single;
    double value;
    switch (bytes) {
    case 2: memcpy(&half, in + 2 * i, sizeof half); return from_half(swapped ? __builtin_bswap16(half) : half);
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

static inline __attribute__((always_inline)) void widen(double *out, const unsigned char *in, size_t n, size_t bytes,
                                                        bool swapped)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = number(in, i, bytes, swapped);
    }
}

#if defined(__x86_64__)
/* Eight at a time in the processor's own way; returns how many were done. */
__attribute__((target("avx,f16c"))) static size_t widen_halves(double *out, const unsigned char *in, size_t n, bool swapped)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m128i half = _mm_loadu_si128((const __m128i *)(const void *)(in + 2 * i));
        if (swapped) {
            half = _mm_or_si128(_mm_slli_epi16(half, 8), _mm_srli_epi16(half, 8));
        }
        __m256 single = _mm256_cvtph_ps(half);
        _mm256_storeu_pd(out + i, _mm256_cvtps_pd(_mm256_castps256_ps128(single)));
        _mm256_storeu_pd(out + i + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(single, 1)));
    }
    _mm256_zeroupper(); /* gcc 12 does not, and the SSE code that comes next would be slow */
    return i;
}

/* Not every compiler's __builtin_cpu_supports() knows "f16c"; "avx" says that the system saves the registers. */
static bool has_f16c(void)
{
    unsigned a, b, c = 0, d;
    return __builtin_cpu_supports("avx") && __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}
#else
static size_t widen_halves(double *out, const unsigned char *in, size_t n, bool swapped)
{
    (void)out, (void)in, (void)n, (void)swapped;
    return 0;
}

static bool has_f16c(void)
{
    return false;
}
#endif

void ef_widen(double *out, const void *in, size_t n, size_t bytes, bool swapped)
{
    const unsigned char *from = in;
    if (bytes == 2 && has_f16c()) {
        size_t done = widen_halves(out, from, n, swapped);
        out += done;
        from += 2 * done;
        n -= done;
    }
    switch (bytes) {
    case 2: swapped ? widen(out, from, n, 2, true) : widen(out, from, n, 2, false); break;
    case 4: swapped ? widen(out, from, n, 4, true) : widen(out, from, n, 4, false); break;
    default: swapped ? widen(out, from, n, 8, true) : widen(out, from, n, 8, false); break;
    }
}
