#include <math.h>
#include <string.h>

#include <eface/interval.h>

#include "base/error.h"
#include "base/memory.h"
#include "plot/plot_parts.h"
#include "plot/plot_clear.h"
#include "report/figure_text.h"

typedef void panel_maker(ef_plot *plot, ef_plot_panel *panel, const ef_plot_group *group, const ef_plot_options *options);

static panel_maker *const makers[EF_PLOT_KINDS] = {[EF_PLOT_ROC] = ef_plot_roc,
                                                   [EF_PLOT_DET] = ef_plot_det,
                                                   [EF_PLOT_CMC] = ef_plot_cmc,
                                                   [EF_PLOT_DISTRACTORS] = ef_plot_distractors};

static size_t count_panels(const ef_plot_choice *choice, ef_plot_kind kind)
{
    size_t panels = 0;
    for (size_t i = 0; i < choice->count; i++) {
        panels += kind == EF_PLOT_HIST ? choice->groups[i].count : 1;
    }
    return kind == EF_PLOT_TAR ? 1 : panels;
}

/* What was found elsewhere goes into the panels it is for, in the units of the axes. */
static void add_references(ef_plot *plot, ef_plot_panel *panel, const char *protocol, const ef_plot_options *options)
{
    for (size_t i = 0; i < options->reference_count; i++) {
        const ef_plot_reference *reference = &options->references[i];
        if (reference->protocol != NULL && strcmp(reference->protocol, protocol) != 0) {
            continue;
        }
        ef_plot_series *series = ef_plot_draw(plot, panel, EF_DRAW_REFERENCE, i, reference->name);
        for (size_t j = 0; j < reference->count; j++) {
            ef_plot_point(plot, series, reference->x[j], reference->y[j], NAN, NAN);
        }
        ef_plot_enter(
            plot, panel,
            (ef_plot_entry){
                .drawing = EF_DRAW_REFERENCE, .style = i, .value = NAN, .text = ef_plot_text(plot, "%s", reference->name)});
    }
}

/* A line at the end of a legend that says what its marks mean. */
static void explain_marks(ef_plot *plot, ef_plot_panel *panel)
{
    if (panel->few) {
        ef_plot_enter(plot, panel,
                      (ef_plot_entry){.drawing = EF_DRAW_FLAGS,
                                      .value = NAN,
                                      .text = ef_plot_text(plot, "! fewer than %d false matches", EF_FEW_FALSE_MATCHES)});
    }
}

static void fill_panels(ef_plot *plot, const ef_plot_choice *choice, const ef_plot_options *options)
{
    size_t next = 0;
    for (size_t i = 0; i < choice->count; i++) {
        const ef_plot_group *group = &choice->groups[i];
        if (options->kind == EF_PLOT_HIST) {
            for (size_t j = 0; j < group->count; j++) {
                ef_plot_histogram(plot, &plot->panels[next++], group, j, options);
            }
        } else {
            ef_plot_panel *panel = &plot->panels[next++];
            makers[options->kind](plot, panel, group, options);
            ef_plot_order(panel);
            add_references(plot, panel, group->entries[0]->result->protocol, options);
            explain_marks(plot, panel);
        }
    }
}

/* A FAR that was asked for must be one that was evaluated somewhere; bars need one. */
static ef_status check_far(const ef_plot_choice *choice, const ef_plot_options *options, ef_error *err)
{
    char point[32];
    bool found = isnan(options->at) || (options->kind != EF_PLOT_ROC && options->kind != EF_PLOT_TAR);
    if (options->kind == EF_PLOT_TAR && isnan(ef_plot_far_of_bars(choice, options))) {
        return ef_fail(err, EF_INVALID, "there is no FAR at which all results have a TAR; choose one with --at");
    }
    for (size_t i = 0; i < choice->count; i++) {
        for (size_t j = 0; j < choice->groups[i].count; j++) {
            found = found || ef_stored_find(choice->groups[i].entries[j]->result, "tar_at_far", options->at) != NULL;
        }
    }
    return found ? EF_OK
                 : ef_fail(err, EF_INVALID, "no result has the TAR at FAR %s; eface-eval --metrics tar_at_far@%s finds it",
                           ef_word_point(point, sizeof point, options->at), point);
}

