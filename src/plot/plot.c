#include "plot/plot.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"

static const char *const kind_names[EF_PLOT_KINDS] = {"roc", "det", "cmc", "hist", "distractors", "tar"};

const char *ef_plot_kind_name(ef_plot_kind kind)
{
    return kind_names[kind];
}

ef_status ef_plot_kind_parse(ef_plot_kind *out, const char *text, ef_error *err)
{
    for (int i = 0; i < EF_PLOT_KINDS; i++) {
        if (strcmp(text, kind_names[i]) == 0) {
            *out = (ef_plot_kind)i;
            return EF_OK;
        }
    }
    return ef_fail(err, EF_INVALID, "'%s' is no kind of plot; there are roc, det, cmc, hist, distractors and tar", text);
}

char *ef_plot_text(ef_plot *plot, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length >= 0 ? ef_alloc((size_t)length + 1, 1) : NULL;
    if (text == NULL) {
        plot->failed = true;
        return NULL;
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    ef_clean(text, ' ');
    return text;
}

ef_plot_series *ef_plot_draw(ef_plot *plot, ef_plot_panel *panel, ef_drawing drawing, size_t style, const char *name)
{
    char *copy = ef_plot_text(plot, "%s", name);
    if (copy == NULL || !ef_grow(&panel->series, &panel->series_capacity, panel->series_count + 1, sizeof *panel->series)) {
        free(copy);
        plot->failed = true;
        return &plot->spare;
    }
    ef_plot_series *series = &panel->series[panel->series_count++];
    *series = (ef_plot_series){.drawing = drawing, .style = style, .name = copy};
    return series;
}

/* Four columns that grow together. */
static bool grow_columns(ef_plot_series *series)
{
    double **columns[] = {&series->x, &series->y, &series->low, &series->high};
    size_t capacity = series->capacity;
    for (size_t i = 0; i < 4; i++) {
        capacity = series->capacity;
        if (!ef_grow(columns[i], &capacity, series->count + 1, sizeof **columns[i])) {
            return false;
        }
    }
    series->capacity = capacity;
    return true;
}

void ef_plot_point(ef_plot *plot, ef_plot_series *series, double x, double y, double low, double high)
{
    if (plot->failed || (series->count == series->capacity && !grow_columns(series))) {
        plot->failed = true;
        return;
    }
    size_t i = series->count++;
    series->x[i] = x;
    series->y[i] = y;
    series->low[i] = low;
    series->high[i] = high;
}

void ef_plot_enter(ef_plot *plot, ef_plot_panel *panel, ef_plot_entry entry)
{
    if (plot->failed || entry.text == NULL ||
        !ef_grow(&panel->entries, &panel->entry_capacity, panel->entry_count + 1, sizeof *panel->entries)) {
        free(entry.text);
        free(entry.figure);
        plot->failed = true;
        return;
    }
    panel->entries[panel->entry_count++] = entry;
}

void ef_plot_order(ef_plot_panel *panel)
{
    for (size_t i = 1; i < panel->entry_count; i++) {
        ef_plot_entry entry = panel->entries[i];
        size_t place = i;
        while (place > 0 && (entry.value > panel->entries[place - 1].value ||
                             (!isnan(entry.value) && isnan(panel->entries[place - 1].value)))) {
            panel->entries[place] = panel->entries[place - 1];
            place--;
        }
        panel->entries[place] = entry;
    }
}

void ef_plot_rule_at(ef_plot *plot, ef_plot_panel *panel, double x, char *label)
{
    if (label == NULL || !ef_grow(&panel->rules, &panel->rule_capacity, panel->rule_count + 1, sizeof *panel->rules)) {
        free(label);
        plot->failed = true;
        return;
    }
    panel->rules[panel->rule_count++] = (ef_plot_rule){x, label};
}

void ef_plot_tick_at(ef_plot *plot, ef_plot_axis *axis, double at, char *label)
{
    if (label == NULL || !ef_grow(&axis->ticks, &axis->tick_capacity, axis->tick_count + 1, sizeof *axis->ticks)) {
        free(label);
        plot->failed = true;
        return;
    }
    axis->ticks[axis->tick_count++] = (ef_plot_tick){at, label};
}

static void free_series(ef_plot_series *series)
{
    free(series->name);
    free(series->x);
    free(series->y);
    free(series->low);
    free(series->high);
}

static void free_axis(ef_plot_axis *axis)
{
    for (size_t i = 0; i < axis->tick_count; i++) {
        free(axis->ticks[i].label);
    }
    free(axis->ticks);
    free(axis->title);
    free(axis->brief);
}

static void free_panel(ef_plot_panel *panel)
{
    for (size_t i = 0; i < panel->series_count; i++) {
        free_series(&panel->series[i]);
    }
    for (size_t i = 0; i < panel->entry_count; i++) {
        free(panel->entries[i].text);
        free(panel->entries[i].figure);
    }
    for (size_t i = 0; i < panel->rule_count; i++) {
        free(panel->rules[i].label);
    }
    free_axis(&panel->x);
    free_axis(&panel->y);
    free(panel->series);
    free(panel->entries);
    free(panel->rules);
    free(panel->title);
    free(panel->legend_title);
}

void ef_plot_free(ef_plot *plot)
{
    for (size_t i = 0; i < plot->panel_count; i++) {
        free_panel(&plot->panels[i]);
    }
    free_series(&plot->spare);
    free(plot->panels);
    *plot = (ef_plot){0};
}
