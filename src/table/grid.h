/* grid.h - a paper's table as a grid of cells, before it gets the looks of a format. */
#ifndef EF_TABLE_GRID_H
#define EF_TABLE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <eface/strings.h>

typedef enum ef_cell_kind {
    EF_CELL_LABEL, /* names of systems */
    EF_CELL_HEAD,  /* names of benchmarks and figures: powers of ten may be typeset */
    EF_CELL_FIGURE /* a value, or a dash when it has no text */
} ef_cell_kind;

typedef enum ef_emphasis { EF_PLAIN, EF_BEST, EF_SECOND } ef_emphasis;

typedef struct ef_cell {
    ef_cell_kind kind;
    char *text;       /* NULL: none */
    char *low, *high; /* of an interval, NULL without one */
    ef_emphasis emphasis;
    size_t note; /* number of its footnote, from 1; 0: none */
    size_t span; /* columns that it stands over; 0: it is covered by the one to its left */
} ef_cell;

typedef struct ef_grid {
    size_t rows, columns;
    size_t head_rows, stub_columns; /* of them, those with headings and with names */
    ef_cell *cells;
    char **rules; /* of each row: NULL nothing, "" a rule before it, else a rule and this title */
    char *caption;
    ef_strings *notes;
} ef_grid;

/* An empty grid: cells without text that span themselves.  Freed with ef_grid_free(). */
EF_MUST_USE ef_status ef_grid_create(ef_grid *out, size_t rows, size_t columns, ef_error *err);
void ef_grid_free(ef_grid *grid); /* an empty (zeroed) one is fine */

ef_cell *ef_grid_at(const ef_grid *grid, size_t row, size_t column);

/* Sets kind and text of a cell, the caption, the title of a rule before a row.  Each keeps a copy in which control characters are
 * blanks, for names may hold anything. */
EF_MUST_USE ef_status ef_grid_caption(ef_grid *grid, const char *text, ef_error *err);
EF_MUST_USE ef_status ef_grid_rule(ef_grid *grid, size_t row, const char *title, ef_error *err);
EF_MUST_USE ef_status ef_grid_set(ef_grid *grid, size_t row, size_t column, ef_cell_kind kind, const char *text, ef_error *err);

/* *number = that of the note with this text, added when it is new; 0 for a text without letters. */
EF_MUST_USE ef_status ef_grid_note(ef_grid *grid, size_t *number, const char *text, ef_error *err);

enum { EF_NOTE_MARK = 8 };

/* "a", "b", ... "z", "aa", ...: how footnote `number` is marked. */
const char *ef_note_mark(char mark[EF_NOTE_MARK], size_t number);

/* Whether any figure is emphasised, and whether any has an interval. */
bool ef_grid_has_emphasis(const ef_grid *grid);
bool ef_grid_has_intervals(const ef_grid *grid);

/* Where a power of ten ("1e-4") begins in a heading, NULL when there is none; *exponent receives its exponent, *end where it ends. */
const char *ef_power_in(const char *text, int *exponent, const char **end);
bool ef_ends_in_power(const char *text); /* false for NULL */

#endif
