/* plot_label.h - texts of the user's as gnuplot prints them: letter by letter, whatever is in them. */
#ifndef EF_REPORT_PLOT_LABEL_H
#define EF_REPORT_PLOT_LABEL_H

#include <stdio.h>

#include "report/plot_script.h"

/* Whether LaTeX sets the texts of a format. */
bool ef_plot_is_latex(const ef_plot_look *look);

/* Prints a text as a string of gnuplot's, with its quotes. */
void ef_plot_print_label(const ef_plot_look *look, FILE *stream, const char *text);

/* The same for a label at a tick, which for gnuplot is a format. */
void ef_plot_print_tick(const ef_plot_look *look, FILE *stream, const char *text);

/* What stands between the quotes, cut to `letters` letters, the last of which then are dots. */
void ef_plot_print_cut(const ef_plot_look *look, FILE *stream, const char *text, size_t letters);

#endif
