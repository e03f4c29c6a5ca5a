/* binomial_tail.h - probabilities of the binomial distribution, to full precision for any number of trials.
 *
 * GSL's incomplete beta function, and its inverse, stop converging at some hundred thousand trials; a face benchmark has millions. */
#ifndef EF_STATS_BINOMIAL_TAIL_H
#define EF_STATS_BINOMIAL_TAIL_H

/* P(X = k) of n trials, 0 < k < n, with success probability p and failure probability q = 1 - p.  Both are given: the
 * smaller one carries digits that 1 minus the other has lost. */
double ef_binomial_density(double k, double n, double p, double q);

/* P(X >= k) / P(X = k) for k >= n p, in O(sqrt(n)) time. */
double ef_binomial_tail_ratio(double k, double n, double p, double q);

#endif
