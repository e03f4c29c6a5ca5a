/* TAR of all systems on all benchmarks, at one FAR: as bars from 0, whose lengths can be compared; where that would leave too little of the axis to tell
 * them apart, as points on a part of it. */
#include <math.h>
#include <stdlib.h>

#include "plot/plot_axis.h"
#include "plot/plot_parts.h"

double ef_plot_far_of_bars(const ef_plot_choice *choice, const ef_plot_options *options)
{
    double highest = NAN;
    for (size_t i = 0; i < choice->count; i++) {
        double far = ef_plot_common_far(&choice->groups[i], options);
        highest = far > highest || isnan(highest) ? far : highest;
    }
    return highest;
}

static const ef_measure *measure_at(const ef_plot_group *group, size_t entry, double far, const ef_plot_options *options)
{
    const ef_stored_result *result = group->entries[entry]->result;
    return ef_plot_measure(result, isnan(far) ? NULL : ef_stored_find(result, "tar_at_far", far), options);
}

/* How many systems have a figure on a benchmark. */
static size_t count_figures(const ef_plot_group *group, double far, const ef_plot_options *options)
{
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        count += measure_at(group, i, far, options) != NULL;
    }
    return count;
}

/* Of the benchmarks that all systems have, whose means can be compared: how many there are, and the mean of one system over them. */
static size_t mean_of(ef_plot_figure *mean, const ef_plot_choice *choice, size_t style, double far,
                      const ef_plot_options *options)
{
    double sum = 0;
    *mean = (ef_plot_figure){0};
    size_t shared = 0;
    for (size_t i = 0; i < choice->count; i++) {
        const ef_plot_group *group = &choice->groups[i];
        bool all = count_figures(group, far, options) == choice->system_count;
        shared += all;
        for (size_t j = 0; all && j < group->count; j++) {
            const ef_measure *measure = measure_at(group, j, far, options);
            sum += group->style[j] == style ? measure->value : 0;
            mean->few = mean->few || (group->style[j] == style && measure->few_false_matches);
        }
    }
    mean->share = shared > 0 ? sum / (double)shared : NAN;
    return shared;
}

/* Where the bar of a system stands among those of a benchmark. */
static double place_of(const ef_plot_choice *choice, size_t benchmark, size_t style, double step)
{
    return (double)benchmark + ((double)style - 0.5 * (double)(choice->system_count - 1)) * step;
}

/* The lowest end of all intervals. */
static double lowest_end(const ef_plot_choice *choice, double far, const ef_plot_options *options)
{
    double least = 1;
    for (size_t i = 0; i < choice->count; i++) {
        for (size_t j = 0; j < choice->groups[i].count; j++) {
            const ef_measure *measure = measure_at(&choice->groups[i], j, far, options);
            if (measure != NULL) {
                least = fmin(least, isnan(measure->ci_low) ? measure->value : measure->ci_low);
            }
        }
    }
    return least;
}

/* The figures of one system. */
static void draw_system(ef_plot *plot, ef_plot_panel *panel, const ef_plot_choice *choice, ef_drawing drawing, size_t style,
                        double step, double far, const ef_plot_options *options)
{
    ef_plot_series *bars = ef_plot_draw(plot, panel, drawing, style, choice->systems[style]);
    for (size_t i = 0; i < choice->count; i++) {
        const ef_plot_group *group = &choice->groups[i];
        for (size_t j = 0; j < group->count; j++) {
            const ef_measure *measure = group->style[j] == style ? measure_at(group, j, far, options) : NULL;
            if (measure != NULL) {
                ef_plot_point(plot, bars, place_of(choice, i, style, step), measure->value, measure->ci_low, measure->ci_high);
            }
        }
    }
}

/* Marks above those that rest on few false matches. */
static void flag_bars(ef_plot *plot, ef_plot_panel *panel, const ef_plot_choice *choice, double step, double far,
                      const ef_plot_options *options)
{
    ef_plot_series *flags = NULL;
    for (size_t i = 0; i < choice->count; i++) {
        const ef_plot_group *group = &choice->groups[i];
        for (size_t j = 0; j < group->count; j++) {
            const ef_measure *measure = measure_at(group, j, far, options);
            if (measure != NULL && measure->few_false_matches) {
                panel->few = true;
                flags = flags != NULL ? flags : ef_plot_draw(plot, panel, EF_DRAW_FLAGS, 0, "few false matches");
                ef_plot_point(plot, flags, place_of(choice, i, group->style[j], step), fmax(measure->value, measure->ci_high),
                              NAN, NAN);
            }
        }
    }
}

/* Benchmarks by their names; one without figures says that it has none. */
static void name_benchmarks(ef_plot *plot, ef_plot_axis *axis, const ef_plot_choice *choice, double far,
                            const ef_plot_options *options)
{
    *axis = (ef_plot_axis){.title = ef_plot_text(plot, "%s", ""),
                           .brief = ef_plot_text(plot, "%s", ""),
                           .low = -0.5,
                           .high = (double)choice->count - 0.5};
    for (size_t i = 0; i < choice->count; i++) {
        const ef_plot_group *group = &choice->groups[i];
        const char *none = count_figures(group, far, options) == 0 ? " n/a" : "";
        ef_plot_tick_at(plot, axis, (double)i, ef_plot_text(plot, "%s%s", group->entries[0]->result->heading, none));
    }
}

/* The axis of TAR, from 0 unless a higher beginning spreads what there is over more than twice the length, or is asked for; with room above 1 for marks. */
static void choose_axis(ef_plot *plot, ef_plot_axis *axis, double far, double least, const ef_plot_options *options)
{
    const double least_cut = 0.5, room = 0.08;
    char *title = ef_plot_power(plot, "TAR [%] at FAR ", far);
    ef_axis_high_shares(plot, axis, title != NULL ? title : "", "TAR [%]", least, options->lowest);
    axis->low = isnan(options->lowest) && axis->low < least_cut ? 0 : axis->low;
    axis->high = 1 + room * (1 - axis->low);
    free(title);
}

void ef_plot_bars(ef_plot *plot, ef_plot_panel *panel, const ef_plot_choice *choice, const ef_plot_options *options)
{
    const double gap = 0.25; /* between benchmarks, whose groups are 1 apart */
    double far = ef_plot_far_of_bars(choice, options), step = (1 - gap) / (double)choice->system_count;
    ef_plot_figure mean;
    size_t shared = 0;
    choose_axis(plot, &panel->y, far, lowest_end(choice, far, options), options);
    ef_drawing drawing = panel->y.low > 0 ? EF_DRAW_DOTS : EF_DRAW_BARS;
    for (size_t style = 0; style < choice->system_count; style++) {
        draw_system(plot, panel, choice, drawing, style, step, far, options);
        shared = mean_of(&mean, choice, style, far, options);
        ef_plot_enter_share(plot, panel, drawing, style, choice->systems[style], mean);
    }
    flag_bars(plot, panel, choice, step, far, options);
    name_benchmarks(plot, &panel->x, choice, far, options);
    panel->bar_width = 0.9 * step;
    panel->legend = EF_TOP_RIGHT;
    panel->legend_title = choice->count == 1 ? ef_plot_text(plot, "TAR [%%]") : ef_plot_text(plot, "Mean of %zu [%%]", shared);
}
