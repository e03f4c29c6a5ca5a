#include "table/paper_figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "table/paper_alike.h"

ef_paper_figure *ef_paper_figure_at(const ef_paper_figures *figures, size_t system, size_t column)
{
    return &figures->figures[system * figures->columns.count + column];
}

bool ef_paper_is_rate(const ef_paper_column *column)
{
    return column->metric->kind == EF_KIND_RATE;
}

void ef_paper_figures_free(ef_paper_figures *figures)
{
    size_t count = figures->figures != NULL ? figures->system_count * figures->columns.count : 0;
    for (size_t i = 0; i < count * EF_REASON_COUNT; i++) {
        free(figures->figures[i / EF_REASON_COUNT].reasons[i % EF_REASON_COUNT]);
    }
    for (size_t i = 0; figures->common != NULL && i < figures->columns.count * EF_REASON_COUNT; i++) {
        free(figures->common[i / EF_REASON_COUNT][i % EF_REASON_COUNT]);
    }
    for (size_t i = 0; i < EF_REASON_COUNT; i++) {
        free(figures->shared[i]);
    }
    free(figures->systems);
    free(figures->figures);
    free(figures->common);
    ef_paper_columns_free(&figures->columns);
    *figures = (ef_paper_figures){0};
}

/* One system has one result for a benchmark and task: which of two would be meant? */
static ef_status check_twice(const ef_paper_input *input, ef_error *err)
{
    for (size_t i = 0; i < input->count; i++) {
        const ef_paper_entry *a = &input->entries[i];
        for (size_t j = 0; j < i; j++) {
            const ef_paper_entry *b = &input->entries[j];
            bool same = strcmp(a->name, b->name) == 0 && strcmp(a->result->protocol, b->result->protocol) == 0 &&
                        strcmp(a->result->task, b->result->task) == 0;
            if (same && strcmp(a->file, b->file) == 0 && a->file != b->file) {
                return ef_fail(err, EF_INVALID, "%s is given twice", a->file);
            }
            if (same && a->file == b->file) {
                return ef_fail(err, EF_INVALID, "%s: has the system '%s' twice for %s", a->file, a->name, a->result->protocol);
            }
            if (same) {
                return ef_fail(err, EF_INVALID, "%s and %s both have the system '%s' for %s; NAME=FILE calls one otherwise",
                               b->file, a->file, a->name, a->result->protocol);
            }
        }
    }
    return EF_OK;
}

/* The systems in order of first appearance, each once. */
static ef_status list_systems(ef_paper_figures *self, const ef_paper_input *input, ef_error *err)
{
    self->systems = ef_alloc_zero(input->count + input->published->count, sizeof *self->systems);
    if (self->systems == NULL) {
        return ef_fail_memory(err, "a table");
    }
    for (size_t i = 0; i < input->count; i++) {
        size_t j = 0;
        while (j < self->measured_count && strcmp(self->systems[j].name, input->entries[i].name) != 0) {
            j++;
        }
        if (j == self->measured_count) {
            self->systems[self->measured_count++].name = input->entries[i].name;
        }
    }
    self->system_count = self->measured_count;
    for (size_t i = 0; i < input->published->count; i++) {
        const ef_published_system *system = &input->published->systems[i];
        self->systems[self->system_count++] = (ef_paper_system){system->name, system};
    }
    return EF_OK;
}

static void find_published(ef_paper_figure *out, const ef_published_system *system, const ef_paper_column *column)
{
    const ef_published_figure *figure = ef_published_find(system, column->protocol, column->metric->name, column->point);
    if (figure != NULL) {
        *out = (ef_paper_figure){.there = true, .value = figure->value, .text = figure->text};
    }
}

