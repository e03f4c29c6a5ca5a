#include "table/paper_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "table/paper_figures.h"

/* A row to be: a system in its place. */
typedef struct place {
    size_t system;
    size_t group; /* 0: none; 1 .. the groups asked for; then the published */
    size_t order; /* as --order has it; those that it does not name come after */
    double value; /* to sort by, ascending */
    const char *name;
} place;

static bool find_name(const ef_strings *strings, const char *name, size_t *index)
{
    for (*index = 0; *index < ef_strings_count(strings); ++*index) {
        if (strcmp(ef_strings_at(strings, *index), name) == 0) {
            return true;
        }
    }
    return false;
}

static int by_place(const void *a, const void *b)
{
    const place *left = a, *right = b;
    if (left->group != right->group) {
        return left->group < right->group ? -1 : 1;
    }
    if (left->order != right->order) {
        return left->order < right->order ? -1 : 1;
    }
    if (left->value != right->value) { /* infinite where there is no figure: last */
        return left->value < right->value ? -1 : 1;
    }
    int order = left->name != NULL && right->name != NULL ? strcmp(left->name, right->name) : 0;
    return order != 0 ? order : (left->system > right->system) - (left->system < right->system);
}

/* A name that no system has is a mistake. */
static ef_status check_names(const ef_paper_figures *figures, const ef_strings *wanted, const char *option, ef_error *err)
{
    for (size_t i = 0; i < ef_strings_count(wanted); i++) {
        const char *name = ef_strings_at(wanted, i);
        ef_nearest nearest = ef_nearest_begin(name);
        bool known = false;
        for (size_t j = 0; j < figures->measured_count; j++) {
            known = known || strcmp(figures->systems[j].name, name) == 0;
            ef_nearest_offer(&nearest, figures->systems[j].name);
        }
        if (!known) {
            return ef_context(err, ef_fail_unknown(err, "system", name, &nearest), "%s", option);
        }
    }
    return EF_OK;
}

/* Decides the order of the rows. */
static ef_status order_rows(place *places, const ef_paper_figures *figures, const ef_paper_options *options, ef_error *err)
{
    size_t column = 0, index;
    bool by_name = options->sort != NULL && strcmp(options->sort, "name") == 0, by_column = options->sort != NULL && !by_name;
    ef_status status = by_column ? ef_paper_columns_find(&column, &figures->columns, options->sort, err) : EF_OK;
    if (status == EF_OK) {
        status = check_names(figures, options->order, "--order", err);
    }
    for (size_t i = 0; status == EF_OK && i < options->group_count; i++) {
        status = check_names(figures, options->groups[i].names, "--group", err);
    }
    for (size_t i = 0; status == EF_OK && i < figures->system_count; i++) {
        const ef_paper_system *system = &figures->systems[i];
        double value = ef_paper_figure_at(figures, i, column)->value;
        double sign = figures->columns.items[column].metric->higher_is_better ? -1 : 1;
        places[i] = (place){.system = i, .group = system->published != NULL ? options->group_count + 1 : 0};
        for (size_t j = 0; system->published == NULL && j < options->group_count; j++) {
            if (places[i].group == 0 && find_name(options->groups[j].names, system->name, &index)) {
                places[i].group = j + 1;
            }
        }
        bool named = system->published == NULL && find_name(options->order, system->name, &index);
        places[i].order = named ? index : ef_strings_count(options->order);
        places[i].value = !by_column ? 0 : isnan(value) ? HUGE_VAL : sign * value;
        places[i].name = by_name ? system->name : NULL;
    }
    if (status == EF_OK) {
        qsort(places, figures->system_count, sizeof *places, by_place);
    }
    return status;
}

/* Whether a system has a figure, if only one that is undefined, in some column. */
static bool has_figure(const ef_paper_figures *figures, size_t system)
{
    bool some = false;
    for (size_t j = 0; j < figures->columns.count; j++) {
        some = some || ef_paper_figure_at(figures, system, j)->there;
    }
    return some;
}

/* Takes the systems without any figure in these columns out of the order; returns how many are left. */
static size_t drop_empty(place *places, const ef_paper_figures *figures)
{
    size_t left = 0;
    for (size_t i = 0; i < figures->system_count; i++) {
        if (has_figure(figures, places[i].system)) {
            places[left++] = places[i];
        }
    }
    return left;
}

/* A grid, and where in it the systems and columns lie: a system is a row, or in a transposed table a column. */
typedef struct layout {
    ef_grid *grid;
    bool transpose;
} layout;

static ef_cell *cell_at(const layout *self, size_t along, size_t across)
{
    return self->transpose ? ef_grid_at(self->grid, across, along) : ef_grid_at(self->grid, along, across);
}

static ef_status set(const layout *self, size_t along, size_t across, ef_cell_kind kind, const char *text, ef_error *err)
{
    return self->transpose ? ef_grid_set(self->grid, across, along, kind, text, err)
                           : ef_grid_set(self->grid, along, across, kind, text, err);
}

