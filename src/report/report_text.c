#include <eface/report.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <eface/task.h>

#include "base/clean.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/input.h"
#include "base/memory.h"
#include "report/text_table.h"
#include "report/figure_text.h"

/* Figures that make a table: of a result, or of one of its galleries. */
typedef struct figures {
    const ef_result_row *rows;
    size_t row_count;
    double confidence;
} figures;

/* One block of the report: the systems of one protocol. */
typedef struct block {
    FILE *stream;
    bool markdown;
    const ef_report_options *options;
    const ef_result *const *results;
    size_t count;
    ef_convention convention; /* the one on show */
    const char **reasons;     /* distinct reasons for n/a, in order of first use; borrowed static texts */
    size_t reason_count, reason_capacity;
    bool differs, few, barely, distance; /* which marks and words are used and must be explained */
} block;

/* Names come from files and users: what would move a terminal's cursor is shown as '?', and Markdown's marks are taken as they stand.  (A '_'
 * within a word is none.) */
static void print_clean(const block *self, const char *text)
{
    while (*text != '\0') {
        bool good;
        size_t length = ef_character(text, &good);
        fputs(self->markdown && strchr("\\`*[]~|#$<>&", *text) != NULL ? "\\" : "", self->stream);
        fwrite(good ? text : "????", 1, length, self->stream);
        text += length;
    }
}

/* The convention that one on show is held against. */
static ef_convention other_convention(const block *self, ef_convention convention)
{
    return ef_task_other(self->results[0]->task, convention);
}

/* Whether two conventions give different figures as printed. */
static bool differs_as_printed(const block *self, const ef_result_row *row, ef_convention convention)
{
    char first[64], other[64];
    ef_word_value(first, sizeof first, row->metric, &row->measure[convention]);
    ef_word_value(other, sizeof other, row->metric, &row->measure[other_convention(self, convention)]);
    return strcmp(first, other) != 0;
}

/* The number, from 1, under which a reason for n/a is explained; 0 when memory is out. */
static size_t reason_number(block *self, const char *reason)
{
    for (size_t i = 0; i < self->reason_count; i++) {
        if (strcmp(self->reasons[i], reason) == 0) {
            return i + 1;
        }
    }
    if (!ef_grow(&self->reasons, &self->reason_capacity, self->reason_count + 1, sizeof *self->reasons)) {
        return 0;
    }
    self->reasons[self->reason_count++] = reason;
    return self->reason_count;
}

static ef_status marked_value(char *text, size_t size, block *self, const ef_result_row *row, ef_convention convention,
                              ef_error *err)
{
    char value[64];
    const ef_measure *measure = &row->measure[convention];
    ef_word_value(value, sizeof value, row->metric, measure);
    if (measure->undefined != NULL) {
        size_t number = reason_number(self, measure->undefined);
        if (number == 0) {
            return ef_fail_memory(err, "a table");
        }
        bool other = differs_as_printed(self, row, convention);
        self->differs = self->differs || other;
        snprintf(text, size, "%s (%zu)%s", value, number, other ? "*" : "");
        return EF_OK;
    }
    const char *few = ef_word_few(measure);
    bool different = differs_as_printed(self, row, convention);
    self->few = self->few || strcmp(few, "!") == 0;
    self->barely = self->barely || strcmp(few, "!!") == 0;
    self->differs = self->differs || different;
    const char *blank = self->markdown ? "" : " ";
    snprintf(text, size, "%s%s%s", value, *few != '\0' ? few : blank, different ? "*" : blank);
    return EF_OK;
}

/* The row of another result of the block for the same metric and point; NULL when it has none. */
static const ef_result_row *same_row(const ef_result *result, const ef_result_row *row)
{
    for (size_t i = 0; i < result->row_count; i++) {
        const ef_result_row *other = &result->rows[i];
        if (other->metric == row->metric && (other->point == row->point || (isnan(other->point) && isnan(row->point)))) {
            return other;
        }
    }
    return NULL;
}