static void find_measured(ef_paper_figure *out, const ef_paper_input *input, const char *name, const ef_paper_column *column,
                          const ef_paper_options *options)
{
    for (size_t i = 0; i < input->count; i++) {
        const ef_paper_entry *entry = &input->entries[i];
        const ef_stored_result *result = entry->result;
        bool here = strcmp(entry->name, name) == 0 && strcmp(result->protocol, column->protocol) == 0;
        const ef_stored_metric *metric = here ? ef_stored_find(result, column->metric->name, column->point) : NULL;
        ef_convention used, wanted = options->choose_convention ? options->convention : result->convention;
        const ef_measure *measure = metric != NULL ? ef_stored_measure(metric, wanted, &used) : NULL;
        if (measure != NULL) {
            *out =
                (ef_paper_figure){.there = true, .value = measure->value, .measure = measure, .entry = entry, .convention = used};
            return;
        }
    }
}

static ef_status gather(ef_paper_figures *self, const ef_paper_input *input, const ef_paper_options *options, ef_error *err)
{
    size_t count, columns = self->columns.count;
    if (ef_size_mul(&count, self->system_count, columns)) {
        self->figures = ef_alloc_zero(count, sizeof *self->figures);
    }
    self->common = ef_alloc_zero(columns, sizeof *self->common);
    if (self->figures == NULL || self->common == NULL) {
        return ef_fail_memory(err, "a table");
    }
    for (size_t i = 0; i < count; i++) {
        const ef_paper_system *system = &self->systems[i / columns];
        const ef_paper_column *column = &self->columns.items[i % columns];
        ef_paper_figure *figure = &self->figures[i];
        figure->value = NAN;
        if (system->published != NULL) {
            find_published(figure, system->published, column);
        } else {
            find_measured(figure, input, system->name, column, options);
        }
    }
    return EF_OK;
}

/* Whether two figures agree in one thing; `left` and `right` receive what they say of it. */
static bool agree(char left[EF_ALIKE_WORDS], char right[EF_ALIKE_WORDS], const ef_alike *alike, size_t index,
                  const ef_paper_figure *a, const ef_paper_figure *b)
{
    ef_alike_words(left, alike, index, a->entry->result, a->convention);
    ef_alike_words(right, alike, index, b->entry->result, b->convention);
    return *left == '\0' || *right == '\0' || strcmp(left, right) == 0;
}

/* In which things the figures of a column differ. */
static ef_status find_differences(bool *differs, const ef_paper_figures *self, size_t column, const ef_alike *alike,
                                  const ef_paper_options *options, ef_error *err)
{
    char left[EF_ALIKE_WORDS], right[EF_ALIKE_WORDS];
    for (size_t i = 0; i < self->measured_count; i++) {
        const ef_paper_figure *a = ef_paper_figure_at(self, i, column);
        for (size_t j = 0; a->there && j < i; j++) {
            const ef_paper_figure *b = ef_paper_figure_at(self, j, column);
            for (size_t k = 0; b->there && k < ef_alike_count(alike); k++) {
                if (agree(left, right, alike, k, b, a)) {
                    continue;
                }
                differs[k] = true;
                if (!options->mixed) {
                    return ef_fail(err, EF_INVALID,
                                   "%s: %s ('%s') has %s, but %s ('%s') has %s; one column is for figures made alike, --mixed "
                                   "shows these with footnotes",
                                   self->columns.items[column].protocol, b->entry->file, b->entry->name, left, a->entry->file,
                                   a->entry->name, right);
                }
            }
        }
    }
    return EF_OK;
}

/* Appends ", WORDS" to a reason. */
static bool extend(char **reason, const char *words)
{
    char *longer = *reason != NULL ? ef_copy_format("%s, %s", *reason, words) : ef_copy(words);
    free(*reason);
    *reason = longer;
    return longer != NULL;
}

