#include "report/plot_key.h"

#include <string.h>

#include "report/plot_label.h"
#include "report/plot_palette.h"

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
    const double spacing = look->format == EF_PLOT_SVG ? 0.9 : 1.2; /* that of svg counts in larger units */
    int wider = look->format == EF_PLOT_TEXT ? 0 : ef_plot_is_latex(look) ? 5 : -1;
    fprintf(stream, " Left reverse noenhanced samplen 2.2 spacing %g width %d nobox notitle\n", spacing, wider);
}

static void write_entry(const ef_plot_look *look, FILE *stream, const ef_plot_entry *entry, size_t letters)
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
    size_t figure = entry->figure != NULL ? strlen(entry->figure) + 2 : 0;
    fputs(" title '", stream);
    ef_plot_print_cut(look, stream, entry->text, letters > figure ? letters - figure : 0);
    fprintf(stream, "%s%s' noenhanced", figure > 0 ? "  " : "", figure > 0 ? entry->figure : "");
}

void ef_plot_write_entries(const ef_plot_panel *panel, const ef_plot_look *look, FILE *stream)
{
    if (panel->legend_title != NULL && (look->format == EF_PLOT_TEXT || !panel->frame.legend_below)) {
        fputs(", \\\n     keyentry with lines lt nodraw title ", stream);
        ef_plot_print_label(look, stream, panel->legend_title);
        fputs(" noenhanced", stream);
    }
    for (size_t i = 0; i < panel->entry_count; i++) {
        fputs(", \\\n     ", stream);
        write_entry(look, stream, &panel->entries[i], panel->frame.legend_letters);
    }
}
