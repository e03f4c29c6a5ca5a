#include "linalg/dot32.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LANES 16

double ef_dots32_bound(size_t n)
{
    const double u = 0x1p-24, m = ceil((double)n / LANES) + 5;
    return m * u < 0.5 ? (m + 3) * u / (1 - m * u) * (1 + 0x1p-18) + (double)n * 0x1p-147 : INFINITY;
}

/* Adds up the lanes as a tree. */
static float fold(float *lane)
{
    for (size_t half = LANES / 2; half > 0; half /= 2) {
        for (size_t l = 0; l < half; l++) {
            lane[l] += lane[l + half];
        }
    }
    return lane[0];
}

static void dots_plain(float *out, const float *a, const float *b, const uint32_t *row, size_t count, size_t n)
{
    for (size_t i = 0; i < count; i++) {
        const float *other = b + row[i] * n;
        float lane[LANES] = {0};
        size_t k = 0;
        for (; k + LANES <= n; k += LANES) {
            for (size_t l = 0; l < LANES; l++) {
                lane[l] += a[k + l] * other[k + l];
            }
        }
        for (size_t l = 0; k + l < n; l++) {
            lane[l] += a[k + l] * other[k + l];
        }
        out[i] = fold(lane);
    }
}

static bool runs_everywhere(void)
{
    return true;
}

/* Several rows at a time, so that each part of `a` is loaded once for them and enough sums are under way.  The upper halves of
 * registers are zeroed at the end: gcc 12 leaves them dirty here, which slows down whatever SSE code comes next. */
#if defined(__x86_64__)

#define ROWS_1(DO) DO(0)
#define ROWS_2(DO) ROWS_1(DO) DO(1)
#define ROWS_4(DO) ROWS_2(DO) DO(2) DO(3)

#define BEGIN_512(r)                                                                                                             \
    const float *b##r = b + row[i + r] * n;                                                                                      \
    __m512 low##r = _mm512_setzero_ps(), high##r = low##r;
#define ADD_512(r)                                                                                                               \
    low##r = _mm512_fmadd_ps(a_low, _mm512_loadu_ps(b##r + k), low##r);                                                          \
    high##r = _mm512_fmadd_ps(a_high, _mm512_loadu_ps(b##r + k + 16), high##r);
#define ADD_REST_512(r) low##r = _mm512_fmadd_ps(a_rest, _mm512_maskz_loadu_ps(rest, b##r + k), low##r);
#define END_512(r)      out[i + r] = _mm512_reduce_add_ps(_mm512_add_ps(low##r, high##r));

#define SOME_ROWS_512(how_many)                                                                                                  \
    for (; i + how_many <= count; i += how_many) {                                                                               \
        size_t k = 0;                                                                                                            \
        ROWS_##how_many(BEGIN_512) for (; k + 32 <= n; k += 32)                                                                  \
        {                                                                                                                        \
            __m512 a_low = _mm512_loadu_ps(a + k), a_high = _mm512_loadu_ps(a + k + 16);                                         \
            ROWS_##how_many(ADD_512)                                                                                             \
        }                                                                                                                        \
        for (; k < n; k += 16) {                                                                                                 \
            __mmask16 rest = (__mmask16)(n - k < 16 ? (1u << (n - k)) - 1 : 0xffffu);                                            \
            __m512 a_rest = _mm512_maskz_loadu_ps(rest, a + k);                                                                  \
            ROWS_##how_many(ADD_REST_512)                                                                                        \
        }                                                                                                                        \
        ROWS_##how_many(END_512)                                                                                                 \
    }

__attribute__((target("avx512f"))) static void dots_avx512(float *out, const float *a, const float *b, const uint32_t *row,
                                                           size_t count, size_t n)
{
    size_t i = 0;
    SOME_ROWS_512(4)
    SOME_ROWS_512(2)
    SOME_ROWS_512(1)
    _mm256_zeroupper();
}

#define BEGIN_256(r)                                                                                                             \
    const float *b##r = b + row[i + r] * n;                                                                                      \
    __m256 low##r = _mm256_setzero_ps(), high##r = low##r;
#define ADD_256(r)                                                                                                               \
    low##r = _mm256_fmadd_ps(a_low, _mm256_loadu_ps(b##r + k), low##r);                                                          \
    high##r = _mm256_fmadd_ps(a_high, _mm256_loadu_ps(b##r + k + 8), high##r);
#define END_256(r)                                                                                                               \
    {                                                                                                                            \
        float lane[LANES];                                                                                                       \
        _mm256_storeu_ps(lane, low##r);                                                                                          \
        _mm256_storeu_ps(lane + 8, high##r);                                                                                     \
        for (size_t l = k; l < n; l++) {                                                                                         \
            lane[l - k] += a[l] * b##r[l];                                                                                       \
        }                                                                                                                        \
        out[i + r] = fold(lane);                                                                                                 \
    }

#define SOME_ROWS_256(how_many)                                                                                                  \
    for (; i + how_many <= count; i += how_many) {                                                                               \
        size_t k = 0;                                                                                                            \
        ROWS_##how_many(BEGIN_256) for (; k + LANES <= n; k += LANES)                                                            \
        {                                                                                                                        \
            __m256 a_low = _mm256_loadu_ps(a + k), a_high = _mm256_loadu_ps(a + k + 8);                                          \
            ROWS_##how_many(ADD_256)                                                                                             \
        }                                                                                                                        \
        ROWS_##how_many(END_256)                                                                                                 \
    }

__attribute__((target("avx2,fma"))) static void dots_avx2(float *out, const float *a, const float *b, const uint32_t *row,
                                                          size_t count, size_t n)
{
    size_t i = 0;
    SOME_ROWS_256(4)
    SOME_ROWS_256(1)
    _mm256_zeroupper();
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}
#endif

static const ef_dot32_version versions[] = {
#if defined(__x86_64__)
    {"avx512f", has_avx512, dots_avx512},
    {"avx2", has_avx2, dots_avx2},
#endif
    {"plain", runs_everywhere, dots_plain},
};

const ef_dot32_version *ef_dot32_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

void ef_dots32(float *out, const float *a, const float *b, const uint32_t *row, size_t count, size_t n)
{
    const ef_dot32_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    version->dots(out, a, b, row, count, n);
}
