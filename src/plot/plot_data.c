/* The numbers of a plot, as gnuplot reads them: a block a series, two empty lines between. */
#include <math.h>

#include "plot/plot_script.h"

static const char *drawing_name(ef_drawing drawing)
{
    static const char *const names[EF_DRAWINGS] = {"interval",  "distribution", "bars",   "dots",
                                                   "reference", "curve",        "points", "flags"};
    return names[drawing];
}

static void print_number(FILE *stream, const char *before, double value)
{
    if (isnan(value)) {
        fprintf(stream, "%sNaN", before);
    } else {
        fprintf(stream, "%s%.12g", before, value);
    }
}

static void write_series(const ef_plot_series *series, FILE *stream)
{
    bool limits = series->drawing == EF_DRAW_BAND || series->drawing == EF_DRAW_BARS || series->drawing == EF_DRAW_DOTS;
    fprintf(stream, "# x y%s\n", limits ? " low high" : "");
    for (size_t i = 0; i < series->count; i++) {
        print_number(stream, "", series->x[i]);
        print_number(stream, " ", series->y[i]);
        if (limits) {
            print_number(stream, " ", series->low[i]);
            print_number(stream, " ", series->high[i]);
        }
        putc('\n', stream);
    }
    if (series->count == 0) {
        fputs("NaN NaN NaN NaN\n", stream); /* a block without lines would not count as one */
    }
}

void ef_plot_write_data(const ef_plot *plot, FILE *stream)
{
    size_t block = 0;
    for (size_t i = 0; i < plot->panel_count; i++) {
        const ef_plot_panel *panel = &plot->panels[i];
        for (size_t j = 0; j < panel->series_count; j++) {
            const ef_plot_series *series = &panel->series[j];
            fprintf(stream, "%s# block %zu: %s%s%s, %s\n", block > 0 ? "\n\n" : "", block,
                    panel->title != NULL ? panel->title : "", panel->title != NULL ? ", " : "", drawing_name(series->drawing),
                    series->name);
            write_series(series, stream);
            block++;
        }
    }
}
