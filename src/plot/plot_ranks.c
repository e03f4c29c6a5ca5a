/* Identification: the rate within each rank, and at each number of distractors. */
#include <math.h>
#include <string.h>

#include "plot/plot_axis.h"
#include "plot/plot_parts.h"

enum { most_ranks = 100, most_linear = 30 };

static size_t shown_ranks(const ef_plot_group *group, const ef_plot_options *options)
{
    size_t ranks = 2, wanted = options->ranks > 0 ? options->ranks : most_ranks;
    for (size_t i = 0; i < group->count; i++) {
        size_t there = group->entries[i]->result->ranks;
        ranks = there > ranks ? there : ranks;
    }
    return wanted > 1 && wanted < ranks ? wanted : ranks;
}

static const ef_measure *rank_one(const ef_stored_metric *metrics, size_t count, const ef_stored_result *result,
                                  const ef_plot_options *options)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(metrics[i].name, "cmc") == 0 && metrics[i].point == 1) {
            return ef_plot_measure(result, &metrics[i], options);
        }
    }
    return NULL;
}

/* Whole ranks: all of a few, 1 and multiples of 5 of some, 1, 2 and 5 times a power of ten of many. */
static void add_ticks(ef_plot *plot, ef_plot_axis *axis, size_t ranks)
{
    enum { few = 10 };
    for (size_t rank = 1; rank <= ranks; rank++) {
        size_t power = 1;
        while (power * 10 <= rank) {
            power *= 10;
        }
        bool round = rank == power || rank == 2 * power || rank == 5 * power;
        if (axis->scale == EF_SCALE_LOG ? round : ranks <= few || rank == 1 || rank % 5 == 0) {
            ef_plot_tick_at(plot, axis, (double)rank, ef_plot_text(plot, "%zu", rank));
        }
    }
}

/* The rates of one result within each rank, with its marks and its interval. */
static void draw_ranks(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t style, size_t ranks,
                       const ef_plot_options *options, bool band)
{
    const ef_stored_result *result = entry->result;
    const ef_measure *first = rank_one(result->metrics, result->metric_count, result, options);
    size_t shown = result->ranks < ranks ? result->ranks : ranks, line = panel->series_count;
    ef_plot_series *series = ef_plot_draw(plot, panel, EF_DRAW_LINE, style, entry->name);
    for (size_t i = 0; i < shown; i++) {
        ef_plot_point(plot, series, (double)i + 1, result->cmc[i], NAN, NAN);
    }
    if (band) {
        ef_plot_band(plot, panel, entry, line, first != NULL ? first->trials : 0);
    }
    series = ef_plot_mark(plot, panel, line, 1);
    for (size_t i = 0; i < result->metric_count; i++) {
        const ef_stored_metric *metric = &result->metrics[i];
        const ef_measure *measure = ef_plot_measure(result, metric, options);
        if (strcmp(metric->name, "cmc") == 0 && measure != NULL && metric->point <= (double)ranks) {
            ef_plot_point(plot, series, metric->point, measure->value, NAN, NAN);
        }
    }
    ef_plot_enter_share(plot, panel, EF_DRAW_LINE, style, entry->name,
                        (ef_plot_figure){.share = first != NULL ? first->value : result->cmc[0]});
}

void ef_plot_cmc(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options)
{
    size_t ranks = shown_ranks(group, options);
    double least = 1;
    panel->title = ef_plot_text(plot, "%s", group->entries[0]->result->heading);
    panel->legend = EF_BOTTOM_RIGHT;
    panel->legend_title = ef_plot_text(plot, "Rank 1 [%%]");
    for (size_t i = 0; i < group->count; i++) {
        draw_ranks(plot, panel, group->entries[i], group->style[i], ranks, options, ef_plot_bands(options, group->count));
        least = fmin(least, group->entries[i]->result->cmc[0]);
    }
    panel->x = (ef_plot_axis){.title = ef_plot_text(plot, "Rank"),
                              .brief = ef_plot_text(plot, "Rank"),
                              .scale = ranks > most_linear ? EF_SCALE_LOG : EF_SCALE_LINEAR,
                              .low = 1,
                              .high = (double)ranks};
    add_ticks(plot, &panel->x, ranks);
    ef_axis_high_shares(plot, &panel->y, "Identification rate [%]", "Rate [%]", least, options->lowest);
}

