/* plot_palette.h - what tells systems apart: colour, dashes and marks, by the number of a style from 0 on. */
#ifndef EF_PLOT_PLOT_PALETTE_H
#define EF_PLOT_PLOT_PALETTE_H

#include <stddef.h>

/* "#2200aa": eight colours that differ under the three common kinds of colour blindness, and whose lightness differs in steps, so in grey as well. */
const char *ef_plot_color(size_t style);

/* A type of dashes, the first of which is a whole line; it goes on when the colours begin again. */
const char *ef_plot_dash(size_t style);

/* gnuplot's number of a kind of point. */
int ef_plot_point_type(size_t style);

/* A line of a curve from elsewhere, in grey. */
const char *ef_plot_reference_dash(size_t reference);

#endif
