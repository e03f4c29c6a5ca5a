#include "score/highest.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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

/* From this many values on, digits are faster than comparisons. */
enum { MANY = 512, DIGITS = sizeof(uint64_t), VALUES = 256 };

/* Ascends where numbers descend; both zeros are one. */
static uint64_t key_of(double value)
{
    uint64_t bits;
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 != 0 ? bits : bits ^ UINT64_C(0x7fffffffffffffff);
}

static size_t digit_of(double value, size_t digit)
{
    return key_of(value) >> 8 * digit & (VALUES - 1);
}

/* Sorts by one digit after the other, the last first; `other` has room for as many. */
static void sort_digits(double *values, double *other, size_t count)
{
    size_t seen[DIGITS][VALUES] = {{0}};
    double *from = values, *to = other;
    for (size_t i = 0; i < count; i++) {
        uint64_t key = key_of(values[i]);
        for (size_t digit = 0; digit < DIGITS; digit++) {
            seen[digit][key >> 8 * digit & (VALUES - 1)]++;
        }
    }
    for (size_t digit = 0; digit < DIGITS; digit++) {
        size_t place[VALUES], before = 0;
        if (seen[digit][digit_of(from[0], digit)] == count) {
            continue; /* all have this one */
        }
        for (size_t value = 0; value < VALUES; value++) {
            place[value] = before;
            before += seen[digit][value];
        }
        for (size_t i = 0; i < count; i++) {
            to[place[digit_of(from[i], digit)]++] = from[i];
        }
        double *done = to;
        to = from;
        from = done;
    }
    if (from != values) {
        memcpy(values, from, count * sizeof *values);
    }
}

void ef_sort_descending(double *values, size_t count)
{
    double *other = count >= MANY ? ef_alloc(count, sizeof *other) : NULL;
    if (other != NULL) {
        sort_digits(values, other, count);
    } else {
        qsort(values, count, sizeof *values, compare_descending);
    }
    free(other);
}