/* Refuses figures of a column that were not made alike, or else says of each what it was made with. */
static ef_status check_alike(ef_paper_figures *self, size_t column, const ef_paper_options *options, ef_error *err)
{
    char words[EF_ALIKE_WORDS];
    ef_alike alike = {.intervals = options->intervals};
    for (size_t i = 0; i < self->measured_count; i++) {
        const ef_paper_figure *figure = ef_paper_figure_at(self, i, column);
        if (figure->there) {
            ef_alike_add(&alike, figure->entry->result);
        }
    }
    size_t count = ef_alike_count(&alike);
    bool *differs = ef_alloc_zero(count, sizeof *differs), good = true;
    ef_status status =
        differs != NULL ? find_differences(differs, self, column, &alike, options, err) : ef_fail_memory(err, "a table");
    for (size_t i = 0; status == EF_OK && i < self->measured_count; i++) {
        ef_paper_figure *figure = ef_paper_figure_at(self, i, column);
        for (size_t k = 0; figure->there && k < count; k++) {
            const char *text = differs[k] ? ef_alike_words(words, &alike, k, figure->entry->result, figure->convention) : "";
            good = good && (*text == '\0' || extend(&figure->reasons[EF_REASON_MIXED], text));
        }
    }
    free(differs);
    return good ? status : ef_fail_memory(err, "a table");
}

/* Whether all measured figures are under one convention. */
static void find_convention(ef_paper_figures *self)
{
    bool some = false;
    self->one_convention = true;
    for (size_t i = 0; i < self->measured_count * self->columns.count; i++) {
        const ef_paper_figure *figure = &self->figures[i];
        if (figure->there) {
            self->one_convention = self->one_convention && (!some || figure->convention == self->convention);
            self->convention = figure->convention;
            some = true;
        }
    }
    self->one_convention = self->one_convention && some;
}

static bool give_reason(ef_paper_figure *figure, ef_reason reason, const char *text)
{
    figure->reasons[reason] = ef_copy(text);
    return figure->reasons[reason] != NULL;
}

/* What differs within a column has been said already: `word` is in it. */
static bool is_said(const ef_paper_figure *figure, const char *word)
{
    const char *mixed = figure->reasons[EF_REASON_MIXED];
    return mixed != NULL && strstr(mixed, word) != NULL;
}

/* The switches of pooling decide the figures of templates, so every table repeats them.  Pairs have only the flip, whose sum is usual. */
static bool give_settings(ef_paper_figure *figure)
{
    static const char *const told[] = {"flip", "norm", "weight", "media", "noise"};
    const ef_stored_result *result = figure->entry->result;
    const ef_settings *settings = &result->settings;
    bool good = true, pooled = ef_settings_find(settings, "norm") != NULL;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const ef_setting *setting = ef_settings_find(settings, told[i]);
        bool usual = i == 0 && !pooled && setting != NULL && strcmp(setting->words, "flip sum") == 0;
        if (setting == NULL || usual || is_said(figure, setting->words)) {
            continue;
        }
        bool absent = i == 0 && ef_settings_count(settings, "flip_absent") > 0;
        good = good && extend(&figure->reasons[EF_REASON_SETTINGS], absent ? "without mirrored images" : setting->words);
    }
    if (result->distractors > 0 && !is_said(figure, " distractors")) { /* what the figure is worth hangs on their number */
        char *words = ef_copy_format("%llu probes among %llu distractors", (unsigned long long)result->probes,
                                     (unsigned long long)result->distractors);
        good = good && words != NULL && extend(&figure->reasons[EF_REASON_SETTINGS], words);
        free(words);
    }
    return good;
}

static bool give_reasons(const ef_paper_figures *self, ef_paper_figure *figure)
{
    const ef_stored_result *result = figure->entry->result;
    bool good = true;
    if (!self->one_convention && !is_said(figure, "convention ")) {
        figure->reasons[EF_REASON_CONVENTION] = ef_copy_format("convention %s", ef_convention_name(figure->convention));
        good = figure->reasons[EF_REASON_CONVENTION] != NULL;
    }
    if (result->partial && !is_said(figure, "partial counts")) {
        good = good && give_reason(figure, EF_REASON_PARTIAL, "counts not the benchmark's");
    }
    good = good && give_settings(figure);
    if (figure->measure->undefined != NULL) {
        good = good && give_reason(figure, EF_REASON_UNDEFINED, figure->measure->undefined);
    } else if (figure->measure->few_false_matches) {
        good = good && give_reason(figure, EF_REASON_FEW,
                                   figure->measure->false_matches <= 1 ? "rests on 0 or 1 false matches"
                                                                       : "rests on fewer than 30 false matches");
    }
    return good;
}