/* What the axes of a panel must reach. */
typedef struct reach {
    double least, fewest, most;
} reach;

/* The rank-1 rate at a number of distractors; NULL: the result has none. */
static const ef_measure *rate_at(const ef_stored_result *result, uint64_t size, const ef_plot_options *options)
{
    for (size_t i = 0; i < result->gallery_count; i++) {
        const ef_stored_gallery *gallery = &result->galleries[i];
        const ef_measure *measure = rank_one(gallery->metrics, gallery->metric_count, result, options);
        if (measure != NULL && gallery->entries == size) {
            return measure;
        }
    }
    return NULL;
}

/* The largest number of distractors at which all results of a group have a rate; 0: there is none. */
static uint64_t common_size(const ef_plot_group *group, const ef_plot_options *options)
{
    const ef_stored_result *first = group->entries[0]->result;
    uint64_t largest = 0;
    for (size_t i = 0; i < first->gallery_count; i++) {
        uint64_t size = first->galleries[i].entries;
        size_t having = 0;
        while (having < group->count && rate_at(group->entries[having]->result, size, options) != NULL) {
            having++;
        }
        largest = having == group->count && size > largest ? size : largest;
    }
    return largest;
}

/* The rank-1 rate of one result at each number of distractors, in three columns of the same points: line, marks, interval.  The legend has
 * that at `common`; or else, when it is 0, that at the result's own largest number. */
static void draw_sizes(ef_plot *plot, ef_plot_panel *panel, const ef_paper_entry *entry, size_t style, uint64_t common,
                       const ef_plot_options *options, reach *reached, bool band)
{
    const ef_stored_result *result = entry->result;
    size_t line = panel->series_count;
    uint64_t largest = 0;
    ef_plot_draw(plot, panel, EF_DRAW_LINE, style, entry->name);
    ef_plot_draw(plot, panel, EF_DRAW_MARKS, style, entry->name);
    if (band) {
        ef_plot_draw(plot, panel, EF_DRAW_BAND, style, entry->name);
    }
    for (size_t i = 0; !plot->failed && i < result->gallery_count; i++) {
        const ef_stored_gallery *gallery = &result->galleries[i];
        const ef_measure *measure = rank_one(gallery->metrics, gallery->metric_count, result, options);
        if (measure == NULL || gallery->entries == 0) {
            continue;
        }
        double size = (double)gallery->entries;
        for (size_t j = line; j < panel->series_count; j++) {
            ef_plot_point(plot, &panel->series[j], size, measure->value, measure->ci_low, measure->ci_high);
        }
        largest = gallery->entries > largest ? gallery->entries : largest;
        *reached = (reach){fmin(reached->least, measure->value), fmin(reached->fewest, size), fmax(reached->most, size)};
    }
    const ef_measure *shown = rate_at(result, common > 0 ? common : largest, options);
    ef_plot_enter_share(plot, panel, EF_DRAW_LINE, style, entry->name,
                        (ef_plot_figure){.share = shown != NULL ? shown->value : NAN, .at = common > 0 ? 0 : (double)largest});
}

void ef_plot_distractors(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options)
{
    reach reached = {1, HUGE_VAL, 1};
    uint64_t common = common_size(group, options);
    panel->title = ef_plot_text(plot, "%s", group->entries[0]->result->heading);
    panel->legend = EF_BOTTOM_LEFT;
    for (size_t i = 0; i < group->count; i++) {
        draw_sizes(plot, panel, group->entries[i], group->style[i], common, options, &reached,
                   ef_plot_bands(options, group->count));
    }
    ef_axis_powers(plot, &panel->x, "Number of distractors", "Distractors", fmin(reached.fewest, reached.most), reached.most);
    panel->legend_title =
        common > 0 ? ef_plot_text(plot, "Rank 1 [%%] at %.0f", (double)common) : ef_plot_text(plot, "Rank 1 [%%]");
    ef_axis_high_shares(plot, &panel->y, "Rank-1 identification rate [%]", "Rank 1 [%]", reached.least, options->lowest);
}
