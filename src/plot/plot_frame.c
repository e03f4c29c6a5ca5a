#include "plot/plot_frame.h"

#include <assert.h>
#include <math.h>

#include "plot/plot_axis.h"
#include "plot/plot_clear.h"
#include "report/text_table.h"

enum { inch = 72, least_name = 8 };

/* Of a wide font (DejaVu Sans), in units of its size. */
#define LETTER 0.6
#define LINE   1.4

double ef_plot_letter(const ef_plot_look *look, const ef_plot_sheet *sheet)
{
    return look->format == EF_PLOT_TEXT ? 1 : LETTER * sheet->letters;
}

double ef_plot_line(const ef_plot_look *look, const ef_plot_sheet *sheet)
{
    return look->format == EF_PLOT_TEXT ? 1 : LINE * sheet->letters;
}

static void choose_grid(ef_plot_sheet *sheet, const ef_plot *plot, const ef_plot_look *look)
{
    static const size_t most[] = {[EF_SIZE_COLUMN] = 1, [EF_SIZE_PAGE] = 3, [EF_SIZE_SLIDE] = 3};
    size_t count = plot->panel_count, across = look->format == EF_PLOT_TEXT ? 1 : most[look->size];
    assert(count > 0);
    sheet->columns = count < across ? count : count == 4 && across > 2 ? 2 : across;
    sheet->rows = (count + sheet->columns - 1) / sheet->columns;
}

/* In points.  A slide is read from afar, but many panels have room for small letters only. */
static double letters_of(const ef_plot_look *look, const ef_plot_sheet *sheet)
{
    static const double slide[] = {14, 11, 9};
    const double paper = 8, narrow = 7;
    if (look->size == EF_SIZE_SLIDE) {
        return slide[sheet->rows > 3 ? 2 : sheet->rows - 1];
    }
    return sheet->columns > 2 ? narrow : paper;
}

/* How many letters the longest number at an axis has. */
static double tick_letters(const ef_plot_axis *axis)
{
    const double power = 4; /* 10 and a small exponent */
    size_t longest = 0;
    for (size_t i = 0; i < axis->tick_count; i++) {
        size_t letters = ef_text_width(axis->ticks[i].label);
        longest = letters > longest ? letters : longest;
    }
    if (axis->tick_count > 0 || axis->scale == EF_SCALE_LOG) {
        return axis->tick_count > 0 ? (double)longest : power;
    }
    double unit = axis->percent ? 100 : 1, high = unit * fmax(fabs(axis->low), fabs(axis->high));
    double whole = high >= 10 ? floor(log10(high)) + 1 : 1, behind = ceil(-log10(unit * (axis->high - axis->low) / 5));
    return whole + (behind > 0 ? behind + 1 : 0) + (axis->low < 0 ? 1 : 0);
}

/* How many letters of the number at the right end of a panel's x axis stand beyond it. */
static double letters_beyond(const ef_plot_axis *axis)
{
    double beyond = 0;
    for (size_t i = 0; i < axis->tick_count; i++) {
        bool last = axis->ticks[i].at >= axis->high * (1 - 1e-9);
        beyond = last ? fmax(beyond, (double)ef_text_width(axis->ticks[i].label) / 2) : beyond;
    }
    return beyond;
}

bool ef_plot_crowded(const ef_plot_panel *panel, const ef_plot_look *look, const ef_plot_sheet *sheet)
{
    const ef_plot_axis *axis = &panel->x;
    double width = (panel->frame.right - panel->frame.left) * sheet->width / ef_plot_letter(look, sheet); /* in letters */
    double length = ef_axis_place(axis, axis->high) - ef_axis_place(axis, axis->low);
    for (size_t i = 1; axis->scale == EF_SCALE_LINEAR && look->format != EF_PLOT_TEXT && i < axis->tick_count; i++) {
        const ef_plot_tick *a = &axis->ticks[i - 1], *b = &axis->ticks[i];
        double apart = fabs(ef_axis_place(axis, b->at) - ef_axis_place(axis, a->at)) / length * width;
        if ((double)(ef_text_width(a->label) + ef_text_width(b->label)) / 2 + 1 > apart) {
            return true;
        }
    }
    return false;
}

/* What stands around the area between the axes of a panel. */
typedef struct margins {
    double left, right, top, bottom;
} margins;

static margins margins_of(const ef_plot *plot, const ef_plot_look *look)
{
    const ef_plot_sheet *sheet = &plot->sheet;
    double letter = ef_plot_letter(look, sheet), line = ef_plot_line(look, sheet), ticks = 0, below = 0, above = 0.5 * line;
    double beyond = 2; /* of numbers that gnuplot chooses */
    for (size_t i = 0; i < plot->panel_count; i++) {
        ticks = fmax(ticks, tick_letters(&plot->panels[i].y));
        below = ef_text_width(plot->panels[i].x.title) > 0 ? line : below;
        above = plot->panels[i].title != NULL ? 1.4 * line : above;
        beyond = fmax(beyond, letters_beyond(&plot->panels[i].x));
    }
    if (look->format == EF_PLOT_TEXT) {
        return (margins){ticks + 3, 3, 3, 4};
    }
    return (margins){1.3 * line + (ticks + 1.5) * letter, (beyond + 0.5) * letter, above, 1.6 * line + below};
}

