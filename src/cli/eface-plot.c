/* eface-plot - draws result files of eface-eval: ROC, DET, CMC and other curves of a paper, by gnuplot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <eface/version.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/memory.h"
#include "plot/gnuplot.h"
#include "cli/options.h"
#include "cli/program.h"
#include "cli/reference_curve.h"
#include "cli/table_input.h"
#include "io/output.h"
#include "plot/plot_frame.h"

/* What the command line asks for. */
typedef struct settings {
    option_texts protocols, references;
    const char *convention, *size, *format, *output, *keep, *columns;
    double at, from, lowest;
    int ranks; /* -1: not given */
    bool bands, no_bands, mixed, standalone, help, version;
} settings;

typedef struct run {
    settings settings;
    table_input input;
    ef_strings *protocols;
    ef_plot_reference *references;
    size_t reference_count;
    ef_plot_options options;
    ef_plot_look look;
    ef_plot plot;
    ef_gnuplot gnuplot;
} run;

static int print_help(const option_row *rows, size_t count)
{
    printf("Usage: eface-plot KIND [OPTION...] [NAME=]RESULT.json ...\n"
           "\n"
           "Draws result files (eface-eval -o RESULT.json) with gnuplot.  NAME is what the system is called in the plot;\n"
           "a file - is standard input.\n"
           "\n"
           "KIND is one of\n"
           "  roc          TAR at each FAR; a panel for each benchmark, marks where figures were asked for\n"
           "  det          FNMR at each FMR on normal-deviate axes, marks at the EER\n"
           "  cmc          identification rate within each rank\n"
           "  hist         scores of genuine and impostor comparisons, with the thresholds of FARs\n"
           "  distractors  rank-1 identification rate at each number of distractors\n"
           "  tar          TAR at one FAR on all benchmarks, as bars, or points where their axis begins above 0\n");
    options_help(rows, count);
    printf("\n"
           "Environment: TMPDIR, where plots are made; NO_COLOR.\n"
           "Exit status: 0 done, 2 wrong usage, 3 bad data, or gnuplot is missing or failed.\n");
    return EXIT_DONE;
}

static bool to_terminal(const settings *asked)
{
    return asked->output == NULL ? asked->keep == NULL : strcmp(asked->output, "-") == 0;
}

/* The size of the terminal, within what a picture of letters can use. */
static void measure_terminal(ef_plot_look *look)
{
    struct winsize size = {0};
    const int least_columns = 40, most_columns = 160, least_rows = 16, most_rows = 40;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    int columns = known ? size.ws_col - 1 : 79, rows = known ? size.ws_row - 2 : 24;
    look->columns = columns < least_columns ? least_columns : columns > most_columns ? most_columns : columns;
    look->rows = rows < least_rows ? least_rows : rows > most_rows ? most_rows : rows;
}

static ef_status choose_look(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    bool file = asked->output != NULL && strcmp(asked->output, "-") != 0;
    ef_plot_look *look = &self->look;
    ef_status status = EF_OK;
    look->format = to_terminal(asked) ? EF_PLOT_TEXT : EF_PLOT_PDF;
    look->color = to_terminal(asked) && program_color();
    measure_terminal(look);
    if (asked->format != NULL) {
        status = ef_plot_format_parse(&look->format, asked->format, err);
    } else if (file) {
        status = ef_plot_format_of_file(&look->format, asked->output, err);
    }
    if (status == EF_OK && asked->size != NULL) {
        status = ef_plot_size_parse(&look->size, asked->size, err);
    }
    if (status == EF_OK && asked->standalone && look->format != EF_PLOT_CAIROLATEX && look->format != EF_PLOT_TIKZ) {
        return ef_fail(err, EF_INVALID, "--standalone is for cairolatex and tikz: the other formats are no LaTeX");
    }
    if (status == EF_OK && look->format == EF_PLOT_CAIROLATEX && !file && asked->keep == NULL) {
        return ef_fail(err, EF_INVALID, "cairolatex makes two files, which standard output cannot hold; give a file with -o");
    }
    if (status == EF_OK && asked->standalone && asked->output == NULL) {
        return ef_fail(err, EF_INVALID, "--standalone is of the file that -o names; give one");
    }
    return status;
}

static ef_status check_share(double value, const char *option, ef_error *err)
{
    return isnan(value) || (value > 0 && value < 1)
               ? EF_OK
               : ef_fail(err, EF_INVALID, "%s must be between 0 and 1, not %g", option, value);
}

