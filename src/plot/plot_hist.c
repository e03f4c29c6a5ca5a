/* How the scores of a result are distributed, and where its thresholds lie.  The panels of a benchmark can be compared: all have the same bins, axes and FARs,
 * but for results whose scores are on another scale. */
#include <math.h>
#include <string.h>

#include "plot/plot_axis.h"
#include "plot/plot_parts.h"

enum { genuine_style = 0, impostor_style = 1 };

/* Bins as they are drawn: each is `merged` of the histograms' own, from bin `first` on. */
typedef struct bins {
    const ef_histogram *histogram; /* one of those */
    size_t first, count, merged;
} bins;

/* The results of a group whose histograms have the same bins as that of entry `index`, which is one of them. */
typedef struct kin {
    const ef_plot_group *group;
    size_t index;
} kin;

static const ef_histogram *histogram_of(const kin *self, size_t i)
{
    return &self->group->entries[i]->result->histogram;
}

static bool is_kin(const kin *self, size_t i)
{
    const ef_histogram *a = histogram_of(self, i), *b = histogram_of(self, self->index);
    return a->bins == b->bins && a->low == b->low && a->high == b->high;
}

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

/* Widens the range [*low, *high) by the bins that hold anything; false: none do. */
static bool widen(size_t *low, size_t *high, const ef_histogram *histogram)
{
    bool some = false;
    for (size_t i = 0; i < histogram->bins; i++) {
        if (holds_something(histogram, i)) {
            *low = i < *low ? i : *low;
            *high = i >= *high ? i + 1 : *high;
            some = true;
        }
    }
    return some;
}