/* Labels that stand obliquely reach down further. */
static double extra_below(const ef_plot_panel *panel, const ef_plot_look *look, const ef_plot_sheet *sheet)
{
    const double slope = 0.42; /* of 25 degrees */
    double longest = tick_letters(&panel->x) * ef_plot_letter(look, sheet);
    return ef_plot_crowded(panel, look, sheet) ? slope * longest : 0;
}

static double title_letters(const ef_plot_panel *panel)
{
    return panel->legend_title != NULL ? (double)ef_text_width(panel->legend_title) : 0;
}

/* The letters of the longest line of a legend.  They are counted, not measured, for so does gnuplot, by which its columns stand apart. */
static double legend_letters(const ef_plot_panel *panel)
{
    double longest = 0;
    for (size_t i = 0; i < panel->entry_count; i++) {
        const ef_plot_entry *entry = &panel->entries[i];
        double letters =
            (double)ef_text_width(entry->text) + (entry->figure != NULL ? (double)ef_text_width(entry->figure) + 2 : 0);
        longest = fmax(longest, letters);
    }
    return longest;
}

/* Tries the corners, the panel's own first; false when something is drawn in all of them. */
static bool find_corner(ef_plot_panel *panel, double width, double height)
{
    const double gap = 0.02;
    for (unsigned i = 0; i < EF_CORNERS; i++) {
        ef_corner corner = (ef_corner)(((unsigned)panel->legend + i) % EF_CORNERS);
        bool left = corner == EF_BOTTOM_LEFT || corner == EF_TOP_LEFT, top = corner == EF_TOP_LEFT || corner == EF_TOP_RIGHT;
        ef_plot_box box = {left ? 0 : 1 - width - gap, left ? width + gap : 1, top ? 1 - height - gap : 0,
                           top ? 1 : height + gap};
        if (box.left >= 0 && box.right <= 1 && box.bottom >= 0 && box.top <= 1 && ef_plot_clear(panel, &box)) {
            panel->frame.corner = corner;
            return true;
        }
    }
    return false;
}

enum {
    sample_letters = 6,
    rim = 1
}; /* of a legend's line before its text; between a legend below and the edges of the picture */

/* Puts the legend into a corner of an area of the given size, or below it, in as many columns as fit in `across`. */
static void place_legend(ef_plot_panel *panel, const ef_plot_look *look, const ef_plot_sheet *sheet, double width, double height,
                         double across)
{
    ef_plot_frame *frame = &panel->frame;
    double letter = ef_plot_letter(look, sheet), line = ef_plot_line(look, sheet);
    double letters = legend_letters(panel) + sample_letters, inside = fmax(letters, title_letters(panel) + sample_letters),
           lines = (double)panel->entry_count + (panel->legend_title != NULL ? 1.5 : 0.5);
    frame->legend_below =
        frame->legend_below || (panel->entry_count > 0 && !find_corner(panel, inside * letter / width, lines * line / height));
    double columns = fmax(1, fmin((double)panel->entry_count, floor((across / letter - 2 * rim) / (letters + 1))));
    frame->legend_columns = frame->legend_below ? (size_t)columns : 1;
    /* On a terminal the title is one of the entries. */
    size_t entries = panel->entry_count + (look->format == EF_PLOT_TEXT && panel->legend_title != NULL ? 1 : 0);
    frame->legend_rows = frame->legend_below ? (entries + frame->legend_columns - 1) / frame->legend_columns : 0;
    double room = (frame->legend_below ? across / letter - 2 * rim : width / letter) - sample_letters;
    frame->legend_letters = fmax(room, least_name);
}

static const double legend_gap = 0.5; /* in lines, around a legend */

/* The lines of the highest legend below the panels of a row. */
static double lines_below(const ef_plot *plot, size_t row)
{
    size_t most = 0;
    for (size_t i = row * plot->sheet.columns; i < (row + 1) * plot->sheet.columns && i < plot->panel_count; i++) {
        const ef_plot_frame *frame = &plot->panels[i].frame;
        most = frame->legend_below && frame->legend_rows + 1 > most ? frame->legend_rows + 1 : most;
    }
    return (double)most + (most > 0 ? legend_gap : 0);
}

static double shape_of(const ef_plot *plot, const ef_plot_look *look)
{
    const double wide = 0.45, usual = 0.72;
    bool alone = plot->sheet.columns == 1 && look->size == EF_SIZE_PAGE;
    return plot->kind == EF_PLOT_DET ? (alone ? 0.6 : 1) : alone ? wide : usual;
}

