#include "table/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"

ef_status ef_grid_create(ef_grid *out, size_t rows, size_t columns, ef_error *err)
{
    size_t count;
    ef_grid grid = {.rows = rows, .columns = columns};
    *out = (ef_grid){0};
    ef_status status = ef_strings_create(&grid.notes, err);
    if (status == EF_OK && ef_size_mul(&count, rows, columns)) {
        grid.cells = ef_alloc_zero(count, sizeof *grid.cells);
        grid.rules = ef_alloc_zero(rows, sizeof *grid.rules);
        for (size_t i = 0; grid.cells != NULL && i < count; i++) {
            grid.cells[i].span = 1;
        }
    }
    if (status != EF_OK || grid.cells == NULL || grid.rules == NULL) {
        grid.rows = grid.cells != NULL && grid.rules != NULL ? rows : 0;
        ef_grid_free(&grid);
        return status != EF_OK ? status : ef_fail_memory(err, "a table");
    }
    *out = grid;
    return EF_OK;
}

void ef_grid_free(ef_grid *grid)
{
    for (size_t i = 0; i < grid->rows * grid->columns; i++) {
        free(grid->cells[i].text);
        free(grid->cells[i].low);
        free(grid->cells[i].high);
    }
    for (size_t i = 0; i < grid->rows; i++) {
        free(grid->rules[i]);
    }
    free(grid->cells);
    free(grid->rules);
    free(grid->caption);
    ef_strings_free(grid->notes);
    *grid = (ef_grid){0};
}

ef_cell *ef_grid_at(const ef_grid *grid, size_t row, size_t column)
{
    return &grid->cells[row * grid->columns + column];
}

/* Keeps a clean copy of `text`, NULL for NULL, in place of *out. */
static ef_status keep(char **out, const char *text, ef_error *err)
{
    free(*out);
    *out = ef_copy(text);
    if (*out != NULL) {
        ef_clean(*out, ' ');
    }
    return *out != NULL || text == NULL ? EF_OK : ef_fail_memory(err, "a table");
}

ef_status ef_grid_set(ef_grid *grid, size_t row, size_t column, ef_cell_kind kind, const char *text, ef_error *err)
{
    ef_cell *cell = ef_grid_at(grid, row, column);
    cell->kind = kind;
    return keep(&cell->text, text, err);
}

ef_status ef_grid_caption(ef_grid *grid, const char *text, ef_error *err)
{
    return keep(&grid->caption, text, err);
}

ef_status ef_grid_rule(ef_grid *grid, size_t row, const char *title, ef_error *err)
{
    return keep(&grid->rules[row], title, err);
}

ef_status ef_grid_note(ef_grid *grid, size_t *number, const char *text, ef_error *err)
{
    *number = 0;
    if (text == NULL || *text == '\0') {
        return EF_OK;
    }
    char *clean = NULL;
    ef_status status = keep(&clean, text, err);
    size_t i = 0, count = ef_strings_count(grid->notes);
    while (status == EF_OK && i < count && strcmp(ef_strings_at(grid->notes, i), clean) != 0) {
        i++;
    }
    if (status == EF_OK && i == count) {
        status = ef_strings_add(grid->notes, clean, strlen(clean), err);
    }
    free(clean);
    *number = i + 1;
    return status;
}

const char *ef_note_mark(char mark[EF_NOTE_MARK], size_t number)
{
    char *end = mark + EF_NOTE_MARK - 1;
    *end = '\0';
    while (number > 0 && end > mark) {
        *--end = (char)('a' + (number - 1) % 26);
        number = (number - 1) / 26;
    }
    return end;
}

bool ef_grid_has_emphasis(const ef_grid *grid)
{
    bool some = false;
    for (size_t i = 0; i < grid->rows * grid->columns; i++) {
        some = some || grid->cells[i].emphasis != EF_PLAIN;
    }
    return some;
}

bool ef_grid_has_intervals(const ef_grid *grid)
{
    bool some = false;
    for (size_t i = 0; i < grid->rows * grid->columns; i++) {
        some = some || grid->cells[i].low != NULL;
    }
    return some;
}

const char *ef_power_in(const char *text, int *exponent, const char **end)
{
    for (const char *at = strstr(text, "1e-"); at != NULL; at = strstr(at + 1, "1e-")) {
        bool begins = at == text || at[-1] == ' ';
        size_t digits = strspn(at + 3, "0123456789");
        char after = at[3 + digits];
        if (begins && digits > 0 && digits < 4 && (after == '\0' || after == ' ')) {
            *exponent = -(int)strtol(at + 3, NULL, 10);
            *end = at + 3 + digits;
            return at;
        }
    }
    return NULL;
}

bool ef_ends_in_power(const char *text)
{
    int exponent;
    const char *end;
    return text != NULL && ef_power_in(text, &exponent, &end) != NULL && *end == '\0';
}
