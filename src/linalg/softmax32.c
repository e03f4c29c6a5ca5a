/* exp(x) = 2^n exp(r), n the integer nearest to x / ln 2, r = x - n ln 2 with ln 2 in two parts (Cody and Waite, Software Manual for the
 * Elementary Functions, 1980, chapter 6), exp(r) by its Taylor series to r^7: what is left out is below 0.347^8 / 8! = 5.2e-9. */
#include "linalg/softmax32.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LANES 16

#define LOWEST   (-87.0f)        /* exp() of it is still normal, so that 2^n can be put together from bits */
#define INVERSE  0x1.715476p+0f  /* 1 / ln 2 */
#define LN2_HIGH 0x1.62ep-1f     /* 12 bits: its product with any n here is exact */
#define LN2_LOW  0x1.0bfbe8p-15f /* the rest of ln 2 */
#define TO_WHOLE 0x1.8p+23f /* added and taken away again, it rounds to a whole number, which stands in the low bits in between */

/* gcc's C has no ?: for vectors: bits are picked by the mask that a comparison gives. */
#define PICK(mask, yes, no) ((floats)(((ints)(yes) & (mask)) | ((ints)(no) & ~(mask))))
#define AT(pointer)         (*(floats *)(void *)(pointer))
#define GIVEN(pointer)      (*(const floats *)(const void *)(pointer))

/* The loops of one width of vector registers; n is a multiple of LANES.  gcc 12 leaves the upper halves of registers dirty where they are wide, hence
 * END (see dot.c). */
