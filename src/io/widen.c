#include "io/widen.h"

#include "io/stored_number.h"

static inline __attribute__((always_inline)) void widen(double *out, const unsigned char *in, size_t n, size_t bytes,
                                                        bool swapped)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = ef_stored_number(in, i, bytes, swapped);
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

#else
static size_t widen_halves(double *out, const unsigned char *in, size_t n, bool swapped)
{
    (void)out, (void)in, (void)n, (void)swapped;
    return 0;
}
#endif

void ef_widen(double *out, const void *in, size_t n, size_t bytes, bool swapped)
{
    const unsigned char *from = in;
    if (bytes == 2 && n >= 8 && ef_has_f16c()) {
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
