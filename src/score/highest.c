#include "score/highest.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* Of three numbers picked at random places, the middle one: no order of the values is slow as a rule. */
static double pivot(const double *values, size_t count, uint64_t *state)
{
    double three[3];
    for (size_t i = 0; i < 3; i++) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        three[i] = values[(*state >> 33) % count];
    }
    double low = three[0] < three[1] ? three[0] : three[1], high = three[0] < three[1] ? three[1] : three[0];
    return three[2] < low ? low : three[2] > high ? high : three[2];
}

/* Values above the pivot first, then those equal to it, then those below. */
double ef_highest_first(double *values, size_t count, size_t k)
{
    uint64_t state = count;
    for (;;) {
        assert(k >= 1 && k <= count);
        double middle = pivot(values, count, &state);
        size_t above = 0, next = 0, below = count;
        while (next < below) {
            if (values[next] > middle) {
                swap(&values[next++], &values[above++]);
            } else if (values[next] < middle) {
                swap(&values[next], &values[--below]);
            } else {
                next++;
            }
        }
        if (k > above && k <= below) {
            return middle;
        }
        if (k <= above) {
            count = above;
        } else {
            values += below;
            count -= below;
            k -= below;
        }
    }
}

static int compare_descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

void ef_sort_descending(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_descending);
}
