#include "cli/train_apply.h"

#include <stdio.h>

#include <eface/head_file.h>

#include "cli/options.h"
#include "cli/output_guard.h"
#include "cli/program.h"

typedef struct apply_options {
    const char *output, *model;
    int threads;
    bool force, quiet, help;
} apply_options;

static int print_help(const option_row *rows, size_t count)
{
    printf("Usage: eface-train apply HEAD.h5 EMB.h5 -o OUT.h5 [OPTION...]\n"
           "\n"
           "Projects every set of EMB.h5 by a head: each row of embeddings and of mirrored embeddings, as it is stored.  Ids,\n"
           "labels, lists and all else are copied.  OUT.h5 is for eface-eval, which adds mirrored embeddings after this.\n");
    options_help(rows, count);
    printf("\nExit status: 0 done, 2 wrong usage, 3 bad data.\n");
    return EXIT_DONE;
}

static ef_status apply(const apply_options *options, char **arguments, int count, ef_error *err)
{
    if (count != 2) {
        return ef_fail(err, EF_INVALID, "apply takes two files, HEAD.h5 and EMB.h5, not %d", count);
    }
    if (options->output == NULL) {
        return ef_fail(err, EF_INVALID, "apply needs -o OUT.h5");
    }
    const char *inputs[] = {arguments[0], arguments[1]};
    const ef_projection projection = {.head = arguments[0],
                                      .from = arguments[1],
                                      .to = options->output,
                                      .model = options->model,
                                      .threads = options->threads,
                                      .progress = options->quiet ? NULL : program_progress()};
    size_t rows = 0;
    ef_status status = output_guard(options->output, options->force, inputs, 2, err);
    if (status == EF_OK) {
        status = ef_head_project(&rows, &projection, err);
    }
    if (status == EF_OK && !options->quiet) {
        program_say("projected %zu rows to %s", rows, options->output);
    }
    return status;
}

int train_apply(int count, char **arguments)
{
    apply_options options = {0};
    const option_row rows[] = {
        {.kind = OPTION_GROUP, .help = "Options"},
        {'o', "output", OPTION_TEXT, &options.output, "OUT.h5", "the file to write"},
        {0, "model", OPTION_TEXT, &options.model, "NAME", "what tables call the new system (default: as the old one)"},
        {0, "force", OPTION_FLAG, &options.force, NULL, "replace the file if it is there already"},
        OPTION_ROW_THREADS(&options.threads),
        OPTION_ROW_QUIET(&options.quiet),
        OPTION_ROW_HELP(&options.help),
    };
    enum { row_count = sizeof rows / sizeof *rows };
    ef_error err = {EF_OK, ""};
    int first;
    if (options_parse(&first, count, arguments, rows, row_count, &err) != EF_OK) {
        return program_fail(&err);
    }
    if (options.help) {
        return print_help(rows, row_count);
    }
    return apply(&options, arguments + first, count - first, &err) == EF_OK ? EXIT_DONE : program_fail(&err);
}
