#include "evaluate/wanted.h"

#include "base/memory.h"

ef_wanted ef_wanted_of(const ef_protocol *protocol, const ef_evaluate_options *options)
{
    return options->metrics != NULL ? (ef_wanted){options->metrics, options->metric_count}
                                    : (ef_wanted){protocol->metrics, protocol->metric_count};
}

bool ef_wants_task(ef_wanted wanted, ef_task task)
{
    for (size_t i = 0; i < wanted.count; i++) {
        if (wanted.request[i].task == task) {
            return true;
        }
    }
    return false;
}

bool ef_wants_need(ef_wanted wanted, ef_task task, unsigned needs)
{
    for (size_t i = 0; i < wanted.count; i++) {
        if (wanted.request[i].task == task && (wanted.request[i].metric->needs & needs) != 0) {
            return true;
        }
    }
    return false;
}

double *ef_wanted_points(size_t *count, ef_wanted wanted, ef_task task)
{
    double *points = ef_alloc(wanted.count, sizeof *points);
    *count = 0;
    for (size_t i = 0; points != NULL && i < wanted.count; i++) {
        if (wanted.request[i].task == task && wanted.request[i].metric->parameter != NULL) {
            points[(*count)++] = wanted.request[i].point;
        }
    }
    return points;
}
