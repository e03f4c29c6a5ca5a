/* interval.h - confidence intervals.
 * All assume independent trials; comparisons that share images are not quite that, so read them as lower bounds of the doubt.
 * Thread rule: safe from any thread.
 * Source: Wilson, JASA 22 (1927); Clopper and Pearson, Biometrika 26 (1934); Newcombe, Statistics in Medicine 17 (1998) 857-872 compares them. */
#ifndef EFACE_INTERVAL_H
#define EFACE_INTERVAL_H

#include <stdint.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A figure that is not known better than this. */
typedef struct ef_bounds {
    double least, most;
} ef_bounds;

typedef enum ef_interval_method { EF_WILSON, EF_CLOPPER_PEARSON } ef_interval_method;

typedef struct ef_interval {
    double low, high;
} ef_interval;

/* The two-sided interval for a proportion of `successes` in `trials` >= 1 (successes <= trials) at `confidence` in (0, 1), for instance 0.95.
 * At 0 and at `trials` successes the outer limit is exactly 0 or 1.  Clopper-Pearson takes a time of the order of sqrt(trials). */
EF_API ef_interval ef_interval_proportion(ef_interval_method method, uint64_t successes, uint64_t trials, double confidence);

/* The same for trials of which only `distinct` (at least 1, at most trials) are not others once more: that of `distinct` trials with the same share
 * of successes, which need not be a whole number of them.  When every trial stands there equally often it is exactly the interval of each once. */
EF_API ef_interval ef_interval_distinct(ef_interval_method method, uint64_t successes, uint64_t trials, uint64_t distinct,
                                        double confidence);

/* centre -+ z * standard_error, z from the normal distribution; and centre -+ t * standard_error, t from
 * Student's with `degrees` >= 1 degrees of freedom.  Limits are clipped to [0, 1]. */
EF_API ef_interval ef_interval_normal(double centre, double standard_error, double confidence);
EF_API ef_interval ef_interval_student(double centre, double standard_error, double degrees, double confidence);

/* "wilson", "clopper-pearson"; and back. */
EF_API const char *ef_interval_name(ef_interval_method method);
EF_API EF_MUST_USE ef_status ef_interval_parse(ef_interval_method *out, const char *text, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
