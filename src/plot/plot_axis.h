/* plot_axis.h - what an axis shows: its ends and its ticks. */
#ifndef EF_PLOT_PLOT_AXIS_H
#define EF_PLOT_PLOT_AXIS_H

#include "plot/plot.h"

/* A linear axis for shares that are high: from below `least` (0.9713 gives 0.95) to a little above 1, so that a curve at 1 is seen; or from `lowest`, if that is
 * a number. */
void ef_axis_high_shares(ef_plot *plot, ef_plot_axis *axis, const char *title, const char *brief, double least, double lowest);

/* A logarithmic axis over the powers of ten around low and high. */
void ef_axis_powers(ef_plot *plot, ef_plot_axis *axis, const char *title, const char *brief, double low, double high);

/* A normal-deviate axis for error rates, from below `low` to above `high`, with ticks in per cent; `lies`: it is one of x, where numbers stand side by side. */
void ef_axis_deviates(ef_plot *plot, ef_plot_axis *axis, const char *title, const char *brief, bool lies, double low,
                      double high);

/* Ticks at even numbers between the ends of a linear axis, few enough to stand side by side. */
void ef_axis_even_ticks(ef_plot *plot, ef_plot_axis *axis);

/* Where a value stands on an axis, in units that are even along it. */
double ef_axis_place(const ef_plot_axis *axis, double value);

/* The power of ten at or below `value` > 0, and the one at or above it. */
double ef_power_below(double value);
double ef_power_above(double value);

#endif
