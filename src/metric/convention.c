#include <eface/metric.h>
#include <eface/task.h>

#include "base/nearest.h"

static const char *const names[EF_CONVENTION_COUNT] = {
    [EF_ISO] = "iso",
    [EF_INSIGHTFACE] = "insightface",
    [EF_INSIGHTFACE_UNION] = "insightface-union",
    [EF_MEGAFACE_DEVKIT] = "megaface-devkit",
};

/* Whether any of some tasks has figures under it. */
static bool any_has(unsigned tasks, ef_convention convention)
{
    bool has = false;
    const ef_task_about *about;
    for (size_t i = 0; (about = ef_task_at(i)) != NULL; i++) {
        has = has || (((unsigned)about->task & tasks) != 0 && (about->conventions >> convention & 1U) != 0);
    }
    return has;
}

bool ef_task_has(ef_task task, ef_convention convention)
{
    return any_has((unsigned)task, convention);
}

bool ef_metric_has(const ef_metric *metric, ef_convention convention)
{
    return any_has(metric->tasks, convention);
}

ef_convention ef_task_other(ef_task task, ef_convention convention)
{
    return convention == EF_ISO ? ef_task_of((unsigned)task)->against : EF_ISO;
}

const char *ef_convention_name(ef_convention convention)
{
    return names[convention];
}

ef_status ef_convention_parse(ef_convention *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (size_t i = 0; i < EF_CONVENTION_COUNT; i++) {
        if (ef_same_name(text, names[i])) {
            *out = (ef_convention)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, names[i]);
    }
    return ef_fail_unknown(err, "convention", text, &nearest);
}
