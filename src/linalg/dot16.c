#include "linalg/dot16.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static int32_t dot_plain(const int16_t *a, const int16_t *b, size_t n)
{
    int32_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += a[k] * b[k];
    }
    return sum;
}

static bool runs_everywhere(void)
{
    return true;
}

#if defined(__x86_64__)
#define LOAD(address) _mm256_loadu_si256((const __m256i *)(const void *)(address))
#define ADD(part)                                                                                                                \
    sum[part] = _mm256_add_epi32(sum[part], _mm256_madd_epi16(LOAD(a + k + 16 * (part)), LOAD(b + k + 16 * (part))));

__attribute__((target("avx2"))) static int32_t dot_avx2(const int16_t *a, const int16_t *b, size_t n)
{
    __m256i sum[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    size_t k = 0;
    for (; k + 64 <= n; k += 64) {
        ADD(0)
        ADD(1)
        ADD(2)
        ADD(3)
    }
    for (; k + 16 <= n; k += 16) {
        ADD(0)
    }
    sum[0] = _mm256_add_epi32(_mm256_add_epi32(sum[0], sum[1]), _mm256_add_epi32(sum[2], sum[3]));
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum[0]), _mm256_extracti128_si256(sum[0], 1));
    half = _mm_add_epi32(half, _mm_unpackhi_epi64(half, half));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 1));
    int32_t whole = _mm_cvtsi128_si32(half);
    _mm256_zeroupper();
    return whole + dot_plain(a + k, b + k, n - k);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#endif

static const ef_dot16_version versions[] = {
#if defined(__x86_64__)
    {"avx2", has_avx2, dot_avx2},
#endif
    {"plain", runs_everywhere, dot_plain},
};

const ef_dot16_version *ef_dot16_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

int32_t ef_dot16(const int16_t *a, const int16_t *b, size_t n)
{
    const ef_dot16_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    return version->dot(a, b, n);
}