/* Options that another kind of plot would pass over in silence. */
static ef_status check_scope(const settings *asked, ef_plot_kind kind, ef_error *err)
{
    bool rates = kind == EF_PLOT_ROC || kind == EF_PLOT_DET;
    const struct {
        const char *option, *kinds;
        bool given, used;
    } scopes[] = {
        {"--at", "roc and tar", !isnan(asked->at), kind == EF_PLOT_ROC || kind == EF_PLOT_TAR},
        {"--from", "roc and det", !isnan(asked->from), rates},
        {"--lowest", "roc, cmc, distractors and tar", !isnan(asked->lowest), kind != EF_PLOT_DET && kind != EF_PLOT_HIST},
        {"--ranks", "cmc", asked->ranks >= 0, kind == EF_PLOT_CMC},
        {"--bands", "curves", asked->bands, kind != EF_PLOT_HIST && kind != EF_PLOT_TAR},
        {"--no-bands", "curves", asked->no_bands, kind != EF_PLOT_HIST && kind != EF_PLOT_TAR},
        {"--reference", "curves", asked->references.count > 0, kind != EF_PLOT_HIST && kind != EF_PLOT_TAR}};
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (scopes[i].given && !scopes[i].used) {
            return ef_fail(err, EF_INVALID, "%s is for %s; '%s' would pass over it", scopes[i].option, scopes[i].kinds,
                           ef_plot_kind_name(kind));
        }
    }
    return EF_OK;
}

static ef_status read_options(run *self, const char *kind, ef_error *err)
{
    const settings *asked = &self->settings;
    ef_plot_options *options = &self->options;
    ef_status status = ef_plot_kind_parse(&options->kind, kind, err);
    if (status == EF_OK) {
        status = check_scope(asked, options->kind, err);
    }
    if (status == EF_OK) {
        status = choose_look(self, err);
    }
    if (status == EF_OK && asked->convention != NULL) {
        options->choose_convention = true;
        status = ef_convention_parse(&options->convention, asked->convention, err);
    }
    if (status == EF_OK && asked->bands && asked->no_bands) {
        status = ef_fail(err, EF_INVALID, "--bands and --no-bands cannot both be meant");
    }
    if (status == EF_OK) {
        status = check_share(asked->at, "--at", err);
    }
    if (status == EF_OK) {
        status = check_share(asked->from, "--from", err);
    }
    if (status == EF_OK && !(isnan(asked->lowest) || (asked->lowest >= 0 && asked->lowest < 1))) {
        status = ef_fail(err, EF_INVALID, "--lowest must be a share from 0 to below 1, not %g", asked->lowest);
    }
    if (status == EF_OK && (asked->ranks == 0 || asked->ranks == 1)) {
        status = ef_fail(err, EF_INVALID,
                         "--ranks must be at least 2, not %d, for one rank is no curve; eface-eval tells the rate at rank 1",
                         asked->ranks);
    }
    for (size_t i = 0; status == EF_OK && i < asked->protocols.count; i++) {
        status = table_pieces(&self->protocols, asked->protocols.items[i], err);
    }
    options->protocols = self->protocols;
    options->at = asked->at;
    options->from = asked->from;
    options->lowest = asked->lowest;
    options->ranks = asked->ranks > 0 ? (size_t)asked->ranks : 0;
    options->bands = asked->bands ? EF_YES : asked->no_bands ? EF_NO : EF_AS_FITS;
    options->mixed = asked->mixed;
    return status;
}

static ef_status read_references(run *self, ef_error *err)
{
    const option_texts *asked = &self->settings.references;
    ef_status status = EF_OK;
    const char *text = self->settings.columns;
    reference_columns columns = {{REFERENCE_NONE, REFERENCE_NONE}};
    if (text != NULL && asked->count == 0) {
        return ef_fail(err, EF_INVALID, "--reference-columns is about the file of a --reference, and there is none");
    }
    if (text != NULL && !reference_columns_parse(&columns, (ef_span){text, strlen(text)})) {
        return ef_fail(err, EF_INVALID,
                       "'%s' is not a value for --reference-columns: it names two columns, fpr and tpr or fnr, in their order: "
                       "fpr,tpr",
                       text);
    }
    self->references = ef_alloc_zero(asked->count, sizeof *self->references);
    if (self->references == NULL) {
        return ef_fail_memory(err, "the command line");
    }
    for (size_t i = 0; status == EF_OK && i < asked->count; i++) {
        self->reference_count = i + 1;
        const char *remark;
        status =
            reference_curve_read(&self->references[i], &remark, asked->items[i], self->options.kind, &columns, &self->input, err);
        if (status == EF_OK && remark != NULL) {
            program_say("%s: %s", self->references[i].file, remark);
        }
    }
    self->options.references = self->references;
    self->options.reference_count = self->reference_count;
    return status;
}

