/* What this machine can do: single-precision products through CBLAS, and reading memory.  Best of several runs. */
#include <cblas.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIZE = 2048, RUNS = 7, WORDS = 1 << 25 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double gflops(void)
{
    const size_t count = (size_t)SIZE * SIZE;
    float *a = malloc(count * sizeof *a), *b = malloc(count * sizeof *b), *c = malloc(count * sizeof *c);
    double best = 0;
    if (a != NULL && b != NULL && c != NULL) {
        for (size_t i = 0; i < count; i++) {
            a[i] = (float)(i % 7) - 3;
            b[i] = (float)(i % 5) - 2;
            c[i] = 0;
        }
        for (int run = 0; run < RUNS; run++) {
            double start = now();
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, SIZE, SIZE, SIZE, 1, a, SIZE, b, SIZE, 0, c, SIZE);
            double rate = 2e-9 * SIZE * SIZE * SIZE / (now() - start);
            best = rate > best ? rate : best;
        }
    }
    free(a);
    free(b);
    free(c);
    return best;
}

static double gigabytes_per_second(void)
{
    uint64_t *words = malloc(WORDS * sizeof *words);
    double best = 0;
    if (words != NULL) {
        for (size_t i = 0; i < WORDS; i++) {
            words[i] = i;
        }
        for (int run = 0; run < RUNS; run++) {
            double start = now();
            /* Several sums, so that the loop waits for memory and not for its own additions. */
            uint64_t sum[8] = {0};
            for (size_t i = 0; i < WORDS; i += 8) {
                for (size_t k = 0; k < 8; k++) {
                    sum[k] += words[i + k];
                }
            }
            volatile uint64_t used = sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
            (void)used;
            double rate = 1e-9 * WORDS * sizeof *words / (now() - start);
            best = rate > best ? rate : best;
        }
    }
    free(words);
    return best;
}

int main(void)
{
    printf("%.1f GFLOP/s (SGEMM %d^3)\n", gflops(), SIZE);
    printf("%.1f GB/s (reading memory, one thread)\n", gigabytes_per_second());
    return EXIT_SUCCESS;
}
