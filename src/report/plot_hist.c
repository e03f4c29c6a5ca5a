/* How the scores of a result are distributed, and where its thresholds lie. */
#include <math.h>
#include <string.h>

#include "report/plot_axis.h"
#include "report/plot_parts.h"

enum { genuine_style = 0, impostor_style = 1 };

/* Bins as they are drawn: each is `merged` of the histogram's own, from bin `first` on. */
typedef struct bins {
    const ef_histogram *histogram;
    size_t first, count, merged;
} bins;

static uint64_t total(const uint64_t *counts, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += counts[i];
    }
    return sum;
}

static bool holds_something(const ef_histogram *histogram, size_t bin)
{
    return histogram->genuine[bin] > 0 || histogram->impostor[bin] > 0;
}

/* So many that the form is seen and not the chance in it: a multiple of the cube root of the scores, as Rice's rule has it for one class. */
static double most_bins(const ef_histogram *histogram)
{
    const double factor = 6, least = 10;
    uint64_t genuine = total(histogram->genuine, histogram->bins), impostor = total(histogram->impostor, histogram->bins);
    uint64_t fewer = genuine < impostor && genuine > 0 ? genuine : impostor;
    return fmax(least, factor * cbrt((double)fewer));
}

/* The bins that hold anything, and one to either side, merged until they are few enough; an empty histogram as it is. */
static bins choose_bins(const ef_histogram *histogram)
{
    static const size_t steps[] = {1, 2, 5, 10, 20, 50, 100};
    size_t low = 0, high = histogram->bins, step = 0;
    while (low < high && !holds_something(histogram, low)) {
        low++;
    }
    while (high > low && !holds_something(histogram, high - 1)) {
        high--;
    }
    if (low == high) {
        return (bins){histogram, 0, histogram->bins, 1};
    }
    while (step + 1 < sizeof steps / sizeof *steps && (double)(high - low) > (double)steps[step] * most_bins(histogram)) {
        step++;
    }
    size_t merged = steps[step], first = low / merged, end = (high + merged - 1) / merged;
    first -= first > 0;
    end += end * merged < histogram->bins;
    return (bins){histogram, first * merged, end - first, merged};
}

static double edge(const bins *drawn, size_t i)
{
    const ef_histogram *histogram = drawn->histogram;
    double width = (histogram->high - histogram->low) / (double)histogram->bins;
    return histogram->low + width * (double)(drawn->first + i * drawn->merged);
}

/* How many of a class are in bin `i` as drawn; the last may reach beyond the histogram. */
static uint64_t counted(const bins *drawn, size_t i, const uint64_t *counts)
{
    size_t first = drawn->first + i * drawn->merged, left = drawn->histogram->bins - first;
    return total(counts + first, left < drawn->merged ? left : drawn->merged);
}

/* The outline of the bins: shares of all scores of the class.  Returns the highest. */
static double draw_class(ef_plot *plot, ef_plot_panel *panel, const bins *drawn, const uint64_t *counts, size_t style,
                         const char *name)
{
    uint64_t sum = total(counts, drawn->histogram->bins);
    double highest = 0;
    ef_plot_series *area = ef_plot_draw(plot, panel, EF_DRAW_AREA, style, name);
    for (size_t i = 0; i < drawn->count; i++) {
        double share = sum > 0 ? (double)counted(drawn, i, counts) / (double)sum : 0;
        ef_plot_point(plot, area, edge(drawn, i), share, NAN, NAN);
        ef_plot_point(plot, area, edge(drawn, i + 1), share, NAN, NAN);
        highest = fmax(highest, share);
    }
    ef_plot_enter(plot, panel,
                  (ef_plot_entry){.drawing = EF_DRAW_AREA,
                                  .style = style,
                                  .value = NAN,
                                  .text = sum > 0 ? ef_plot_text(plot, "%s (%llu)", name, (unsigned long long)sum)
                                                  : ef_plot_text(plot, "%s (none)", name)});
    return highest;
}

/* Thresholds of FARs, the strictest first; those too near to the one before to be read are left out. */
static void add_rules(ef_plot *plot, ef_plot_panel *panel, const ef_stored_result *result, const ef_plot_options *options)
{
    const double apart = 0.07 * (panel->x.high - panel->x.low);
    double last = HUGE_VAL;
    for (size_t i = 0; i < result->metric_count; i++) {
        const ef_stored_metric *metric = &result->metrics[i];
        const ef_measure *measure = ef_plot_measure(result, metric, options);
        if (strcmp(metric->name, "tar_at_far") != 0 || measure == NULL || measure->threshold_is_distance) {
            continue;
        }
        double threshold = measure->threshold;
        if (isfinite(threshold) && fabs(last - threshold) >= apart && threshold > panel->x.low && threshold < panel->x.high) {
            ef_plot_rule_at(plot, panel, threshold, ef_plot_power(plot, "FAR ", metric->point));
            last = threshold;
        }
    }
}

void ef_plot_histogram(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, const ef_plot_options *options)
{
    /* Room above the highest bin, for the names of the thresholds. */
    const double room = 1.5, least = 0.01;
    const ef_stored_result *result = entry->result;
    bins drawn = choose_bins(&result->histogram);
    panel->title = ef_plot_text(plot, "%s, %s", result->heading, entry->name);
    panel->legend = EF_TOP_LEFT;
    panel->x = (ef_plot_axis){.title = ef_plot_text(plot, "Score"),
                              .brief = ef_plot_text(plot, "Score"),
                              .low = edge(&drawn, 0),
                              .high = edge(&drawn, drawn.count)};
    double highest = draw_class(plot, panel, &drawn, result->histogram.impostor, impostor_style, "impostor");
    highest = fmax(highest, draw_class(plot, panel, &drawn, result->histogram.genuine, genuine_style, "genuine"));
    panel->y = (ef_plot_axis){.title = ef_plot_text(plot, "Share in %.3g [%%]", edge(&drawn, 1) - edge(&drawn, 0)),
                              .brief = ef_plot_text(plot, "Share [%%]"),
                              .percent = true,
                              .high = room * fmax(highest, least)};
    plot->style_count = 2;
    ef_axis_even_ticks(plot, &panel->x);
    add_rules(plot, panel, result, options);
}