/* Adds the heading of a system's column: its whole name, of any length.  In text, marks stand behind the figures below. */
static ef_status add_heading(ef_table *table, const block *self, const char *before, const char *model, ef_error *err)
{
    char *text = ef_copy_format("%s%s%s", before, model, self->markdown ? "" : "  ");
    ef_status status = text != NULL ? ef_table_cell(table, text, err) : ef_fail_memory(err, "a table");
    free(text);
    return status;
}

/* Several systems: a row per figure, a column per system. */
static ef_status fill_comparison(ef_table *table, block *self, ef_convention convention, ef_error *err)
{
    char text[128];
    ef_status status = ef_table_cell(table, "metric", err);
    for (size_t i = 0; status == EF_OK && i < self->count; i++) {
        status = add_heading(table, self, "", self->results[i]->model, err);
    }
    const ef_result *first = self->results[0];
    for (size_t i = 0; status == EF_OK && i < first->row_count; i++) {
        status = ef_table_cell(table, ef_word_label(text, sizeof text, &first->rows[i]), err);
        for (size_t j = 0; status == EF_OK && j < self->count; j++) {
            const ef_result_row *row = same_row(self->results[j], &first->rows[i]);
            text[0] = '\0';
            if (row != NULL) {
                status = marked_value(text, sizeof text, self, row, convention, err);
            }
            if (status == EF_OK) {
                status = ef_table_cell(table, text, err);
            }
        }
    }
    return status;
}

/* One system: a row per figure with everything that stands behind it. */
static ef_status fill_detail(ef_table *table, block *self, const figures *result, ef_convention convention, ef_error *err)
{
    char text[128];
    snprintf(text, sizeof text, "%g %% interval", 100 * result->confidence);
    const char *const headings[] = {"metric", self->markdown ? "value" : "value  ", text, "threshold", "errors", "false matches"};
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < sizeof headings / sizeof *headings; i++) {
        status = ef_table_cell(table, headings[i], err);
    }
    for (size_t i = 0; status == EF_OK && i < result->row_count; i++) {
        const ef_result_row *row = &result->rows[i];
        const ef_measure *measure = &row->measure[convention];
        self->distance = self->distance || (measure->threshold_is_distance && isfinite(measure->threshold));
        status = ef_table_cell(table, ef_word_label(text, sizeof text, row), err);
        if (status == EF_OK && (status = marked_value(text, sizeof text, self, row, convention, err)) == EF_OK) {
            status = ef_table_cell(table, text, err);
        }
        if (status == EF_OK) {
            status = ef_table_cell(table, ef_word_interval(text, sizeof text, measure), err);
        }
        if (status == EF_OK) {
            bool own = row->metric->kind != EF_KIND_THRESHOLD; /* a threshold's threshold is itself */
            status = ef_table_cell(table, own ? ef_word_threshold(text, sizeof text, measure) : "", err);
        }
        bool counted = measure->undefined == NULL;
        bool apart = counted && row->metric->kind != EF_KIND_THRESHOLD; /* its errors are the false matches */
        if (status == EF_OK) {
            status = ef_table_cell(table, ef_word_count(text, sizeof text, measure->errors, apart ? measure->trials : 0), err);
        }
        if (status == EF_OK) {
            status = ef_table_cell(
                table, ef_word_count(text, sizeof text, measure->false_matches, counted ? measure->impostors : 0), err);
        }
    }
    return status;
}

static figures figures_of(const ef_result *result)
{
    return (figures){result->rows, result->row_count, result->confidence};
}

/* Prints the table of one system, or of all side by side when `result` is NULL. */
static ef_status print_table(block *self, const figures *result, ef_convention convention, ef_error *err)
{
    ef_table *table = NULL;
    ef_status status = ef_table_create(&table, result != NULL ? 6 : self->count + 1, err);
    if (status == EF_OK) {
        status =
            result != NULL ? fill_detail(table, self, result, convention, err) : fill_comparison(table, self, convention, err);
    }
    if (status == EF_OK && self->markdown) {
        ef_table_print_markdown(table, self->stream);
    } else if (status == EF_OK) {
        ef_table_print_text(table, self->stream, self->options->color);
    }
    ef_table_free(table);
    return status;
}

