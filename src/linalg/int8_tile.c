#include "linalg/int8_tile.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#define WORD   4
#define WIDE   128 /* offset that makes all codes from -127 to 127 positive */
#define NARROW 90  /* see product_avx2() */

size_t ef_int8_words(size_t n)
{
    return (n + WORD - 1) / WORD;
}

size_t ef_int8_starts(const ef_int8_version *kernel, size_t words)
{
    size_t run = kernel->range.run;
    return EF_TILE_ROWS * (run > 0 ? (words + run - 1) / run : 1);
}

/* Adds `number` to each byte of a word, modulo 256. */
static uint32_t add_to_bytes(uint32_t word, uint8_t number)
{
    const uint32_t tops = UINT32_C(0x80808080), all = UINT32_C(0x01010101) * number;
    return ((word & ~tops) + (all & ~tops)) ^ ((word ^ all) & tops);
}

void ef_int8_panel_put(const ef_int8_version *kernel, uint32_t *panel, size_t c, const int8_t *code, size_t n)
{
    size_t whole = n / WORD;
    uint32_t word;
    for (size_t w = 0; w < whole; w++) {
        memcpy(&word, code + w * WORD, WORD);
        panel[w * EF_TILE_COLUMNS + c] = add_to_bytes(word, kernel->offset);
    }
    if (n % WORD != 0) {
        word = 0;
        memcpy(&word, code + whole * WORD, n % WORD);
        panel[whole * EF_TILE_COLUMNS + c] = add_to_bytes(word, kernel->offset);
    }
}

void ef_int8_panel_clear(const ef_int8_version *kernel, uint32_t *panel, size_t c, size_t n)
{
    for (size_t w = 0; w < ef_int8_words(n); w++) {
        panel[w * EF_TILE_COLUMNS + c] = add_to_bytes(0, kernel->offset);
    }
}

/* What sums over `count` words of a row begin with, to end with the products of the codes: one sum in 32 bits, or one of places 0 and 1 of the words and one of
 * places 2 and 3, in 16 bits each. */
static int32_t start_of(const ef_int8_version *kernel, const uint32_t *strip, size_t count)
{
    int32_t sum[2] = {0, 0}, start;
    for (size_t w = 0; w < count; w++) {
        int8_t code[WORD];
        memcpy(code, strip + w * EF_TILE_ROWS, WORD);
        sum[0] += code[0] + code[1];
        sum[1] += code[2] + code[3];
    }
    if (kernel->range.run == 0) {
        return -kernel->offset * (sum[0] + sum[1]);
    }
    const uint16_t halves[2] = {(uint16_t)(-kernel->offset * sum[0]), (uint16_t)(-kernel->offset * sum[1])};
    memcpy(&start, halves, sizeof start);
    return start;
}

void ef_int8_strip_take(const ef_int8_version *kernel, uint32_t *strip, int32_t *starts, const uint32_t *panels, size_t first,
                        size_t count, size_t words)
{
    const uint8_t back = (uint8_t)(256 - kernel->offset);
    size_t run = kernel->range.run > 0 ? kernel->range.run : words;
    for (size_t r = 0; r < EF_TILE_ROWS; r++) {
        size_t column = first + r;
        const uint32_t *from = panels + column / EF_TILE_COLUMNS * EF_TILE_COLUMNS * words + column % EF_TILE_COLUMNS;
        for (size_t w = 0; w < words; w++) {
            strip[w * EF_TILE_ROWS + r] = r < count ? add_to_bytes(from[w * EF_TILE_COLUMNS], back) : 0;
        }
        for (size_t w = 0; w < words; w += run) {
            starts[w / run * EF_TILE_ROWS + r] =
                start_of(kernel, strip + w * EF_TILE_ROWS + r, words - w < run ? words - w : run);
        }
    }
}

static bool runs_everywhere(void)
{
    return true;
}

static void product_plain(int32_t *dot, const uint32_t *strip, const int32_t *starts, const uint32_t *panel, size_t words)
{
    (void)starts;
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
                    part += row[r][b] * (column[c][b] - WIDE);
                }
                dot[r * EF_TILE_COLUMNS + c] += part;
            }
        }
    }
}

