#include "linalg/quantise.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "linalg/dot.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LEAST       0x1p-100      /* below this a scale is not worth having */
#define TO_WHOLE    0x1.8p52      /* adding it, and taking it off again, rounds to a whole number */
#define ENLARGED    (1 + 0x1p-20) /* covers the rounding of sums, see the header */
#define ROUNDED     (1 + 0x1p-20)
#define FINE_LENGTH 46340.0 /* squared, below 2^31 */
#define WORD        4
#define LANES       8
#define UNROLLED    for (size_t l = 0; l < LANES; l++)

float ef_float_above(double value)
{
    float near = (float)value;
    return (double)near < value ? nextafterf(near, INFINITY) : near;
}

float ef_float_below(double value)
{
    float near = (float)value;
    return (double)near > value ? nextafterf(near, -INFINITY) : near;
}

/* Sums are kept in eight lanes, as two vectors of four: wider ones gcc 12 takes apart, one number after the other, where registers are narrower. */
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t four_words __attribute__((vector_size(32), may_alias));
typedef int32_t four_ints __attribute__((vector_size(16), may_alias));
typedef int8_t four_codes __attribute__((vector_size(4), aligned(1), may_alias));
typedef int16_t four_fine __attribute__((vector_size(8), aligned(2), may_alias));

typedef struct eight {
    four half[2];
} eight;

#define HALVES              for (size_t h = 0; h < 2; h++)
#define GIVEN(pointer, h)   (*(const four *)(const void *)((pointer) + 4 * (h)))
#define LANE(lanes, number) ((lanes).half[(number) / 4][(number) % 4])

/* Lane by lane, the larger of `most` and the magnitude at `given`. */
__attribute__((always_inline)) static inline void enlarge(four *most, const double *given)
{
    four magnitude = (four)((four_words)GIVEN(given, 0) & INT64_MAX);
    four_words more = magnitude > *most;
    *most = (four)(((four_words)magnitude & more) | ((four_words)*most & ~more));
}

/* The largest magnitude. */
__attribute__((always_inline)) static inline double largest_in(const double *vector, size_t n)
{
    eight most = {0};
    double largest = 0.0;
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        HALVES
        {
            enlarge(&most.half[h], vector + k + 4 * h);
        }
    }
    UNROLLED
    {
        largest = LANE(most, l) > largest ? LANE(most, l) : largest;
    }
    for (; k < n; k++) {
        largest = fabs(vector[k]) > largest ? fabs(vector[k]) : largest;
    }
    return largest;
}

/* The greatest length of the elements whose codes a 16-bit sum takes up: see ef_code_range. */
__attribute__((always_inline)) static inline double longest_run_in(const double *vector, size_t n, size_t run)
{
    double longest = 0.0;
    for (size_t begin = 0; begin < n; begin += WORD * run) {
        size_t end = n - begin < WORD * run ? n : begin + WORD * run, k = begin;
        eight squares = {0};
        double sum[2] = {0.0, 0.0};
        for (; k + LANES <= end; k += LANES) {
            HALVES
            {
                squares.half[h] += GIVEN(vector + k, h) * GIVEN(vector + k, h);
            }
        }
        UNROLLED
        {
            sum[l / 2 % 2] += LANE(squares, l);
        }
        for (; k < end; k++) {
            sum[(k - begin) / 2 % 2] += vector[k] * vector[k];
        }
        longest = fmax(longest, fmax(sum[0], sum[1]));
    }
    return sqrt(longest) * ENLARGED;
}

/* The least scale with which the codes keep to the range.  Of a run, rounding adds at most the half of a code to each of 2 * run elements, and so sqrt(2 * run) / 2 to
 * their length; ROUNDED is for the roundings of the quotients. */
__attribute__((always_inline)) static inline float scale_in(const double *vector, size_t n, const ef_code_range *range)
{
    double scale = largest_in(vector, n) / range->most;
    if (range->run > 0) {
        scale = fmax(scale, longest_run_in(vector, n, range->run) / (range->length - sqrt((double)range->run / 2) * ROUNDED));
    }
    return ef_float_above(scale);
}

