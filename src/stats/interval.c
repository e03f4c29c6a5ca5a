#include <eface/interval.h>

#include <assert.h>
#include <stdbool.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/error.h"
#include "base/nearest.h"
#include "stats/binomial_tail.h"

static const char *const names[] = {[EF_WILSON] = "wilson", [EF_CLOPPER_PEARSON] = "clopper-pearson"};

/* The lower limit is the smaller root of (n + z^2) p^2 - (2k + z^2) p + k^2/n = 0.  It is taken from the larger
 * one and their product, because the difference of the usual formula has few digits left when k is small. */
static double wilson_low(double k, double n, double z)
{
    if (k == 0) {
        return 0;
    }
    double larger = 2 * k + z * z + z * sqrt(z * z + 4 * k * ((n - k) / n));
    return 2 * k * (k / n) / larger;
}

static double wilson_high(double k, double n, double z)
{
    if (k == n) {
        return 1;
    }
    double larger = 2 * k + z * z + z * sqrt(z * z + 4 * k * ((n - k) / n));
    return fmin(larger / (2 * (n + z * z)), 1);
}

/* The p at which k or more successes (or, `upward`, k or fewer) have probability `tail`: Newton on the logarithm of that
 * probability, kept inside a bracket that each step narrows. */
static double clopper_pearson_limit(double k, double n, double tail, bool upward, double start)
{
    double low = upward ? k / n : 0, high = upward ? 1 : k / n, p = start;
    for (int step = 0; step < 200; step++) {
        if (!(p > low && p < high)) {
            p = low + (high - low) / 2;
        }
        double q = 1 - p;
        double ratio = upward ? ef_binomial_tail_ratio(n - k, n, q, p) : ef_binomial_tail_ratio(k, n, p, q);
        double excess = log(ef_binomial_density(k, n, p, q) * ratio / tail);
        double slope = upward ? -(n - k) / (q * ratio) : k / (p * ratio);
        if ((excess > 0) == upward) {
            low = p;
        } else {
            high = p;
        }
        double next = p - excess / slope;
        if (fabs(next - p) <= 1e-15 * p) {
            return next;
        }
        p = next;
    }
    return p;
}

/* Whether the sum of the tail ends beside what the beta distribution has between whole numbers: where a few of a kind are no whole number. */
static bool is_between(double k, double n)
{
    return k != floor(k) && fmin(k, n - k) < 100;
}

/* The same by the beta distribution, in which the limits go on between whole numbers.  By halving, since GSL does not find all of its
 * quantiles. */
static double beta_limit(double k, double n, double tail, bool upward)
{
    double low = 0, high = 1;
    for (int step = 0; step < 1100 && high - low > 1e-16 * high; step++) {
        double p = low + (high - low) / 2;
        bool above = upward ? gsl_cdf_beta_Q(p, k + 1, n - k) > tail : gsl_cdf_beta_P(p, k, n - k + 1) < tail;
        if (p == low || p == high) {
            break;
        }
        if (above) {
            low = p;
        } else {
            high = p;
        }
    }
    return upward ? high : low;
}

static double clopper_pearson_low(double k, double n, double tail, double start)
{
    if (k == 0) {
        return 0;
    }
    if (is_between(k, n)) {
        return beta_limit(k, n, tail, false);
    }
    return k == n ? exp(log(tail) / n) : clopper_pearson_limit(k, n, tail, false, start);
}

static double clopper_pearson_high(double k, double n, double tail, double start)
{
    if (k == n) {
        return 1;
    }
    if (is_between(k, n)) {
        return beta_limit(k, n, tail, true);
    }
    return k == 0 ? -expm1(log(tail) / n) : clopper_pearson_limit(k, n, tail, true, start);
}

ef_interval ef_interval_distinct(ef_interval_method method, uint64_t successes, uint64_t trials, uint64_t distinct,
                                 double confidence)
{
    assert(trials >= 1 && successes <= trials && distinct >= 1 && distinct <= trials && confidence > 0 && confidence < 1);
    double n = (double)distinct, tail = (1 - confidence) / 2;
    double k = successes == trials ? n : (double)successes * n / (double)trials;
    double z = gsl_cdf_ugaussian_Qinv(tail);
    ef_interval wilson = {wilson_low(k, n, z), wilson_high(k, n, z)};
    if (method == EF_WILSON) {
        return wilson;
    }
    return (ef_interval){clopper_pearson_low(k, n, tail, wilson.low), clopper_pearson_high(k, n, tail, wilson.high)};
}

ef_interval ef_interval_proportion(ef_interval_method method, uint64_t successes, uint64_t trials, double confidence)
{
    return ef_interval_distinct(method, successes, trials, trials, confidence);
}

static ef_interval around(double centre, double half_width)
{
    return (ef_interval){fmax(centre - half_width, 0), fmin(centre + half_width, 1)};
}

ef_interval ef_interval_normal(double centre, double standard_error, double confidence)
{
    assert(confidence > 0 && confidence < 1);
    return around(centre, gsl_cdf_ugaussian_Qinv((1 - confidence) / 2) * standard_error);
}

ef_interval ef_interval_student(double centre, double standard_error, double degrees, double confidence)
{
    assert(degrees >= 1 && confidence > 0 && confidence < 1);
    return around(centre, gsl_cdf_tdist_Qinv((1 - confidence) / 2, degrees) * standard_error);
}

const char *ef_interval_name(ef_interval_method method)
{
    return names[method];
}

ef_status ef_interval_parse(ef_interval_method *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (ef_interval_method)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, names[i]);
    }
    return ef_fail_unknown(err, "interval", text, &nearest);
}
