#include "plot/plot_clear.h"

#include <math.h>

#include "plot/plot_axis.h"

/* A place on an axis as a share of its length; of what is unknown NAN. */
static double place(const ef_plot_axis *axis, double value)
{
    double low = ef_axis_place(axis, axis->low), high = ef_axis_place(axis, axis->high);
    return (ef_axis_place(axis, value) - low) / (high - low);
}

/* Cuts the range [*first, *last] of the parameter of a segment down to where from + t * step lies in [low, high]. */
static void cut(double *first, double *last, double from, double step, double low, double high)
{
    if (step == 0) {
        *last = from < low || from > high ? -1 : *last;
        return;
    }
    double a = (low - from) / step, b = (high - from) / step;
    *first = fmax(*first, fmin(a, b));
    *last = fmin(*last, fmax(a, b));
}

static bool crosses(const ef_plot_box *box, double x0, double y0, double x1, double y1)
{
    double first = 0, last = 1;
    if (isnan(x0) || isnan(y0) || isnan(x1) || isnan(y1)) {
        return false;
    }
    cut(&first, &last, x0, x1 - x0, box->left, box->right);
    cut(&first, &last, y0, y1 - y0, box->bottom, box->top);
    return first <= last;
}

/* Whether something that fills from `bottom` to `top` between two places touches the box. */
static bool fills(const ef_plot_box *box, double x0, double x1, double bottom, double top)
{
    return fmin(x0, x1) <= box->right && fmax(x0, x1) >= box->left && bottom <= box->top && top >= box->bottom;
}

static const double flag_height = 0.1;

static bool point_touches(const ef_plot_panel *panel, const ef_plot_series *series, size_t i, const ef_plot_box *box)
{
    const ef_plot_axis *x = &panel->x, *y = &panel->y;
    size_t before = i > 0 ? i - 1 : i;
    double x0 = place(x, series->x[before]), x1 = place(x, series->x[i]);
    double y0 = place(y, series->y[before]), y1 = place(y, series->y[i]);
    double half = panel->bar_width / 2;
    switch (series->drawing) {
    case EF_DRAW_BAND:
        return fills(box, x0, x1, fmin(place(y, series->low[before]), place(y, series->low[i])),
                     fmax(place(y, series->high[before]), place(y, series->high[i])));
    case EF_DRAW_AREA: return fills(box, x0, x1, 0, fmax(y0, y1));
    case EF_DRAW_BARS:
        return fills(box, place(x, series->x[i] - half), place(x, series->x[i] + half), 0, fmax(y1, place(y, series->high[i])));
    case EF_DRAW_DOTS:
        return fills(box, place(x, series->x[i] - half), place(x, series->x[i] + half), fmin(y1, place(y, series->low[i])),
                     fmax(y1, place(y, series->high[i])));
    case EF_DRAW_FLAGS: return fills(box, x1, x1, y1, y1 + flag_height);
    case EF_DRAW_MARKS: return crosses(box, x1, y1, x1, y1);
    case EF_DRAW_REFERENCE:
    case EF_DRAW_LINE: return crosses(box, x0, y0, x1, y1);
    case EF_DRAWINGS: break;
    }
    return false;
}

bool ef_plot_clear(const ef_plot_panel *panel, const ef_plot_box *box)
{
    for (size_t i = 0; i < panel->series_count; i++) {
        const ef_plot_series *series = &panel->series[i];
        for (size_t j = 0; j < series->count; j++) {
            if (point_touches(panel, series, j, box)) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < panel->rule_count; i++) {
        double x = place(&panel->x, panel->rules[i].x);
        if (fills(box, x, x, 0, 1)) {
            return false;
        }
    }
    return true;
}

bool ef_plot_seen(const ef_plot_panel *panel, const ef_plot_series *series)
{
    const ef_plot_box all = {0, 1, 0, 1};
    for (size_t i = 0; i < series->count; i++) {
        bool on_axis = panel->x.scale != EF_SCALE_LOG || series->x[i] > 0; /* others have no place, and are not drawn */
        if (on_axis && point_touches(panel, series, i, &all)) {
            return true;
        }
    }
    return false;
}