/* Rounds vector / scale to codes.  Returns the sums of squares of what is left, in `left`, and of the codes. */
#define ENCODE(name, type, four_of_type)                                                                                         \
    __attribute__((always_inline)) static inline double name(type *code, double *left, const double *vector, size_t n,           \
                                                             double scale)                                                       \
    {                                                                                                                            \
        eight lefts = {0}, squares = {0};                                                                                        \
        const double inverse = 1.0 / scale;                                                                                      \
        double square = 0.0;                                                                                                     \
        size_t k = 0;                                                                                                            \
        *left = 0.0;                                                                                                             \
        for (; k + LANES <= n; k += LANES) {                                                                                     \
            HALVES                                                                                                               \
            {                                                                                                                    \
                four given = GIVEN(vector + k, h), whole = (given * inverse + TO_WHOLE) - TO_WHOLE,                              \
                     rest = given - whole * scale;                                                                               \
                four_of_type codes = __builtin_convertvector(__builtin_convertvector(whole, four_ints), four_of_type);           \
                memcpy(code + k + 4 * h, &codes, sizeof codes);                                                                  \
                lefts.half[h] += rest * rest;                                                                                    \
                squares.half[h] += whole * whole;                                                                                \
            }                                                                                                                    \
        }                                                                                                                        \
        UNROLLED                                                                                                                 \
        {                                                                                                                        \
            *left += LANE(lefts, l);                                                                                             \
            square += LANE(squares, l);                                                                                          \
        }                                                                                                                        \
        for (; k < n; k++) {                                                                                                     \
            double whole = (vector[k] * inverse + TO_WHOLE) - TO_WHOLE, rest = vector[k] - whole * scale;                        \
            code[k] = (type)whole;                                                                                               \
            *left += rest * rest;                                                                                                \
            square += whole * whole;                                                                                             \
        }                                                                                                                        \
        return square;                                                                                                           \
    }
ENCODE(encode_in, int8_t, four_codes)
ENCODE(encode_fine_in, int16_t, four_fine)

/* The same for fine codes, all of which have together at most the length FINE_LENGTH. */
__attribute__((always_inline)) static inline float fine_scale_in(const double *vector, size_t n, double square)
{
    return ef_float_above(
        fmax(largest_in(vector, n) / INT16_MAX, sqrt(square) * ENLARGED / (FINE_LENGTH - sqrt((double)n) / 2 * ROUNDED)));
}

static ef_quantised finish(double square, double left, double coded, float scale, size_t n)
{
    /* The last term is there for squares that vanish: it makes up for them. */
    double vanished = (double)n * 0x1p-536, stood_for = sqrt(coded) * (double)scale * ENLARGED;
    return (ef_quantised){
        .scale = scale,
        .residual = ef_float_above(sqrt(left) * ENLARGED + vanished),
        .length = ef_float_above(fmax(sqrt(square) * ENLARGED + vanished, stood_for)),
    };
}

#define QUANTISE(name, attribute, type, SCALE, ENCODE_IN, END, ...)                                                              \
    attribute static ef_quantised name(type *code, const double *vector, size_t n __VA_ARGS__)                                   \
    {                                                                                                                            \
        double square = ef_dot(vector, vector, n), left = square, coded = 0.0;                                                   \
        if (!(square <= EF_QUANTISE_LENGTH * EF_QUANTISE_LENGTH)) {                                                              \
            return (ef_quantised){.length = INFINITY};                                                                           \
        }                                                                                                                        \
        float scale = SCALE;                                                                                                     \
        if (scale >= (float)LEAST) {                                                                                             \
            coded = ENCODE_IN(code, &left, vector, n, (double)scale);                                                            \
        } else {                                                                                                                 \
            scale = 0.0f;                                                                                                        \
            memset(code, 0, n * sizeof *code);                                                                                   \
        }                                                                                                                        \
        END;                                                                                                                     \
        return finish(square, left, coded, scale, n);                                                                            \
    }
#define RANGE , const ef_code_range *range
#define VERSION(suffix, attribute, END)                                                                                          \
    QUANTISE(quantise_##suffix, attribute, int8_t, scale_in(vector, n, range), encode_in, END, RANGE)                            \
    QUANTISE(quantise_fine_##suffix, attribute, int16_t, fine_scale_in(vector, n, square), encode_fine_in, END, )

#define EVERYWHERE
VERSION(plain, EVERYWHERE, (void)0)

static bool runs_everywhere(void)
{
    return true;
}

/* The zeroing and the choice at each call: see dot.c. */
#if defined(__x86_64__)
VERSION(avx2, __attribute__((target("avx2"))), _mm256_zeroupper())
VERSION(avx512, __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"))), _mm256_zeroupper())

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
}
#endif

static const ef_quantise_version versions[] = {
#if defined(__x86_64__)
    {"avx512", has_avx512, quantise_avx512, quantise_fine_avx512},
    {"avx2", has_avx2, quantise_avx2, quantise_fine_avx2},
#endif
    {"plain", runs_everywhere, quantise_plain, quantise_fine_plain},
};

const ef_quantise_version *ef_quantise_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

static const ef_quantise_version *best(void)
{
    const ef_quantise_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    return version;
}

ef_quantised ef_quantise(int8_t *code, const double *vector, size_t n, const ef_code_range *range)
{
    return best()->quantise(code, vector, n, range);
}

ef_quantised ef_quantise_fine(int16_t *code, const double *vector, size_t n)
{
    return best()->quantise_fine(code, vector, n);
}

float ef_quantised_slack(float residual, size_t n, float length, float others)
{
    double rounding = (16 * 0x1p-24 + (double)n * 0x1p-52) * (double)length * (double)others + 0x1p-100;
    return ef_float_above((double)residual * (double)others + rounding);
}