/* A reason that all measured figures of a column have is one of the column. */
static void move_up(ef_paper_figures *self, size_t column, ef_reason reason)
{
    char *text = NULL;
    bool all = true;
    for (size_t i = 0; i < self->measured_count; i++) {
        const ef_paper_figure *figure = ef_paper_figure_at(self, i, column);
        const char *own = figure->reasons[reason];
        if (figure->there) {
            all = all && own != NULL && (text == NULL || strcmp(text, own) == 0);
            text = figure->reasons[reason];
        }
    }
    for (size_t i = 0; all && text != NULL && i < self->measured_count; i++) {
        ef_paper_figure *figure = ef_paper_figure_at(self, i, column);
        if (figure->reasons[reason] != text) {
            free(figure->reasons[reason]);
        }
        figure->reasons[reason] = NULL;
    }
    self->common[column][reason] = all ? text : NULL;
}

/* A reason that all columns have is one of the table. */
static void share(ef_paper_figures *self, ef_reason reason)
{
    const char *first = self->common[0][reason];
    bool all = first != NULL;
    for (size_t j = 1; all && j < self->columns.count; j++) {
        const char *other = self->common[j][reason];
        all = other != NULL && strcmp(other, first) == 0;
    }
    for (size_t j = 0; all && j < self->columns.count; j++) {
        if (j == 0) {
            self->shared[reason] = self->common[j][reason];
        } else {
            free(self->common[j][reason]);
        }
        self->common[j][reason] = NULL;
    }
}

/* Marks the best figure of a column and the second best, those measured only; equal ones share.  A threshold is neither good nor bad. */
static void rank(ef_paper_figures *self, size_t column)
{
    const ef_metric *metric = self->columns.items[column].metric;
    double sign = metric->higher_is_better ? 1 : -1, best = -HUGE_VAL, second = -HUGE_VAL;
    size_t count = 0;
    for (size_t i = 0; i < self->measured_count; i++) {
        double value = sign * ef_paper_figure_at(self, i, column)->value;
        if (isnan(value)) {
            continue;
        }
        count++;
        if (value > best) {
            second = best;
            best = value;
        } else if (value < best && value > second) {
            second = value;
        }
    }
    for (size_t i = 0; count > 1 && metric->kind != EF_KIND_THRESHOLD && i < self->measured_count; i++) {
        ef_paper_figure *figure = ef_paper_figure_at(self, i, column);
        double value = sign * figure->value;
        figure->emphasis = value == best ? EF_BEST : value == second ? EF_SECOND : EF_PLAIN;
    }
}

ef_status ef_paper_figures_gather(ef_paper_figures *out, const ef_paper_input *input, const ef_paper_options *options,
                                  ef_error *err)
{
    ef_paper_figures self = {0};
    *out = self;
    ef_status status = check_twice(input, err);
    if (status == EF_OK) {
        status = list_systems(&self, input, err);
    }
    if (status == EF_OK) {
        status = ef_paper_columns_choose(&self.columns, input, options, err);
    }
    if (status == EF_OK) {
        status = gather(&self, input, options, err);
    }
    for (size_t j = 0; status == EF_OK && j < self.columns.count; j++) {
        status = check_alike(&self, j, options, err);
    }
    if (status == EF_OK) {
        find_convention(&self);
    }
    for (size_t i = 0; status == EF_OK && i < self.measured_count * self.columns.count; i++) {
        bool good = !self.figures[i].there || give_reasons(&self, &self.figures[i]);
        status = good ? EF_OK : ef_fail_memory(err, "a table");
    }
    for (size_t j = 0; status == EF_OK && j < self.columns.count; j++) {
        for (int reason = EF_REASON_CONVENTION; reason < EF_REASON_UNDEFINED; reason++) {
            move_up(&self, j, (ef_reason)reason);
        }
        rank(&self, j);
    }
    for (int reason = EF_REASON_CONVENTION; status == EF_OK && reason < EF_REASON_UNDEFINED; reason++) {
        share(&self, (ef_reason)reason);
    }
    if (status != EF_OK) {
        ef_paper_figures_free(&self);
    }
    *out = self;
    return status;
}
