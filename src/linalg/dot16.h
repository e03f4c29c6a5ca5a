/* dot16.h - products of two vectors of 16-bit codes.
 * Thread rule: safe from any thread. */
#ifndef EF_LINALG_DOT16_H
#define EF_LINALG_DOT16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The sum of a[k] b[k] over n elements from -32767 to 32767, exact where the lengths of both, as vectors, are below sqrt(2^31): no sum of some of the products
 * exceeds 32 bits then. */
int32_t ef_dot16(const int16_t *a, const int16_t *b, size_t n);

/* The code paths behind it, widest first; for tests: all give the same. */
typedef struct ef_dot16_version {
    const char *name;
    bool (*runs_here)(void);
    int32_t (*dot)(const int16_t *a, const int16_t *b, size_t n);
} ef_dot16_version;

const ef_dot16_version *ef_dot16_versions(size_t *count);

#endif
