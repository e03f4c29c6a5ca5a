#include "plot/plot_script.h"

#include <math.h>
#include <string.h>

#include <eface/version.h>

#include "plot/plot_frame.h"
#include "plot/plot_legend.h"
#include "plot/plot_label.h"
#include "plot/plot_palette.h"
#include "report/text_table.h"

enum { percent = 100 };

static void print_place(FILE *stream, const ef_plot_axis *axis, double value)
{
    switch (axis->scale) {
    case EF_SCALE_NORMAL: fprintf(stream, "deviate(%.12g)", value); break;
    case EF_SCALE_LOG:
    case EF_SCALE_LINEAR: fprintf(stream, "%.12g", axis->percent ? percent * value : value); break;
    }
}

/* Column `column` of the data in the units of an axis. */
static void print_column(FILE *stream, const ef_plot_axis *axis, int column)
{
    if (axis->scale == EF_SCALE_NORMAL) {
        fprintf(stream, "(deviate($%d))", column);
    } else if (axis->percent) {
        fprintf(stream, "(%d*$%d)", percent, column);
    } else {
        fprintf(stream, "%d", column);
    }
}

static void write_ticks(const ef_plot_look *look, FILE *stream, char name, const ef_plot_axis *axis, bool crowded)
{
    fprintf(stream, "set %ctics %s(", name, crowded ? "rotate by 25 right " : "norotate ");
    for (size_t i = 0; i < axis->tick_count; i++) {
        fputs(i > 0 ? ", " : "", stream);
        ef_plot_print_tick(look, stream, axis->ticks[i].label);
        putc(' ', stream);
        print_place(stream, axis, axis->ticks[i].at);
    }
    fputs(") noenhanced\n", stream);
}

/* The title of an axis, the brief one where the side of the panel is short. */
static const char *title_of(const ef_plot_axis *axis, double side, double letter)
{
    return axis->brief != NULL && (double)ef_text_width(axis->title) * letter > side ? axis->brief : axis->title;
}

/* Titles of axes have places of their own: where gnuplot puts them depends on its guess of how wide the numbers are. */
static void write_axis_titles(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, const ef_plot_sheet *sheet)
{
    const ef_plot_frame *frame = &panel->frame;
    double width = (frame->right - frame->left) * sheet->width, height = (frame->top - frame->bottom) * sheet->height;
    double letter = ef_plot_letter(look, sheet);
    const char *x = title_of(&panel->x, width, letter), *y = title_of(&panel->y, height, letter);
    if (x[0] != '\0') {
        fputs("set label ", stream);
        ef_plot_print_label(look, stream, x);
        fprintf(stream, " at graph 0.5, screen %.4f center norotate noenhanced\n", frame->x_title);
    }
    fputs("set label ", stream);
    ef_plot_print_label(look, stream, y);
    fprintf(stream, " at screen %.4f, graph 0.5 center rotate by 90 noenhanced\n", frame->y_title);
}

static void write_axis(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, const ef_plot_sheet *sheet, char name)
{
    const ef_plot_axis *axis = name == 'x' ? &panel->x : &panel->y;
    fprintf(stream, "%s logscale %c\n", axis->scale == EF_SCALE_LOG ? "set" : "unset", name);
    if (look->format == EF_PLOT_TEXT) {
        fprintf(stream, "set %clabel ", name);
        ef_plot_print_label(look, stream, axis->title);
        fputs(" noenhanced\n", stream);
    }
    fprintf(stream, "set %crange [", name);
    print_place(stream, axis, axis->low);
    putc(':', stream);
    print_place(stream, axis, axis->high);
    fputs("]\n", stream);
    if (axis->tick_count > 0) {
        write_ticks(look, stream, name, axis, name == 'x' && ef_plot_crowded(panel, look, sheet));
    } else {
        const char *power = ef_plot_is_latex(look) ? "$10^{%L}$" : look->format == EF_PLOT_TEXT ? "1e%L" : "10^{%L}";
        fprintf(stream, "set %ctics norotate autofreq\nset format %c '%s'\n", name, name,
                axis->scale == EF_SCALE_LOG ? power : "%h");
    }
}

