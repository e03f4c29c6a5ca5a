/* sum.h - adding many numbers without losing digits, whatever their order.
 * Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974). */
#ifndef EF_STATS_SUM_H
#define EF_STATS_SUM_H

#include <math.h>

/* Begins as {0, 0}. */
typedef struct ef_sum {
    double rounded, lost; /* the sum in one double, and what rounding has taken from it */
} ef_sum;

static inline void ef_sum_add(ef_sum *sum, double value)
{
    double total = sum->rounded + value;
    if (fabs(sum->rounded) >= fabs(value)) {
        sum->lost += (sum->rounded - total) + value;
    } else {
        sum->lost += (value - total) + sum->rounded;
    }
    sum->rounded = total;
}

static inline double ef_sum_total(ef_sum sum)
{
    return sum.rounded + sum.lost;
}

#endif