static ef_status print_titled(block *self, const ef_result *result, const char *gallery, const figures *rows,
                              ef_convention convention, ef_error *err)
{
    fprintf(self->stream, "\n%s", self->markdown ? "" : "  ");
    print_clean(self, result->model);
    fprintf(self->stream, "%s%s, convention %s:\n\n", gallery != NULL ? ", " : "", gallery != NULL ? gallery : "",
            ef_convention_name(convention));
    return print_table(self, rows, convention, err);
}

/* How many distractors there were: of the list that is meant, where noise left some out. */
static void write_number(char *text, size_t size, const ef_result_gallery *gallery)
{
    int used = snprintf(text, size, "%llu", (unsigned long long)gallery->entries);
    if (gallery->listed != gallery->entries) {
        snprintf(text + used, size - (size_t)used, " of %llu", (unsigned long long)gallery->listed);
    }
}

/* The first figure, rank 1 or the lowest FAR, at each number of distractors: a row each, a column for each system. */
static ef_status fill_numbers(ef_table *table, block *self, ef_error *err)
{
    char text[128], label[96];
    const ef_result *first = self->results[0];
    ef_status status = ef_table_cell(table, "distractors", err);
    for (size_t i = 0; status == EF_OK && i < self->count; i++) {
        snprintf(text, sizeof text, "%s%s", ef_word_label(label, sizeof label, &first->rows[0]), self->count > 1 ? ", " : "");
        status = add_heading(table, self, text, self->count > 1 ? self->results[i]->model : "", err);
    }
    for (size_t g = 0; status == EF_OK && g < first->gallery_count; g++) {
        write_number(text, sizeof text, &first->galleries[g]);
        status = ef_table_cell(table, text, err);
        for (size_t i = 0; status == EF_OK && i < self->count; i++) {
            const ef_result *result = self->results[i];
            text[0] = '\0';
            if (g < result->gallery_count && result->galleries[g].entries == first->galleries[g].entries) {
                status = marked_value(text, sizeof text, self, &result->galleries[g].rows[0], self->convention, err);
            }
            status = status == EF_OK ? ef_table_cell(table, text, err) : status;
        }
    }
    return status;
}

static ef_status print_numbers(block *self, ef_error *err)
{
    ef_table *table = NULL;
    const ef_result *first = self->results[0];
    if (first->gallery_count < 2 || first->row_count == 0) {
        return EF_OK;
    }
    fputc('\n', self->stream);
    ef_status status = ef_table_create(&table, self->count + 1, err);
    status = status == EF_OK ? fill_numbers(table, self, err) : status;
    if (status == EF_OK && self->markdown) {
        ef_table_print_markdown(table, self->stream);
    } else if (status == EF_OK) {
        ef_table_print_text(table, self->stream, self->options->color);
    }
    ef_table_free(table);
    return status;
}

/* Every system by itself, under every convention, and every gallery under the one on show: what --verbose adds. */
static ef_status print_details(block *self, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < self->count; i++) {
        const ef_result *result = self->results[i];
        figures all = figures_of(result);
        for (int convention = 0; status == EF_OK && convention < EF_CONVENTION_COUNT; convention++) {
            bool done = self->count == 1 && convention == (int)self->convention;
            bool defined = ef_task_has(result->task, (ef_convention)convention);
            if (!done && defined) {
                status = print_titled(self, result, NULL, &all, (ef_convention)convention, err);
            }
        }
        for (size_t g = 0; status == EF_OK && result->gallery_count > 1 && g < result->gallery_count; g++) {
            const ef_result_gallery *gallery = &result->galleries[g];
            figures one = {gallery->rows, gallery->row_count, result->confidence};
            status = print_titled(self, result, gallery->name, &one, self->convention, err);
        }
    }
    return status;
}

/* Whether the task has distractors; its galleries are then numbers of them. */
static bool has_distractors(const ef_result *result)
{
    return result->distractors > 0;
}

