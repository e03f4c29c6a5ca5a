#include "io/to_half.h"

#include <math.h>
#include <string.h>

#include "io/stored_number.h"

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint16_t half_of(float value)
{
    uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, size = bits & 0x7fffffff;
    if (size >= 0x47800000) { /* 2^16 */
        return (uint16_t)(sign | 0x7c00);
    }
    if (size < 0x38800000) { /* 2^-14: a half without an implied bit.  The last place of 0.5f is the last place of such halves. */
        return (uint16_t)(sign | (bits_of(fabsf(value) + 0.5f) - bits_of(0.5f)));
    }
    size += 0xfff + (size >> 13 & 1); /* carries into the exponent as it should */
    return (uint16_t)(sign | (size - 0x38000000) >> 13);
}

#if defined(__x86_64__)
/* Eight at a time in the processor's own way; returns how many were done. */
__attribute__((target("avx,f16c"))) static size_t convert_eights(uint16_t *out, const float *in, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m128i half = _mm256_cvtps_ph(_mm256_loadu_ps(in + i), _MM_FROUND_TO_NEAREST_INT);
        _mm_storeu_si128((__m128i *)(void *)(out + i), half);
    }
    _mm256_zeroupper(); /* gcc 12 does not, and the SSE code that comes next would be slow */
    return i;
}
#else
static size_t convert_eights(uint16_t *out, const float *in, size_t n)
{
    (void)out, (void)in, (void)n;
    return 0;
}
#endif

bool ef_to_half(uint16_t *out, const float *in, size_t n)
{
    bool finite = true;
    for (size_t i = n >= 8 && ef_has_f16c() ? convert_eights(out, in, n) : 0; i < n; i++) {
        out[i] = half_of(in[i]);
    }
    for (size_t i = 0; i < n; i++) {
        finite = finite && (out[i] & 0x7c00) != 0x7c00;
    }
    return finite;
}
