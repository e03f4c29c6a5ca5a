#include "plot/plot_label.h"

#include <string.h>

#include "report/latex_text.h"

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

/* The width of a letter of ASCII in usual letters; of others as if they were usual. */
static double width_of(const ef_plot_look *look, char letter)
{
    static const struct {
        const char *letters;
        double width; /* in DejaVu Sans, or Helvetica where that is wider; in units of the font's size */
    } classes[] = {{"ijl'I", 0.3},       {" ,.", 0.32},      {":;/\\|", 0.34},           {"-f", 0.37},
                   {"!()[]rt", 0.42},    {"\"*?_`sz", 0.53}, {"ckvxyJL", 0.6},           {"aeo", 0.62},
                   {"ABEKPSVXYZ", 0.69}, {"CR", 0.73},       {"#&+<=>DGHNOQUw^~", 0.84}, {"%@MWm", 1}};
    const double usual = 0.6, others = 0.64;
    if (look->format == EF_PLOT_TEXT || (unsigned char)letter >= 0x80) {
        return 1;
    }
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strchr(classes[i].letters, letter) != NULL) {
            return classes[i].width / usual;
        }
    }
    return others / usual;
}

static bool begins_letter(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* The bytes of as many letters of a UTF-8 text as are `letters` wide at the most. */
static size_t bytes_of(const ef_plot_look *look, const char *text, double letters)
{
    size_t i = 0;
    for (double width = 0; text[i] != '\0'; i++) {
        width += begins_letter(text[i]) ? width_of(look, text[i]) : 0;
        if (width > letters + 1e-9) {
            break;
        }
    }
    return i;
}

double ef_plot_letters(const ef_plot_look *look, const char *text)
{
    double width = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        width += begins_letter(text[i]) ? width_of(look, text[i]) : 0;
    }
    return width;
}

void ef_plot_print_cut(const ef_plot_look *look, FILE *stream, const char *text, double letters)
{
    static const char dots[] = "...";
    double left = letters - ef_plot_letters(look, dots);
    bool whole = left < 1 || text[bytes_of(look, text, letters)] == '\0';
    print_bytes(look, stream, text, whole ? strlen(text) : bytes_of(look, text, left));
    fputs(whole ? "" : dots, stream);
}

void ef_plot_print_blanks(const ef_plot_look *look, FILE *stream, const char *figure, size_t count)
{
    if (count > 0 && ef_plot_is_latex(look)) {
        fprintf(stream, "\\phantom{%.*s}", (int)count, figure);
        return;
    }
    for (size_t i = 0; i < count && figure[i] != '\0'; i++) {
        bool digit = figure[i] >= '0' && figure[i] <= '9';
        bool plain = look->format == EF_PLOT_TEXT || (!digit && figure[i] != '.');
        fputs(plain ? " " : digit ? "\xE2\x80\x87" : "\xE2\x80\x88", stream); /* figure space, punctuation space */
    }
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
