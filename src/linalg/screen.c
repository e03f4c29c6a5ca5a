#include "linalg/screen.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "linalg/quantise.h"

float ef_screen_limit(double limit, float slack)
{
    return ef_float_below(limit - (double)slack);
}

/* One function body for each width of registers, from four operations on a vector of FLOATS numbers: LOAD, CODES (integers as numbers), ALL (the same number
 * everywhere) and REACHES (a bit for each that is at least the other). */
#define REACHES_EITHER(product)                                                                                                  \
    uint32_t bits = REACHES(ADD(product, LOAD(columns->slack + c)), limit);                                                      \
    if (columns->limit != NULL) {                                                                                                \
        bits |= REACHES(ADD(product, slack), LOAD(columns->limit + c));                                                          \
    }                                                                                                                            \
    found |= bits << c;

#define EACH_ROW(PRODUCT)                                                                                                        \
    uint32_t any = 0;                                                                                                            \
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {                                                                                  \
        const VECTOR slack = ALL(rows->slack[r]), limit = ALL(rows->limit[r]);                                                   \
        uint32_t found = 0;                                                                                                      \
        for (unsigned c = 0; c < EF_TILE_COLUMNS; c += FLOATS) {                                                                 \
            const VECTOR product = PRODUCT;                                                                                      \
            REACHES_EITHER(product)                                                                                              \
        }                                                                                                                        \
        mask[r] = found;                                                                                                         \
        any |= found;                                                                                                            \
    }

#define VERSION(suffix, attribute, END)                                                                                          \
    attribute static bool codes_##suffix(uint32_t *mask, const int32_t *dot, const ef_screen_side *rows,                         \
                                         const ef_screen_side *columns)                                                          \
    {                                                                                                                            \
        EACH_ROW(MULTIPLY(MULTIPLY(CODES(dot + r * EF_TILE_COLUMNS + c), LOAD(columns->scale + c)), ALL(rows->scale[r])))        \
        END;                                                                                                                     \
        return any != 0;                                                                                                         \
    }                                                                                                                            \
    attribute static bool floats_##suffix(uint32_t *mask, const float *products, size_t stride, const ef_screen_side *rows,      \
                                          const ef_screen_side *columns)                                                         \
    {                                                                                                                            \
        EACH_ROW(LOAD(products + r * stride + c))                                                                                \
        END;                                                                                                                     \
        return any != 0;                                                                                                         \
    }                                                                                                                            \
    attribute static void products_##suffix(float *product, const int32_t *dot, const float *row_scale,                          \
                                            const float *column_scale)                                                           \
    {                                                                                                                            \
        for (size_t r = 0; r < EF_TILE_ROWS; r++) {                                                                              \
            const VECTOR scale = ALL(row_scale[r]);                                                                              \
            for (size_t c = 0; c < EF_TILE_COLUMNS; c += FLOATS) {                                                               \
                size_t at = r * EF_TILE_COLUMNS + c;                                                                             \
                STORE(product + at, MULTIPLY(MULTIPLY(CODES(dot + at), LOAD(column_scale + c)), scale));                         \
            }                                                                                                                    \
        }                                                                                                                        \
        END;                                                                                                                     \
    }

#define EVERYWHERE
#define FLOATS            1
#define VECTOR            float
#define LOAD(address)     (*(address))
#define CODES(address)    ((float)*(address))
#define ALL(number)       (number)
#define ADD(a, b)         ((a) + (b))
#define MULTIPLY(a, b)    ((a) * (b))
#define REACHES(a, limit) ((uint32_t)((a) >= (limit)))
#define STORE(address, a) (*(address) = (a))
VERSION(plain, EVERYWHERE, (void)0)

static bool runs_everywhere(void)
{
    return true;
}

/* The zeroing and the choice at each call: see dot.c. */
#if defined(__x86_64__)
#undef FLOATS
#undef VECTOR
#undef LOAD
#undef CODES
#undef ALL
#undef ADD
#undef MULTIPLY
#undef REACHES
#undef STORE
#define FLOATS            8
#define VECTOR            __m256
#define LOAD(address)     _mm256_loadu_ps(address)
#define CODES(address)    _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)(const void *)(address)))
#define ALL(number)       _mm256_set1_ps(number)
#define ADD(a, b)         _mm256_add_ps(a, b)
#define MULTIPLY(a, b)    _mm256_mul_ps(a, b)
#define REACHES(a, limit) ((uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, limit, _CMP_GE_OQ)))
#define STORE(address, a) _mm256_storeu_ps(address, a)
VERSION(avx2, __attribute__((target("avx2"))), _mm256_zeroupper())

#undef FLOATS
#undef VECTOR
#undef LOAD
#undef CODES
#undef ALL
#undef ADD
#undef MULTIPLY
#undef REACHES
#undef STORE
#define FLOATS            16
#define VECTOR            __m512
#define LOAD(address)     _mm512_loadu_ps(address)
#define CODES(address)    _mm512_cvtepi32_ps(_mm512_loadu_si512(address))
#define ALL(number)       _mm512_set1_ps(number)
#define ADD(a, b)         _mm512_add_ps(a, b)
#define MULTIPLY(a, b)    _mm512_mul_ps(a, b)
#define REACHES(a, limit) ((uint32_t)_mm512_cmp_ps_mask(a, limit, _CMP_GE_OQ))
#define STORE(address, a) _mm512_storeu_ps(address, a)
VERSION(avx512, __attribute__((target("avx512f"))), _mm256_zeroupper())

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}
#endif

static const ef_screen_version versions[] = {
#if defined(__x86_64__)
    {"avx512f", has_avx512, codes_avx512, floats_avx512, products_avx512},
    {"avx2", has_avx2, codes_avx2, floats_avx2, products_avx2},
#endif
    {"plain", runs_everywhere, codes_plain, floats_plain, products_plain},
};

const ef_screen_version *ef_screen_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

static const ef_screen_version *best(void)
{
    const ef_screen_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    return version;
}

bool ef_screen_codes(uint32_t *mask, const int32_t *dot, const ef_screen_side *rows, const ef_screen_side *columns)
{
    return best()->codes(mask, dot, rows, columns);
}

bool ef_screen_floats(uint32_t *mask, const float *product, size_t stride, const ef_screen_side *rows,
                      const ef_screen_side *columns)
{
    return best()->floats(mask, product, stride, rows, columns);
}

void ef_screen_products(float *product, const int32_t *dot, const float *row_scale, const float *column_scale)
{
    best()->products(product, dot, row_scale, column_scale);
}
