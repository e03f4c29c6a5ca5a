/* plot_frame.h - where the parts of a plot stand: its panels, the area between the axes of each, and the legends.
 *
 * Widths of texts are estimates for a wide font, since which font there is only gnuplot will find out: nothing runs over, whatever it is. */
#ifndef EF_PLOT_PLOT_FRAME_H
#define EF_PLOT_PLOT_FRAME_H

#include "plot/plot_script.h"

/* Fills plot->sheet and the frame of each panel for a format and a size. */
void ef_plot_lay_out(ef_plot *plot, const ef_plot_look *look);

/* The width and height of a letter, in the units of a look: points, or of text cells. */
double ef_plot_letter(const ef_plot_look *look, const ef_plot_sheet *sheet);
double ef_plot_line(const ef_plot_look *look, const ef_plot_sheet *sheet);

/* Whether the labels at the ticks of a panel's x axis are too long to stand side by side. */
bool ef_plot_crowded(const ef_plot_panel *panel, const ef_plot_look *look, const ef_plot_sheet *sheet);

#endif
