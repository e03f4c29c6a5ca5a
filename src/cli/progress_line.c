#include "cli/progress_line.h"

#include <stdio.h>
#include <string.h>

void progress_line_part(progress_line *line, const char *name, size_t part, size_t parts)
{
    *line = (progress_line){.name = name, .part = part, .parts = parts};
}

/* Whether the stage is the one on show, or a new one that is from now on. */
static bool enter(progress_line *line, const char *stage)
{
    for (size_t i = 0; i < line->stages; i++) {
        if (strcmp(line->stage[i], stage) == 0) {
            return i + 1 == line->stages;
        }
    }
    if (line->stages == PROGRESS_STAGES) {
        return false;
    }
    line->stage[line->stages++] = stage;
    line->share = 0;
    return true;
}

bool progress_line_report(progress_line *line, char text[PROGRESS_TEXT], const char *stage, uint64_t done, uint64_t total)
{
    double share = total > 0 && done < total ? (double)done / (double)total : 1;
    if (!enter(line, stage) || share < line->share) {
        return false;
    }
    line->share = share;
    char part[PROGRESS_TEXT] = "";
    if (line->parts > 1) {
        snprintf(part, sizeof part, "%.60s (%zu of %zu): ", line->name, line->part, line->parts);
    }
    snprintf(text, PROGRESS_TEXT, "%s%s %3d %%", part, stage, (int)(100 * share)); /* 100 at the very end only */
    return true;
}
