#include <eface/metric.h>

#include "base/nearest.h"

static const char *const names[EF_CONVENTION_COUNT] = {
    [EF_ISO] = "iso",
    [EF_INSIGHTFACE] = "insightface",
    [EF_INSIGHTFACE_UNION] = "insightface-union",
    [EF_MEGAFACE_DEVKIT] = "megaface-devkit",
};

/* The tasks that each has figures of. */
static const unsigned tasks[EF_CONVENTION_COUNT] = {
    [EF_ISO] = EF_ALL_TASKS,
    [EF_INSIGHTFACE] = EF_VERIFY_PAIRS | EF_SCORES_TASK | EF_VERIFY_TEMPLATES | EF_IDENTIFY,
    [EF_INSIGHTFACE_UNION] = EF_IDENTIFY,
    [EF_MEGAFACE_DEVKIT] = EF_VERIFY_DISTRACTORS | EF_IDENTIFY_DISTRACTORS,
};

bool ef_task_has(ef_task task, ef_convention convention)
{
    return (tasks[convention] & (unsigned)task) != 0;
}

bool ef_metric_has(const ef_metric *metric, ef_convention convention)
{
    return (tasks[convention] & metric->tasks) != 0;
}

ef_convention ef_task_other(ef_task task, ef_convention convention)
{
    static const ef_convention public_programs[] = {EF_INSIGHTFACE, EF_MEGAFACE_DEVKIT};
    for (size_t i = 0; convention == EF_ISO && i < sizeof public_programs / sizeof *public_programs; i++) {
        if (ef_task_has(task, public_programs[i])) {
            return public_programs[i];
        }
    }
    return EF_ISO;
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
