#include "linalg/int8_tile.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#define WORD  4
#define SIGNS UINT32_C(0x80808080) /* code + 128 is the code with its top bit turned */

size_t ef_int8_words(size_t n)
{
    return (n + WORD - 1) / WORD;
}

void ef_int8_panel_put(uint32_t *panel, size_t c, const int8_t *code, size_t n)
{
    size_t whole = n / WORD;
    uint32_t word;
    for (size_t w = 0; w < whole; w++) {
        memcpy(&word, code + w * WORD, WORD);
        panel[w * EF_TILE_COLUMNS + c] = word ^ SIGNS;
    }
    if (n % WORD != 0) {
        word = 0;
        memcpy(&word, code + whole * WORD, n % WORD);
        panel[whole * EF_TILE_COLUMNS + c] = word ^ SIGNS;
    }
}

void ef_int8_panel_clear(uint32_t *panel, size_t c, size_t n)
{
    for (size_t w = 0; w < ef_int8_words(n); w++) {
        panel[w * EF_TILE_COLUMNS + c] = SIGNS;
    }
}

static int32_t sum_of_word(uint32_t word)
{
    int8_t code[WORD];
    memcpy(code, &word, WORD);
    return code[0] + code[1] + code[2] + code[3];
}

void ef_int8_strip_take(uint32_t *strip, int32_t *sum, const uint32_t *panels, size_t first, size_t count, size_t words)
{
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        size_t column = first + r;
        const uint32_t *from = panels + column / EF_TILE_COLUMNS * EF_TILE_COLUMNS * words + column % EF_TILE_COLUMNS;
        sum[r] = 0;
        for (size_t w = 0; w < words; w++) {
            uint32_t word = r < count ? from[w * EF_TILE_COLUMNS] ^ SIGNS : 0;
            strip[w * EF_TILE_ROWS + r] = word;
            sum[r] += sum_of_word(word);
        }
    }
}

static bool runs_everywhere(void)
{
    return true;
}

static void product_plain(int32_t *dot, const uint32_t *strip, const int32_t *sum, const uint32_t *panel, size_t words)
{
    (void)sum;
    memset(dot, 0, EF_TILE_ROWS * EF_TILE_COLUMNS * sizeof *dot);
    for (size_t w = 0; w < words; w++) {
        int8_t row[EF_TILE_ROWS][WORD];
        uint8_t column[EF_TILE_COLUMNS][WORD];
        memcpy(row, strip + w * EF_TILE_ROWS, sizeof row);
        memcpy(column, panel + w * EF_TILE_COLUMNS, sizeof column);
        for (size_t r = 0; r < EF_TILE_ROWS; r++) {
            for (size_t c = 0; c < EF_TILE_COLUMNS; c++) {
                int32_t part = 0;
                for (size_t b = 0; b < WORD; b++) {
                    part += row[r][b] * (column[c][b] - 128);
                }
                dot[r * EF_TILE_COLUMNS + c] += part;
            }
        }
    }
}

#if defined(__x86_64__)
#define ROWS_3(DO)  DO(0) DO(1) DO(2)
#define ROWS_4(DO)  ROWS_3(DO) DO(3)
#define ROWS_6(DO)  ROWS_4(DO) DO(4) DO(5)
#define ROWS_12(DO) ROWS_6(DO) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

/* A column's byte is its code + 128, so that 128 * (sum of the row's codes) is too much: the sums begin with that taken off. */
#define OFFSET(r) (-128 * sum[r])

/* The instruction as text: gcc 12 keeps the sums of the intrinsic in memory, at half the speed. */
#define MULTIPLY_512(into, column, row) __asm__("vpdpbusd %2, %1, %0" : "+v"(into) : "v"(column), "v"(row))

