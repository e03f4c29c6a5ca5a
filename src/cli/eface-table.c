/* eface-table - puts result files of eface-eval together into the table of a paper. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/version.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "cli/options.h"
#include "cli/program.h"
#include "cli/table_input.h"
#include "io/output.h"
#include "table/paper_table.h"
#include "table/table_format.h"

/* What the command line asks for. */
typedef struct settings {
    option_texts columns, groups, published;
    const char *depth, *order, *sort, *convention, *format, *output;
    int digits;
    bool intervals, transpose, mixed, standalone, list_published, help, version;
} settings;

/* "TITLE=A,B" read. */
typedef struct group {
    char *title;
    ef_strings *names;
} group;

typedef struct run {
    settings settings;
    table_input input;
    ef_strings *columns, *order;
    group *groups;
    ef_paper_group *shown_groups; /* the same, borrowed */
    size_t group_count;
    ef_paper_options options;
    const ef_table_format *format;
    ef_grid grid;
    ef_output output;
} run;

static int print_help(const option_row *rows, size_t count)
{
    printf("Usage: eface-table [OPTION...] [NAME=]RESULT.json ...\n"
           "       eface-table --depth PROTOCOL [OPTION...] [NAME=]RESULT.json ...\n"
           "\n"
           "Puts result files (eface-eval -o RESULT.json) together into a paper's table: a row for each system, a column\n"
           "for each benchmark with the figure that papers quote.  The best figure of a column is bold, the second best\n"
           "underlined.  NAME is what the system is called in the table; a file - is standard input.\n");
    options_help(rows, count);
    printf("\n"
           "Environment: EFACE_PROTOCOLS, folders of protocol files, with a folder `published` in each; NO_COLOR.\n"
           "Exit status: 0 done, 2 wrong usage, 3 bad data.\n");
    return EXIT_DONE;
}

/* Prints what one file of published figures holds. */
static ef_status list_file(const char *name, ef_error *err)
{
    ef_published published = {0};
    ef_status status = ef_published_add(&published, name, err);
    for (size_t i = 0; status == EF_OK && i < published.count; i++) {
        const ef_published_system *system = &published.systems[i];
        printf("%s:%s  %s\n    %zu figures; %s\n", name, system->id, system->name, system->count, system->source);
    }
    ef_published_free(&published);
    return status;
}

static int list_published(void)
{
    ef_error err;
    ef_strings *names = NULL;
    ef_status status = ef_published_list(&names, &err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(names); i++) {
        status = list_file(ef_strings_at(names, i), &err);
    }
    ef_strings_free(names);
    return status == EF_OK ? EXIT_DONE : program_fail(&err);
}

/* Reads "TITLE=A,B". */
static ef_status read_group(group *out, const char *text, ef_error *err)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        return ef_fail(err, EF_INVALID, "--group '%s' is not TITLE=NAME,NAME...", text);
    }
    out->title = ef_alloc_zero((size_t)(equals - text) + 1, 1);
    if (out->title == NULL) {
        return ef_fail_memory(err, "the command line");
    }
    memcpy(out->title, text, (size_t)(equals - text));
    return table_pieces(&out->names, equals + 1, err);
}

static ef_status read_groups(run *self, ef_error *err)
{
    const option_texts *asked = &self->settings.groups;
    ef_status status = EF_OK;
    self->groups = ef_alloc_zero(asked->count, sizeof *self->groups);
    self->shown_groups = ef_alloc_zero(asked->count, sizeof *self->shown_groups);
    if (self->groups == NULL || self->shown_groups == NULL) {
        return ef_fail_memory(err, "the command line");
    }
    for (size_t i = 0; status == EF_OK && i < asked->count; i++) {
        self->group_count = i + 1;
        status = read_group(&self->groups[i], asked->items[i], err);
        self->shown_groups[i] = (ef_paper_group){self->groups[i].title, self->groups[i].names};
    }
    return status;
}

/* What a table that is to stand alone is written in where nobody says: LaTeX. */
static const ef_table_format *first_of_documents(void)
{
    size_t i = 0;
    while (!ef_table_format_at(i)->has_documents) {
        i++;
    }
    return ef_table_format_at(i);
}

