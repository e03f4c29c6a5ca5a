/* plot_label.h - texts of the user's as gnuplot prints them: letter by letter, whatever is in them. */
#ifndef EF_PLOT_PLOT_LABEL_H
#define EF_PLOT_PLOT_LABEL_H

#include <stdio.h>

#include "plot/plot_script.h"

/* Whether LaTeX sets the texts of a format. */
bool ef_plot_is_latex(const ef_plot_look *look);

/* Prints a text as a string of gnuplot's, with its quotes. */
void ef_plot_print_label(const ef_plot_look *look, FILE *stream, const char *text);

/* The same for a label at a tick, which for gnuplot is a format. */
void ef_plot_print_tick(const ef_plot_look *look, FILE *stream, const char *text);

/* How wide a text is, in usual letters (plot_frame.h); an estimate for a wide font, as all are. */
double ef_plot_letters(const ef_plot_look *look, const char *text);

/* What stands between the quotes, cut to a width of `letters` letters, the last of which then are dots. */
void ef_plot_print_cut(const ef_plot_look *look, FILE *stream, const char *text, double letters);

/* Prints nothing that is as wide as the first `count` letters of a figure: digits, points and what is about as narrow. */
void ef_plot_print_blanks(const ef_plot_look *look, FILE *stream, const char *figure, size_t count);

#endif