static void print_counts(const block *self, const ef_result *result)
{
    const ef_task_about *about = ef_task_of((unsigned)result->task);
    if (about->is_search && about->is_exhaustive) {
        fprintf(self->stream, "%llu images, each searched among %s (%s%llu)", (unsigned long long)result->probes,
                result->galleries[0].name, result->excluded > 0 ? "up to " : "",
                (unsigned long long)result->galleries[0].entries);
        return;
    }
    if (has_distractors(result)) {
        char number[64];
        write_number(number, sizeof number, &result->galleries[result->gallery_count - 1]);
        fprintf(self->stream, "%llu probes of %llu people, %s distractors, ", (unsigned long long)result->probes,
                (unsigned long long)result->identities, number);
        if (about->is_search) {
            fprintf(self->stream, "%llu searches", (unsigned long long)result->searches);
        } else {
            fprintf(self->stream, "%llu mate pairs, %llu impostor pairs", (unsigned long long)result->genuine,
                    (unsigned long long)result->impostors);
        }
        return;
    }
    if (about->is_search) {
        fprintf(self->stream, "%llu probes", (unsigned long long)result->probes);
        const char *first = result->gallery_count > 1 ? " in galleries of" : " in a gallery of";
        for (size_t i = 0; i < result->gallery_count; i++) {
            fprintf(self->stream, "%s %llu", i == 0 ? first : " and", (unsigned long long)result->galleries[i].entries);
        }
        return;
    }
    fprintf(self->stream, "%llu %s (%llu genuine, %llu impostor)", (unsigned long long)result->pairs, about->trials,
            (unsigned long long)result->genuine, (unsigned long long)result->impostors);
    if (result->folds > 0) {
        fprintf(self->stream, ", %d folds", result->folds);
    }
}

/* The public scripts' names of the settings, which contradict each other; they have none for the others. */
static void print_letters(const block *self, const ef_result *result)
{
    const ef_settings *settings = &result->settings;
    bool none = ef_settings_is(settings, "flip", "none") || ef_settings_is(settings, "flip", "first-half");
    bool flip = ef_settings_is(settings, "flip", "sum") || ef_settings_is(settings, "flip", "halves");
    bool keep = ef_settings_is(settings, "norm", "keep"), weight = ef_settings_is(settings, "weight", "quality");
    bool unsplit = ef_settings_count(settings, "halves_unsplit") > 0;
    if ((flip || (none && !unsplit)) && ef_settings_is(settings, "media", "mean")) {
        fprintf(self->stream, " (N%dD%dF%d of ijb_11.py)", keep, weight, flip);
    }
}

/* How images became templates: the options, and the same in words. */
static void print_pooling(const block *self, const ef_result *result)
{
    const char *end = self->markdown ? "  \n    " : "\n    ";
    const ef_settings *settings = &result->settings;
    bool quality = ef_settings_is(settings, "weight", "quality");
    fprintf(self->stream, ", norm %s, weight %s, media %s", ef_settings_word(settings, "norm"),
            ef_settings_word(settings, "weight"), ef_settings_word(settings, "media"));
    print_letters(self, result);
    fprintf(self->stream, "%simages %s%s, media %s, summed", end,
            ef_settings_is(settings, "norm", "keep") ? "as long as they are" : "of unit length",
            quality ? ", weighted by detector score" : "",
            ef_settings_is(settings, "media", "mean") ? "averaged" : "averaged and scaled to unit length");
    fprintf(self->stream, "%s%llu templates of %llu media, scaled to unit length; cosine", end,
            (unsigned long long)result->templates, (unsigned long long)result->media_count);
}

/* What a policy does, in a few words. */
static const char *noise_words(const char *noise)
{
    return strcmp(noise, "keep") == 0   ? "noisy images stay"
           : strcmp(noise, "drop") == 0 ? "noisy images left out"
                                        : "as the clean test pack, without its random numbers";
}

