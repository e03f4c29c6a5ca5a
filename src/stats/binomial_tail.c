/* The density is Loader's saddle-point form: the three Stirling corrections and two deviances are all small numbers, where the
 * logarithms of factorials would be large ones that cancel.
 * Source: Loader, "Fast and accurate computation of binomial probabilities" (2000). */
#include "stats/binomial_tail.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* log(n!) - log(sqrt(2 pi n) (n / e)^n), for an integer n >= 1. */
static double stirling_correction(double n)
{
    if (n < 16) {
        return log(tgamma(n + 1)) - (n + 0.5) * log(n) + n - 0.5 * log(2 * pi);
    }
    double square = n * n;
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / (1188 * square)) / square) / square) / square) / n;
}

/* x log(x / mean) + mean - x, which is 0 at x = mean and flat there: a series in v = (x - mean) / (x + mean) keeps its digits. */
static double deviance(double x, double mean)
{
    double difference = x - mean, v = difference / (x + mean);
    if (fabs(v) >= 0.1) {
        return x * log(x / mean) + mean - x;
    }
    double sum = difference * v, term = 2 * x * v;
    for (int j = 1;; j++) {
        term *= v * v;
        double next = sum + term / (2 * j + 1);
        if (next == sum) {
            return sum;
        }
        sum = next;
    }
}

double ef_binomial_density(double k, double n, double p, double q)
{
    double exponent = stirling_correction(n) - stirling_correction(k) - stirling_correction(n - k) - deviance(k, n * p) -
                      deviance(n - k, n * q);
    return sqrt(n / (2 * pi * k * (n - k))) * exp(exponent);
}

double ef_binomial_tail_ratio(double k, double n, double p, double q)
{
    double sum = 1, term = 1;
    for (double j = k; j < n && term > 1e-17 * sum; j++) {
        term *= (n - j) / (j + 1) * (p / q);
        sum += term;
    }
    return sum;
}
