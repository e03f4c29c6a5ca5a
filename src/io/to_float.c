#include "io/to_float.h"

#include "io/stored_number.h"

static inline __attribute__((always_inline)) void convert(float *out, const unsigned char *in, size_t n, size_t bytes,
                                                          bool swapped)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (float)ef_stored_number(in, i, bytes, swapped); /* exact but for float64 */
    }
}

#if defined(__x86_64__)
/* Eight at a time in the processor's own way; returns how many were done. */
__attribute__((target("avx,f16c"))) static size_t convert_halves(float *out, const unsigned char *in, size_t n, bool swapped)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m128i half = _mm_loadu_si128((const __m128i *)(const void *)(in + 2 * i));
        if (swapped) {
            half = _mm_or_si128(_mm_slli_epi16(half, 8), _mm_srli_epi16(half, 8));
        }
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(half));
    }
    _mm256_zeroupper(); /* gcc 12 does not, and the SSE code that comes next would be slow */
    return i;
}

/* How many values from the first on are surely finite.  An exponent of ones only, plus one, runs over into the sign. */
__attribute__((target("avx2"))) static size_t count_finite(const float *value, size_t n)
{
    const __m256i exponent = _mm256_set1_epi32(0x7f800000), one = _mm256_set1_epi32(0x00800000);
    size_t i = 0;
    bool bad = false;
    for (; i + 32 <= n && !bad; i += 32) {
        const __m256i *from = (const __m256i *)(const void *)(value + i);
        __m256i a = _mm256_add_epi32(_mm256_and_si256(_mm256_loadu_si256(from), exponent), one);
        __m256i b = _mm256_add_epi32(_mm256_and_si256(_mm256_loadu_si256(from + 1), exponent), one);
        __m256i c = _mm256_add_epi32(_mm256_and_si256(_mm256_loadu_si256(from + 2), exponent), one);
        __m256i d = _mm256_add_epi32(_mm256_and_si256(_mm256_loadu_si256(from + 3), exponent), one);
        __m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));
        bad = _mm256_movemask_ps(_mm256_castsi256_ps(any)) != 0;
    }
    _mm256_zeroupper();
    return bad ? i - 32 : i;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#else
static size_t convert_halves(float *out, const unsigned char *in, size_t n, bool swapped)
{
    (void)out, (void)in, (void)n, (void)swapped;
    return 0;
}

static size_t count_finite(const float *value, size_t n)
{
    (void)value, (void)n;
    return 0;
}

static bool has_avx2(void)
{
    return false;
}
#endif

void ef_to_float(float *out, const void *in, size_t n, size_t bytes, bool swapped)
{
    const unsigned char *from = in;
    if (bytes == 2 && n >= 8 && ef_has_f16c()) {
        size_t done = convert_halves(out, from, n, swapped);
        out += done;
        from += 2 * done;
        n -= done;
    }
    switch (bytes) {
    case 2: swapped ? convert(out, from, n, 2, true) : convert(out, from, n, 2, false); break;
    case 4: swapped ? convert(out, from, n, 4, true) : convert(out, from, n, 4, false); break;
    default: swapped ? convert(out, from, n, 8, true) : convert(out, from, n, 8, false); break;
    }
}

bool ef_floats_are_finite(const float *value, size_t n)
{
    size_t i = has_avx2() ? count_finite(value, n) : 0;
    for (; i < n; i++) {
        uint32_t word;
        memcpy(&word, value + i, sizeof word);
        if ((word & 0x7f800000u) == 0x7f800000u) {
            return false;
        }
    }
    return true;
}