/* The name of the files that gnuplot makes: LaTeX's finds the other by it. */
static ef_status choose_stem(char **out, const run *self, ef_error *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const char *output = self->settings.output, *kind = ef_plot_kind_name(self->options.kind);
    if (self->look.format != EF_PLOT_CAIROLATEX || output == NULL) {
        *out = ef_copy(kind);
        return *out != NULL ? EF_OK : ef_fail_memory(err, "a plot");
    }
    const char *slash = strrchr(output, '/'), *name = slash != NULL ? slash + 1 : output, *point = strrchr(name, '.');
    size_t length = point != NULL ? (size_t)(point - name) : strlen(name);
    if (length == 0 || strspn(name, plain) < length) {
        return ef_fail(err, EF_INVALID,
                       "%s: LaTeX finds the lines of a picture by their file's name, so that may have letters, digits, '-', '_' "
                       "and '.' only",
                       output);
    }
    /* LaTeX makes NAME.pdf of a document NAME.tex, so the lines need another name. */
    *out = ef_copy_format("%.*s%s", (int)length, name, self->settings.standalone ? "-inc" : "");
    return *out != NULL ? EF_OK : ef_fail_memory(err, "a plot");
}

static bool same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* Refuses to write to a file that was read. */
static ef_status spare_inputs(const run *self, const char *path, ef_error *err)
{
    for (size_t i = 0; i < self->reference_count; i++) {
        if (same_file(path, self->references[i].file)) {
            return ef_fail(err, EF_INVALID, "%s is an input; what is made of it must go to another file", path);
        }
    }
    return table_input_spares(&self->input, path, err);
}

/* The same for all that is written: the output, and what --keep leaves.  Of that only the picture may be the output too. */
static ef_status check_outputs(const run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    const char *names[] = {self->gnuplot.script, self->gnuplot.data, self->gnuplot.output};
    const char *output = asked->output != NULL && !to_terminal(asked) ? asked->output : NULL;
    ef_status status = output != NULL ? spare_inputs(self, output, err) : EF_OK;
    if (status == EF_OK && output != NULL) {
        status = ef_output_check(output, err);
    }
    for (size_t i = 0; status == EF_OK && asked->keep != NULL && i < 3; i++) {
        char *path = ef_copy_format("%s/%s", asked->keep, names[i]);
        status = path != NULL ? spare_inputs(self, path, err) : ef_fail_memory(err, "a plot");
        if (status == EF_OK && i < 2 && output != NULL && same_file(output, path)) {
            status = ef_fail(err, EF_INVALID, "%s is what --keep leaves for gnuplot; the plot must go to another file", output);
        }
        free(path);
    }
    return status;
}

/* Many panels make a picture that no page has room for. */
static void warn_of_height(const run *self)
{
    const double inch = 72, highest = 10;
    double height = self->plot.sheet.height / inch;
    if (self->look.format != EF_PLOT_TEXT && height > highest) {
        bool narrow = self->look.size == EF_SIZE_COLUMN;
        program_say("the plot is %.1f in high, more than a page has room for; choose benchmarks with -p%s", height,
                    narrow ? ", or put panels side by side with --size page" : "");
    }
}

static ef_status draw(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    char *stem = NULL;
    ef_status status = choose_stem(&stem, self, err);
    if (status == EF_OK) {
        status = ef_gnuplot_begin(&self->gnuplot, &self->look, asked->keep, stem, err);
    }
    free(stem);
    if (status == EF_OK) {
        status = check_outputs(self, err);
    }
    if (status == EF_OK) {
        ef_plot_lay_out(&self->plot, &self->look);
        status = ef_gnuplot_draw(&self->gnuplot, &self->plot, &self->look, err);
    }
    if (status == EF_OK && (asked->output != NULL || asked->keep == NULL)) {
        const ef_plot *document = asked->standalone ? &self->plot : NULL;
        status = ef_gnuplot_deliver(&self->gnuplot, document, to_terminal(asked) ? NULL : asked->output, err);
    }
    if (status == EF_OK) {
        warn_of_height(self);
    }
    return status;
}

static int work(run *self, char **arguments, size_t count)
{
    ef_error err;
    ef_status status = EF_OK;
    if (count == 0) {
        status = ef_fail(&err, EF_INVALID, "no kind of plot is given: roc, det, cmc, hist, distractors or tar");
    }
    if (status == EF_OK) {
        status = read_options(self, arguments[0], &err);
    }
    if (status == EF_OK && count == 1) {
        status = ef_fail(&err, EF_INVALID, "no result file is given; eface-eval -o NAME.json writes them");
    }
    if (status == EF_OK) {
        status = table_input_read(&self->input, arguments + 1, count - 1, &err);
    }
    if (status == EF_OK) {
        status = read_references(self, &err);
    }
    if (status == EF_OK) {
        status = ef_plot_make(&self->plot, self->input.entries, self->input.entry_count, &self->options, &err);
    }
    if (status == EF_OK) {
        status = draw(self, &err);
    }
    return status == EF_OK ? EXIT_DONE : program_fail(&err);
}

