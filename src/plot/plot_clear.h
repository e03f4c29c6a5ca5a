/* plot_clear.h - whether a part of a panel is free of what is drawn in it, so that the legend may stand there; and what is seen at all. */
#ifndef EF_PLOT_PLOT_CLEAR_H
#define EF_PLOT_PLOT_CLEAR_H

#include "plot/plot.h"

/* A part of the area between the axes, in shares of its width and height from the lower left corner. */
typedef struct ef_plot_box {
    double left, right, bottom, top;
} ef_plot_box;

/* Whether no curve, band, bar, mark or rule of the panel touches the box. */
bool ef_plot_clear(const ef_plot_panel *panel, const ef_plot_box *box);

/* Whether anything of a series is between the axes. */
bool ef_plot_seen(const ef_plot_panel *panel, const ef_plot_series *series);

#endif
