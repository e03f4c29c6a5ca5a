/* A grid for spreadsheets: one row of headings, bounds of intervals in columns of their own, what footnotes say in the last. */
#include "table/table_format.h"

#include <string.h>

static void print_quoted(FILE *stream, const char *text)
{
    bool quote = strpbrk(text, ",\"") != NULL || *text == ' ';
    fputs(quote ? "\"" : "", stream);
    for (; *text != '\0'; text++) {
        fputs(*text == '"' ? "\"" : "", stream);
        fputc(*text, stream);
    }
    fputs(quote ? "\"" : "", stream);
}

enum { longest = 512, longest_notes = 4096 };

/* The headings above a column put into one. */
static const char *heading_of(char heading[longest], const ef_grid *grid, size_t column)
{
    size_t used = 0;
    heading[0] = '\0';
    for (size_t row = 0; row < grid->head_rows; row++) {
        size_t from = column;
        while (ef_grid_at(grid, row, from)->span == 0) {
            from--;
        }
        const char *text = ef_grid_at(grid, row, from)->text;
        if (text != NULL && *text != '\0' && used < longest) {
            used += (size_t)snprintf(heading + used, longest - used, "%s%s", used > 0 ? " " : "", text);
        }
    }
    return heading;
}

static void print_heading(const ef_grid *grid, FILE *stream, size_t column, const char *after)
{
    char heading[longest], whole[longest + 8];
    snprintf(whole, sizeof whole, "%s%s", heading_of(heading, grid, column), after);
    print_quoted(stream, whole);
}

/* Appends a note, after the heading that it is about. */
static void append_note(char notes[longest_notes], size_t *used, const ef_grid *grid, const ef_cell *cell, const char *heading)
{
    if (cell->note > 0 && *used < longest_notes) {
        *used += (size_t)snprintf(notes + *used, longest_notes - *used, "%s%s%s%s", *used > 0 ? "; " : "", heading,
                                  *heading != '\0' ? ": " : "", ef_strings_at(grid->notes, cell->note - 1));
    }
}

/* The notes of a row, and those of the headings of all that it has a figure for. */
static void print_notes(const ef_grid *grid, FILE *stream, size_t row)
{
    char notes[longest_notes] = "", heading[longest];
    size_t used = 0;
    for (size_t column = 0; column < grid->columns; column++) {
        const ef_cell *cell = ef_grid_at(grid, row, column);
        bool stub = column < grid->stub_columns;
        heading_of(heading, grid, column);
        for (size_t above = 0; !stub && cell->text != NULL && above < grid->head_rows; above++) {
            append_note(notes, &used, grid, ef_grid_at(grid, above, column), heading);
        }
        append_note(notes, &used, grid, cell, stub ? "" : heading);
    }
    fputc(',', stream);
    print_quoted(stream, notes);
}

static void print_headings(const ef_grid *grid, FILE *stream, bool intervals, bool notes)
{
    for (size_t column = 0; column < grid->columns; column++) {
        fputs(column > 0 ? "," : "", stream);
        print_heading(grid, stream, column, "");
        if (intervals && column >= grid->stub_columns) {
            fputc(',', stream);
            print_heading(grid, stream, column, " low");
            fputc(',', stream);
            print_heading(grid, stream, column, " high");
        }
    }
    fputs(notes ? ",notes\n" : "\n", stream);
}

static void write_csv(const ef_grid *grid, FILE *stream, const ef_table_options *options)
{
    (void)options;
    bool intervals = ef_grid_has_intervals(grid), notes = ef_strings_count(grid->notes) > 0;
    print_headings(grid, stream, intervals, notes);
    for (size_t row = grid->head_rows; row < grid->rows; row++) {
        for (size_t column = 0; column < grid->columns; column++) {
            const ef_cell *cell = ef_grid_at(grid, row, column);
            fputs(column > 0 ? "," : "", stream);
            print_quoted(stream, cell->text != NULL ? cell->text : cell->kind == EF_CELL_FIGURE ? "NA" : "");
            if (intervals && column >= grid->stub_columns) {
                fprintf(stream, ",%s,%s", cell->low != NULL ? cell->low : "NA", cell->high != NULL ? cell->high : "NA");
            }
        }
        if (notes) {
            print_notes(grid, stream, row);
        }
        fputc('\n', stream);
    }
}

const ef_table_format ef_table_format_csv = {.format = {"csv", ".csv"}, .write = write_csv};
