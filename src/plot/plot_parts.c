#include <math.h>
#include <string.h>

#include <eface/interval.h>

#include "plot/plot_parts.h"
#include "report/figure_text.h"

enum { percent = 100, most_banded = 3 };

bool ef_plot_bands(const ef_plot_options *options, size_t systems)
{
    return options->bands == EF_YES || (options->bands == EF_AS_FITS && systems <= most_banded);
}

static bool find_interval(ef_interval *out, const ef_stored_result *result, double share, uint64_t trials)
{
    ef_interval_method method;
    bool known = result->interval != NULL && ef_interval_parse(&method, result->interval, NULL) == EF_OK && trials > 0 &&
                 result->confidence > 0 && result->confidence < 1 && share >= 0 && share <= 1;
    if (known) {
        uint64_t successes = (uint64_t)llround(share * (double)trials);
        *out = ef_interval_proportion(method, successes < trials ? successes : trials, trials, result->confidence);
    }
    return known;
}

void ef_plot_band(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t line, uint64_t trials)
{
    ef_interval interval;
    if (plot->failed) {
        return;
    }
    ef_plot_series *band = ef_plot_draw(plot, panel, EF_DRAW_BAND, panel->series[line].style, entry->name);
    for (size_t i = 0; !plot->failed && i < panel->series[line].count; i++) {
        const ef_plot_series *of = &panel->series[line];
        if (find_interval(&interval, entry->result, of->y[i], trials)) {
            ef_plot_point(plot, band, of->x[i], of->y[i], interval.low, interval.high);
        }
    }
}

ef_plot_series *ef_plot_mark(ef_plot *plot, ef_plot_panel *panel, size_t line, double edge)
{
    if (plot->failed) {
        return &plot->spare;
    }
    ef_plot_series *marks = ef_plot_draw(plot, panel, EF_DRAW_MARKS, panel->series[line].style, panel->series[line].name);
    const ef_plot_series *of = &panel->series[line];
    if (!plot->failed && of->count == 1) {
        ef_plot_point(plot, marks, fmax(edge, of->x[0]), of->y[0], NAN, NAN);
    }
    return marks;
}

/* Whether all results of a group have a TAR at a FAR; `sure`: one that does not rest on few false matches. */
static bool all_have(const ef_plot_group *group, double far, bool sure, const ef_plot_options *options)
{
    for (size_t i = 0; i < group->count; i++) {
        const ef_stored_result *result = group->entries[i]->result;
        const ef_measure *measure = ef_plot_measure(result, ef_stored_find(result, "tar_at_far", far), options);
        if (measure == NULL || (sure && measure->few_false_matches)) {
            return false;
        }
    }
    return true;
}

static double lowest_common(const ef_plot_group *group, bool sure, const ef_plot_options *options)
{
    const ef_stored_result *first = group->entries[0]->result;
    double lowest = NAN;
    for (size_t i = 0; i < first->metric_count; i++) {
        const ef_stored_metric *metric = &first->metrics[i];
        if (strcmp(metric->name, "tar_at_far") == 0 && !(metric->point >= lowest) &&
            all_have(group, metric->point, sure, options)) {
            lowest = metric->point;
        }
    }
    return lowest;
}

double ef_plot_common_far(const ef_plot_group *group, const ef_plot_options *options)
{
    if (!isnan(options->at)) {
        return options->at;
    }
    double sure = lowest_common(group, true, options);
    return isnan(sure) ? lowest_common(group, false, options) : sure;
}

char *ef_plot_power(ef_plot *plot, const char *before, double value)
{
    char point[32];
    return ef_plot_text(plot, "%s%s", before, ef_word_point(point, sizeof point, value));
}

static char *figure_text(ef_plot *plot, const ef_plot_figure *figure)
{
    if (isnan(figure->share)) {
        return ef_plot_text(plot, "n/a");
    }
    const char *mark = figure->few ? "!" : "";
    return figure->at > 0 ? ef_plot_text(plot, "%.2f%s at %.0f", percent * figure->share, mark, figure->at)
                          : ef_plot_text(plot, "%.2f%s", percent * figure->share, mark);
}

void ef_plot_enter_share(ef_plot *plot, ef_plot_panel *panel, ef_drawing drawing, size_t style, const char *name,
                         ef_plot_figure figure)
{
    panel->few = panel->few || figure.few;
    ef_plot_enter(plot, panel,
                  (ef_plot_entry){.drawing = drawing,
                                  .marked = true,
                                  .style = style,
                                  .value = figure.lower_is_better ? -figure.share : figure.share,
                                  .text = ef_plot_text(plot, "%s", name),
                                  .figure = figure_text(plot, &figure)});
}
