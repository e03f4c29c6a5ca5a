/* A grid for eyes: columns aligned, the best figures marked (or, on a terminal, bold and underlined). */
#include "table/table_format.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/text_table.h"

enum { gap = 3, longest = 512 };

/* How wide a column is.  Figures of a column are aligned by their last digit, so what follows them has a width of its own. */
typedef struct widths {
    size_t body; /* text and interval */
    size_t tail; /* marks of rank and footnote */
} widths;

static const char *body_of(char text[longest], const ef_cell *cell)
{
    const char *value = cell->text != NULL ? cell->text : cell->kind == EF_CELL_FIGURE ? "-" : "";
    if (cell->low != NULL) {
        snprintf(text, longest, "%s [%s, %s]", value, cell->low, cell->high);
    } else {
        snprintf(text, longest, "%s", value);
    }
    return text;
}

/* "** a": the rank in two places, where any figure of the grid has one, then the footnote. */
static const char *tail_of(char text[longest], const ef_cell *cell, bool ranks)
{
    char mark[EF_NOTE_MARK];
    const char *rank = cell->emphasis == EF_BEST ? "**" : cell->emphasis == EF_SECOND ? "*" : "";
    if (cell->note == 0) {
        snprintf(text, longest, "%s", ranks ? rank : "");
    } else {
        snprintf(text, longest, "%-*s %s", ranks && cell->kind == EF_CELL_FIGURE ? 2 : 0, ranks ? rank : "",
                 ef_note_mark(mark, cell->note));
    }
    return text;
}

static size_t span_width(const widths *columns, size_t column, size_t span)
{
    size_t width = 0;
    for (size_t i = column; i < column + span; i++) {
        width += columns[i].body + columns[i].tail + (i > column ? gap : 0);
    }
    return width;
}

static void measure(widths *columns, const ef_grid *grid, bool ranks)
{
    char body[longest], tail[longest];
    for (size_t row = 0; row < grid->rows; row++) {
        for (size_t column = 0; column < grid->columns; column++) {
            const ef_cell *cell = ef_grid_at(grid, row, column);
            if (cell->span != 1) {
                continue;
            }
            size_t width = ef_text_width(body_of(body, cell)), after = strlen(tail_of(tail, cell, ranks));
            columns[column].body = width > columns[column].body ? width : columns[column].body;
            columns[column].tail = after > columns[column].tail ? after : columns[column].tail;
        }
    }
    for (size_t i = 0; i < grid->head_rows * grid->columns; i++) { /* a heading wider than all that it stands over */
        const ef_cell *cell = &grid->cells[i];
        size_t column = i % grid->columns, width = cell->span > 1 ? span_width(columns, column, cell->span) : 0;
        size_t wanted = cell->span > 1 ? ef_text_width(body_of(body, cell)) + strlen(tail_of(tail, cell, ranks)) + 2 : 0;
        columns[column].body += wanted > width ? wanted - width : 0;
    }
}

static void print_dashes(FILE *stream, size_t count)
{
    while (count-- > 0) {
        fputc('-', stream);
    }
}

/* "---- TAR @ FAR ----" over its columns. */
static void print_spanning(FILE *stream, const char *body, const char *tail, size_t width)
{
    size_t used = ef_text_width(body) + strlen(tail) + 2, dashes = width > used ? width - used : 0;
    print_dashes(stream, dashes / 2);
    fprintf(stream, " %s%s ", body, tail);
    print_dashes(stream, dashes - dashes / 2);
}

/* Blanks are owed, and printed only when something follows, so that no line ends in any. */
static void print_row(const ef_grid *grid, FILE *stream, const widths *columns, size_t row, bool color, bool ranks)
{
    char body[longest], tail[longest];
    size_t owed = 2;
    for (size_t column = 0; column < grid->columns; column++) {
        const ef_cell *cell = ef_grid_at(grid, row, column);
        if (cell->span == 0) {
            continue;
        }
        size_t width = span_width(columns, column, cell->span);
        body_of(body, cell);
        tail_of(tail, cell, ranks);
        if (body[0] == '\0') {
            owed += width + gap;
            continue;
        }
        size_t blank = columns[column].body - (cell->span == 1 ? ef_text_width(body) : columns[column].body);
        bool left = column < grid->stub_columns;
        const char *code = !color                                               ? ""
                           : row < grid->head_rows || cell->emphasis == EF_BEST ? "\033[1m"
                           : cell->emphasis == EF_SECOND                        ? "\033[4m"
                                                                                : "";
        fprintf(stream, "%*s%s", (int)(owed + (left ? 0 : blank)), "", code);
        if (cell->span > 1) {
            print_spanning(stream, body, tail, width);
        } else {
            fputs(body, stream);
        }
        fputs(*code != '\0' ? "\033[0m" : "", stream);
        fputs(cell->span > 1 ? "" : tail, stream);
        owed = gap + (cell->span > 1 ? 0 : (left ? blank : 0) + columns[column].tail - strlen(tail));
    }
    fputc('\n', stream);
}

static void print_notes(const ef_grid *grid, FILE *stream, bool marked)
{
    char mark[EF_NOTE_MARK];
    size_t count = ef_strings_count(grid->notes);
    if (marked || count > 0) {
        fputc('\n', stream);
    }
    if (marked) {
        fputs("  ** best, * second best\n", stream);
    }
    for (size_t i = 0; i < count; i++) {
        fprintf(stream, "  %s  %s\n", ef_note_mark(mark, i + 1), ef_strings_at(grid->notes, i));
    }
}

static void write_text(const ef_grid *grid, FILE *stream, const ef_table_options *options)
{
    bool color = options->color;
    bool ranks = !color && ef_grid_has_emphasis(grid);
    widths *columns = ef_alloc_zero(grid->columns, sizeof *columns);
    if (columns == NULL) {
        return;
    }
    measure(columns, grid, ranks);
    size_t width = span_width(columns, 0, grid->columns);
    fprintf(stream, "%s\n\n", grid->caption);
    for (size_t row = 0; row < grid->rows; row++) {
        const char *rule = grid->rules[row];
        if (row == grid->head_rows || rule != NULL) {
            fputs("  ", stream);
            print_dashes(stream, width);
            fputc('\n', stream);
        }
        if (rule != NULL && *rule != '\0') {
            fprintf(stream, "  %s\n", rule);
        }
        print_row(grid, stream, columns, row, color, ranks);
    }
    print_notes(grid, stream, ranks);
    free(columns);
}

const ef_table_format ef_table_format_text = {.format = {"text", ".txt"}, .write = write_text};
