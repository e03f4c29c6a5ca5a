#include "plot/plot_palette.h"

static const char *const colors[] = {"#2200aa", "#cc1133", "#ff9922", "#000000", "#7777ff", "#773366", "#77ddaa", "#bb88cc"};
static const char *const dashes[] = {"1", "(10,4)", "(10,3,3,3)", "(4,2.5)"};
static const int points[] = {7, 5, 9, 13, 6, 4, 8, 11};
enum { color_count = sizeof colors / sizeof *colors, dash_count = sizeof dashes / sizeof *dashes };

const char *ef_plot_color(size_t style)
{
    return colors[style % color_count];
}

const char *ef_plot_dash(size_t style)
{
    return dashes[(style + style / color_count) % dash_count];
}

int ef_plot_point_type(size_t style)
{
    return points[style % color_count];
}

const char *ef_plot_reference_dash(size_t reference)
{
    static const char *const types[] = {"(5,3)", "(10,3)", "(8,2,2,2)", "(2,3)"};
    return types[reference % (sizeof types / sizeof *types)];
}