static ef_status choose_format(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    bool to_file = asked->output != NULL && strcmp(asked->output, "-") != 0;
    ef_status status = EF_OK;
    self->format = ef_table_format_at(0);
    if (asked->format != NULL) {
        status = ef_table_format_find(&self->format, asked->format, err);
    } else if (to_file) {
        status = program_format_hint(ef_table_format_of_file(&self->format, asked->output, err), err);
    } else if (asked->standalone) {
        self->format = first_of_documents();
    }
    if (status == EF_OK && asked->standalone && !self->format->has_documents) {
        return ef_fail(err, EF_INVALID, "--standalone is for latex and html: the other formats have no documents around them");
    }
    return status;
}

static ef_status read_options(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    ef_paper_options *options = &self->options;
    ef_status status = choose_format(self, err);
    if (status == EF_OK && asked->digits > EF_MOST_DIGITS) {
        return ef_fail(err, EF_INVALID, "--digits must not be above %d", EF_MOST_DIGITS);
    }
    if (status == EF_OK && asked->convention != NULL) {
        options->choose_convention = true;
        status = ef_convention_parse(&options->convention, asked->convention, err);
    }
    for (size_t i = 0; status == EF_OK && i < asked->columns.count; i++) {
        status = table_pieces(&self->columns, asked->columns.items[i], err);
    }
    if (status == EF_OK && asked->order != NULL) {
        status = table_pieces(&self->order, asked->order, err);
    }
    if (status == EF_OK) {
        status = read_groups(self, err);
    }
    options->columns = self->columns;
    options->order = self->order;
    options->depth = asked->depth;
    options->sort = asked->sort;
    options->groups = self->shown_groups;
    options->group_count = self->group_count;
    options->digits = asked->digits;
    options->intervals = asked->intervals;
    options->transpose = asked->transpose;
    options->mixed = asked->mixed;
    return status;
}

static ef_status read_published(run *self, ef_error *err)
{
    ef_status status = EF_OK;
    ef_strings *names = NULL;
    for (size_t i = 0; status == EF_OK && i < self->settings.published.count; i++) {
        status = table_pieces(&names, self->settings.published.items[i], err);
    }
    if (status == EF_OK) {
        status = table_input_publish(&self->input, names, err);
    }
    ef_strings_free(names);
    return status;
}

static ef_status write_table(run *self, ef_error *err)
{
    const char *path = self->settings.output;
    bool to_file = path != NULL && strcmp(path, "-") != 0;
    ef_table_options options = {.color = !to_file && program_color(), .standalone = self->settings.standalone};
    if (!to_file) {
        self->format->write(&self->grid, stdout, &options);
        return EF_OK; /* a failed write shows when standard output is closed */
    }
    ef_status status = ef_output_open(&self->output, path, err);
    if (status == EF_OK) {
        self->format->write(&self->grid, self->output.stream, &options);
        status = ef_output_commit(&self->output, err);
    }
    return status;
}

static int work(run *self, char **files, size_t count)
{
    ef_error err;
    const char *output = self->settings.output;
    ef_status status = read_options(self, &err);
    if (status == EF_OK && count == 0 && self->settings.published.count == 0) {
        status = ef_fail(&err, EF_INVALID, "no result file is given; eface-eval -o NAME.json writes them");
    }
    if (status == EF_OK) {
        status = table_input_read(&self->input, files, count, &err);
    }
    if (status == EF_OK) {
        status = read_published(self, &err);
    }
    if (status == EF_OK && output != NULL && strcmp(output, "-") != 0) {
        status = table_input_spares(&self->input, output, &err);
    }
    if (status == EF_OK) {
        const ef_paper_input input = {self->input.entries, self->input.entry_count, &self->input.published};
        status = ef_paper_table(&self->grid, &input, &self->options, &err);
    }
    if (status == EF_OK) {
        status = write_table(self, &err);
    }
    return status == EF_OK ? EXIT_DONE : program_fail(&err);
}

