/* plot_choice.h - which results a plot shows: those that stand together in a panel, and the systems, which look alike in all panels. */
#ifndef EF_PLOT_PLOT_CHOICE_H
#define EF_PLOT_PLOT_CHOICE_H

#include "plot/plot.h"

/* The results of one benchmark and task, of different systems. */
typedef struct ef_plot_group {
    const ef_paper_entry **entries; /* count */
    size_t *style;                  /* of each entry's system */
    size_t count, capacity, style_capacity;
    uint64_t place; /* of the benchmark among others (benchmark.h) */
} ef_plot_group;

typedef struct ef_plot_choice {
    ef_plot_group *groups;
    size_t count, capacity;
    const char **systems; /* names, borrowed; a system's place is its style */
    size_t system_count, system_capacity;
} ef_plot_choice;

/* Chooses from the results what options->kind can show.  Results of other tasks are passed over.  Errors: as ef_plot_make() has them. */
EF_MUST_USE ef_status ef_plot_choose(ef_plot_choice *out, const ef_paper_entry *entries, size_t count,
                                     const ef_plot_options *options, ef_error *err);
void ef_plot_choice_free(ef_plot_choice *choice); /* an empty (zeroed) one is fine */

/* The measure of a figure that the plot shows, NULL where the result has none or it is undefined. */
const ef_measure *ef_plot_measure(const ef_stored_result *result, const ef_stored_metric *metric, const ef_plot_options *options);

#endif
