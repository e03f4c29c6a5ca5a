/* plot_parts.h - the makers of panels, one file each, and what they share. */
#ifndef EF_PLOT_PLOT_PARTS_H
#define EF_PLOT_PLOT_PARTS_H

#include <eface/interval.h>

#include "plot/plot_choice.h"

/* Each fills `panel`, which is zeroed, from the results of a group. */
void ef_plot_roc(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options);
void ef_plot_det(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options);
void ef_plot_cmc(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options);
void ef_plot_distractors(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options);

/* group->entries[index] alone, between the axes and with the FARs that all of the group's panels have. */
void ef_plot_histogram(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, size_t index,
                       const ef_plot_options *options);

/* One panel for all benchmarks. */
void ef_plot_bars(ef_plot *plot, ef_plot_panel *panel, const ef_plot_choice *choice, const ef_plot_options *options);

/* Whether intervals are drawn around `systems` curves. */
bool ef_plot_bands(const ef_plot_options *options, size_t systems);

/* The interval around series[line], a curve of shares of `trials`, as the result's own method has it: none when it names no method, or trials is 0. */
void ef_plot_band(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t line, uint64_t trials);

/* New marks on series[line], of which a single point, that draws no line, is the first; not further to the left than `edge`. */
ef_plot_series *ef_plot_mark(ef_plot *plot, ef_plot_panel *panel, size_t line, double edge);

/* The FAR that the legend of a group is about: options->at, else the lowest at which all have a TAR, of those where none rests on few false
 * matches if there are any; NAN when there is none. */
double ef_plot_common_far(const ef_plot_group *group, const ef_plot_options *options);

/* That of bars: the highest of those of the benchmarks. */
double ef_plot_far_of_bars(const ef_plot_choice *choice, const ef_plot_options *options);

/* "1e-4" for people: powers of ten by their exponents. */
char *ef_plot_power(ef_plot *plot, const char *before, double value);

/* The figure of a system in a legend. */
typedef struct ef_plot_figure {
    double share; /* NAN: none */
    bool lower_is_better;
    double at; /* the figure says that it is at this number; 0: it does not */
    bool few;  /* it rests on few false matches, and is marked: "97.12!" */
} ef_plot_figure;

/* A line of the legend for a system and its figure in per cent: "name  97.12", "name  97.12 at 1000". */
void ef_plot_enter_share(ef_plot *plot, ef_plot_panel *panel, ef_drawing drawing, size_t style, const char *name,
                         ef_plot_figure figure);

#endif
