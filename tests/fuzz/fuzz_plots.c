/* Plots in gnuplot's words, with any names.  The first byte chooses the format, the second a text alone or a whole script.  Strings are read back:
 * each is closed in its line, and what gnuplot, and LaTeX after it, make of it is the text. */
#include "fuzz.h"
#include "fuzz_marks.h"

#include <math.h>

#include "plot/plot_frame.h"
#include "plot/plot_label.h"

enum { points = 4, systems = 3, texts = 6 };

/* What gnuplot reads between single quotes from *at on, which then is behind them.  Freed with free(). */
static char *read_string(const char **at)
{
    assert(**at == '\'');
    ++*at;
    char *text = fuzz_text((const uint8_t *)*at, strlen(*at));
    size_t length = 0;
    for (;; ++*at) {
        assert(**at != '\0' && **at != '\n');
        if (**at == '\'' && (*at)[1] != '\'') {
            break;
        }
        *at += **at == '\'';
        text[length++] = **at;
    }
    ++*at;
    text[length] = '\0';
    return text;
}

/* What LaTeX prints for a text without commands of its own: the other direction of latex_text.h. */
static void read_latex(char *text)
{
    static const struct {
        const char *name;
        char letter;
    } marks[] = {{"\\textbackslash{}", '\\'},
                 {"\\textasciitilde{}", '~'},
                 {"\\textasciicircum{}", '^'},
                 {"\\textless{}", '<'},
                 {"\\textgreater{}", '>'},
                 {"\\textbar{}", '|'},
                 {"\\textquotedbl{}", '"'},
                 {"{[}", '['},
                 {"{]}", ']'},
                 {"{*}", '*'},
                 {"{}", '\0'},
                 {"\\", '\0'}};
    char *to = text;
    for (const char *at = text; *at != '\0';) {
        size_t i = 0, count = sizeof marks / sizeof *marks;
        while (i < count && strncmp(at, marks[i].name, strlen(marks[i].name)) != 0) {
            i++;
        }
        if (i == count) {
            *to++ = *at++;
            continue;
        }
        at += strlen(marks[i].name);
        if (marks[i].letter != '\0') {
            *to++ = marks[i].letter;
        } else if (marks[i].name[0] == '\\') {
            *to++ = *at++; /* a mark by itself */
        }
    }
    *to = '\0';
}

/* A label, and a tick, where gnuplot reads "%%" for '%'. */
static void check_label(const ef_plot_look *look, const char *text, bool tick)
{
    fuzz_print print;
    fuzz_print_begin(&print);
    if (tick) {
        ef_plot_print_tick(look, print.stream, text);
    } else {
        ef_plot_print_label(look, print.stream, text);
    }
    fuzz_print_end(&print);
    const char *at = print.text;
    char *read = read_string(&at);
    assert(*at == '\0');
    if (tick) {
        char *to = read;
        for (const char *from = read; *from != '\0'; from++) {
            assert(*from != '%' || from[1] == '%');
            from += *from == '%';
            *to++ = *from;
        }
        *to = '\0';
    }
    if (ef_plot_is_latex(look)) {
        fuzz_check_latex(read, false);
        read_latex(read);
    }
    assert(strcmp(read, text) == 0);
    free(read);
    free(print.text);
}

/* A name that is cut is a beginning of it, of whole letters, and no wider than asked for, as far as there is room for anything. */
static void check_cut(const ef_plot_look *look, const char *text, double letters)
{
    fuzz_print print;
    fuzz_print_begin(&print);
    putc('\'', print.stream);
    ef_plot_print_cut(look, print.stream, text, letters);
    putc('\'', print.stream);
    fuzz_print_end(&print);
    const char *at = print.text;
    char *read = read_string(&at);
    assert(*at == '\0');
    if (ef_plot_is_latex(look)) {
        fuzz_check_latex(read, false);
        read_latex(read);
    }
    if (strcmp(read, text) != 0) {
        size_t length = strlen(read);
        assert(length >= 3 && strcmp(read + length - 3, "...") == 0 && strncmp(read, text, length - 3) == 0);
        assert(((unsigned char)text[length - 3] & 0xC0) != 0x80);
        assert(ef_plot_letters(look, read) <= letters + 1e-6);
    }
    free(read);
    free(print.text);
}

typedef struct results {
    double far[points], tar[points], fnmr[points], threshold[points];
    ef_stored_metric metric;
    ef_stored_result result[systems];
    ef_paper_entry entries[systems];
} results;

