#include "score/halves.h"

#include <math.h>
#include <string.h>

#include "linalg/dot.h"
#include "linalg/normalise.h"

#define LEAST_SAME    0.5  /* what the halves of one vector must have at least, with the mean vector and without, */
#define LEAST_LEAD    0.02 /* and by how much more than those of strangers; */
#define SIGMAS        5.0  /* and how many times what unrelated halves have by chance */
#define LEAST_VECTORS 4

/* Mean cosines of halves of unit length, and the sum of the squares of all cosines of vectors. */
typedef struct cosines {
    double same, strangers, squares;
} cosines;

/* Scales all halves to unit length and moves the vectors without a half of length zero to the front.  Returns their number. */
static size_t scale(double *vectors, size_t count, size_t half)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        double *to = vectors + kept * 2 * half;
        memmove(to, vectors + i * 2 * half, 2 * half * sizeof *to);
        bool good = ef_normalise(to, to, half) > 0.0;
        good = ef_normalise(to + half, to + half, half) > 0.0 && good;
        kept += good;
    }
    return kept;
}

/* Subtracts the mean vector, and scales all halves to unit length again.  What is zero then stays zero: it counts as not alike. */
static void centre(double *vectors, size_t count, size_t half)
{
    for (size_t k = 0; k < 2 * half; k++) {
        double mean = 0;
        for (size_t i = 0; i < count; i++) {
            mean += vectors[i * 2 * half + k] / (double)count;
        }
        for (size_t i = 0; i < count; i++) {
            vectors[i * 2 * half + k] -= mean;
        }
    }
    for (size_t i = 0; i < 2 * count; i++) {
        ef_normalise(vectors + i * half, vectors + i * half, half);
    }
}

static cosines measure(const double *vectors, size_t count, size_t half)
{
    cosines sum = {0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        const double *a = vectors + i * 2 * half;
        for (size_t j = 0; j < count; j++) {
            const double *b = vectors + j * 2 * half;
            double whole = ef_dot(a, b, 2 * half) / 2;
            *(i == j ? &sum.same : &sum.strangers) += ef_dot(a, b + half, half);
            sum.squares += whole * whole;
        }
    }
    sum.same /= (double)count;
    sum.strangers /= (double)count * ((double)count - 1);
    return sum;
}

ef_halves ef_halves_compare(double *vectors, size_t count, size_t columns)
{
    size_t half = columns / 2;
    ef_halves found = {0, 0, false};
    if (columns % 2 != 0 || half == 0) {
        return found;
    }
    size_t kept = scale(vectors, count, half);
    if (kept < LEAST_VECTORS) {
        return found;
    }
    cosines raw = measure(vectors, kept, half);
    found.same = raw.same;
    found.strangers = raw.strangers;
    /* Features may have a direction in common, so that strangers are alike as well: without it the halves must still be. */
    centre(vectors, kept, half);
    cosines centred = measure(vectors, kept, half);
    /* Vectors that resemble each other are one finding: of n that fall into m groups the squares of all cosines add up to n * n / m. */
    double chance = sqrt(centred.squares / (double)half) / (double)kept;
    found.alike = raw.same > LEAST_SAME && raw.same - raw.strangers > LEAST_LEAD && 1 - raw.same < (1 - raw.strangers) / 2 &&
                  centred.same > LEAST_SAME && centred.same > SIGMAS * chance;
    return found;
}
