/* plot_legend.h - the legend of a panel, which gnuplot calls its key. */
#ifndef EF_PLOT_PLOT_LEGEND_H
#define EF_PLOT_PLOT_LEGEND_H

#include <stdio.h>

#include "plot/plot_script.h"

/* "set key": where it stands. */
void ef_plot_write_key(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream);

/* Its lines, behind the curves of a plot command. */
void ef_plot_write_entries(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream);

#endif
