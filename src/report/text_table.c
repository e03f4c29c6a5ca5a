#include "report/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"

struct ef_table {
    size_t columns, cells, capacity;
    char **cell;
};

ef_status ef_table_create(ef_table **out, size_t columns, ef_error *err)
{
    ef_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        return ef_fail_memory(err, "a table");
    }
    table->columns = columns;
    *out = table;
    return EF_OK;
}

void ef_table_free(ef_table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < table->cells; i++) {
        free(table->cell[i]);
    }
    free(table->cell);
    free(table);
}

ef_status ef_table_cell(ef_table *table, const char *text, ef_error *err)
{
    char *copy = ef_copy(text != NULL ? text : "");
    if (copy == NULL || !ef_grow(&table->cell, &table->capacity, table->cells + 1, sizeof *table->cell)) {
        free(copy);
        return ef_fail_memory(err, "a table");
    }
    ef_clean(copy, '?');
    table->cell[table->cells++] = copy;
    return EF_OK;
}

size_t ef_text_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return width;
}

static size_t rows_of(const ef_table *table)
{
    return table->cells / table->columns;
}

static const char *cell_at(const ef_table *table, size_t row, size_t column)
{
    return table->cell[row * table->columns + column];
}

static bool is_used(const ef_table *table, size_t column)
{
    for (size_t row = 1; row < rows_of(table); row++) {
        if (*cell_at(table, row, column) != '\0') {
            return true;
        }
    }
    return false;
}

static size_t width_of(const ef_table *table, size_t column)
{
    size_t widest = 0;
    for (size_t row = 0; row < rows_of(table); row++) {
        size_t width = ef_text_width(cell_at(table, row, column));
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The blanks that end a text: marks keep their places with them, but a line must not end in any. */
static size_t trailing_blanks(const char *text)
{
    size_t length = strlen(text), count = 0;
    while (count < length && text[length - 1 - count] == ' ') {
        count++;
    }
    return count;
}

void ef_table_print_text(const ef_table *table, FILE *stream, bool color)
{
    for (size_t row = 0; row < rows_of(table); row++) {
        fputs(color && row == 0 ? "  \033[1m" : "  ", stream);
        size_t owed = 0; /* blanks, printed only when something follows them */
        for (size_t column = 0; column < table->columns; column++) {
            if (!is_used(table, column)) {
                continue;
            }
            const char *text = cell_at(table, row, column);
            size_t blank = width_of(table, column) - ef_text_width(text), trailing = trailing_blanks(text);
            size_t length = strlen(text) - trailing;
            owed += column > 0 ? 3 + blank : 0;
            if (length > 0) {
                fprintf(stream, "%*s%.*s", (int)owed, "", (int)length, text);
                owed = 0;
            }
            owed += trailing + (column > 0 ? 0 : blank);
        }
        fputs(color && row == 0 ? "\033[0m\n" : "\n", stream);
    }
}

/* Cells may hold '|', which would end them, and what begins HTML or code. */
static void print_escaped(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        fputs(strchr("\\|<&`", *text) != NULL ? "\\" : "", stream);
        fputc(*text, stream);
    }
}

void ef_table_print_markdown(const ef_table *table, FILE *stream)
{
    for (size_t row = 0; row < rows_of(table); row++) {
        for (size_t column = 0; column < table->columns; column++) {
            if (is_used(table, column)) {
                fputs("| ", stream);
                print_escaped(stream, cell_at(table, row, column));
                fputc(' ', stream);
            }
        }
        fputs("|\n", stream);
        for (size_t column = 0; row == 0 && column < table->columns; column++) {
            if (is_used(table, column)) {
                fputs(column == 0 ? "|:---" : "|---:", stream);
            }
        }
        fputs(row == 0 ? "|\n" : "", stream);
    }
}
