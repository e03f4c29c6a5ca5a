/* A grid as Markdown and as HTML. */
#include "table/table_format.h"

#include <string.h>

static void print_html(FILE *stream, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '&': fputs("&amp;", stream); break;
        case '<': fputs("&lt;", stream); break;
        case '>': fputs("&gt;", stream); break;
        case '"': fputs("&quot;", stream); break;
        default: fputc(text[i], stream);
        }
    }
}

/* Markdown's own marks, and those of the HTML that it may hold, are taken as they stand. */
static void print_markdown(FILE *stream, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '<' || text[i] == '&') {
            print_html(stream, text + i, 1);
        } else {
            fputs(strchr("\\`*_[]~|#$!", text[i]) != NULL ? "\\" : "", stream);
            fputc(text[i], stream);
        }
    }
}

/* Marks are in italics, and set off from a power of ten: a letter after an exponent would be read as a part of it. */
static void print_mark(FILE *stream, size_t note, bool after_power)
{
    char mark[EF_NOTE_MARK];
    fprintf(stream, "%s<sup><i>%s</i></sup>", after_power ? "&thinsp;" : "", ef_note_mark(mark, note));
}

typedef void printer(FILE *stream, const char *text, size_t length);

static void print_cell(FILE *stream, const ef_cell *cell, const char *dash, const char *const around[3][2], printer *print)
{
    int exponent;
    const char *end, *power = cell->text != NULL && cell->kind == EF_CELL_HEAD ? ef_power_in(cell->text, &exponent, &end) : NULL;
    if (cell->text == NULL) {
        fputs(cell->kind == EF_CELL_FIGURE ? dash : "", stream);
    } else if (power != NULL) {
        print(stream, cell->text, (size_t)(power - cell->text));
        fprintf(stream, "10<sup>%d</sup>", exponent);
        print(stream, end, strlen(end));
    } else {
        fputs(around[cell->emphasis][0], stream);
        print(stream, cell->text, strlen(cell->text));
        fputs(around[cell->emphasis][1], stream);
    }
    if (cell->low != NULL) {
        fprintf(stream, " <small>[%s, %s]</small>", cell->low, cell->high);
    }
    if (cell->note > 0) {
        print_mark(stream, cell->note, cell->kind == EF_CELL_HEAD && ef_ends_in_power(cell->text));
    }
}

/* A heading that is covered by one to its left says what that one says. */
static const ef_cell *covering(const ef_grid *grid, size_t row, size_t column)
{
    while (ef_grid_at(grid, row, column)->span == 0) {
        column--;
    }
    return ef_grid_at(grid, row, column);
}

static const char *const markdown_emphasis[3][2] = {{"", ""}, {"**", "**"}, {"<u>", "</u>"}};

static void markdown_cell(FILE *stream, const ef_cell *cell)
{
    print_cell(stream, cell, "-", markdown_emphasis, print_markdown);
}

/* Markdown has one row of headings: those that stand above each other are put into one. */
static void markdown_heading(const ef_grid *grid, FILE *stream, size_t column)
{
    bool some = false;
    for (size_t row = 0; row < grid->head_rows; row++) {
        const ef_cell *cell = covering(grid, row, column);
        if (cell->text != NULL && *cell->text != '\0') {
            fputs(some ? " " : "", stream);
            markdown_cell(stream, cell);
            some = true;
        }
    }
}

/* And no rules: a title stands in a row of its own. */
static void markdown_rule(const ef_grid *grid, FILE *stream, const char *title)
{
    fputs("| *", stream);
    print_markdown(stream, title, strlen(title));
    fputs("* |", stream);
    for (size_t column = 1; column < grid->columns; column++) {
        fputs(" |", stream);
    }
    fputc('\n', stream);
}

