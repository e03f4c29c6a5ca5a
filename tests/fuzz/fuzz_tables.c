/* Tables of any texts in every format.  The first byte chooses the grid's shape, the second a format; the rest is texts between bytes 0xFF.
 * CSV and Markdown are read back, HTML and LaTeX are looked through: what is open is closed, and nothing of a text is taken for a mark. */
#include "fuzz.h"
#include "fuzz_marks.h"

#include "table/table_format.h"
#include "report/text_table.h"

enum { rows = 4, columns = 3, texts = rows * columns + 5, longest = 120 };

typedef struct grid_shape {
    bool two_heads, spans, notes, rules, intervals, emphasis, empty, standalone;
} grid_shape;

static void fill_cell(ef_grid *grid, size_t row, size_t column, const char *text, const grid_shape *shape)
{
    ef_cell *cell = ef_grid_at(grid, row, column);
    bool stub = column < grid->stub_columns, head = row < grid->head_rows;
    ef_cell_kind kind = head ? EF_CELL_HEAD : stub ? EF_CELL_LABEL : EF_CELL_FIGURE;
    bool none = shape->empty && !head && !stub && (row + column) % 3 == 0;
    ef_status status = ef_grid_set(grid, row, column, kind, none ? NULL : text, NULL);
    assert(status == EF_OK);
    if (kind == EF_CELL_FIGURE && shape->intervals && row == rows - 1) {
        cell->low = fuzz_text((const uint8_t *)"1.25", 4);
        cell->high = fuzz_text((const uint8_t *)"2.50", 4);
    }
    if (kind == EF_CELL_FIGURE && shape->emphasis && !none) {
        cell->emphasis = column == 1 ? EF_BEST : EF_SECOND;
    }
}

static void make_grid(ef_grid *grid, char *const *text, const grid_shape *shape)
{
    ef_status status = ef_grid_create(grid, rows, columns, NULL);
    assert(status == EF_OK);
    grid->head_rows = shape->two_heads ? 2 : 1;
    grid->stub_columns = 1;
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            fill_cell(grid, row, column, text[row * columns + column], shape);
        }
    }
    if (shape->spans && shape->two_heads) {
        ef_grid_at(grid, 0, 1)->span = 2;
        ef_grid_at(grid, 0, 2)->span = 0;
    }
    status = ef_grid_caption(grid, text[rows * columns], NULL);
    for (size_t i = 0; status == EF_OK && shape->notes && i < 3; i++) {
        size_t number;
        status = ef_grid_note(grid, &number, text[rows * columns + 1 + i], NULL);
        ef_grid_at(grid, i, i)->note = number;
    }
    if (status == EF_OK && shape->rules) {
        status = ef_grid_rule(grid, rows - 1, text[rows * columns + 4], NULL);
    }
    assert(status == EF_OK);
}

static const char *text_of(const ef_grid *grid, size_t row, size_t column)
{
    const ef_cell *cell = ef_grid_at(grid, row, column);
    return cell->text != NULL ? cell->text : cell->kind == EF_CELL_FIGURE ? "NA" : "";
}

/* Every line has as many fields, and those of the body are the texts. */
static void check_csv(const ef_grid *grid, const char *written)
{
    size_t fields = 0, row = 0;
    bool intervals = ef_grid_has_intervals(grid);
    for (; *written != '\0'; row++) {
        size_t count = 0;
        bool more = true;
        for (; more; count++) {
            char *field = fuzz_csv_field(&written, &more);
            size_t column = !intervals || count < 1 ? count : 1 + (count - 1) / 3;
            bool bound = intervals && count >= 1 && (count - 1) % 3 > 0;
            if (row > 0 && column < columns && !bound) {
                assert(strcmp(field, text_of(grid, grid->head_rows + row - 1, column)) == 0);
            }
            free(field);
        }
        fields = row == 0 ? count : fields;
        assert(count == fields);
    }
    assert(row == 1 + rows - grid->head_rows);
    size_t bounds = intervals ? 4 : 0, notes = ef_strings_count(grid->notes) > 0;
    assert(fields == columns + bounds + notes);
}