#define BEGIN_512(r) __m512i low##r = _mm512_set1_epi32(OFFSET(r)), high##r = low##r;
#define STEP_512(r)                                                                                                              \
    {                                                                                                                            \
        __m512i row = _mm512_set1_epi32((int)strip[r]);                                                                          \
        MULTIPLY_512(low##r, left, row);                                                                                         \
        MULTIPLY_512(high##r, right, row);                                                                                       \
    }
#define END_512(r)                                                                                                               \
    _mm512_store_si512(dot + (r)*EF_TILE_COLUMNS, low##r);                                                                       \
    _mm512_store_si512(dot + (r)*EF_TILE_COLUMNS + 16, high##r);

__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void
product_avx512vnni(int32_t *dot, const uint32_t *strip, const int32_t *sum, const uint32_t *panel, size_t words)
{
    ROWS_12(BEGIN_512)
    for (size_t w = 0; w < words; w++, strip += EF_TILE_ROWS, panel += EF_TILE_COLUMNS) {
        __m512i left = _mm512_load_si512(panel), right = _mm512_load_si512(panel + 16);
        ROWS_12(STEP_512)
    }
    ROWS_12(END_512)
    _mm256_zeroupper();
}

/* Registers of 32 bytes: 16 of them hold the sums of 6 rows and 16 columns, so a tile takes two times two goes.  `form` is how the
 * instruction is encoded: the older processors have it only with AVX-512, some newer ones only without. */
#define BEGIN_256(r) __m256i low##r = _mm256_set1_epi32(OFFSET(r)), high##r = low##r;
#define STEP_256(r)                                                                                                              \
    {                                                                                                                            \
        __m256i row = _mm256_set1_epi32((int)strip[w * EF_TILE_ROWS + (r)]);                                                     \
        MULTIPLY_256(low##r, left, row);                                                                                         \
        MULTIPLY_256(high##r, right, row);                                                                                       \
    }
#define END_256(r)                                                                                                               \
    _mm256_store_si256((__m256i *)(void *)(dot + (r)*EF_TILE_COLUMNS), low##r);                                                  \
    _mm256_store_si256((__m256i *)(void *)(dot + (r)*EF_TILE_COLUMNS + 8), high##r);
#define LOAD_256(address) _mm256_load_si256((const __m256i *)(const void *)(address))

#define VERSION_256(suffix, features, ROWS, rows)                                                                                \
    __attribute__((target(features))) static void part_##suffix(int32_t *dot, const uint32_t *strip, const int32_t *sum,         \
                                                                const uint32_t *panel, size_t words)                             \
    {                                                                                                                            \
        PREPARE                                                                                                                  \
        ROWS(BEGIN_256)                                                                                                          \
        for (size_t w = 0; w < words; w++) {                                                                                     \
            __m256i left = COLUMNS(panel + w * EF_TILE_COLUMNS), right = COLUMNS(panel + w * EF_TILE_COLUMNS + 8);               \
            ROWS(STEP_256)                                                                                                       \
        }                                                                                                                        \
        ROWS(END_256)                                                                                                            \
        _mm256_zeroupper();                                                                                                      \
    }                                                                                                                            \
    static void product_##suffix(int32_t *dot, const uint32_t *strip, const int32_t *sum, const uint32_t *panel, size_t words)   \
    {                                                                                                                            \
        for (size_t r = 0; r < EF_TILE_ROWS; r += (rows)) {                                                                      \
            for (size_t c = 0; c < EF_TILE_COLUMNS; c += 16) {                                                                   \
                part_##suffix(dot + r * EF_TILE_COLUMNS + c, strip + r, sum + r, panel + c, words);                              \
            }                                                                                                                    \
        }                                                                                                                        \
    }

#define PREPARE
#define COLUMNS                         LOAD_256
#define MULTIPLY_256(into, column, row) __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(into) : "x"(column), "x"(row))
VERSION_256(avxvnni, "avx2", ROWS_6, 6)

#undef MULTIPLY_256
#define MULTIPLY_256(into, column, row) __asm__("vpdpbusd %2, %1, %0" : "+v"(into) : "v"(column), "v"(row))
VERSION_256(avx512vl, "avx2,avx512f,avx512vl,avx512vnni", ROWS_6, 6)

/* Without the instruction: vpmaddubsw multiplies bytes without sign with bytes that have one and adds two products, in 16 bits with saturation.
 * |row| * (column with the row's sign) is at most 127 * 127, two of them 32258: no saturation. */
#undef OFFSET
#undef PREPARE
#undef COLUMNS
#undef MULTIPLY_256
#undef STEP_256
#define OFFSET(r) 0
#define PREPARE                                                                                                                  \
    (void)sum;                                                                                                                   \
    const __m256i ones = _mm256_set1_epi16(1), signs = _mm256_set1_epi32((int)SIGNS);
#define COLUMNS(address) _mm256_xor_si256(LOAD_256(address), signs)
#define MULTIPLY_256(into, column, row)                                                                                          \
    into = _mm256_add_epi32(into, _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(column, row)), ones))
#define STEP_256(r)                                                                                                              \
    {                                                                                                                            \
        __m256i row = _mm256_set1_epi32((int)strip[w * EF_TILE_ROWS + (r)]), magnitude = _mm256_abs_epi8(row);                   \
        MULTIPLY_256(low##r, left, row);                                                                                         \
        MULTIPLY_256(high##r, right, row);                                                                                       \
    }
VERSION_256(avx2, "avx2", ROWS_3, 3)

static bool has_avx512vnni(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
}

static bool has_avx512vl(void)
{
    return __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}

/* gcc 12 knows no name for this one: leaf 7, subleaf 1, bit 4 of EAX.  That the registers are saved is what "avx2" has checked. */
static bool has_avxvnni(void)
{
    unsigned int a, b, c, d;
    return __builtin_cpu_supports("avx2") && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1) != 0;
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#endif

static const ef_int8_version versions[] = {
#if defined(__x86_64__)
    {"avx512vnni", has_avx512vnni, true, product_avx512vnni}, {"avxvnni", has_avxvnni, true, product_avxvnni},
    {"avx512vl", has_avx512vl, true, product_avx512vl},       {"avx2", has_avx2, true, product_avx2},
#endif
    {"plain", runs_everywhere, false, product_plain},
};

const ef_int8_version *ef_int8_versions(size_t *count)
{
    *count = sizeof versions / sizeof *versions;
    return versions;
}

const ef_int8_version *ef_int8_best(void)
{
    const ef_int8_version *version = versions;
    while (!version->runs_here()) {
        version++;
    }
    return version;
}
