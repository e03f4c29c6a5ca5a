/* ROC and DET: the operating points of 1:1, drawn as they are stored, from one false match on: no lower rate can be known. */
#include <math.h>
#include <string.h>

#include "plot/plot_axis.h"
#include "plot/plot_parts.h"
#include "report/figure_text.h"

/* The left end of curves that go on beyond the left edge: outside the panel, so that lines run out of it. */
#define OUTSIDE 0.1

/* The FAR of one false match, the lowest that a result can know. */
static double one_match(const ef_stored_curve *curve)
{
    return 1 / fmax(1, (double)curve->impostors);
}

/* The FARs that a panel shows. */
typedef struct reach {
    double from; /* the left edge */
    double most; /* where the longest curve ends: 1, but below it where only a few false matches were wanted */
} reach;

/* From the lowest FAR of a TAR that some result has, or else one false match.  Curves that end early would be a corner of the panel, or nothing, when
 * that is near their end: they are shown over three powers of ten, if they have as many. */
static reach reach_of(const ef_plot_group *group, const ef_plot_options *options)
{
    const double least_wide = 1e-3;
    double lowest = HUGE_VAL, one = HUGE_VAL, most = 0;
    for (size_t i = 0; i < group->count; i++) {
        const ef_stored_result *result = group->entries[i]->result;
        const ef_stored_curve *curve = &result->curve;
        one = fmin(one, one_match(curve));
        most = fmax(most, fmax(curve->far[curve->points - 1], one_match(curve)));
        for (size_t j = 0; j < result->metric_count; j++) {
            const ef_stored_metric *metric = &result->metrics[j];
            if (strcmp(metric->name, "tar_at_far") == 0 && ef_plot_measure(result, metric, options) != NULL) {
                lowest = fmin(lowest, metric->point);
            }
        }
    }
    double end = ef_power_above(most), first = ef_power_below(one);
    lowest = isfinite(lowest) ? lowest : first;
    lowest = end < 1 ? fmin(lowest, fmax(least_wide * end, first)) : lowest;
    return (reach){fmin(isnan(options->from) ? lowest : options->from, 0.1 * end), most};
}

/* TAR (or FNMR) at every FAR of a curve, in `series`; what holds below `edge` is left out. */
static void draw_curve(ef_plot *plot, ef_plot_series *series, const ef_stored_curve *curve, const double *share, double edge)
{
    const double rounded = edge * (1 + 1e-9);
    for (size_t i = 0; i < curve->points; i++) {
        double far = curve->far[i];
        if (far > rounded) {
            bool first = i > 0 && curve->far[i - 1] < edge * (1 - 1e-9);
            if (first) {
                ef_plot_point(plot, series, far, share[i - 1], NAN, NAN); /* what holds before stays until here */
            }
            ef_plot_point(plot, series, far, share[i], NAN, NAN);
        } else if (i + 1 == curve->points || curve->far[i + 1] > rounded) {
            ef_plot_point(plot, series, edge, share[i], NAN, NAN);
        }
    }
}

/* Where the curve is at a FAR, for the ends of an axis; below one false match, where it ends. */
static double share_at(const ef_stored_curve *curve, const double *share, double far)
{
    size_t i = 0;
    double least = fmax(far, one_match(curve)) * (1 + 1e-9);
    while (i + 1 < curve->points && curve->far[i + 1] <= least) {
        i++;
    }
    return share[i];
}

/* The FAR at which a TAR was really found, which is where it lies on the curve: the public scripts take the nearest there is.  What lies beyond
 * the left edge stands on it. */
static double found_at(const ef_stored_metric *metric, const ef_measure *measure, double from)
{
    bool known = measure->impostors > 0 && measure->false_matches > 0;
    return fmax(from, known ? (double)measure->false_matches / (double)measure->impostors : metric->point);
}

/* The curve of one result from `edge` on, but not below one false match, with its interval; returns the place of the curve among the panel's series. */
static size_t draw_system(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t style, const double *share,
                          double edge, bool band)
{
    const ef_stored_curve *curve = &entry->result->curve;
    size_t line = panel->series_count;
    draw_curve(plot, ef_plot_draw(plot, panel, EF_DRAW_LINE, style, entry->name), curve, share, fmax(edge, one_match(curve)));
    if (band) {
        uint64_t repeated = entry->result->repeated_genuine; /* they tell nothing new */
        ef_plot_band(plot, panel, entry, line, curve->genuine - (repeated < curve->genuine ? repeated : 0));
    }
    return line;
}

/* Marks at the TARs that were asked for, or at what they leave to FNMRs, and a line of the legend with the one at `at`, or else with the area under
 * the curve. */
static void mark_points(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t line, double from, double at,
                        bool errors, const ef_plot_options *options)
{
    const ef_stored_result *result = entry->result;
    size_t style = panel->series_count > line ? panel->series[line].style : 0;
    ef_plot_series *marks = ef_plot_mark(plot, panel, line, from);
    for (size_t i = 0; i < result->metric_count; i++) {
        const ef_stored_metric *metric = &result->metrics[i];
        const ef_measure *measure = ef_plot_measure(result, metric, options);
        if (strcmp(metric->name, "tar_at_far") == 0 && measure != NULL && metric->point >= from) {
            ef_plot_point(plot, marks, found_at(metric, measure, from), errors ? 1 - measure->value : measure->value, NAN, NAN);
        }
    }
    const ef_stored_metric *shown = isnan(at) ? ef_stored_find(result, "auc", NAN) : ef_stored_find(result, "tar_at_far", at);
    const ef_measure *measure = ef_plot_measure(result, shown, options);
    double share = measure == NULL ? NAN : errors ? 1 - measure->value : measure->value;
    ef_plot_figure figure = {.share = share, .lower_is_better = errors, .few = measure != NULL && measure->few_false_matches};
    ef_plot_enter_share(plot, panel, EF_DRAW_LINE, style, entry->name, figure);
}

