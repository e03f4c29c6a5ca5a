#include "cli/chosen.h"

#include <stdbool.h>
#include <stdio.h>

#include <eface/metric.h>

const char *chosen_names(char text[CHOSEN_NAMES], ef_protocol *const *protocols, size_t count)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && length < CHOSEN_NAMES; i++) {
        const char *before = i == 0 ? "" : i + 1 < count ? ", " : " and ";
        length += (size_t)snprintf(text + length, CHOSEN_NAMES - length, "%s%s", before, protocols[i]->name);
    }
    return text;
}

const char *chosen_metrics(char text[CHOSEN_METRICS], unsigned tasks)
{
    size_t length = 0;
    const char *last = NULL; /* so far: it is known only later whether another one follows */
    text[0] = '\0';
    for (size_t i = 0; i <= ef_metric_count() && length < CHOSEN_METRICS; i++) {
        bool end = i == ef_metric_count();
        if (!end && (ef_metric_at(i)->tasks & tasks) == 0) {
            continue;
        }
        if (last != NULL) {
            const char *before = length == 0 ? "" : end ? " and " : ", ";
            length += (size_t)snprintf(text + length, CHOSEN_METRICS - length, "%s%s", before, last);
        }
        last = end ? last : ef_metric_at(i)->name;
    }
    return text;
}

unsigned chosen_tasks(ef_protocol *const *protocols, size_t count)
{
    unsigned tasks = 0;
    for (size_t i = 0; i < count; i++) {
        tasks |= protocols[i]->tasks;
    }
    return tasks;
}