#if defined(__x86_64__)
#define ROWS_6(DO)  DO(0) DO(1) DO(2) DO(3) DO(4) DO(5)
#define ROWS_12(DO) ROWS_6(DO) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

/* The instruction as text: gcc 12 keeps the sums of the intrinsic in memory, at half the speed. */
#define MULTIPLY_512(into, column, row) __asm__("vpdpbusd %2, %1, %0" : "+v"(into) : "v"(column), "v"(row))

#define BEGIN_512(r) __m512i low##r = _mm512_set1_epi32(starts[r]), high##r = low##r;
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
product_avx512vnni(int32_t *dot, const uint32_t *strip, const int32_t *starts, const uint32_t *panel, size_t words)
{
    ROWS_12(BEGIN_512)
    for (size_t w = 0; w < words; w++, strip += EF_TILE_ROWS, panel += EF_TILE_COLUMNS) {
        __m512i left = _mm512_load_si512(panel), right = _mm512_load_si512(panel + 16);
        ROWS_12(STEP_512)
    }
    ROWS_12(END_512)
    _mm256_zeroupper();
}

/* Registers of 32 bytes: 16 of them hold the sums of 6 rows and 16 columns, so a tile takes two times two parts.  `form` is how the
 * instruction is encoded: the older processors have it only with AVX-512, some newer ones only without. */