static void run_free(run *self)
{
    for (size_t i = 0; i < self->group_count; i++) {
        free(self->groups[i].title);
        ef_strings_free(self->groups[i].names);
    }
    free(self->groups);
    free(self->shown_groups);
    free(self->settings.columns.items);
    free(self->settings.groups.items);
    free(self->settings.published.items);
    ef_strings_free(self->columns);
    ef_strings_free(self->order);
    ef_grid_free(&self->grid);
    table_input_free(&self->input);
}

static const ef_format *format_at(size_t index)
{
    const ef_table_format *format = ef_table_format_at(index);
    return format != NULL ? &format->format : NULL;
}

int main(int argc, char **argv)
{
    char format_help[FORMAT_HELP];
    run self = {.settings = {.digits = 2}};
    settings *asked = &self.settings;
    const option_row rows[] = {
        {.kind = OPTION_GROUP, .help = "Columns"},
        {'c', "columns", OPTION_TEXTS, &asked->columns, "LIST",
         "PROTOCOL[:METRIC[@POINT]],...: lfw,ijbc:tar_at_far@1e-5 (default: of each\n"
         "benchmark what papers quote); with --depth METRIC[@POINT],..."},
        {0, "depth", OPTION_TEXT, &asked->depth, "PROTOCOL",
         "one benchmark: TAR at every FAR, rank 1, 5, 10 and TPIR, as IJB papers print it"},
        {0, "convention", OPTION_TEXT, &asked->convention, "NAME",
         "iso, insightface, insightface-union or megaface-devkit (default: each result's own)"},
        {0, "with-intervals", OPTION_FLAG, &asked->intervals, NULL, "the confidence interval beside each figure"},
        {0, "digits", OPTION_COUNT, &asked->digits, "N", "digits behind the point of a rate in % (default 2)"},
        {0, "mixed", OPTION_FLAG, &asked->mixed, NULL,
         "also figures in one column that were not made alike (convention, flip, norm,\n"
         "weight, media, what was left out, protocol file, counts), with footnotes"},
        {.kind = OPTION_GROUP, .help = "Rows"},
        {0, "order", OPTION_TEXT, &asked->order, "NAMES", "systems that come first, in this order"},
        {0, "sort", OPTION_TEXT, &asked->sort, "WHAT", "the others by `name`, or by a column, the best first"},
        {0, "group", OPTION_TEXTS, &asked->groups, "TITLE=NAMES", "systems that stand together below a title; may be repeated"},
        {0, "with-published", OPTION_TEXTS, &asked->published, "LIST",
         "published figures below the measured ones: NAME[:ID] or FILE.ini[:ID],..."},
        {0, "transpose", OPTION_FLAG, &asked->transpose, NULL, "systems as columns, benchmarks as rows"},
        {.kind = OPTION_GROUP, .help = "Output"},
        {'f', "format", OPTION_TEXT, &asked->format, "FORMAT", program_format_help(format_help, format_at)},
        OPTION_ROW_OUTPUT(&asked->output),
        {0, "standalone", OPTION_FLAG, &asked->standalone, NULL,
         "a document that LaTeX compiles or a browser shows as it stands, not a fragment"},
        {.kind = OPTION_GROUP, .help = "Information"},
        {0, "list-published", OPTION_FLAG, &asked->list_published, NULL, "what --with-published knows, with sources"},
        OPTION_ROW_VERSION(&asked->version),
        OPTION_ROW_HELP(&asked->help),
    };
    enum { count = sizeof rows / sizeof *rows };
    ef_error err;
    int first, status = EXIT_DONE;
    program_begin("eface-table");
    if (options_parse(&first, argc, argv, rows, count, &err) != EF_OK) {
        status = program_fail(&err);
    } else if (asked->help) {
        status = print_help(rows, count);
    } else if (asked->version) {
        printf("eface-table %s\n", ef_version());
    } else if (asked->list_published) {
        status = list_published();
    } else {
        status = work(&self, argv + first, (size_t)(argc - first));
    }
    run_free(&self);
    return program_end(status);
}
