#include "linalg/dot.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LANES 16

/* Adds the elements from `done` on, fewer than LANES, to their lanes, then folds them. */
static double finish_dot(double *lane, const double *a, const double *b, size_t done, size_t n)
{
    for (size_t k = done; k < n; k++) {
        lane[k - done] += a[k] * b[k];
    }
    for (size_t l = 0; l < 8; l++) {
        lane[l] += lane[l + 8];
    }
    for (size_t l = 0; l < 4; l++) {
        lane[l] += lane[l + 4];
    }
    return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

static double finish_distance2(double *lane, const double *a, const double *b, size_t done, size_t n)
{
    for (size_t k = done; k < n; k++) {
        double difference = a[k] - b[k];
        lane[k - done] += difference * difference;
    }
    return finish_dot(lane, a, b, n, n);
}

/* One pair of functions per width of vector registers.  The lanes are PARTS vectors, named one by one because an array of them
 * would be kept in memory. */
#define LOAD(vector, address) (*(const vector *)(const void *)(address))

#define PARTS_2(DO) DO(0) DO(1)
#define PARTS_4(DO) PARTS_2(DO) DO(2) DO(3)
#define PARTS_8(DO) PARTS_4(DO) DO(4) DO(5) DO(6) DO(7)

#define DECLARE(part)     vector sum##part = {0};
#define ADD_PRODUCT(part) sum##part += LOAD(vector, a + k + part * WIDTH) * LOAD(vector, b + k + part * WIDTH);
#define ADD_SQUARE(part)                                                                                                         \
    vector difference##part = LOAD(vector, a + k + part * WIDTH) - LOAD(vector, b + k + part * WIDTH);                           \
    sum##part += difference##part * difference##part;
#define STORE(part) memcpy(lane + part * WIDTH, &sum##part, sizeof sum##part);

#define VERSION(suffix, attribute, width, PARTS, END)                                                                            \
    attribute static double dot_##suffix(const double *a, const double *b, size_t n)                                             \
    {                                                                                                                            \
        typedef double vector __attribute__((vector_size(width * 8), aligned(8), may_alias));                                    \
        enum { WIDTH = width };                                                                                                  \
        double lane[LANES];                                                                                                      \
        size_t k = 0;                                                                                                            \
        PARTS(DECLARE)                                                                                                           \
        for (; k + LANES <= n; k += LANES) {                                                                                     \
            PARTS(ADD_PRODUCT)                                                                                                   \
        }                                                                                                                        \
        PARTS(STORE)                                                                                                             \
        END;                                                                                                                     \
        return finish_dot(lane, a, b, k, n);                                                                                     \
    }                                                                                                                            \
    attribute static double distance2_##suffix(const double *a, const double *b, size_t n)                                       \
    {                                                                                                                            \
        typedef double vector __attribute__((vector_size(width * 8), aligned(8), may_alias));                                    \
        enum { WIDTH = width };                                                                                                  \
        double lane[LANES];                                                                                                      \
        size_t k = 0;                                                                                                            \
        PARTS(DECLARE)                                                                                                           \
        for (; k + LANES <= n; k += LANES) {                                                                                     \
            PARTS(ADD_SQUARE)                                                                                                    \
        }                                                                                                                        \
        PARTS(STORE)                                                                                                             \
        END;                                                                                                                     \
        return finish_distance2(lane, a, b, k, n);                                                                               \
    }

#define EVERYWHERE
#define NOTHING (void)0
VERSION(plain, EVERYWHERE, 2, PARTS_8, NOTHING)

static bool runs_everywhere(void)
{
    return true;
}

/* gcc 12 leaves the upper halves of registers dirty here, which slows down whatever SSE code comes next: hence the zeroing.
 * Chosen by a test at each call and not by target_clones: its ifuncs run before a sanitizer is ready for them. */
#if defined(__x86_64__)
VERSION(avx2, __attribute__((target("avx2"))), 4, PARTS_4, _mm256_zeroupper())
VERSION(avx512, __attribute__((target("avx512f"))), 8, PARTS_2, _mm256_zeroupper())

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}
#endif

static const ef_dot_version versions[] = {
#if defined(__x86_64__)
    {"avx512f", has_avx512, dot_avx512, distance2_avx512},
    {"avx2", has_avx2, dot_avx2, distance2_avx2},
#endif
    {"plain", runs_everywhere, dot_plain, distance2_plain},
};

const ef_dot_version *ef_dot_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

static const ef_dot_version *best(void)
{
    const ef_dot_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    return version;
}

double ef_dot(const double *a, const double *b, size_t n)
{
    return best()->dot(a, b, n);
}

double ef_distance2(const double *a, const double *b, size_t n)
{
    return best()->distance2(a, b, n);
}