static void write_markdown(const ef_grid *grid, FILE *stream, const ef_table_options *options)
{
    (void)options;
    for (size_t column = 0; column < grid->columns; column++) {
        fputs("| ", stream);
        markdown_heading(grid, stream, column);
        fputc(' ', stream);
    }
    fputs("|\n", stream);
    for (size_t column = 0; column < grid->columns; column++) {
        fputs(column < grid->stub_columns ? "|:---" : "|---:", stream);
    }
    fputs("|\n", stream);
    for (size_t row = grid->head_rows; row < grid->rows; row++) {
        if (grid->rules[row] != NULL && *grid->rules[row] != '\0') {
            markdown_rule(grid, stream, grid->rules[row]);
        }
        for (size_t column = 0; column < grid->columns; column++) {
            fputs("| ", stream);
            markdown_cell(stream, ef_grid_at(grid, row, column));
            fputc(' ', stream);
        }
        fputs("|\n", stream);
    }
    fputc('\n', stream);
    print_markdown(stream, grid->caption, strlen(grid->caption));
    fputs(ef_grid_has_emphasis(grid) ? "; best in bold, second best underlined.\n" : ".\n", stream);
    for (size_t i = 0; i < ef_strings_count(grid->notes); i++) {
        const char *note = ef_strings_at(grid->notes, i);
        fputc('\n', stream);
        print_mark(stream, i + 1, false);
        fputc(' ', stream);
        print_markdown(stream, note, strlen(note));
        fputs(".\n", stream);
    }
}

static const char *const html_emphasis[3][2] = {{"", ""}, {"<b>", "</b>"}, {"<u>", "</u>"}};

static void html_row(const ef_grid *grid, FILE *stream, size_t row)
{
    bool head = row < grid->head_rows;
    fputs("<tr>", stream);
    for (size_t column = 0; column < grid->columns; column++) {
        const ef_cell *cell = ef_grid_at(grid, row, column);
        bool stub = column < grid->stub_columns;
        if (cell->span == 0) {
            continue;
        }
        fputs(head && !stub ? "<th scope=\"col\"" : head || stub ? "<th" : "<td", stream);
        fputs(stub && !head ? " scope=\"row\"" : "", stream);
        if (cell->span > 1) {
            fprintf(stream, " colspan=\"%zu\"", cell->span);
        }
        fputc('>', stream);
        print_cell(stream, cell, "&ndash;", html_emphasis, print_html);
        fputs(head || stub ? "</th>" : "</td>", stream);
    }
    fputs("</tr>\n", stream);
}

static void html_notes(const ef_grid *grid, FILE *stream)
{
    for (size_t i = 0; i < ef_strings_count(grid->notes); i++) {
        const char *note = ef_strings_at(grid->notes, i);
        fputs("<p class=\"note\">", stream);
        print_mark(stream, i + 1, false);
        fputc(' ', stream);
        print_html(stream, note, strlen(note));
        fputs(".</p>\n", stream);
    }
}

static void write_html(const ef_grid *grid, FILE *stream, const ef_table_options *options)
{
    bool standalone = options->standalone;
    if (standalone) {
        fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>", stream);
        print_html(stream, grid->caption, strlen(grid->caption));
        fputs("</title>\n<style>\n"
              "body { font-family: serif }\n"
              "table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid }\n"
              "th, td { padding: 0.1em 0.6em; text-align: right; font-weight: normal }\n"
              "thead th { text-align: center }\n"
              "tbody { border-top: 1px solid }\n"
              "th[scope=row], thead th:not([scope]) { text-align: left }\n"
              "th.group { text-align: left; font-style: italic }\n"
              "caption { caption-side: bottom; text-align: left; padding: 0.4em 0 }\n"
              ".note { margin: 0.2em 0; font-size: smaller }\n"
              "</style>\n</head>\n<body>\n",
              stream);
    }
    fputs("<table>\n<caption>", stream);
    print_html(stream, grid->caption, strlen(grid->caption));
    fputs(ef_grid_has_emphasis(grid) ? "; best in bold, second best underlined.</caption>\n<thead>\n" : ".</caption>\n<thead>\n",
          stream);
    for (size_t row = 0; row < grid->rows; row++) {
        const char *rule = grid->rules[row];
        if (row == grid->head_rows) {
            fputs("</thead>\n<tbody>\n", stream);
        } else if (rule != NULL) {
            fputs("</tbody>\n<tbody>\n", stream);
        }
        if (rule != NULL && *rule != '\0') {
            fprintf(stream, "<tr><th class=\"group\" colspan=\"%zu\">", grid->columns);
            print_html(stream, rule, strlen(rule));
            fputs("</th></tr>\n", stream);
        }
        html_row(grid, stream, row);
    }
    fputs("</tbody>\n</table>\n", stream);
    html_notes(grid, stream);
    fputs(standalone ? "</body>\n</html>\n" : "", stream);
}

const ef_table_format ef_table_format_md = {.format = {"md", ".md"}, .write = write_markdown};

const ef_table_format ef_table_format_html = {.format = {"html", ".html"}, .has_documents = true, .write = write_html};
