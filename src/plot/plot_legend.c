#include "plot/plot_legend.h"

#include <math.h>
#include <string.h>

#include "plot/plot_label.h"
#include "plot/plot_palette.h"

/* Of a legend below.  (What gnuplot calls the title of a key runs into the first line in LaTeX's fonts.) */
static void write_legend_title(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream)
{
    if (panel->legend_title != NULL) {
        fputs("set label ", stream);
        ef_plot_print_label(look, stream, panel->legend_title);
        fprintf(stream, " at screen %.4f, screen %.4f left norotate noenhanced\n", panel->frame.legend_x,
                panel->frame.legend_title);
    }
}

void ef_plot_write_key(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream)
{
    static const char *const corners[EF_CORNERS] = {[EF_BOTTOM_RIGHT] = "bottom right",
                                                    [EF_TOP_RIGHT] = "top right",
                                                    [EF_BOTTOM_LEFT] = "bottom left",
                                                    [EF_TOP_LEFT] = "top left"};
    const ef_plot_frame *frame = &panel->frame;
    if (panel->entry_count == 0) {
        fputs("unset key\n", stream);
        return;
    }
    if (!frame->legend_below) {
        fprintf(stream, "%sset key inside %s vertical maxrows %zu", look->format == EF_PLOT_TEXT ? "set bmargin 4\n" : "",
                corners[frame->corner], panel->entry_count + 1);
    } else if (look->format == EF_PLOT_TEXT) {
        fprintf(stream, "set bmargin %zu\nset key outside below left vertical maxrows %zu", frame->legend_rows + 4,
                frame->legend_rows);
    } else {
        write_legend_title(panel, look, stream);
        fprintf(stream, "set key at screen %.4f, screen %.4f top left vertical maxrows %zu", frame->legend_x, frame->legend_y,
                frame->legend_rows);
    }
    /* Nothing is drawn where the legend stands but the diagonal of a DET, which goes on beyond it. */
    const char *ground = panel->diagonal && !frame->legend_below && look->format != EF_PLOT_TEXT ? "opaque" : "noopaque";
    const double spacing = look->format == EF_PLOT_SVG ? 0.9 : 1.2; /* that of svg counts in larger units */
    int wider = look->format == EF_PLOT_TEXT ? 0 : ef_plot_is_latex(look) ? 5 : -1;
    fprintf(stream, " Left reverse noenhanced samplen 2.2 spacing %g width %d %s nobox notitle\n", spacing, wider, ground);
}

/* The figures of a legend, which stand before the names so that they make a column whatever the font is. */
typedef struct column {
    const char *longest; /* NULL: there are none */
    size_t letters;      /* of it, without a mark */
    bool marked;         /* a mark stands behind some */
} column;

static size_t unmarked(const char *figure)
{
    size_t letters = strlen(figure);
    return letters > 0 && figure[letters - 1] == '!' ? letters - 1 : letters;
}

static column column_of(const ef_plot_panel *panel)
{
    column figures = {0};
    for (size_t i = 0; i < panel->entry_count; i++) {
        const char *figure = panel->entries[i].figure;
        if (figure == NULL) {
            continue;
        }
        if (unmarked(figure) > figures.letters) {
            figures.longest = figure;
            figures.letters = unmarked(figure);
        }
        figures.marked = figures.marked || figure[unmarked(figure)] != '\0';
    }
    return figures;
}

/* What stands before a name: its figure, that ends where others do; of a curve from elsewhere as much of nothing. */
static void write_figure(const ef_plot_look *look, FILE *stream, const ef_plot_entry *entry, const column *figures)
{
    const char *figure = entry->figure != NULL ? entry->figure : "";
    ef_plot_print_blanks(look, stream, figures->longest, figures->letters - unmarked(figure));
    fputs(figure, stream);
    ef_plot_print_blanks(look, stream, "!", figures->marked && figure[unmarked(figure)] == '\0' ? 1 : 0);
    fputs("  ", stream);
}

static void write_entry(const ef_plot_look *look, FILE *stream, const ef_plot_entry *entry, const column *figures, double letters)
{
    fputs("keyentry with ", stream);
    switch (entry->drawing) {
    case EF_DRAW_AREA:
    case EF_DRAW_BARS:
        if (look->format == EF_PLOT_TEXT) {
            fprintf(stream, "lines ls %zu", entry->style + 1);
        } else {
            fprintf(stream, "boxes fc rgb '%s' fs %s noborder", ef_plot_color(entry->style),
                    entry->drawing == EF_DRAW_AREA ? "transparent solid 0.25" : "solid 1");
        }
        break;
    case EF_DRAW_DOTS: fprintf(stream, "points ls %zu", entry->style + 1); break;
    case EF_DRAW_REFERENCE: fprintf(stream, "lines lc rgb '#777777' lw 1.2 dt %s", ef_plot_reference_dash(entry->style)); break;
    case EF_DRAW_FLAGS: fputs("lines lt nodraw", stream); break;
    default: fprintf(stream, "%s ls %zu", entry->marked ? "linespoints" : "lines", entry->style + 1); break;
    }
    bool before = figures->longest != NULL && entry->drawing != EF_DRAW_FLAGS;
    fputs(" title '", stream);
    if (before) {
        write_figure(look, stream, entry, figures);
        letters -= ef_plot_letters(look, figures->longest) + ef_plot_letters(look, figures->marked ? "!  " : "  ");
    }
    ef_plot_print_cut(look, stream, entry->text, fmax(letters, 0));
    fputs("' noenhanced", stream);
}

void ef_plot_write_entries(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream)
{
    if (panel->legend_title != NULL && (look->format == EF_PLOT_TEXT || !panel->frame.legend_below)) {
        fputs(", \\\n     keyentry with lines lt nodraw title ", stream);
        ef_plot_print_label(look, stream, panel->legend_title);
        fputs(" noenhanced", stream);
    }
    const column figures = column_of(panel);
    for (size_t i = 0; i < panel->entry_count; i++) {
        fputs(", \\\n     ", stream);
        write_entry(look, stream, &panel->entries[i], &figures, panel->frame.legend_letters);
    }
}