/* What the mode of fusing mirrored embeddings came to, where the mode's name does not tell. */
static const char *flip_words(const ef_settings *settings)
{
    return ef_settings_count(settings, "flip_absent") > 0      ? " (the set has no mirrored embeddings)"
           : ef_settings_count(settings, "halves_unsplit") > 0 ? " (both halves of each row, unsplit)"
           : ef_settings_is(settings, "flip", "halves")        ? " (first + second half of each row)"
           : ef_settings_is(settings, "flip", "first-half")    ? " (the second half of each row is left out)"
                                                               : "";
}

/* Settings that have no words of their own above, or in notes. */
static void print_others(const block *self, const ef_settings *settings)
{
    static const char *const said[] = {"flip",  "normalise", "similarity",   "norm",   "weight",
                                       "media", "noise",     "exclude_same", "probes", "per_subject"};
    for (size_t i = 0; i < settings->count; i++) {
        bool is_said = settings->row[i].words[0] == '\0';
        for (size_t j = 0; j < sizeof said / sizeof *said; j++) {
            is_said = is_said || strcmp(said[j], settings->row[i].key) == 0;
        }
        if (!is_said) {
            fputs("; ", self->stream);
            print_clean(self, settings->row[i].words);
        }
    }
}

static void print_system(const block *self, const ef_result *result)
{
    fputs(self->markdown ? "- " : "  ", self->stream);
    print_clean(self, result->model);
    const char *flip = ef_settings_word(&result->settings, "flip");
    if (flip == NULL) {
        fputs(": scores as given in ", self->stream);
        print_clean(self, ef_input_name(result->source));
    } else {
        fprintf(self->stream, ": %llu x %zu", (unsigned long long)result->images, result->dim);
        if (result->stored_dim != result->dim) {
            fprintf(self->stream, " of %llu x %zu", (unsigned long long)result->images, result->stored_dim);
        }
        fprintf(self->stream, ", %llu used, of ", (unsigned long long)result->images_used);
        print_clean(self, result->source);
        fprintf(self->stream, "%s\n    flip %s%s", self->markdown ? "  " : "", flip, flip_words(&result->settings));
        const char *noise = ef_settings_word(&result->settings, "noise");
        if (noise != NULL) {
            fprintf(self->stream, "; unit length; cosine; noise %s (%s)", noise, noise_words(noise));
        } else if (ef_settings_find(&result->settings, "norm") != NULL) {
            print_pooling(self, result);
        } else {
            fputs("; unit length; cosine", self->stream);
        }
    }
    print_others(self, &result->settings);
    fputc('\n', self->stream);
}