/* A line up to its label, which stands upright below the upper edge; letters of a terminal cannot stand upright, but one lower than the other. */
static void write_rule(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, const ef_plot_sheet *sheet,
                       size_t index)
{
    const double edge = 0.98, gap = 0.04;
    const ef_plot_rule *rule = &panel->rules[index];
    bool text = look->format == EF_PLOT_TEXT;
    double height = (panel->frame.top - panel->frame.bottom) * sheet->height;
    double label = text ? 0.9 - 0.07 * (double)(index % 3)
                        : edge - (double)ef_text_width(rule->label) * ef_plot_letter(look, sheet) / height - gap;
    fprintf(stream, "set arrow from first %.9g, graph 0 to first %.9g, graph %.4g nohead lc rgb '#555555' lw 0.8 dt (4,3)\n",
            rule->x, rule->x, label);
    fputs("set label ", stream);
    ef_plot_print_label(look, stream, rule->label);
    fprintf(stream, " at first %.9g, graph %.4g %s noenhanced\n", rule->x, text ? label : edge,
            text ? "center" : "rotate by 90 right");
}

/* Where both axes are equal. */
static void write_diagonal(const ef_plot_panel *panel, FILE *stream)
{
    double low = fmax(panel->x.low, panel->y.low), high = fmin(panel->x.high, panel->y.high);
    fputs("set arrow from ", stream);
    for (int i = 0; i < 2; i++) {
        print_place(stream, &panel->x, i == 0 ? low : high);
        putc(',', stream);
        print_place(stream, &panel->y, i == 0 ? low : high);
        fputs(i == 0 ? " to " : " nohead back lc rgb '#999999' lw 0.6 dt (2,3)\n", stream);
    }
}

static void write_using(const ef_plot_panel *panel, FILE *stream, size_t block, bool limits, bool value)
{
    fprintf(stream, "data index %zu using ", block);
    print_column(stream, &panel->x, 1);
    if (value) {
        putc(':', stream);
        print_column(stream, &panel->y, 2);
    }
    for (int column = 3; limits && column <= 4; column++) {
        putc(':', stream);
        print_column(stream, &panel->y, column);
    }
}

/* The interval of a bar or a dot, in two strokes that are seen on any colour and beside it. */
static void write_limits(FILE *stream, size_t block, const char *color, double width)
{
    fprintf(stream, ", \\\n     data index %zu using 1:(%d*$3):(0):(%d*($4-$3)) with vectors nohead lc rgb '%s' lw %g notitle",
            block, percent, percent, color, width);
}

static void write_series(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, const ef_plot_series *series,
                         size_t block)
{
    bool text = look->format == EF_PLOT_TEXT;
    size_t style = series->style + 1;
    const char *color = ef_plot_color(series->style);
    switch (series->drawing) {
    case EF_DRAW_BAND:
        write_using(panel, stream, block, true, false);
        fprintf(stream, " with filledcurves fc rgb '%s' fs transparent solid 0.2 noborder notitle", color);
        break;
    case EF_DRAW_AREA:
        if (!text) {
            write_using(panel, stream, block, false, true);
            fprintf(stream, " with filledcurves y1=0 fc rgb '%s' fs transparent solid 0.25 noborder notitle, \\\n     ", color);
        }
        write_using(panel, stream, block, false, true);
        fprintf(stream, " with lines ls %zu notitle", style);
        break;
    case EF_DRAW_BARS:
        write_using(panel, stream, block, false, true);
        fprintf(stream, " with boxes fc rgb '%s' fs solid 1 noborder notitle", color);
        write_limits(stream, block, "#ffffff", 2.4);
        write_limits(stream, block, "#000000", 0.8);
        break;
    case EF_DRAW_DOTS:
        write_using(panel, stream, block, false, true);
        fprintf(stream, " with points ls %zu notitle", style);
        write_limits(stream, block, color, 1);
        break;
    case EF_DRAW_REFERENCE:
        write_using(panel, stream, block, false, true);
        fprintf(stream, " with lines lc rgb '#777777' lw 1.2 dt %s notitle", ef_plot_reference_dash(series->style));
        break;
    case EF_DRAW_FLAGS:
        write_using(panel, stream, block, false, true);
        fputs(":('!') with labels center offset 0,0.5 notitle", stream);
        break;
    case EF_DRAW_LINE:
    case EF_DRAW_MARKS:
        write_using(panel, stream, block, false, true);
        fprintf(stream, " with %s ls %zu notitle", series->drawing == EF_DRAW_LINE ? "lines" : "points", style);
        break;
    case EF_DRAWINGS: break;
    }
}

