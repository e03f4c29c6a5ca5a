/* text_table.h - a table of text cells, and its two looks: aligned for eyes, or Markdown. */
#ifndef EF_REPORT_TEXT_TABLE_H
#define EF_REPORT_TEXT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include <eface/status.h>

typedef struct ef_table ef_table;

/* Begins a table of `columns` columns.  The caller frees *out with ef_table_free(). */
EF_MUST_USE ef_status ef_table_create(ef_table **out, size_t columns, ef_error *err);
void ef_table_free(ef_table *table); /* NULL is fine */

/* Sets the next cell, row by row, the headings first; a copy of `text` is kept, in which what is not to be shown (base/clean.h) is '?'.  NULL leaves the
 * cell empty. */
EF_MUST_USE ef_status ef_table_cell(ef_table *table, const char *text, ef_error *err);

/* Column 0 is aligned at its left, the others at their right.  Columns that are empty below the heading are left out. */
void ef_table_print_text(const ef_table *table, FILE *stream, bool color);
void ef_table_print_markdown(const ef_table *table, FILE *stream);

/* How many columns of a terminal a UTF-8 text takes (characters; wide ones count as one). */
size_t ef_text_width(const char *text);

#endif
