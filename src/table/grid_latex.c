/* A grid for papers: LaTeX with the rules of the booktabs package, either a fragment to \input or a document. */
#include "table/table_format.h"

#include <string.h>

#include "report/latex_text.h"

static void print_escaped(FILE *stream, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *escape = ef_latex_of(text, i, length);
        if (escape == NULL) {
            fputc(text[i], stream);
        } else {
            fputs(escape, stream);
        }
    }
}

/* Marks are in italics, and set off from a power of ten: a letter after an exponent would be read as a part of it. */
static void print_mark(FILE *stream, size_t note, bool after_power)
{
    char mark[EF_NOTE_MARK];
    fprintf(stream, "%s\\textsuperscript{\\textit{%s}}", after_power ? "\\," : "", ef_note_mark(mark, note));
}

static void print_text(FILE *stream, const ef_cell *cell)
{
    int exponent;
    const char *end, *power = cell->kind == EF_CELL_HEAD ? ef_power_in(cell->text, &exponent, &end) : NULL;
    if (power == NULL) {
        print_escaped(stream, cell->text, strlen(cell->text));
        return;
    }
    print_escaped(stream, cell->text, (size_t)(power - cell->text));
    fprintf(stream, "$10^{%d}$", exponent);
    print_escaped(stream, end, strlen(end));
}

static void print_cell(FILE *stream, const ef_cell *cell)
{
    const char *command = cell->emphasis == EF_BEST ? "\\textbf{" : cell->emphasis == EF_SECOND ? "\\underline{" : "";
    if (cell->text == NULL) {
        fputs(cell->kind == EF_CELL_FIGURE ? "--" : "", stream);
    } else {
        fputs(command, stream);
        print_text(stream, cell);
        fputs(*command != '\0' ? "}" : "", stream);
    }
    if (cell->low != NULL) {
        fprintf(stream, " {\\scriptsize [%s, %s]}", cell->low, cell->high);
    }
    if (cell->note > 0) {
        print_mark(stream, cell->note, cell->kind == EF_CELL_HEAD && ef_ends_in_power(cell->text));
    }
}

static void print_row(const ef_grid *grid, FILE *stream, size_t row)
{
    for (size_t column = 0; column < grid->columns; column++) {
        const ef_cell *cell = ef_grid_at(grid, row, column);
        if (cell->span == 0) {
            continue;
        }
        fputs(column > 0 ? " & " : "", stream);
        if (column >= grid->stub_columns && row < grid->head_rows) {
            fprintf(stream, "\\multicolumn{%zu}{c}{", cell->span);
            print_cell(stream, cell);
            fputc('}', stream);
        } else {
            print_cell(stream, cell);
        }
    }
    fputs(" \\\\\n", stream);
    bool ruled = false;
    for (size_t column = 0; column < grid->columns; column++) { /* a heading over several columns has a rule under it */
        const ef_cell *cell = ef_grid_at(grid, row, column);
        if (cell->span > 1 && cell->text != NULL) {
            fprintf(stream, "%s\\cmidrule(lr){%zu-%zu}", ruled ? " " : "", column + 1, column + cell->span);
            ruled = true;
        }
    }
    fputs(ruled ? "\n" : "", stream);
}

static void print_rule(const ef_grid *grid, FILE *stream, const char *title)
{
    fputs("\\midrule\n", stream);
    if (title != NULL && *title != '\0') {
        fprintf(stream, "\\multicolumn{%zu}{l}{\\textit{", grid->columns);
        print_escaped(stream, title, strlen(title));
        fputs("}} \\\\\n", stream);
    }
}

/* The notes stand under the table, in lines of the text's width. */
static void print_notes(const ef_grid *grid, FILE *stream)
{
    size_t count = ef_strings_count(grid->notes);
    fputs("\\par\\smallskip\n{\\footnotesize\\parindent=0pt ", stream);
    print_escaped(stream, grid->caption, strlen(grid->caption));
    fputs(ef_grid_has_emphasis(grid) ? "; best in bold, second best underlined.\\par\n" : ".\\par\n", stream);
    for (size_t i = 0; i < count; i++) {
        const char *note = ef_strings_at(grid->notes, i);
        print_mark(stream, i + 1, false);
        fputc(' ', stream);
        print_escaped(stream, note, strlen(note));
        fputs(".\\par\n", stream);
    }
    fputs("}\n", stream);
}

static void write_latex(const ef_grid *grid, FILE *stream, const ef_table_options *options)
{
    bool standalone = options->standalone;
    if (standalone) {
        fputs("\\documentclass{article}\n"
              "\\usepackage[T1]{fontenc}\n"
              "\\usepackage[utf8]{inputenc}\n"
              "\\usepackage{textcomp}\n"
              "\\usepackage[a4paper,landscape,margin=15mm]{geometry}\n"
              "\\usepackage{booktabs}\n"
              "\\usepackage{graphicx}\n"
              "\\pagestyle{empty}\n"
              "\\begin{document}\n"
              "\\noindent\n"
              /* A table that is wider than the page is made smaller, no other. */
              "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n",
              stream);
    } else {
        fputs("% \\usepackage{booktabs}, and \\usepackage[T1]{fontenc} for names with unusual characters\n", stream);
    }
    fputs("\\begin{tabular}{", stream);
    for (size_t column = 0; column < grid->columns; column++) {
        fputc(column < grid->stub_columns ? 'l' : 'r', stream);
    }
    fputs("}\n\\toprule\n", stream);
    for (size_t row = 0; row < grid->rows; row++) {
        if (row == grid->head_rows || grid->rules[row] != NULL) {
            print_rule(grid, stream, grid->rules[row]);
        }
        print_row(grid, stream, row);
    }
    fputs("\\bottomrule\n\\end{tabular}", stream);
    fputs(standalone ? "}\n" : "\n", stream);
    print_notes(grid, stream);
    fputs(standalone ? "\\end{document}\n" : "", stream);
}

const ef_table_format ef_table_format_latex = {.format = {"latex", ".tex"}, .has_documents = true, .write = write_latex};
