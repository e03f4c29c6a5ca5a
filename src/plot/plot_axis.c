#include "plot/plot_axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure_text.h"
#include "stats/deviate.h"

enum { percent = 100 };

/* What is left above 1, of the length of the axis. */
#define HEADROOM 0.02

static ef_plot_axis titled(ef_plot *plot, const char *title, const char *brief)
{
    return (ef_plot_axis){.title = ef_plot_text(plot, "%s", title), .brief = ef_plot_text(plot, "%s", brief)};
}

void ef_axis_high_shares(ef_plot *plot, ef_plot_axis *axis, const char *title, const char *brief, double least, double lowest)
{
    static const double starts[] = {0.999, 0.998, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1};
    *axis = titled(plot, title, brief);
    axis->percent = true;
    for (size_t i = 0; axis->low == 0 && i < sizeof starts / sizeof *starts; i++) {
        /* The lowest point stands off the axis. */
        axis->low = least - starts[i] > 0.1 * (1 - starts[i]) ? starts[i] : 0;
    }
    axis->low = isnan(lowest) ? axis->low : lowest;
    axis->high = 1 + HEADROOM * (1 - axis->low);
}

double ef_power_below(double value)
{
    double power = pow(10, floor(log10(value)));
    /* 1e-3 is not quite 10^-3 in binary: what is a power but for rounding stays. */
    return value / power > 10 * (1 - 1e-9) ? 10 * power : power;
}

double ef_power_above(double value)
{
    double power = ef_power_below(value);
    return value > power * (1 + 1e-9) ? 10 * power : power;
}

void ef_axis_powers(ef_plot *plot, ef_plot_axis *axis, const char *title, const char *brief, double low, double high)
{
    *axis = titled(plot, title, brief);
    axis->scale = EF_SCALE_LOG;
    axis->low = ef_power_below(low);
    axis->high = ef_power_above(high);
    if (axis->high <= axis->low) {
        axis->high = 10 * axis->low;
    }
}

/* A share in per cent, as people write it.  The smallest are powers of ten. */
static char *percent_text(ef_plot *plot, double share)
{
    const double least_plain = 1e-6;
    char point[32];
    return share < least_plain * (1 - 1e-9)
               ? ef_plot_text(plot, "%s", ef_word_point(point, sizeof point, pow(10, round(log10(percent * share)))))
               : ef_plot_text(plot, "%g", percent * share);
}

/* The ends of the axis, and from the upper one down those between whose numbers do not run into others. */
static void add_ticks(ef_plot *plot, ef_plot_axis *axis, bool lies, const double *steps, size_t first, size_t last)
{
    const double letter = lies ? 0.022 : 0, gap = lies ? 0.02 : 0.1; /* of the length of an axis in the smallest panel */
    double length = ef_axis_place(axis, axis->high) - ef_axis_place(axis, axis->low), end = HUGE_VAL, lowest = 0;
    for (size_t i = last + 1; i-- > first;) {
        char *label = percent_text(plot, steps[i]);
        double at = (ef_axis_place(axis, steps[i]) - ef_axis_place(axis, axis->low)) / length;
        double half = label != NULL ? letter * (double)strlen(label) / 2 : 0;
        if (i == last) {
            /* The number at the lower end has some more letters. */
            lowest = letter * (double)(snprintf(NULL, 0, "%g", percent * steps[first])) / 2 + gap;
        }
        if (i == first || (at + half + gap <= end && (i == last || at - half >= lowest))) {
            ef_plot_tick_at(plot, axis, steps[i], label);
            end = at - half;
        } else {
            free(label);
        }
    }
}

void ef_axis_even_ticks(ef_plot *plot, ef_plot_axis *axis)
{
    static const double factors[] = {1, 2, 5, 10};
    const double most = 6;
    double length = axis->high - axis->low, power = pow(10, floor(log10(length / most))), step = power;
    for (size_t i = 0; i < sizeof factors / sizeof *factors && length / step > most; i++) {
        step = factors[i] * power;
    }
    for (double i = ceil(axis->low / step - 1e-9); i * step <= axis->high + 1e-9 * length; i++) {
        ef_plot_tick_at(plot, axis, i * step, ef_plot_text(plot, "%g", i * step + 0.0));
    }
}

void ef_axis_deviates(ef_plot *plot, ef_plot_axis *axis, const char *title, const char *brief, bool lies, double low, double high)
{
    static const double steps[] = {1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.002, 0.005, 0.01, 0.02,
                                   0.05, 0.1,  0.2,  0.4,  0.6,  0.8,  0.9,  0.95,  0.98,  0.99, 0.999};
    enum { count = sizeof steps / sizeof *steps };
    size_t first = 0, last = count - 1;
    while (first + 2 < count && steps[first + 1] <= low * (1 + 1e-9)) {
        first++;
    }
    while (last > first + 1 && steps[last - 1] >= high) {
        last--;
    }
    *axis = titled(plot, title, brief);
    axis->scale = EF_SCALE_NORMAL;
    axis->percent = true;
    axis->low = steps[first];
    axis->high = steps[last];
    add_ticks(plot, axis, lies, steps, first, last);
}

double ef_axis_place(const ef_plot_axis *axis, double value)
{
    switch (axis->scale) {
    case EF_SCALE_LOG: return log10(value);
    case EF_SCALE_NORMAL: return isnan(value) ? value : ef_deviate(value);
    case EF_SCALE_LINEAR: break;
    }
    return value;
}