static void run_free(run *self)
{
    for (size_t i = 0; i < self->reference_count; i++) {
        reference_curve_free(&self->references[i]);
    }
    free(self->references);
    free(self->settings.protocols.items);
    free(self->settings.references.items);
    ef_strings_free(self->protocols);
    ef_plot_free(&self->plot);
    ef_gnuplot_end(&self->gnuplot);
    table_input_free(&self->input);
}

int main(int argc, char **argv)
{
    run self = {.settings = {.at = NAN, .from = NAN, .lowest = NAN, .ranks = -1}};
    settings *asked = &self.settings;
    const option_row rows[] = {
        {.kind = OPTION_GROUP, .help = "What is drawn"},
        {'p', "protocol", OPTION_TEXTS, &asked->protocols, "LIST",
         "the benchmarks, in this order (default: all that the files have)"},
        {0, "convention", OPTION_TEXT, &asked->convention, "NAME",
         "of figures in legends and marks: iso, insightface, insightface-union or\nmegaface-devkit (default: each result's own)"},
        {0, "at", OPTION_REAL, &asked->at, "FAR",
         "roc, tar: the FAR whose TAR is told (default: the lowest at which all have one, that\nrests on at least 30 false "
         "matches if any does)"},
        {0, "reference", OPTION_TEXTS, &asked->references, "CURVE",
         "[PROTOCOL:][NAME=]FILE: a curve from elsewhere, in grey; two columns, x and y as\n"
         "shares; may be repeated"},
        {0, "reference-columns", OPTION_TEXT, &asked->columns, "ORDER",
         "roc, det: which column of the references is which: fpr,tpr or tpr,fpr, or with\nfnr (default: a heading, or for roc "
         "found from the rates)"},
        {0, "mixed", OPTION_FLAG, &asked->mixed, NULL,
         "draw in one panel what was not made alike (convention, flip, norm, weight, media,\nwhat was left out, protocol file, "
         "counts)"},
        {.kind = OPTION_GROUP, .help = "How"},
        {0, "from", OPTION_REAL, &asked->from, "FAR", "roc, det: where the axis of FAR begins"},
        {0, "lowest", OPTION_REAL, &asked->lowest, "SHARE", "where the axis of rates begins: 0.9 (default: as the curves need)"},
        {0, "ranks", OPTION_COUNT, &asked->ranks, "N", "cmc: how many (default: as many as the results have, to 100)"},
        {0, "bands", OPTION_FLAG, &asked->bands, NULL, "confidence intervals around curves (default: with up to three systems)"},
        {0, "no-bands", OPTION_FLAG, &asked->no_bands, NULL, "no intervals"},
        {0, "size", OPTION_TEXT, &asked->size, "SIZE",
         "column (3.5 in, default), page (7.16 in): of a paper with two columns; slide (10 in x 5.6 in)"},
        {.kind = OPTION_GROUP, .help = "Output"},
        {'o', "output", OPTION_TEXT, &asked->output, "FILE",
         "write to FILE, replacing it, in the format of its extension: .pdf .svg .png .eps\n"
         ".tex .txt; - or none: a preview for the terminal"},
        {'f', "format", OPTION_TEXT, &asked->format, "FORMAT",
         "pdf, svg, png, eps, cairolatex (texts in FILE.tex, lines in FILE.pdf beside it),\n"
         "tikz (needs gnuplot-lua-tikz.sty) or text"},
        {0, "standalone", OPTION_FLAG, &asked->standalone, NULL, "cairolatex, tikz: a document that LaTeX compiles as it stands"},
        {0, "keep", OPTION_TEXT, &asked->keep, "DIR",
         "leave KIND.gp and KIND.dat in DIR, where `gnuplot KIND.gp` draws the plot again"},
        {.kind = OPTION_GROUP, .help = "Information"},
        OPTION_ROW_VERSION(&asked->version),
        OPTION_ROW_HELP(&asked->help),
    };
    enum { count = sizeof rows / sizeof *rows };
    ef_error err;
    int first, status = EXIT_DONE;
    program_begin("eface-plot");
    if (options_parse(&first, argc, argv, rows, count, &err) != EF_OK) {
        status = program_fail(&err);
    } else if (asked->help) {
        status = print_help(rows, count);
    } else if (asked->version) {
        printf("eface-plot %s\n", ef_version());
    } else {
        status = work(&self, argv + first, (size_t)(argc - first));
    }
    run_free(&self);
    return program_end(status);
}