/* How many bins the scores of a class reach over; those of a few scores as if over many, since they have no form to be seen. */
static size_t width_of(const uint64_t *counts, size_t count)
{
    const uint64_t some = 100;
    size_t low = 0, high = count;
    while (low < high && counts[low] == 0) {
        low++;
    }
    while (high > low && counts[high - 1] == 0) {
        high--;
    }
    return total(counts, count) < some ? SIZE_MAX : high - low;
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The bins that hold anything in some result, and one to either side, merged until they are few enough for all, but not so that a class that lies close
 * together becomes a few bars; empty histograms as they are. */
static bins choose_bins(const kin *self)
{
    static const size_t steps[] = {1, 2, 5, 10, 20, 50, 100}, fewest = 12;
    const ef_histogram *histogram = histogram_of(self, self->index);
    size_t low = histogram->bins, high = 0, step = 0, narrow = SIZE_MAX;
    double most = HUGE_VAL;
    for (size_t i = 0; i < self->group->count; i++) {
        const ef_histogram *of = histogram_of(self, i);
        if (is_kin(self, i) && widen(&low, &high, of)) {
            most = fmin(most, most_bins(of));
            narrow = lesser(narrow, lesser(width_of(of->genuine, of->bins), width_of(of->impostor, of->bins)));
        }
    }
    if (low >= high) {
        return (bins){histogram, 0, histogram->bins, 1};
    }
    while (step + 1 < sizeof steps / sizeof *steps && (double)(high - low) > (double)steps[step] * most &&
           narrow / steps[step + 1] >= fewest) {
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

/* The same as a share of all scores of the class. */
static double share_of(const bins *drawn, size_t i, const uint64_t *counts)
{
    uint64_t sum = total(counts, drawn->histogram->bins);
    return sum > 0 ? (double)counted(drawn, i, counts) / (double)sum : 0;
}

/* The highest of them, of both classes and all results. */
static double highest_share(const kin *self, const bins *drawn)
{
    double highest = 0;
    for (size_t i = 0; i < self->group->count; i++) {
        for (size_t j = 0; is_kin(self, i) && j < drawn->count; j++) {
            const ef_histogram *histogram = histogram_of(self, i);
            highest = fmax(highest, fmax(share_of(drawn, j, histogram->genuine), share_of(drawn, j, histogram->impostor)));
        }
    }
    return highest;
}

/* The outline of the bins. */
static void draw_class(ef_plot *plot, ef_plot_panel *panel, const bins *drawn, const uint64_t *counts, size_t style,
                       const char *name)
{
    uint64_t sum = total(counts, drawn->histogram->bins);
    ef_plot_series *area = ef_plot_draw(plot, panel, EF_DRAW_AREA, style, name);
    for (size_t i = 0; i < drawn->count; i++) {
        double share = share_of(drawn, i, counts);
        ef_plot_point(plot, area, edge(drawn, i), share, NAN, NAN);
        ef_plot_point(plot, area, edge(drawn, i + 1), share, NAN, NAN);
    }
    ef_plot_enter(plot, panel,
                  (ef_plot_entry){.drawing = EF_DRAW_AREA,
                                  .style = style,
                                  .value = NAN,
                                  .text = sum > 0 ? ef_plot_text(plot, "%s (%llu)", name, (unsigned long long)sum)
                                                  : ef_plot_text(plot, "%s (none)", name)});
}

/* The threshold of a FAR that was asked for; NAN: it has none. */
static double threshold_at(const ef_stored_result *result, double far, const ef_plot_options *options)
{
    const ef_stored_metric *metric = isnan(far) ? NULL : ef_stored_find(result, "tar_at_far", far);
    const ef_measure *measure = ef_plot_measure(result, metric, options);
    return measure != NULL && !measure->threshold_is_distance && isfinite(measure->threshold) ? measure->threshold : NAN;
}

/* Whether the threshold of a FAR lies between the ends of the axis in all results, and not too near to that of the FAR before it to be read. */
static bool has_room(const kin *self, const ef_plot_axis *axis, double far, double before, const ef_plot_options *options)
{
    const double apart = 0.07 * (axis->high - axis->low);
    for (size_t i = 0; i < self->group->count; i++) {
        const ef_stored_result *result = self->group->entries[i]->result;
        double threshold = threshold_at(result, far, options), last = threshold_at(result, before, options);
        bool fits = threshold > axis->low && threshold < axis->high && !(fabs(last - threshold) < apart);
        if (is_kin(self, i) && !fits) {
            return false;
        }
    }
    return true;
}

/* Thresholds of FARs, the strictest first. */
static void add_rules(ef_plot *plot, ef_plot_panel *panel, const kin *self, const ef_plot_options *options)
{
    const ef_stored_result *result = self->group->entries[self->index]->result;
    size_t first = 0;
    double last = NAN;
    while (!is_kin(self, first)) {
        first++;
    }
    const ef_stored_result *asked = self->group->entries[first]->result;
    for (size_t i = 0; i < asked->metric_count; i++) {
        double far = asked->metrics[i].point;
        if (strcmp(asked->metrics[i].name, "tar_at_far") == 0 && has_room(self, &panel->x, far, last, options)) {
            ef_plot_rule_at(plot, panel, threshold_at(result, far, options), ef_plot_power(plot, "FAR ", far));
            last = far;
        }
    }
}

void ef_plot_histogram(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, size_t index,
                       const ef_plot_options *options)
{
    /* Room above the highest bin, for the names of the thresholds. */
    const double room = 1.5, least = 0.01;
    const kin self = {group, index};
    const ef_paper_entry *entry = group->entries[index];
    const ef_histogram *histogram = &entry->result->histogram;
    bins drawn = choose_bins(&self);
    panel->title = ef_plot_text(plot, "%s, %s", entry->result->heading, entry->name);
    panel->legend = EF_TOP_LEFT;
    panel->x = (ef_plot_axis){.title = ef_plot_text(plot, "Score"),
                              .brief = ef_plot_text(plot, "Score"),
                              .low = edge(&drawn, 0),
                              .high = edge(&drawn, drawn.count)};
    draw_class(plot, panel, &drawn, histogram->impostor, impostor_style, "impostor");
    draw_class(plot, panel, &drawn, histogram->genuine, genuine_style, "genuine");
    panel->y = (ef_plot_axis){.title = ef_plot_text(plot, "Share in %.3g [%%]", edge(&drawn, 1) - edge(&drawn, 0)),
                              .brief = ef_plot_text(plot, "Share [%%]"),
                              .percent = true,
                              .high = room * fmax(highest_share(&self, &drawn), least)};
    plot->style_count = 2;
    ef_axis_even_ticks(plot, &panel->x);
    add_rules(plot, panel, &self, options);
}
