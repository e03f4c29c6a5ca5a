/* highest.h - the k highest of many numbers.
 * Thread rule: safe from any thread. */
#ifndef EF_SCORE_HIGHEST_H
#define EF_SCORE_HIGHEST_H

#include <stddef.h>

/* Reorders values[count] so that the k highest come first, in no order, and returns the lowest of these.  k is from 1 to count.  The time is linear, however
 * many are equal. */
double ef_highest_first(double *values, size_t count, size_t k);

/* Sorts in descending order. */
void ef_sort_descending(double *values, size_t count);

#endif
