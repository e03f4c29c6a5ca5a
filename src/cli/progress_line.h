/* progress_line.h - the words of one line that tells how far work is: parts, in each of them stages, in each of them a share.  None of them ever
 * goes back: a stage that has been left is not shown again before the next part. */
#ifndef EF_CLI_PROGRESS_LINE_H
#define EF_CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_TEXT = 160, PROGRESS_STAGES = 16 };

/* Begins empty, all zero. */
typedef struct progress_line {
    const char *name; /* of the part; borrowed */
    size_t part, parts;
    const char *stage[PROGRESS_STAGES]; /* those of this part so far, the last being shown; borrowed */
    size_t stages;
    double share;
} progress_line;

/* Begins part `part`, from 1 on, of `parts`; `name` must outlive it. */
void progress_line_part(progress_line *line, const char *name, size_t part, size_t parts);

/* Writes "lfw (1 of 6): scoring pairs  40 %", the first words only when there are several parts; false when nothing is to be shown. */
bool progress_line_report(progress_line *line, char text[PROGRESS_TEXT], const char *stage, uint64_t done, uint64_t total);

#endif