/* Every reference is for a panel that there is. */
static ef_status check_references(const ef_plot_choice *choice, const ef_plot_options *options, ef_error *err)
{
    for (size_t i = 0; i < options->reference_count; i++) {
        const ef_plot_reference *reference = &options->references[i];
        bool found = reference->protocol == NULL;
        for (size_t j = 0; j < choice->count; j++) {
            found = found || strcmp(choice->groups[j].entries[0]->result->protocol, reference->protocol) == 0;
        }
        if (!found) {
            return ef_fail(err, EF_INVALID, "%s: the reference '%s' is for %s, which has no panel in this plot; see --protocol",
                           reference->file, reference->name, reference->protocol);
        }
    }
    return EF_OK;
}

/* And is seen in at least one. */
static ef_status check_seen(const ef_plot *plot, const ef_plot_options *options, ef_error *err)
{
    static const char *const wider[EF_PLOT_KINDS] = {
        [EF_PLOT_ROC] = "; see --from and --lowest",
        [EF_PLOT_DET] = "; see --from, and --reference-columns if its columns are in another order or kind",
        [EF_PLOT_CMC] = "; see --ranks and --lowest",
        [EF_PLOT_DISTRACTORS] = "; see --lowest"};
    for (size_t i = 0; i < options->reference_count; i++) {
        const ef_plot_panel *last = NULL;
        bool seen = false;
        for (size_t j = 0; j < plot->panel_count; j++) {
            const ef_plot_panel *panel = &plot->panels[j];
            for (size_t k = 0; k < panel->series_count; k++) {
                const ef_plot_series *series = &panel->series[k];
                if (series->drawing == EF_DRAW_REFERENCE && series->style == i) {
                    last = panel;
                    seen = seen || ef_plot_seen(panel, series);
                }
            }
        }
        if (!seen && last != NULL) {
            return ef_fail(
                err, EF_INVALID,
                "%s: nothing of the reference '%s' lies between the axes, of which x goes from %.4g to %.4g and y from "
                "%.4g to %.4g%s",
                options->references[i].file, options->references[i].name, last->x.low, last->x.high, last->y.low,
                fmin(last->y.high, 1), wider[plot->kind]);
        }
    }
    return EF_OK;
}

static ef_status make(ef_plot *out, const ef_plot_choice *choice, const ef_plot_options *options, ef_error *err)
{
    size_t panels = count_panels(choice, options->kind);
    if (panels > EF_MOST_PANELS) {
        return ef_fail(
            err, EF_INVALID,
            "%zu panels do not fit in a plot, of which it has %d at the most; choose with --protocol, or give fewer files",
            panels, EF_MOST_PANELS);
    }
    out->panels = ef_alloc_zero(panels, sizeof *out->panels);
    if (out->panels == NULL) {
        return ef_fail_memory(err, "a plot");
    }
    out->panel_count = panels;
    out->style_count = choice->system_count;
    if (options->kind == EF_PLOT_TAR) {
        ef_plot_bars(out, out->panels, choice, options);
        ef_plot_order(out->panels);
        explain_marks(out, out->panels);
    } else {
        fill_panels(out, choice, options);
    }
    return out->failed ? ef_fail_memory(err, "a plot") : check_seen(out, options, err);
}

ef_status ef_plot_make(ef_plot *out, const ef_paper_entry *entries, size_t count, const ef_plot_options *options, ef_error *err)
{
    ef_plot_choice choice = {0};
    *out = (ef_plot){.kind = options->kind};
    ef_status status = ef_plot_choose(&choice, entries, count, options, err);
    if (status == EF_OK) {
        status = check_far(&choice, options, err);
    }
    if (status == EF_OK) {
        status = check_references(&choice, options, err);
    }
    if (status == EF_OK) {
        status = make(out, &choice, options, err);
    }
    ef_plot_choice_free(&choice);
    if (status != EF_OK) {
        ef_plot_free(out);
    }
    return status;
}