/* The height of the area between the axes: of papers by its shape, of a slide what is left of it. */
static double area_height(const ef_plot *plot, const ef_plot_look *look, const margins *around, double width, double below)
{
    const double slide = 5.625 * inch, least_lines = plot->kind == EF_PLOT_DET ? 10 : 6;
    const ef_plot_sheet *sheet = &plot->sheet;
    double line = ef_plot_line(look, sheet);
    if (look->size != EF_SIZE_SLIDE) {
        return shape_of(plot, look) * width;
    }
    return fmax(least_lines * line, (slide - below) / (double)sheet->rows - around->top - around->bottom);
}

/* One below the other, row by row from the top; the legend, if below, in the middle of its panel's width. */
static void set_frames(ef_plot *plot, const ef_plot_look *look, const margins *around, double width, double height)
{
    ef_plot_sheet *sheet = &plot->sheet;
    double line = ef_plot_line(look, sheet), letter = ef_plot_letter(look, sheet), across = sheet->width / (double)sheet->columns;
    double top = sheet->height;
    for (size_t row = 0; row < sheet->rows; row++) {
        double area_top = top - around->top, bottom = area_top - height, below = lines_below(plot, row) * line;
        for (size_t column = 0; column < sheet->columns && row * sheet->columns + column < plot->panel_count; column++) {
            ef_plot_panel *panel = &plot->panels[row * sheet->columns + column];
            ef_plot_frame *frame = &panel->frame;
            double left = (double)column * across;
            double legend = (legend_letters(panel) + sample_letters + 1) * (double)frame->legend_columns;
            legend = fmax(legend, title_letters(panel)) * letter;
            frame->left = (left + around->left) / sheet->width;
            frame->right = (left + around->left + width) / sheet->width;
            frame->top = area_top / sheet->height;
            frame->bottom = bottom / sheet->height;
            frame->title = (area_top + 0.7 * line) / sheet->height;
            frame->x_title = (bottom - around->bottom + 0.7 * line) / sheet->height;
            frame->y_title = (left + 0.7 * line) / sheet->width;
            frame->legend_x = (left + fmax(rim * letter, (across - legend) / 2)) / sheet->width;
            double legend_top = bottom - around->bottom;
            frame->legend_title = (legend_top - 0.4 * line) / sheet->height;
            frame->legend_y = (legend_top - (panel->legend_title != NULL ? 0.8 : 0) * line) / sheet->height;
        }
        top = bottom - around->bottom - below;
    }
}

static void lay_out_text(ef_plot *plot, const ef_plot_look *look)
{
    margins around = margins_of(plot, look);
    double width = look->columns - around.left - around.right, height = look->rows - around.top - around.bottom;
    plot->sheet.width = look->columns;
    for (size_t i = 0; i < plot->panel_count; i++) {
        place_legend(&plot->panels[i], look, &plot->sheet, width, height, width);
        plot->sheet.height +=
            look->rows + (plot->panels[i].frame.legend_below ? (double)plot->panels[i].frame.legend_rows + 1 : 0);
    }
}

/* Places all legends; returns the height that those below take, over all rows. */
static double place_legends(ef_plot *plot, const ef_plot_look *look, double width, double height)
{
    const ef_plot_sheet *sheet = &plot->sheet;
    double below = 0;
    for (size_t i = 0; i < plot->panel_count; i++) {
        place_legend(&plot->panels[i], look, sheet, width, height, sheet->width / (double)sheet->columns);
    }
    for (size_t row = 0; row < sheet->rows; row++) {
        below += lines_below(plot, row) * ef_plot_line(look, sheet);
    }
    return below;
}

static void lay_out_picture(ef_plot *plot, const ef_plot_look *look)
{
    static const double widths[] = {[EF_SIZE_COLUMN] = 3.5, [EF_SIZE_PAGE] = 7.16, [EF_SIZE_SLIDE] = 10};
    ef_plot_sheet *sheet = &plot->sheet;
    sheet->letters = letters_of(look, sheet);
    sheet->width = widths[look->size] * inch;
    margins around = margins_of(plot, look);
    double width = sheet->width / (double)sheet->columns - around.left - around.right, extra = 0, below = 0, before;
    for (size_t i = 0; i < plot->panel_count; i++) {
        plot->panels[i].frame.right = width / sheet->width;
        extra = fmax(extra, extra_below(&plot->panels[i], look, sheet));
    }
    around.bottom += extra;
    /* On a slide a legend below takes height from all panels, by which another may lose its corner.  It then stays below, so this comes to an end. */
    double height;
    do {
        before = below;
        height = area_height(plot, look, &around, width, before);
        below = place_legends(plot, look, width, height);
    } while (below > before);
    sheet->height = (around.top + height + around.bottom) * (double)sheet->rows + below;
    set_frames(plot, look, &around, width, height);
}

void ef_plot_lay_out(ef_plot *plot, const ef_plot_look *look)
{
    plot->sheet = (ef_plot_sheet){0};
    for (size_t i = 0; i < plot->panel_count; i++) {
        plot->panels[i].frame = (ef_plot_frame){0};
    }
    choose_grid(&plot->sheet, plot, look);
    if (look->format == EF_PLOT_TEXT) {
        lay_out_text(plot, look);
    } else {
        lay_out_picture(plot, look);
    }
}