/* The lines of the table have as many cells; plain cells are the texts. */
static void check_markdown(const ef_grid *grid, const char *written)
{
    size_t body = 0, lines = 0;
    bool titled = grid->rules[rows - 1] != NULL && *grid->rules[rows - 1] != '\0';
    for (; *written == '|'; lines++) {
        size_t row = grid->head_rows + body;
        bool is_title = titled && row == rows - 1 && lines == body + 2;
        for (size_t column = 0; column < columns; column++) {
            char *cell = fuzz_markdown_cell(&written);
            const ef_cell *of = lines >= 2 && !is_title ? ef_grid_at(grid, row, column) : NULL;
            if (of != NULL && of->text != NULL && of->emphasis == EF_PLAIN && of->note == 0 && of->low == NULL) {
                assert(strcmp(cell, of->text) == 0);
            }
            free(cell);
        }
        assert(written[0] == '|' && written[1] == '\n');
        written += 2;
        body += lines >= 2 && !is_title;
        titled = titled && !is_title;
    }
    assert(body == rows - grid->head_rows && *written == '\n');
}

static void check_grid(char *const *text, const grid_shape *shape, const ef_table_format *format)
{
    ef_grid grid;
    fuzz_print print;
    const ef_table_options options = {.color = false, .standalone = shape->standalone};
    make_grid(&grid, text, shape);
    fuzz_print_begin(&print);
    format->write(&grid, print.stream, &options);
    fuzz_print_end(&print);
    assert(strlen(print.text) == print.length && print.text[print.length - 1] == '\n');
    fuzz_is_clean(print.text);
    const char *name = format->format.name;
    if (strcmp(name, "csv") == 0) {
        check_csv(&grid, print.text);
    } else if (strcmp(name, "md") == 0) {
        check_markdown(&grid, print.text);
    } else if (strcmp(name, "html") == 0) {
        fuzz_check_html(print.text);
    } else if (strcmp(name, "latex") == 0) {
        fuzz_check_latex(print.text, true);
    }
    free(print.text);
    ef_grid_free(&grid);
}

/* A cell is its text, where control characters are shown as '?'; without a text, the line below the headings. */
static void check_cell(const char **at, const char *text, bool first)
{
    char *cell = fuzz_markdown_cell(at);
    if (text == NULL) {
        assert(strcmp(cell, first ? ":---" : "---:") == 0);
    } else {
        assert(fuzz_is_shown(cell, text, ""));
    }
    free(cell);
}

/* The table of reports: a column that is empty below its heading is left out. */
static void check_table(char *const *text, bool markdown)
{
    ef_table *table = NULL;
    fuzz_print print;
    size_t lines = 0;
    bool is_used[columns] = {false};
    ef_status status = ef_table_create(&table, columns, NULL);
    for (size_t i = 0; status == EF_OK && i < rows * columns; i++) {
        status = ef_table_cell(table, text[i], NULL);
    }
    assert(status == EF_OK);
    for (size_t column = 0; column < columns; column++) {
        for (size_t row = 1; row < rows; row++) {
            is_used[column] = is_used[column] || text[row * columns + column][0] != '\0';
        }
    }
    fuzz_print_begin(&print);
    if (markdown) {
        ef_table_print_markdown(table, print.stream);
    } else {
        ef_table_print_text(table, print.stream, false);
    }
    fuzz_print_end(&print);
    fuzz_is_clean(print.text);
    for (const char *at = print.text; *at != '\0'; lines++) {
        for (size_t column = 0; markdown && column < columns; column++) {
            if (is_used[column]) {
                check_cell(&at, lines == 1 ? NULL : text[(lines - (lines > 1)) * columns + column], column == 0);
            }
        }
        assert(!markdown || (at[0] == '|' && at[1] == '\n'));
        at = strchr(at, '\n') + 1;
    }
    assert(lines == rows + (markdown ? 1 : 0));
    free(print.text);
    ef_table_free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text[texts];
    if (size < 2) {
        return 0;
    }
    const uint8_t bits = data[0];
    const grid_shape shape = {(bits & 1) != 0,  (bits & 2) != 0,  (bits & 4) != 0,  (bits & 8) != 0,
                              (bits & 16) != 0, (bits & 32) != 0, (bits & 64) != 0, (bits & 128) != 0};
    const unsigned kind = data[1] % 7;
    fuzz_pieces(text, texts, data + 2, size - 2);
    for (size_t i = 0; i < texts; i++) {
        if (strlen(text[i]) > longest) {
            text[i][longest] = '\0';
        }
    }
    const ef_table_format *format = ef_table_format_at(kind);
    if (format != NULL) {
        check_grid(text, &shape, format);
    } else {
        check_table(text, kind == 5);
    }
    fuzz_free(text, texts);
    return 0;
}