/* The upper end of an axis for curves that go up to `most` only: low ones would lie on the axis of x if it were 1. */
static double top_of(double most)
{
    static const double tops[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
    const double room = 1.1;
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
        if (room * most <= tops[i]) {
            return tops[i];
        }
    }
    return 1;
}

void ef_plot_roc(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options)
{
    const reach shown = reach_of(group, options);
    double at = ef_plot_common_far(group, options), least = 1, most = 0;
    panel->title = ef_plot_text(plot, "%s", group->entries[0]->result->heading);
    panel->legend = EF_BOTTOM_RIGHT;
    panel->legend_title = isnan(at) ? ef_plot_text(plot, "AUC [%%]") : ef_plot_power(plot, "TAR [%] at FAR ", at);
    for (size_t i = 0; i < group->count; i++) {
        const ef_paper_entry *entry = group->entries[i];
        const ef_stored_curve *curve = &entry->result->curve;
        size_t line = draw_system(plot, panel, entry, group->style[i], curve->tar, OUTSIDE * shown.from,
                                  ef_plot_bands(options, group->count));
        mark_points(plot, panel, entry, line, shown.from, at, false, options);
        least = fmin(least, share_at(curve, curve->tar, shown.from));
        most = fmax(most, curve->tar[curve->points - 1]);
    }
    ef_axis_powers(plot, &panel->x, "False acceptance rate (FAR)", "FAR", shown.from, shown.most);
    panel->x.low = shown.from;
    ef_axis_high_shares(plot, &panel->y, "True acceptance rate [%]", "TAR [%]", least, options->lowest);
    double top = top_of(most);
    panel->y.high = top < 1 && panel->y.low < top ? top : panel->y.high;
}

/* From what one comparison can show, or a thinned curve, which is right within 1e-5, or where curves end, to the highest rate of all. */
static void choose_fnmr_axis(ef_plot *plot, ef_plot_axis *axis, const ef_plot_group *group, double from)
{
    const double finest = 1e-4, highest = 0.99;
    double least = 1, most = 0.05;
    for (size_t i = 0; i < group->count; i++) {
        const ef_stored_curve *curve = &group->entries[i]->result->curve;
        double one = 1 / fmax(1, (double)curve->genuine);
        double known = curve->thinned ? fmax(one, finest) : one;
        least = fmin(least, fmax(known, curve->fnmr[curve->points - 1]));
        most = fmax(most, share_at(curve, curve->fnmr, from));
    }
    ef_axis_deviates(plot, axis, "False non-match rate [%]", "FNMR [%]", false, least, fmin(most, highest));
}

/* The EER, at which both rates are alike, stands on the diagonal. */
static void mark_equal_error(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t line,
                             const ef_plot_options *options)
{
    const ef_measure *measure = ef_plot_measure(entry->result, ef_stored_find(entry->result, "eer", NAN), options);
    size_t style = panel->series_count > line ? panel->series[line].style : 0;
    ef_plot_series *marks = ef_plot_mark(plot, panel, line, panel->x.low);
    if (measure != NULL && measure->value > 0 && measure->value < 1) {
        ef_plot_point(plot, marks, measure->value, measure->value, NAN, NAN);
    }
    ef_plot_enter_share(plot, panel, EF_DRAW_LINE, style, entry->name,
                        (ef_plot_figure){.share = measure != NULL ? measure->value : NAN, .lower_is_better = true});
}

static bool has_equal_error(const ef_plot_group *group, const ef_plot_options *options)
{
    bool has = false;
    for (size_t i = 0; i < group->count; i++) {
        const ef_stored_result *result = group->entries[i]->result;
        has = has || ef_plot_measure(result, ef_stored_find(result, "eer", NAN), options) != NULL;
    }
    return has;
}

void ef_plot_det(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options)
{
    const double end = 0.4;
    const reach shown = reach_of(group, options);
    double at = ef_plot_common_far(group, options);
    bool equal = has_equal_error(group, options) || isnan(at); /* curves that end early have no EER */
    ef_axis_deviates(plot, &panel->x, "False match rate [%]", "FMR [%]", true, shown.from, fmin(shown.most, end));
    choose_fnmr_axis(plot, &panel->y, group, shown.from);
    panel->title = ef_plot_text(plot, "%s", group->entries[0]->result->heading);
    panel->legend = EF_TOP_RIGHT;
    panel->legend_title = equal ? ef_plot_text(plot, "EER [%%]") : ef_plot_power(plot, "FNMR [%] at FMR ", at);
    panel->diagonal = fmax(panel->x.low, panel->y.low) < fmin(panel->x.high, panel->y.high);
    for (size_t i = 0; i < group->count; i++) {
        const ef_paper_entry *entry = group->entries[i];
        size_t line = draw_system(plot, panel, entry, group->style[i], entry->result->curve.fnmr, OUTSIDE * panel->x.low,
                                  ef_plot_bands(options, group->count));
        if (equal) {
            mark_equal_error(plot, panel, entry, line, options);
        } else {
            mark_points(plot, panel, entry, line, shown.from, at, true, options);
        }
    }
}