/* Appends a clause to *text, which may be NULL; false when memory is out, and then *text is NULL. */
static bool append(char **text, const char *separator, const char *clause)
{
    char *longer = *text != NULL ? ef_copy_format("%s%s%s", *text, separator, clause) : ef_copy(clause);
    free(*text);
    *text = longer;
    return longer != NULL;
}

/* The clauses of a note put together: "convention iso; rests on fewer than 30 false matches". */
static ef_status note(ef_cell *cell, const layout *self, char *const reasons[EF_REASON_COUNT], ef_error *err)
{
    char *text = NULL;
    bool good = true;
    for (size_t i = 0; i < EF_REASON_COUNT; i++) {
        good = good && (reasons[i] == NULL || append(&text, "; ", reasons[i]));
    }
    ef_status status = good ? ef_grid_note(self->grid, &cell->note, text, err) : ef_fail_memory(err, "a table");
    free(text);
    return status;
}

/* The headings of the columns: two for each, of which the upper one stands over all neighbours of the same name. */
static ef_status set_headings(const layout *self, const ef_paper_figures *figures, size_t before, ef_error *err)
{
    ef_status status = set(self, 0, 0, EF_CELL_HEAD, self->transpose ? "" : "System", err);
    ef_cell *over = NULL;
    for (size_t j = 0; status == EF_OK && j < figures->columns.count; j++) {
        const ef_paper_column *column = &figures->columns.items[j];
        const ef_paper_column *left = j > 0 ? column - 1 : NULL;
        bool again = left != NULL && strcmp(left->top, column->top) == 0 && strcmp(left->protocol, column->protocol) == 0;
        status = set(self, 0, before + j, EF_CELL_HEAD, again && self->transpose ? "" : column->top, err);
        if (again && !self->transpose) {
            over->span++;
            cell_at(self, 0, before + j)->span = 0;
        } else {
            over = cell_at(self, 0, before + j);
        }
        if (status == EF_OK) {
            status = set(self, 1, before + j, EF_CELL_HEAD, column->below, err);
        }
        if (status == EF_OK) {
            ef_cell *below = cell_at(self, 1, before + j);
            status = note(*column->below != '\0' ? below : cell_at(self, 0, before + j), self, figures->common[j], err);
        }
    }
    return status;
}

static ef_status set_bounds(ef_cell *cell, const ef_paper_figure *figure, double scale, int digits, ef_error *err)
{
    const ef_measure *measure = figure->measure;
    if (measure == NULL || measure->interval == NULL || !isfinite(measure->ci_low) || !isfinite(measure->ci_high)) {
        return EF_OK;
    }
    cell->low = ef_copy_format("%.*f", digits, scale * measure->ci_low);
    cell->high = ef_copy_format("%.*f", digits, scale * measure->ci_high);
    return cell->low != NULL && cell->high != NULL ? EF_OK : ef_fail_memory(err, "a table");
}

static ef_status set_figure(const layout *self, size_t along, size_t across, const ef_paper_column *column,
                            const ef_paper_figure *figure, const ef_paper_options *options, ef_error *err)
{
    char text[64];
    bool rate = ef_paper_is_rate(column), unusual = !rate && figure->value != 0 && fabs(figure->value) < 1e-3;
    int digits = rate ? options->digits : 4;
    double scale = rate ? 100 : 1;
    snprintf(text, sizeof text, unusual || fabs(figure->value) > 1e6 ? "%.*g" : "%.*f", digits, scale * figure->value);
    const char *shown = isnan(figure->value) ? NULL : figure->text != NULL ? figure->text : text;
    ef_status status = set(self, along, across, EF_CELL_FIGURE, shown, err);
    ef_cell *cell = cell_at(self, along, across);
    cell->emphasis = figure->emphasis;
    if (status == EF_OK && options->intervals && !isnan(figure->value)) {
        status = set_bounds(cell, figure, scale, digits, err);
    }
    return status == EF_OK ? note(cell, self, figure->reasons, err) : status;
}

/* A rule with a title where the rows of a group begin.  In a transposed table, where they are columns, a group is only an order. */
static ef_status begin_group(const layout *self, size_t along, const place *here, const place *last,
                             const ef_paper_options *options, ef_error *err)
{
    bool first = last == NULL || last->group != here->group;
    if (!first || here->group == 0 || self->transpose) {
        return EF_OK;
    }
    const char *title =
        here->group <= options->group_count ? options->groups[here->group - 1].title : "Published, not measured here";
    return ef_grid_rule(self->grid, along, title, err);
}

static ef_status set_system(const layout *self, size_t along, const ef_paper_system *system, ef_error *err)
{
    ef_status status = set(self, along, 0, EF_CELL_LABEL, system->name, err);
    char *text = system->published != NULL ? ef_copy_format("published: %s", system->published->source) : NULL;
    if (status == EF_OK && system->published != NULL) {
        status =
            text != NULL ? ef_grid_note(self->grid, &cell_at(self, along, 0)->note, text, err) : ef_fail_memory(err, "a table");
    }
    free(text);
    return status;
}

