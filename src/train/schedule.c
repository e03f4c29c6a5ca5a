#include <math.h>

#include <eface/train.h>

#include "base/error.h"

static ef_status check_steps(const ef_schedule *schedule, ef_error *err)
{
    if (!(schedule->factor > 0 && isfinite(schedule->factor))) {
        return ef_fail(err, EF_INVALID, "a rate cannot be multiplied by %g", schedule->factor);
    }
    for (size_t k = 1; k < schedule->drops; k++) {
        if (schedule->drop_at[k] <= schedule->drop_at[k - 1]) {
            return ef_fail(err, EF_INVALID, "the rate drops at step %llu after step %llu: steps must ascend",
                           (unsigned long long)schedule->drop_at[k], (unsigned long long)schedule->drop_at[k - 1]);
        }
    }
    return EF_OK;
}

ef_status ef_schedule_check(const ef_schedule *schedule, ef_error *err)
{
    if (!(schedule->rate > 0 && isfinite(schedule->rate))) {
        return ef_fail(err, EF_INVALID, "a rate of %g is not positive", schedule->rate);
    }
    if (schedule->kind == EF_RATE_STEPS) {
        return check_steps(schedule, err);
    }
    if (schedule->kind != EF_RATE_COSINE) {
        return ef_fail(err, EF_INVALID, "there is no such schedule");
    }
    if (schedule->steps <= schedule->warm_up) {
        return ef_fail(err, EF_INVALID, "a warm-up of %llu steps in %llu steps never ends", (unsigned long long)schedule->warm_up,
                       (unsigned long long)schedule->steps);
    }
    if (!(schedule->last >= 0 && schedule->last <= schedule->rate)) {
        return ef_fail(err, EF_INVALID, "a last rate of %g is not between 0 and %g", schedule->last, schedule->rate);
    }
    return EF_OK;
}

double ef_schedule_rate(const ef_schedule *schedule, uint64_t step)
{
    static const double pi = 3.14159265358979323846;
    double rate = schedule->rate;
    if (step < schedule->warm_up) {
        return rate * ((double)step + 1) / (double)schedule->warm_up;
    }
    if (schedule->kind == EF_RATE_COSINE) {
        double done =
            step < schedule->steps ? (double)(step - schedule->warm_up) / (double)(schedule->steps - schedule->warm_up) : 1;
        return schedule->last + 0.5 * (rate - schedule->last) * (1 + cos(pi * done));
    }
    for (size_t k = 0; k < schedule->drops && step >= schedule->drop_at[k]; k++) {
        rate *= schedule->factor;
    }
    return rate;
}
