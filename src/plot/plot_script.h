/* plot_script.h - a plot in gnuplot's words, and in the looks of a format.
 *
 * The script names its data and its output by plain file names that are made here, so nothing of the user's but labels gets into it, and
 * those are quoted so that gnuplot reads them as they are. */
#ifndef EF_PLOT_PLOT_SCRIPT_H
#define EF_PLOT_PLOT_SCRIPT_H

#include <stdio.h>

#include "plot/plot.h"

typedef enum ef_plot_format {
    EF_PLOT_PDF,
    EF_PLOT_SVG,
    EF_PLOT_PNG,
    EF_PLOT_EPS,
    EF_PLOT_CAIROLATEX, /* two files: x.tex with the texts, x.pdf with the lines */
    EF_PLOT_TIKZ,
    EF_PLOT_TEXT, /* for a terminal */
    EF_PLOT_FORMATS
} ef_plot_format;

/* "pdf", "svg", "png", "eps", "cairolatex", "tikz", "text"; by name, or by a file's extension (.pdf .svg .png .eps .tex .txt; .tex is cairolatex). */
EF_MUST_USE ef_status ef_plot_format_parse(ef_plot_format *out, const char *text, ef_error *err);
EF_MUST_USE ef_status ef_plot_format_of_file(ef_plot_format *out, const char *path, ef_error *err);
const char *ef_plot_extension(ef_plot_format format); /* with the point: ".pdf" */

typedef enum ef_plot_size {
    EF_SIZE_COLUMN, /* 3.5 in: a column of a paper with two */
    EF_SIZE_PAGE,   /* 7.16 in: both */
    EF_SIZE_SLIDE   /* 10 in x 5.625 in */
} ef_plot_size;

EF_MUST_USE ef_status ef_plot_size_parse(ef_plot_size *out, const char *text, ef_error *err); /* "column", "page", "slide" */

typedef struct ef_plot_look {
    ef_plot_format format;
    ef_plot_size size;
    bool color;                /* text */
    int columns, rows;         /* text: of the terminal */
    const char *data, *output; /* plain names of the files beside the script: letters, digits, '.', '-', '_' */
} ef_plot_look;

/* Writes the script of a plot that is laid out (plot_frame.h), and the data it draws: a block for each series, in the order of the script.  A
 * failed write shows in ferror(stream). */
void ef_plot_write_script(const ef_plot *plot, const ef_plot_look *look, FILE *stream);
void ef_plot_write_data(const ef_plot *plot, FILE *stream);

/* A document of LaTeX around what gnuplot draws as a fragment.  (gnuplot's own needs packages that few have, or stops.) */
void ef_plot_write_preamble(const ef_plot *plot, ef_plot_format format, FILE *stream);
void ef_plot_write_end(FILE *stream);

/* "set terminal ...": the part of the script that depends on the format. */
void ef_plot_write_terminal(const ef_plot *plot, const ef_plot_look *look, FILE *stream);

#endif