#define VERSION(suffix, attribute, width, END)                                                                                   \
    typedef float floats_##suffix __attribute__((vector_size(width * 4), aligned(4), may_alias));                                \
    typedef int32_t ints_##suffix __attribute__((vector_size(width * 4), aligned(4), may_alias));                                \
    typedef double doubles_##suffix __attribute__((vector_size(width * 8), aligned(8), may_alias));                              \
    attribute static inline __attribute__((always_inline)) floats_##suffix exp_##suffix(floats_##suffix x)                       \
    {                                                                                                                            \
        typedef floats_##suffix floats;                                                                                          \
        typedef ints_##suffix ints;                                                                                              \
        floats least = (floats){0} + LOWEST;                                                                                     \
        ints vanishes = x < least;                                                                                               \
        x = PICK(vanishes, least, x);                                                                                            \
        floats shifted = x * INVERSE + TO_WHOLE, whole = shifted - TO_WHOLE;                                                     \
        floats r = x - whole * LN2_HIGH - whole * LN2_LOW;                                                                       \
        floats power = r * (1.0f / 5040) + (1.0f / 720);                                                                         \
        power = power * r + (1.0f / 120);                                                                                        \
        power = power * r + (1.0f / 24);                                                                                         \
        power = power * r + (1.0f / 6);                                                                                          \
        power = power * r + 0.5f;                                                                                                \
        power = power * r + 1.0f;                                                                                                \
        power = power * r + 1.0f;                                                                                                \
        return (floats)(((ints)power + ((ints)shifted << 23)) & ~vanishes);                                                      \
    }                                                                                                                            \
    attribute static void scale_##suffix(float *row, const float *factor, float scale, size_t n)                                 \
    {                                                                                                                            \
        typedef floats_##suffix floats;                                                                                          \
        typedef ints_##suffix ints;                                                                                              \
        floats one = (floats){0} + 1.0f;                                                                                         \
        for (size_t k = 0; k < n; k += width) {                                                                                  \
            floats cosine = GIVEN(row + k) * GIVEN(factor + k);                                                                  \
            cosine = PICK(cosine > one, one, cosine);                                                                            \
            AT(row + k) = PICK(cosine < -one, -one, cosine) * scale;                                                             \
        }                                                                                                                        \
        END;                                                                                                                     \
    }                                                                                                                            \
    attribute static float largest_##suffix(const float *row, size_t n)                                                          \
    {                                                                                                                            \
        typedef floats_##suffix floats;                                                                                          \
        typedef ints_##suffix ints;                                                                                              \
        floats most = (floats){0} - INFINITY;                                                                                    \
        float lane[width], largest = -INFINITY;                                                                                  \
        for (size_t k = 0; k < n; k += width) {                                                                                  \
            floats value = GIVEN(row + k);                                                                                       \
            most = PICK(value > most, value, most);                                                                              \
        }                                                                                                                        \
        memcpy(lane, &most, sizeof lane);                                                                                        \
        END;                                                                                                                     \
        for (size_t l = 0; l < width; l++) {                                                                                     \
            largest = lane[l] > largest ? lane[l] : largest;                                                                     \
        }                                                                                                                        \
        return largest;                                                                                                          \
    }                                                                                                                            \
    attribute static void sum_##suffix(double *lane, float *row, float largest, size_t n)                                        \
    {                                                                                                                            \
        typedef floats_##suffix floats;                                                                                          \
        enum { PARTS = LANES / width };                                                                                          \
        doubles_##suffix sum[PARTS];                                                                                             \
        memcpy(sum, lane, sizeof sum);                                                                                           \
        for (size_t k = 0; k < n; k += LANES) {                                                                                  \
            _Pragma("GCC unroll 4") for (size_t part = 0; part < PARTS; part++)                                                  \
            {                                                                                                                    \
                floats power = exp_##suffix(GIVEN(row + k + part * width) - largest);                                            \
                AT(row + k + part * width) = power;                                                                              \
                sum[part] += __builtin_convertvector(power, doubles_##suffix);                                                   \
            }                                                                                                                    \
        }                                                                                                                        \
        memcpy(lane, sum, sizeof sum);                                                                                           \
        END;                                                                                                                     \
    }                                                                                                                            \
    attribute static void multiply_##suffix(float *row, float by, const float *factor, size_t n)                                 \
    {                                                                                                                            \
        typedef floats_##suffix floats;                                                                                          \
        for (size_t k = 0; k < n; k += width) {                                                                                  \
            AT(row + k) = GIVEN(row + k) * by * GIVEN(factor + k);                                                               \
        }                                                                                                                        \
        END;                                                                                                                     \
    }                                                                                                                            \
    static ef_exponentials row_##suffix(float *row, const float *factor, float scale, size_t n, size_t without)                  \
    {                                                                                                                            \
        static const loops those = {scale_##suffix, largest_##suffix, sum_##suffix};                                             \
        return whole_row(row, factor, scale, n, without, &those);                                                                \
    }                                                                                                                            \
    static void multiply_twice_##suffix(float *row, float by, const float *factor, size_t n)                                     \
    {                                                                                                                            \
        size_t whole = n - n % LANES;                                                                                            \
        multiply_##suffix(row, by, factor, whole);                                                                               \
        for (size_t k = whole; k < n; k++) {                                                                                     \
            row[k] = row[k] * by * factor[k];                                                                                    \
        }                                                                                                                        \
    }

typedef struct loops {
    void (*scale)(float *row, const float *factor, float scale, size_t n);
    float (*largest)(const float *row, size_t n);
    void (*sum)(double *lane, float *row, float largest, size_t n);
} loops;

/* The loops want whole lanes; what is left over is done one by one, and summed in a copy that is filled up. */
static ef_exponentials whole_row(float *row, const float *factor, float scale, size_t n, size_t without, const loops *loop)
{
    size_t whole = n - n % LANES;
    double lane[LANES] = {0};
    float tail[LANES];
    loop->scale(row, factor, scale, whole);
    for (size_t k = whole; k < n; k++) {
        float cosine = row[k] * factor[k];
        cosine = cosine > 1.0f ? 1.0f : cosine;
        row[k] = (cosine < -1.0f ? -1.0f : cosine) * scale;
    }
    if (without < n) {
        row[without] = -INFINITY;
    }
    float largest = loop->largest(row, whole);
    for (size_t k = whole; k < n; k++) {
        largest = row[k] > largest ? row[k] : largest;
    }
    if (largest == -INFINITY) {
        memset(row, 0, n * sizeof *row);
        return (ef_exponentials){largest, 0.0};
    }
    loop->sum(lane, row, largest, whole);
    for (size_t l = 0; l < LANES; l++) {
        tail[l] = whole + l < n ? row[whole + l] : -INFINITY;
    }
    loop->sum(lane, tail, largest, LANES);
    memcpy(row + whole, tail, (n - whole) * sizeof *row);
    for (size_t half = LANES / 2; half > 0; half /= 2) {
        for (size_t l = 0; l < half; l++) {
            lane[l] += lane[l + half];
        }
    }
    return (ef_exponentials){largest, lane[0]};
}

#define EVERYWHERE
#define NOTHING (void)0
VERSION(plain, EVERYWHERE, 4, NOTHING)

static bool runs_everywhere(void)
{
    return true;
}

#if defined(__x86_64__)
VERSION(avx2, __attribute__((target("avx2"))), 8, __builtin_ia32_vzeroupper())
VERSION(avx512, __attribute__((target("avx512f"))), 16, __builtin_ia32_vzeroupper())

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}
#endif

static const ef_softmax_version versions[] = {
#if defined(__x86_64__)
    {"avx512f", has_avx512, row_avx512, multiply_twice_avx512},
    {"avx2", has_avx2, row_avx2, multiply_twice_avx2},
#endif
    {"plain", runs_everywhere, row_plain, multiply_twice_plain},
};

const ef_softmax_version *ef_softmax_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

static const ef_softmax_version *best(void)
{
    const ef_softmax_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    return version;
}

ef_exponentials ef_softmax_row(float *row, const float *factor, float scale, size_t n, size_t without)
{
    return best()->row(row, factor, scale, n, without);
}

void ef_multiply_twice32(float *row, float by, const float *factor, size_t n)
{
    best()->multiply_twice(row, by, factor, n);
}