static void make_results(results *out, char *const *names, const char *heading)
{
    *out = (results){.far = {0, 0.001, 0.05, 1}, .tar = {0.4, 0.7, 0.93, 1}, .fnmr = {0.6, 0.3, 0.07, 0}};
    ef_measure measure = {.value = 0.7, .ci_low = 0.6, .ci_high = 0.8, .threshold = 0.2, .impostors = 1000, .false_matches = 1};
    out->metric = (ef_stored_metric){
        .name = "tar_at_far", .title = "TAR @ FAR", .point = 0.001, .has = {true, true}, .measure = {measure, measure}};
    for (size_t i = 0; i < systems; i++) {
        out->result[i] = (ef_stored_result){
            .protocol = "lfw",
            .heading = heading,
            .task = "verify-pairs",
            .model = names[i],
            .convention = EF_INSIGHTFACE,
            .interval = "wilson",
            .confidence = 0.95,
            .pairs = 1100,
            .metrics = &out->metric,
            .metric_count = 1,
            .curve = {out->threshold, out->far, out->tar, out->fnmr, points, .genuine = 100, .impostors = 1000}};
        out->entries[i] = (ef_paper_entry){&out->result[i], "r.json", names[i]};
    }
}

/* Strings are closed in their line, and so are brackets; no other quotes. */
static void check_script(const char *at)
{
    int depth = 0;
    while (*at != '\0') {
        if (*at == '\'') {
            free(read_string(&at));
            continue;
        }
        if (*at == '#') {
            at += strcspn(at, "\n");
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        assert(depth >= 0 && (*at != '\n' || depth == 0 || at[-1] == '\\'));
        assert(*at != '`' && *at != '@' && *at != ';');
        at++;
    }
    assert(depth == 0);
}

/* Comments, numbers, and empty lines between blocks. */
static void check_data(const char *at)
{
    while (*at != '\0') {
        size_t length = strcspn(at, "\n");
        assert(*at == '#' || strspn(at, "0123456789.e+- Na") == length);
        assert(at[length] == '\n');
        at += length + 1;
    }
}

static void check_plot(const ef_plot_look *look, char *const *text, ef_plot_kind kind)
{
    results made;
    fuzz_print print;
    ef_error err = {EF_OK, ""};
    ef_plot plot;
    double x[2] = {0.001, 1}, y[2] = {0.5, 1};
    const ef_plot_reference reference = {NULL, text[4], text[4], x, y, 2};
    const ef_plot_options options = {.kind = kind,
                                     .at = NAN,
                                     .from = NAN,
                                     .lowest = NAN,
                                     .references = &reference,
                                     .reference_count = kind == EF_PLOT_TAR ? 0 : 1};
    make_results(&made, text, text[3]);
    ef_status status = ef_plot_make(&plot, made.entries, systems, &options, &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err); /* the same name twice */
        return;
    }
    ef_plot_lay_out(&plot, look);
    fuzz_print_begin(&print);
    ef_plot_write_script(&plot, look, print.stream);
    fuzz_print_end(&print);
    fuzz_is_clean(print.text);
    check_script(print.text);
    free(print.text);
    fuzz_print_begin(&print);
    ef_plot_write_data(&plot, print.stream);
    fuzz_print_end(&print);
    fuzz_is_clean(print.text);
    check_data(print.text);
    free(print.text);
    ef_plot_free(&plot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const ef_plot_kind kinds[] = {EF_PLOT_ROC, EF_PLOT_DET, EF_PLOT_TAR};
    char *text[texts];
    if (size < 2) {
        return 0;
    }
    ef_plot_look look = {.format = (ef_plot_format)(data[0] % EF_PLOT_FORMATS),
                         .size = (ef_plot_size)(data[0] / EF_PLOT_FORMATS % 3),
                         .columns = 80,
                         .rows = 24,
                         .data = "x.dat",
                         .output = "x.out"};
    uint8_t what = data[1];
    fuzz_pieces(text, texts, data + 2, size - 2);
    if (what < 128) {
        ef_plot plot = {0};
        char *label = ef_plot_text(&plot, "%s", text[0]);
        assert(!plot.failed);
        check_label(&look, label, false);
        check_label(&look, label, true);
        check_cut(&look, label, what / 2.0);
        free(label);
    } else {
        check_plot(&look, text, kinds[what % 3]);
    }
    fuzz_free(text, texts);
    return 0;
}
