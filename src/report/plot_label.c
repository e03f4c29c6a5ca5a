#include "report/plot_label.h"

#include <string.h>

#include "report/latex_text.h"
#include "report/text_table.h"

bool ef_plot_is_latex(const ef_plot_look *look)
{
    return look->format == EF_PLOT_CAIROLATEX || look->format == EF_PLOT_TIKZ;
}

/* The bytes of a text between single quotes, where gnuplot reads everything but the quote itself as it is. */
static void print_bytes(const ef_plot_look *look, FILE *stream, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *escape = ef_plot_is_latex(look) ? ef_latex_of(text, i, length) : NULL;
        const char single[2] = {text[i], '\0'};
        for (const char *at = escape != NULL ? escape : single; *at != '\0'; at++) {
            fputs(*at == '\'' ? "''" : (char[2]){*at, '\0'}, stream);
        }
    }
}

/* The bytes of the first `letters` letters of a UTF-8 text. */
static size_t bytes_of(const char *text, size_t letters)
{
    size_t i = 0;
    for (size_t seen = 0; text[i] != '\0'; i++) {
        seen += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (seen > letters) {
            break;
        }
    }
    return i;
}

void ef_plot_print_cut(const ef_plot_look *look, FILE *stream, const char *text, size_t letters)
{
    static const char dots[] = "...";
    bool whole = ef_text_width(text) <= letters || letters < sizeof dots;
    print_bytes(look, stream, text, whole ? strlen(text) : bytes_of(text, letters - (sizeof dots - 1)));
    fputs(whole ? "" : dots, stream);
}

void ef_plot_print_label(const ef_plot_look *look, FILE *stream, const char *text)
{
    putc('\'', stream);
    print_bytes(look, stream, text, strlen(text));
    putc('\'', stream);
}

void ef_plot_print_tick(const ef_plot_look *look, FILE *stream, const char *text)
{
    putc('\'', stream);
    for (size_t i = 0; text[i] != '\0'; i++) {
        print_bytes(look, stream, &text[i], 1);
        fputs(text[i] == '%' ? "%" : "", stream);
    }
    putc('\'', stream);
}