static void write_title(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, const ef_plot_sheet *sheet)
{
    bool text = look->format == EF_PLOT_TEXT;
    double across = text ? sheet->width : sheet->width / (double)sheet->columns;
    if (panel->title == NULL) {
        fputs(text ? "unset title\n" : "", stream);
        return;
    }
    fprintf(stream, "set %s '", text ? "title" : "label");
    ef_plot_print_cut(look, stream, panel->title, across / ef_plot_letter(look, sheet));
    if (text) {
        fputs("' noenhanced\n", stream);
    } else {
        fprintf(stream, "' at graph 0.5, screen %.4f center norotate noenhanced\n", panel->frame.title);
    }
}

static void write_margins(const ef_plot_panel *panel, FILE *stream)
{
    const ef_plot_frame *frame = &panel->frame;
    fprintf(stream,
            "set lmargin at screen %.4f\nset rmargin at screen %.4f\nset bmargin at screen %.4f\nset tmargin at screen %.4f\n",
            frame->left, frame->right, frame->bottom, frame->top);
}

/* One drawing over the other, in the order of ef_drawing. */
static void write_drawings(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, size_t first_block)
{
    bool some = false, text = look->format == EF_PLOT_TEXT;
    fputs("plot ", stream);
    for (int drawing = 0; drawing < EF_DRAWINGS; drawing++) {
        for (size_t i = 0; i < panel->series_count; i++) {
            const ef_plot_series *series = &panel->series[i];
            if ((int)series->drawing == drawing && !(text && drawing == EF_DRAW_BAND)) {
                fputs(some ? ", \\\n     " : "", stream);
                write_series(panel, look, stream, series, first_block + i);
                some = true;
            }
        }
    }
}

static void write_panel(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream, const ef_plot_sheet *sheet,
                        size_t first_block)
{
    bool text = look->format == EF_PLOT_TEXT;
    putc('\n', stream);
    write_title(panel, look, stream, sheet);
    if (!text) {
        write_margins(panel, stream);
        write_axis_titles(panel, look, stream, sheet);
    }
    write_axis(panel, look, stream, sheet, 'x');
    write_axis(panel, look, stream, sheet, 'y');
    ef_plot_write_key(panel, look, stream);
    for (size_t i = 0; i < panel->rule_count; i++) {
        write_rule(panel, look, stream, sheet, i);
    }
    if (panel->diagonal) {
        write_diagonal(panel, stream);
    }
    if (panel->bar_width > 0) {
        fprintf(stream, "set boxwidth %.6g absolute\n", panel->bar_width);
    }
    write_drawings(panel, look, stream, first_block);
    ef_plot_write_entries(panel, look, stream);
    fputs(text && panel->rule_count == 0 && !panel->diagonal ? "\n" : "\nunset arrow\nunset label\n", stream);
}

static void write_styles(const ef_plot *plot, FILE *stream)
{
    for (size_t i = 0; i < plot->style_count; i++) {
        fprintf(stream, "set style line %zu lc rgb '%s' lw 1.4 dt %s pt %d ps 0.45\n", i + 1, ef_plot_color(i), ef_plot_dash(i),
                ef_plot_point_type(i));
    }
}

void ef_plot_write_script(const ef_plot *plot, const ef_plot_look *look, FILE *stream)
{
    size_t block = 0;
    fprintf(stream, "# A plot of eface-plot %s; gnuplot, run in this folder, draws it from %s into %s.\n", ef_version(),
            look->data, look->output);
    ef_plot_write_terminal(plot, look, stream);
    fprintf(stream, "set output '%s'\nset encoding utf8\ndata = '%s'\n", look->output, look->data);
    if (plot->kind == EF_PLOT_DET) {
        fputs("deviate(p) = invnorm(p < 1e-12 ? 1e-12 : p > 1 - 1e-12 ? 1 - 1e-12 : p)\n", stream);
    }
    write_styles(plot, stream);
    if (look->format == EF_PLOT_TEXT) {
        fputs("set tics nomirror\n", stream);
    } else {
        fputs("set tics nomirror scale 0.5\nset border lw 0.7\nset grid lc rgb '#dddddd' lw 0.5 dt 1\n", stream);
    }
    if (plot->panel_count > 1 && look->format == EF_PLOT_TEXT) {
        fprintf(stream, "set multiplot layout %zu,1\n", plot->panel_count);
    } else if (plot->panel_count > 1) {
        fputs("set multiplot\n", stream);
    }
    for (size_t i = 0; i < plot->panel_count; i++) {
        write_panel(&plot->panels[i], look, stream, &plot->sheet, block);
        block += plot->panels[i].series_count;
    }
    fputs(plot->panel_count > 1 ? "unset multiplot\nunset output\n" : "unset output\n", stream);
}