#define BEGIN_256(r) __m256i low##r = _mm256_set1_epi32(starts[r]), high##r = low##r;
#define STEP_256(r)                                                                                                              \
    {                                                                                                                            \
        __m256i row = _mm256_set1_epi32((int)strip[r]);                                                                          \
        MULTIPLY_256(low##r, left, row);                                                                                         \
        MULTIPLY_256(high##r, right, row);                                                                                       \
    }
#define END_256(r)                                                                                                               \
    _mm256_store_si256((__m256i *)(void *)(dot + (r)*EF_TILE_COLUMNS), low##r);                                                  \
    _mm256_store_si256((__m256i *)(void *)(dot + (r)*EF_TILE_COLUMNS + 8), high##r);
#define LOAD_256(address) _mm256_load_si256((const __m256i *)(const void *)(address))

/* A tile in parts of 6 rows and 16 columns. */
#define TILE_256(suffix)                                                                                                         \
    static void product_##suffix(int32_t *dot, const uint32_t *strip, const int32_t *starts, const uint32_t *panel,              \
                                 size_t words)                                                                                   \
    {                                                                                                                            \
        for (size_t r = 0; r < EF_TILE_ROWS; r += 6) {                                                                           \
            for (size_t c = 0; c < EF_TILE_COLUMNS; c += 16) {                                                                   \
                part_##suffix(dot + r * EF_TILE_COLUMNS + c, strip + r, starts + r, panel + c, words);                           \
            }                                                                                                                    \
        }                                                                                                                        \
    }

#define VERSION_256(suffix, features)                                                                                            \
    __attribute__((target(features))) static void part_##suffix(int32_t *dot, const uint32_t *strip, const int32_t *starts,      \
                                                                const uint32_t *panel, size_t words)                             \
    {                                                                                                                            \
        ROWS_6(BEGIN_256)                                                                                                        \
        for (size_t w = 0; w < words; w++, strip += EF_TILE_ROWS, panel += EF_TILE_COLUMNS) {                                    \
            __m256i left = LOAD_256(panel), right = LOAD_256(panel + 8);                                                         \
            ROWS_6(STEP_256)                                                                                                     \
        }                                                                                                                        \
        ROWS_6(END_256)                                                                                                          \
        _mm256_zeroupper();                                                                                                      \
    }                                                                                                                            \
    TILE_256(suffix)

#define MULTIPLY_256(into, column, row) __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(into) : "x"(column), "x"(row))
VERSION_256(avxvnni, "avx2")

#undef MULTIPLY_256
#define MULTIPLY_256(into, column, row) __asm__("vpdpbusd %2, %1, %0" : "+v"(into) : "v"(column), "v"(row))
VERSION_256(avx512vl, "avx2,avx512f,avx512vl,avx512vnni")

/* Without that instruction: vpmaddubsw multiplies bytes without sign, of columns, with signed bytes, of rows, and adds two products in 16 bits.  It saturates, but with
 * codes from -90 to 90 and bytes from 0 to 180 two products are at most 2 * 180 * 90 = 32400.  Sums of a run of words stay in 16 bits too: they are added
 * modulo 2^16, and at the end are the products of two times 2 * RUN codes, which Cauchy and Schwarz hold to 181 * 181 = 32761 since the codes of each have at most a
 * length of 181 (ef_code_range).  So they are exact, and only once in a run are they widened and added up in 32 bits. */
enum { RUN = 32 };
#define RUN_LENGTH 181.0

/* One piece for each row, with the registers told: the compiler would multiply all rows first and keep their sums in memory. */
#define STEP_16(r)                                                                                                               \
    {                                                                                                                            \
        __m256i row, two;                                                                                                        \
        __asm__("vpbroadcastd %6, %2\n\t"                                                                                        \
                "vpmaddubsw %2, %4, %3\n\t"                                                                                      \
                "vpmaddubsw %2, %5, %2\n\t"                                                                                      \
                "vpaddw %3, %0, %0\n\t"                                                                                          \
                "vpaddw %2, %1, %1"                                                                                              \
                : "+x"(low##r), "+x"(high##r), "=&x"(row), "=&x"(two)                                                            \
                : "x"(left), "x"(right), "m"(strip[r]));                                                                         \
    }
#define WIDEN(address, sums)                                                                                                     \
    __asm__("vpmaddwd %2, %1, %1\n\t"                                                                                            \
            "vpaddd %0, %1, %1\n\t"                                                                                              \
            "vmovdqa %1, %0"                                                                                                     \
            : "+m"(*(__m256i *)(void *)(address)), "+x"(sums)                                                                    \
            : "x"(ones));
#define END_16(r)                                                                                                                \
    WIDEN(dot + (r)*EF_TILE_COLUMNS, low##r)                                                                                     \
    WIDEN(dot + (r)*EF_TILE_COLUMNS + 8, high##r)

__attribute__((target("avx2"))) static void part_avx2(int32_t *dot, const uint32_t *strip, const int32_t *starts,
                                                      const uint32_t *panel, size_t words)
{
    for (size_t r = 0; r < 6; r++) {
        memset(dot + r * EF_TILE_COLUMNS, 0, 16 * sizeof *dot);
    }
    for (size_t begin = 0; begin < words; begin += RUN, starts += EF_TILE_ROWS) {
        ROWS_6(BEGIN_256)
        size_t count = words - begin < RUN ? words - begin : RUN;
        for (size_t w = 0; w < count; w++, strip += EF_TILE_ROWS, panel += EF_TILE_COLUMNS) {
            __m256i left = LOAD_256(panel), right = LOAD_256(panel + 8);
            ROWS_6(STEP_16)
        }
        const __m256i ones = _mm256_set1_epi16(1);
        ROWS_6(END_16)
    }
    _mm256_zeroupper();
}
TILE_256(avx2)

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

#define WHOLE                                                                                                                    \
    {                                                                                                                            \
        127, 0, 0                                                                                                                \
    }

static const ef_int8_version versions[] = {
#if defined(__x86_64__)
    {"avx512vnni", has_avx512vnni, 8, WIDE, WHOLE, product_avx512vnni},
    {"avxvnni", has_avxvnni, 4.4, WIDE, WHOLE, product_avxvnni},
    {"avx512vl", has_avx512vl, 4.4, WIDE, WHOLE, product_avx512vl},
    {"avx2", has_avx2, 3.6, NARROW, {NARROW, RUN, RUN_LENGTH}, product_avx2},
#endif
    {"plain", runs_everywhere, 0.04, WIDE, WHOLE, product_plain},
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
