#include "plot/plot_choice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "table/paper_alike.h"
#include "table/benchmark.h"

/* Whether a convention that imitates scripts gives a figure though the comparisons cannot show it: a plot would begin its axis there, and tell of it in legends. */
static bool is_beyond(const ef_stored_metric *metric, const ef_measure *measure, ef_convention used)
{
    return used == EF_INSIGHTFACE && measure->impostors > 0 && 1 / (double)measure->impostors > metric->point;
}

const ef_measure *ef_plot_measure(const ef_stored_result *result, const ef_stored_metric *metric, const ef_plot_options *options)
{
    ef_convention used;
    const ef_measure *measure =
        metric != NULL ? ef_stored_measure(metric, options->choose_convention ? options->convention : result->convention, &used)
                       : NULL;
    if (measure == NULL || isnan(measure->value)) {
        return NULL;
    }
    return metric->point == options->at || !is_beyond(metric, measure, used) ? measure : NULL;
}

static bool has_metric(const ef_stored_result *result, const char *name)
{
    for (size_t i = 0; i < result->metric_count; i++) {
        if (strcmp(result->metrics[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool shows(ef_plot_kind kind, const ef_stored_result *result)
{
    switch (kind) {
    case EF_PLOT_ROC:
    case EF_PLOT_DET: return result->curve.points > 0;
    case EF_PLOT_CMC: return result->ranks > 0;
    case EF_PLOT_HIST: return result->histogram.bins > 0;
    case EF_PLOT_DISTRACTORS: return strcmp(result->task, "identify-distractors") == 0 && result->gallery_count > 0;
    case EF_PLOT_TAR: return has_metric(result, "tar_at_far");
    case EF_PLOT_KINDS: break;
    }
    return false;
}

/* What a kind draws, behind "has no"; and with its article, behind "has". */
static const struct {
    const char *article, *noun;
} needs[EF_PLOT_KINDS] = {[EF_PLOT_ROC] = {"a ", "curve"},
                          [EF_PLOT_DET] = {"a ", "curve"},
                          [EF_PLOT_CMC] = {"a ", "curve of ranks"},
                          [EF_PLOT_HIST] = {"a ", "histogram"},
                          [EF_PLOT_DISTRACTORS] = {"an ", "identification rate at a number of distractors"},
                          [EF_PLOT_TAR] = {"a ", "TAR at a FAR"}};

enum { kinds_size = 128 };

/* "; there could be roc, det and tar": the kinds that could be drawn of results, of those of one protocol if it is not NULL; nothing if there are none. */
static const char *other_kinds(char text[kinds_size], const ef_paper_entry *entries, size_t count, const char *protocol)
{
    int kinds[EF_PLOT_KINDS], found = 0;
    for (int kind = 0; kind < EF_PLOT_KINDS; kind++) {
        bool shown = false;
        for (size_t i = 0; i < count; i++) {
            const ef_stored_result *result = entries[i].result;
            shown = shown || ((protocol == NULL || strcmp(result->protocol, protocol) == 0) && shows((ef_plot_kind)kind, result));
        }
        if (shown) {
            kinds[found++] = kind;
        }
    }
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < found && used < kinds_size; i++) {
        const char *before = i == 0 ? "; there could be " : i + 1 < found ? ", " : " and ";
        used += (size_t)snprintf(text + used, kinds_size - used, "%s%s", before, ef_plot_kind_name((ef_plot_kind)kinds[i]));
    }
    return text;
}

static bool same_benchmark(const ef_stored_result *a, const ef_stored_result *b)
{
    return strcmp(a->protocol, b->protocol) == 0 && strcmp(a->task, b->task) == 0;
}

static ef_status style_of(size_t *style, ef_plot_choice *self, const char *name, ef_error *err)
{
    size_t i = 0;
    while (i < self->system_count && strcmp(self->systems[i], name) != 0) {
        i++;
    }
    *style = i;
    if (i < self->system_count) {
        return EF_OK;
    }
    if (i == EF_MOST_SYSTEMS) {
        return ef_fail(err, EF_INVALID, "more than %d systems cannot be told apart in a plot; give fewer result files",
                       EF_MOST_SYSTEMS);
    }
    if (!ef_grow(&self->systems, &self->system_capacity, i + 1, sizeof *self->systems)) {
        return ef_fail_memory(err, "a plot");
    }
    self->systems[self->system_count++] = name;
    return EF_OK;
}

/* Curves that were not made alike do not belong in one panel, as figures do not in one column. */
static ef_status check_alike(const ef_paper_entry *a, const ef_paper_entry *b, const ef_plot_options *options, ef_error *err)
{
    char first[EF_ALIKE_WORDS], second[EF_ALIKE_WORDS];
    ef_alike alike = {.intervals = options->bands != EF_NO};
    ef_alike_add(&alike, a->result);
    ef_alike_add(&alike, b->result);
    for (size_t i = 0; !options->mixed && i < ef_alike_count(&alike); i++) {
        ef_convention of_a = options->choose_convention ? options->convention : a->result->convention;
        ef_convention of_b = options->choose_convention ? options->convention : b->result->convention;
        ef_alike_words(first, &alike, i, a->result, of_a);
        ef_alike_words(second, &alike, i, b->result, of_b);
        if (first[0] != '\0' && second[0] != '\0' && strcmp(first, second) != 0) {
            return ef_fail(err, EF_INVALID,
                           "%s: '%s' (%s, %s) and '%s' (%s, %s) were not made alike, and would stand in one panel; evaluate them "
                           "alike, or say --mixed",
                           a->result->heading, a->name, a->file, first, b->name, b->file, second);
        }
    }
    return EF_OK;
}

static ef_status join(ef_plot_choice *self, ef_plot_group *group, const ef_paper_entry *entry, const ef_plot_options *options,
                      ef_error *err)
{
    for (size_t i = 0; i < group->count; i++) {
        const ef_paper_entry *other = group->entries[i];
        if (strcmp(other->name, entry->name) == 0) {
            return ef_fail(err, EF_INVALID,
                           "%s and %s both have a result of '%s' on %s; leave one out, or name it otherwise: NAME=%s",
                           other->file, entry->file, entry->name, entry->result->heading, entry->file);
        }
    }
    ef_status status =
        group->count > 0 && options->kind != EF_PLOT_HIST ? check_alike(group->entries[0], entry, options, err) : EF_OK;
    size_t style = 0, wanted = group->count + 1;
    if (status == EF_OK) {
        status = style_of(&style, self, entry->name, err);
    }
    if (status == EF_OK && (!ef_grow(&group->entries, &group->capacity, wanted, sizeof(void *)) ||
                            !ef_grow(&group->style, &group->style_capacity, wanted, sizeof *group->style))) {
        status = ef_fail_memory(err, "a plot");
    }
    if (status == EF_OK) {
        group->entries[group->count] = entry;
        group->style[group->count++] = style;
    }
    return status;
}

/* All results of the benchmark and task of entries[first], in the order of coming. */
static ef_status add_group(ef_plot_choice *self, const ef_paper_entry *entries, size_t count, size_t first,
                           const ef_plot_options *options, ef_error *err)
{
    if (!ef_grow(&self->groups, &self->capacity, self->count + 1, sizeof *self->groups)) {
        return ef_fail_memory(err, "a plot");
    }
    ef_plot_group *group = &self->groups[self->count++];
    *group = (ef_plot_group){.place = ef_benchmark_place_of(entries[first].result)};
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        const ef_stored_result *result = entries[i].result;
        if (!same_benchmark(result, entries[first].result)) {
            continue;
        }
        status = shows(options->kind, result)
                     ? join(self, group, &entries[i], options, err)
                     : ef_fail(err, EF_INVALID, "%s: the result of '%s' on %s has no %s, which '%s' draws", entries[i].file,
                               entries[i].name, result->heading, needs[options->kind].noun, ef_plot_kind_name(options->kind));
    }
    return status;
}

/* Groups for the benchmarks that have something to show, in the order of coming; of `protocol` only, if not NULL. */
static ef_status add_groups(ef_plot_choice *self, const ef_paper_entry *entries, size_t count, const char *protocol,
                            const ef_plot_options *options, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        const ef_stored_result *result = entries[i].result;
        bool wanted = (protocol == NULL || strcmp(result->protocol, protocol) == 0) && shows(options->kind, result);
        bool known = false;
        for (size_t j = 0; j < self->count; j++) {
            known = known || same_benchmark(result, self->groups[j].entries[0]->result);
        }
        if (wanted && !known) {
            status = add_group(self, entries, count, i, options, err);
        }
    }
    return status;
}

/* The protocol that a user means, in any spelling: "cfp_fp", "CFP-FP". */
static ef_status find_protocol(const ef_stored_result **out, const ef_paper_entry *entries, size_t count, const char *name,
                               ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(name);
    for (size_t i = 0; i < count; i++) {
        const ef_stored_result *result = entries[i].result;
        bool offered = false;
        if (ef_same_name(result->protocol, name)) {
            *out = result;
            return EF_OK;
        }
        for (size_t j = 0; j < i; j++) {
            offered = offered || strcmp(entries[j].result->protocol, result->protocol) == 0;
        }
        if (!offered) {
            ef_nearest_offer(&nearest, result->protocol);
        }
    }
    return ef_fail_unknown(err, "result of", name, &nearest);
}

static ef_status add_asked(ef_plot_choice *self, const ef_paper_entry *entries, size_t count, const char *name,
                           const ef_plot_options *options, ef_error *err)
{
    char kinds[kinds_size];
    const ef_stored_result *result = NULL;
    size_t before = self->count;
    ef_status status = find_protocol(&result, entries, count, name, err);
    for (size_t i = 0; status == EF_OK && i < before; i++) {
        if (strcmp(self->groups[i].entries[0]->result->protocol, result->protocol) == 0) {
            return ef_fail(err, EF_INVALID, "%s is named twice among the benchmarks; name it once", name);
        }
    }
    if (status == EF_OK) {
        status = add_groups(self, entries, count, result->protocol, options, err);
    }
    if (status == EF_OK && self->count == before) {
        return ef_fail(err, EF_INVALID, "no result of %s has %s%s, which '%s' draws%s", result->heading,
                       needs[options->kind].article, needs[options->kind].noun, ef_plot_kind_name(options->kind),
                       other_kinds(kinds, entries, count, result->protocol));
    }
    return status;
}

/* As papers' tables have them; others as they come. */
static void order_groups(ef_plot_choice *self)
{
    for (size_t i = 1; i < self->count; i++) {
        ef_plot_group group = self->groups[i];
        size_t place = i;
        while (place > 0 && self->groups[place - 1].place > group.place) {
            self->groups[place] = self->groups[place - 1];
            place--;
        }
        self->groups[place] = group;
    }
}

ef_status ef_plot_choose(ef_plot_choice *out, const ef_paper_entry *entries, size_t count, const ef_plot_options *options,
                         ef_error *err)
{
    char kinds[kinds_size];
    ef_status status = EF_OK;
    if (ef_strings_count(options->protocols) == 0) {
        status = add_groups(out, entries, count, NULL, options, err);
        if (status == EF_OK) {
            order_groups(out);
        }
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(options->protocols); i++) {
        status = add_asked(out, entries, count, ef_strings_at(options->protocols, i), options, err);
    }
    if (status == EF_OK && out->count == 0 && count > 0) {
        return ef_fail(err, EF_INVALID, "%s: no result has %s%s, which '%s' draws%s", entries[0].file,
                       needs[options->kind].article, needs[options->kind].noun, ef_plot_kind_name(options->kind),
                       other_kinds(kinds, entries, count, NULL));
    }
    return status;
}

void ef_plot_choice_free(ef_plot_choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        free(choice->groups[i].entries);
        free(choice->groups[i].style);
    }
    free(choice->groups);
    free(choice->systems);
    *choice = (ef_plot_choice){0};
}
