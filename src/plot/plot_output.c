/* Formats, sizes and places: what does not depend on what is drawn. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "plot/plot_script.h"

static const struct {
    const char *name, *extension;
} formats[EF_PLOT_FORMATS] = {[EF_PLOT_PDF] = {"pdf", ".pdf"},
                              [EF_PLOT_SVG] = {"svg", ".svg"},
                              [EF_PLOT_PNG] = {"png", ".png"},
                              [EF_PLOT_EPS] = {"eps", ".eps"},
                              [EF_PLOT_CAIROLATEX] = {"cairolatex", ".tex"},
                              [EF_PLOT_TIKZ] = {"tikz", ".tex"},
                              [EF_PLOT_TEXT] = {"text", ".txt"}};

ef_status ef_plot_format_parse(ef_plot_format *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (int i = 0; i < EF_PLOT_FORMATS; i++) {
        if (strcmp(text, formats[i].name) == 0) {
            *out = (ef_plot_format)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, formats[i].name);
    }
    return ef_fail_unknown(err, "format", text, &nearest);
}

ef_status ef_plot_format_of_file(ef_plot_format *out, const char *path, ef_error *err)
{
    const char *slash = strrchr(path, '/'), *point = strrchr(slash != NULL ? slash : path, '.');
    for (int i = 0; point != NULL && i < EF_PLOT_FORMATS; i++) {
        if (strcmp(point, formats[i].extension) == 0) {
            *out = (ef_plot_format)i;
            return EF_OK;
        }
    }
    return ef_fail(err, EF_INVALID, "%s: its extension is none of .pdf .svg .png .eps .tex .txt; choose with --format", path);
}

const char *ef_plot_extension(ef_plot_format format)
{
    return formats[format].extension;
}

ef_status ef_plot_size_parse(ef_plot_size *out, const char *text, ef_error *err)
{
    static const char *const names[] = {"column", "page", "slide"};
    ef_nearest nearest = ef_nearest_begin(text);
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (ef_plot_size)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, names[i]);
    }
    return ef_fail_unknown(err, "size", text, &nearest);
}

/* Pictures for the screen have so many dots to the inch; fewer where a picture would be higher than cairo can draw. */
static double dots_per_inch(double height)
{
    const double fine = 300, highest = 32000;
    return fmin(fine, highest / height);
}

void ef_plot_write_terminal(const ef_plot *plot, const ef_plot_look *look, FILE *stream)
{
    const double screen = 96, inch = 72, baseline = 1.2;
    const double pango = inch / screen; /* it takes the points of a font for those of a screen */
    double width = plot->sheet.width / inch, height = plot->sheet.height / inch, letters = plot->sheet.letters;
    double dots = dots_per_inch(height), scale = dots / inch;
    switch (look->format) {
    case EF_PLOT_PDF:
        fprintf(stream, "set terminal pdfcairo size %.4gin,%.4gin font 'Helvetica,%g' fontscale %g linewidth 1\n", width, height,
                letters, pango);
        break;
    case EF_PLOT_EPS:
        fprintf(stream, "set terminal epscairo size %.4gin,%.4gin font 'Helvetica,%g' fontscale %g linewidth 1\n", width, height,
                letters, pango);
        break;
    case EF_PLOT_PNG:
        fprintf(stream,
                "set terminal pngcairo size %.0f,%.0f font 'Helvetica,%g' fontscale %.4g linewidth %.4g pointscale %.4g\n",
                width * dots, height * dots, letters, pango * scale, scale / 2, 0.8 * scale);
        break;
    case EF_PLOT_SVG:
        fprintf(stream, "set terminal svg size %.0f,%.0f font 'Helvetica,%.4g' linewidth 1 background 'white'\n", width * screen,
                height * screen, letters * screen / inch);
        break;
    case EF_PLOT_CAIROLATEX:
        fprintf(stream,
                "set terminal cairolatex pdf size %.4gin,%.4gin font ',%g' linewidth 1 header '\\fontsize{%g}{%g}\\selectfont'\n",
                width, height, letters, letters, baseline * letters);
        break;
    case EF_PLOT_TIKZ: fprintf(stream, "set terminal tikz size %.4gin,%.4gin font ',%g'\n", width, height, letters); break;
    case EF_PLOT_TEXT:
        fprintf(stream, "set terminal dumb noenhanced size %.0f,%.0f %s\n", plot->sheet.width, plot->sheet.height,
                look->color ? "ansi256" : "mono");
        break;
    case EF_PLOT_FORMATS: break;
    }
}

void ef_plot_write_preamble(const ef_plot *plot, ef_plot_format format, FILE *stream)
{
    const double rim = 2; /* lengths in gnuplot's files are rounded */
    fprintf(stream,
            "\\documentclass{article}\n"
            "\\usepackage[T1]{fontenc}\n"
            "\\usepackage[utf8]{inputenc}\n"
            "\\usepackage{textcomp}\n"
            "\\usepackage{%s}\n"
            "\\usepackage[paperwidth=%.2fbp,paperheight=%.2fbp,margin=0pt]{geometry}\n"
            "\\pagestyle{empty}\n"
            "\\begin{document}\n"
            "\\noindent\n",
            format == EF_PLOT_TIKZ ? "gnuplot-lua-tikz" : "graphicx,color", plot->sheet.width + rim, plot->sheet.height + rim);
}

void ef_plot_write_end(FILE *stream)
{
    fputs("\\end{document}\n", stream);
}
