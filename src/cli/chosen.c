#include "cli/chosen.h"

#include <stdio.h>

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

unsigned chosen_tasks(ef_protocol *const *protocols, size_t count)
{
    unsigned tasks = 0;
    for (size_t i = 0; i < count; i++) {
        tasks |= protocols[i]->tasks;
    }
    return tasks;
}