static bool has_note(const ef_result *result, const char *note)
{
    for (size_t i = 0; i < ef_strings_count(result->notes); i++) {
        if (strcmp(ef_strings_at(result->notes, i), note) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a note says the same of all systems. */
static bool is_common(const block *self, const char *note)
{
    for (size_t i = 0; i < self->count; i++) {
        if (!has_note(self->results[i], note)) {
            return false;
        }
    }
    return self->count > 1;
}

/* The notes of a system that are not those of all, or those of all. */
static void print_notes(const block *self, const ef_result *result, bool common)
{
    const char *start = self->markdown ? (common ? "- note: " : "  - note: ") : common ? "  note: " : "    note: ";
    for (size_t i = 0; i < ef_strings_count(result->notes); i++) {
        const char *note = ef_strings_at(result->notes, i);
        if (is_common(self, note) == common) {
            fputs(start, self->stream);
            print_clean(self, note);
            fputc('\n', self->stream);
        }
    }
}

static void print_input(const block *self, const char *role, const char *sha256, const uint64_t *bytes, const char *path)
{
    fprintf(self->stream, "%s%-10s ", self->markdown ? "- " : "  ", role);
    if (sha256[0] == '\0') {
        fputs("not a regular file", self->stream);
    } else if (bytes != NULL) {
        fprintf(self->stream, "%s  %llu bytes", sha256, (unsigned long long)*bytes);
    } else {
        fputs(sha256, self->stream);
    }
    fputs("  ", self->stream);
    print_clean(self, path);
    fputc('\n', self->stream);
}

static void print_inputs(const block *self)
{
    for (size_t i = 0; i < self->count; i++) {
        const ef_result *result = self->results[i];
        for (size_t j = 0; j < result->input_count; j++) {
            const ef_result_input *input = &result->inputs[j];
            print_input(self, input->role, input->sha256, &input->bytes, input->path);
        }
    }
    print_input(self, "protocol", self->results[0]->protocol_sha256, NULL, self->results[0]->protocol_file);
}

/* Whether a figure on show is the mean of the galleries' and no share of counts. */
static bool shows_mean(const block *self)
{
    const ef_result *first = self->results[0];
    bool mean = false;
    for (size_t i = 0; i < first->row_count; i++) {
        mean = mean || first->rows[i].metric->mean_of_galleries;
    }
    return mean && first->gallery_count > 1 && self->convention == EF_INSIGHTFACE;
}

static void print_footnotes(const block *self)
{
    const char *indent = self->markdown ? "\n" : "  ";
    if (self->differs) {
        fprintf(self->stream, "%s%s differs between the conventions %s and %s\n", indent, self->markdown ? "\\*" : "*",
                ef_convention_name(self->convention), ef_convention_name(other_convention(self, self->convention)));
    }
    if (self->few) {
        fprintf(self->stream, "%s! rests on fewer than %d false matches: too few to be sure of\n", indent, EF_FEW_FALSE_MATCHES);
    }
    if (self->barely) {
        fprintf(self->stream, "%s!! rests on 0 or 1 false matches: these comparisons do not show such a rate\n", indent);
    }
    if (self->count > 1 && !self->options->detail) {
        fprintf(self->stream, "%s--verbose adds the intervals and counts of each system\n", indent);
    }
    if (shows_mean(self)) {
        fprintf(self->stream, "%sTPIR is the plain mean over galleries, as ijb_evals.py has it%s\n", indent,
                self->options->detail ? "" : "; --verbose shows each gallery");
    }
    if (self->distance) {
        fprintf(self->stream, "%sd2 is the squared distance of unit vectors, 2 - 2 cosine\n", indent);
    }
    for (size_t i = 0; i < self->reason_count; i++) {
        fprintf(self->stream, "%s(%zu) %s\n", indent, i + 1, self->reasons[i]);
    }
}

/* Pairs that make one doubt the labels. */
static void print_suspects(const block *self)
{
    const char *line = self->markdown ? "- " : "  ";
    for (size_t i = 0; i < self->count; i++) {
        const ef_result *result = self->results[i];
        for (size_t j = 0; j < result->suspect_count; j++) {
            const ef_result_suspect *suspect = &result->suspects[j];
            if (j == 0) {
                fprintf(self->stream, "\n%s", self->markdown ? "" : "  ");
                print_clean(self, result->model);
                fputs(": impostor pairs that score like genuine ones; are their labels right?\n", self->stream);
                fputs(self->markdown ? "\n" : "", self->stream);
            }
            fprintf(self->stream, "%s%.5f, above %.2f %% of genuine pairs: ", line, suspect->score,
                    floor(suspect->above * 10000) / 100);
            for (int k = 0; k < 2; k++) {
                print_clean(self, suspect->image[k]);
                fputs(" (", self->stream);
                print_clean(self, suspect->subject[k]);
                fputs(k == 0 ? ") and " : ")\n", self->stream);
            }
        }
    }
}

static ef_status print_block(block *self, ef_error *err)
{
    const ef_result *first = self->results[0];
    const char *bold = self->markdown ? "### " : self->options->color ? "\033[1m" : "";
    const char *kind = ef_task_kind(first->task);
    fputs(bold, self->stream);
    print_clean(self, first->title);
    fprintf(self->stream, "%s%s%s: ", *kind != '\0' ? " " : "", kind, self->options->color && !self->markdown ? "\033[0m" : "");
    print_counts(self, first);
    fprintf(self->stream, ", convention %s\n", ef_convention_name(self->convention));
    fputs(self->markdown ? "\n" : "", self->stream);
    for (size_t i = 0; i < self->count; i++) {
        print_system(self, self->results[i]);
        print_notes(self, self->results[i], false);
    }
    print_notes(self, first, true);
    fputc('\n', self->stream);
    figures alone = figures_of(first);
    ef_status status = print_table(self, self->count > 1 ? NULL : &alone, self->convention, err);
    if (status == EF_OK && has_distractors(first)) {
        status = print_numbers(self, err);
    }
    if (status == EF_OK && self->options->detail) {
        status = print_details(self, err);
    }
    if (status == EF_OK && (self->count > 1 || self->differs || self->few || self->barely || self->distance ||
                            self->reason_count > 0 || shows_mean(self))) {
        fputs(self->markdown ? "" : "\n", self->stream);
        print_footnotes(self);
    }
    if (status == EF_OK) {
        print_suspects(self);
    }
    if (status == EF_OK && self->options->detail) {
        fputc('\n', self->stream);
        print_inputs(self);
    }
    return status;
}

static uint64_t first_entries(const ef_result *result)
{
    return result->gallery_count > 0 ? result->galleries[0].entries : 0;
}

static bool same_words(const ef_settings *a, const ef_settings *b, const char *key)
{
    const char *left = ef_settings_word(a, key), *right = ef_settings_word(b, key);
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

/* Results belong to one block when their rows can be compared: same protocol, same convention. */
static bool together(const ef_result *a, const ef_result *b)
{
    return strcmp(a->protocol_sha256, b->protocol_sha256) == 0 && strcmp(a->protocol, b->protocol) == 0 &&
           a->convention == b->convention && a->task == b->task && a->pairs == b->pairs && a->genuine == b->genuine &&
           a->folds == b->folds && a->probes == b->probes && first_entries(a) == first_entries(b) && a->searches == b->searches &&
           a->distractors == b->distractors && same_words(&a->settings, &b->settings, "noise");
}

/* Results that belong together follow each other, in the order in which the first of them was made. */
static const ef_result **in_blocks(const ef_result *const *results, size_t count)
{
    const ef_result **ordered = ef_alloc(count, sizeof *ordered);
    bool *taken = ef_alloc_zero(count, sizeof *taken);
    size_t next = 0;
    for (size_t i = 0; ordered != NULL && taken != NULL && i < count; i++) {
        for (size_t j = i; !taken[i] && j < count; j++) {
            if (j != i && !taken[j] && together(results[i], results[j])) {
                ordered[next++] = results[j];
                taken[j] = true;
            } else if (j == i) {
                ordered[next++] = results[i];
            }
        }
        taken[i] = true;
    }
    if (taken == NULL) {
        free(ordered);
        ordered = NULL;
    }
    free(taken);
    return ordered;
}

static ef_status write_tables(FILE *stream, bool markdown, const ef_result *const *results, size_t count,
                              const ef_report_options *options, ef_error *err)
{
    ef_status status = EF_OK;
    size_t first = 0;
    const ef_result **ordered = in_blocks(results, count);
    if (ordered == NULL) {
        return ef_fail_memory(err, "a report");
    }
    while (status == EF_OK && first < count) {
        size_t end = first + 1;
        while (end < count && together(ordered[first], ordered[end])) {
            end++;
        }
        fputs(first > 0 ? "\n" : "", stream);
        block self = {.stream = stream,
                      .markdown = markdown,
                      .options = options,
                      .results = ordered + first,
                      .count = end - first,
                      .convention = ordered[first]->convention};
        status = print_block(&self, err);
        free(self.reasons);
        first = end;
    }
    free(ordered);
    return status;
}

static ef_status write_text(FILE *stream, const ef_result *const *results, size_t count, const ef_report_options *options,
                            ef_error *err)
{
    return write_tables(stream, false, results, count, options, err);
}

static ef_status write_markdown(FILE *stream, const ef_result *const *results, size_t count, const ef_report_options *options,
                                ef_error *err)
{
    return write_tables(stream, true, results, count, options, err);
}

const ef_report_format ef_report_format_text = {.format = {"text", ".txt"}, .hashes = EF_HASHES_IN_DETAIL, .write = write_text};

const ef_report_format ef_report_format_md = {.format = {"md", ".md"}, .hashes = EF_HASHES_IN_DETAIL, .write = write_markdown};