/* "with 95 % intervals", or what can be said when they have several confidences. */
static const char *interval_words(char *text, size_t size, const ef_paper_figures *figures)
{
    double confidence = NAN;
    bool one = true;
    for (size_t i = 0; i < figures->measured_count * figures->columns.count; i++) {
        if (figures->figures[i].there) {
            double own = figures->figures[i].entry->result->confidence;
            one = one && (isnan(confidence) || own == confidence);
            confidence = own;
        }
    }
    if (one && !isnan(confidence)) {
        snprintf(text, size, "with %g %% intervals", 100 * confidence);
    } else {
        snprintf(text, size, "with intervals");
    }
    return text;
}

/* What rows of dashes would say: the measured systems without a figure in these columns, and how many published ones have none. */
static bool append_empty(char **text, const ef_paper_figures *figures)
{
    size_t measured = 0, published = 0;
    bool good = true;
    for (size_t i = 0; good && i < figures->system_count; i++) {
        if (!has_figure(figures, i) && figures->systems[i].published == NULL) {
            good = append(text, measured++ == 0 ? "; without a figure in these columns: " : ", ", figures->systems[i].name);
        } else if (!has_figure(figures, i)) {
            published++;
        }
    }
    if (good && published > 0) {
        char *clause =
            ef_copy_format("%zu published system%s no figure in these columns", published, published == 1 ? " has" : "s have");
        good = clause != NULL && append(text, "; ", clause);
        free(clause);
    }
    return good;
}

/* "IJB-C: rates in %, convention insightface, without mirrored images, with 95 % intervals". */
static ef_status set_caption(ef_grid *grid, const ef_paper_figures *figures, const ef_paper_options *options, ef_error *err)
{
    char interval[48];
    const char *title = figures->columns.title;
    char *text = title != NULL ? ef_copy_format("%s: rates in %%", title) : ef_copy("Rates in %");
    bool good = text != NULL;
    if (good && figures->one_convention) {
        good = append(&text, ", convention ", ef_convention_name(figures->convention));
    }
    for (size_t i = 0; i < EF_REASON_COUNT; i++) {
        good = good && (figures->shared[i] == NULL || append(&text, ", ", figures->shared[i]));
    }
    if (good && options->intervals) {
        good = append(&text, ", ", interval_words(interval, sizeof interval, figures));
    }
    good = good && append_empty(&text, figures);
    ef_status status = good ? ef_grid_caption(grid, text, err) : ef_fail_memory(err, "a table");
    free(text);
    return status;
}

static ef_status fill(ef_grid *grid, const ef_paper_figures *figures, const place *places, size_t rows,
                      const ef_paper_options *options, ef_error *err)
{
    /* Headings in two rows and names in one column; transposed, headings in two columns and names in one row. */
    enum { headings = 2, names_before = 1 };
    const layout self = {grid, options->transpose};
    ef_status status = set_caption(grid, figures, options, err);
    grid->head_rows = options->transpose ? names_before : headings;
    grid->stub_columns = options->transpose ? headings : names_before;
    if (status == EF_OK) {
        status = set_headings(&self, figures, names_before, err);
    }
    for (size_t i = 0; status == EF_OK && i < rows; i++) {
        size_t along = headings + i, system = places[i].system;
        status = begin_group(&self, along, &places[i], i > 0 ? &places[i - 1] : NULL, options, err);
        if (status == EF_OK) {
            status = set_system(&self, along, &figures->systems[system], err);
        }
        for (size_t j = 0; status == EF_OK && j < figures->columns.count; j++) {
            status = set_figure(&self, along, names_before + j, &figures->columns.items[j],
                                ef_paper_figure_at(figures, system, j), options, err);
        }
    }
    return status;
}

ef_status ef_paper_table(ef_grid *out, const ef_paper_input *input, const ef_paper_options *options, ef_error *err)
{
    ef_paper_figures figures = {0};
    ef_grid grid = {0};
    place *places = NULL;
    size_t rows = 0;
    *out = grid;
    ef_status status = ef_paper_figures_gather(&figures, input, options, err);
    if (status == EF_OK) {
        places = ef_alloc_zero(figures.system_count, sizeof *places);
        status = places != NULL ? order_rows(places, &figures, options, err) : ef_fail_memory(err, "a table");
    }
    if (status == EF_OK) {
        rows = drop_empty(places, &figures);
        size_t along = rows + 2, across = figures.columns.count + 1;
        status = options->transpose ? ef_grid_create(&grid, across, along, err) : ef_grid_create(&grid, along, across, err);
    }
    if (status == EF_OK) {
        status = fill(&grid, &figures, places, rows, options, err);
    }
    ef_paper_figures_free(&figures);
    free(places);
    if (status != EF_OK) {
        ef_grid_free(&grid);
    }
    *out = grid;
    return status;
}
