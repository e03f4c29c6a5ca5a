/* eface-train - trains a head on embeddings under a margin loss, and projects embeddings by it. */
#include <stdio.h>
#include <string.h>

#include <eface/loss.h>
#include <eface/version.h>

#include "cli/options.h"
#include "cli/print_text.h"
#include "cli/program.h"
#include "cli/train_apply.h"
#include "cli/train_run.h"
#include "io/hdf5_quiet.h"

static int list_losses(void)
{
    for (size_t i = 0; i < ef_loss_count(); i++) {
        const ef_loss *loss = ef_loss_at(i);
        printf("%-31s %-22s %s\n", loss->name, loss->alias != NULL ? loss->alias : loss->name, loss->title);
    }
    return EXIT_DONE;
}

static int explain(const char *name)
{
    const ef_loss *loss;
    ef_error err;
    if (train_loss_find(&loss, name, &err) != EF_OK) {
        return program_fail(&err);
    }
    printf("%s%s%s - %s\n\n", loss->name, loss->alias != NULL ? ", " : "", loss->alias != NULL ? loss->alias : "", loss->title);
    print_text(loss->definition);
    printf("\n  --scale %g", loss->defaults.scale);
    if (loss->has_margin) {
        printf(" --margin %g", loss->defaults.margin);
    }
    if (loss->has_sigma) {
        printf(" --sigma %g", loss->defaults.sigma);
    }
    printf(" unless others are given\n\n");
    print_text(loss->source);
    return EXIT_DONE;
}

static int print_help(const option_row *rows, size_t count)
{
    printf("Usage: eface-train EMB.h5[:/group] -o HEAD.h5 [OPTION...]\n"
           "       eface-train apply HEAD.h5 EMB.h5 -o OUT.h5\n"
           "\n"
           "Trains a head, one linear map or one hidden layer, on the embeddings and `labels` of a set, under a margin loss;\n"
           "`apply` projects sets by it.  The same options give the same bytes, on any number of threads.\n");
    options_help(rows, count);
    printf("\nExit status: 0 done, 2 wrong usage, 3 bad data, or a training that broke down.\n");
    return EXIT_DONE;
}

static int train(train_request *request, char **arguments, int count)
{
    ef_error err = {EF_OK, ""};
    ef_status status = EF_OK;
    if (count != 1) {
        status = ef_fail(&err, EF_INVALID, count == 0 ? "no set is given to train on" : "one set is trained on, not %d", count);
    } else if (request->output == NULL) {
        status = ef_fail(&err, EF_INVALID, "training needs -o HEAD.h5");
    } else {
        request->set = arguments[0];
        status = train_run(request, &err);
    }
    return status == EF_OK ? EXIT_DONE : program_fail(&err);
}

int main(int count, char **arguments)
{
    train_request asked = train_request_begin();
    const char *explained = NULL;
    bool list = false, version = false, help = false;
    const option_row rows[] = {
        {.kind = OPTION_GROUP, .help = "The head"},
        {'o', "output", OPTION_TEXT, &asked.output, "HEAD.h5", "the file to write the head to"},
        {0, "dim", OPTION_COUNT, &asked.dim, "N", "length of a projected embedding (default: as the set's)"},
        {0, "hidden", OPTION_COUNT, &asked.hidden, "N",
         "a hidden layer of N features, batch-normalised, with PReLU (default 0: none)"},
        {.kind = OPTION_GROUP, .help = "The loss"},
        {'l', "loss", OPTION_TEXT, &asked.loss, "NAME",
         "softmax, cosface, arcface, elastic-cos, elastic-arc, elastic-cos+, elastic-arc+\n(default: elastic-arc); "
         "--list-losses has all"},
        {0, "scale", OPTION_REAL, &asked.scale, "S", "what cosines are multiplied by (default 64)"},
        {0, "margin", OPTION_REAL, &asked.margin, "M", "the margin, or the mean of those drawn (default: the loss's own)"},
        {0, "sigma", OPTION_REAL, &asked.sigma, "SD", "standard deviation of the margins (default: the loss's own)"},
        {.kind = OPTION_GROUP, .help = "Training"},
        {0, "epochs", OPTION_COUNT, &asked.epochs, "N", "how often all images are seen (default 20)"},
        {0, "batch", OPTION_COUNT, &asked.batch, "N", "images in a step (default 512, or all where there are fewer)"},
        {0, "rate", OPTION_REAL, &asked.rate, "X", "learning rate (default 0.1)"},
        {0, "schedule", OPTION_TEXT, &asked.schedule, "NAME", "cosine or steps: how the rate falls (default cosine)"},
        {0, "last-rate", OPTION_REAL, &asked.last_rate, "X", "cosine: the rate at the end (default 0)"},
        {0, "drop-at", OPTION_TEXT, &asked.drop_at, "LIST", "steps: epochs after which the rate drops (default 8,14,18)"},
        {0, "factor", OPTION_REAL, &asked.factor, "X", "steps: what the rate is multiplied by (default 0.1)"},
        {0, "warm-up", OPTION_COUNT, &asked.warm_up, "N", "steps over which the rate rises in the beginning (default 0)"},
        {0, "momentum", OPTION_REAL, &asked.momentum, "X", "default 0.9"},
        {0, "decay", OPTION_REAL, &asked.decay, "X", "weight decay (default 5e-4)"},
        {0, "clip", OPTION_REAL, &asked.clip, "X", "longest gradient of the head (default 5; 0: any)"},
        {0, "held-out", OPTION_REAL, &asked.held_out, "X",
         "part of each subject's images to look at, not to train on (default 0.1; 0: none)"},
        {0, "least", OPTION_COUNT, &asked.least, "N", "leave out subjects with fewer images (default 1)"},
        {0, "labels-from", OPTION_TEXT, &asked.labels_from, "ids",
         "subjects are the folders of the image names, PERSON/IMAGE (the first\npart of the names that not all share), instead "
         "of "
         "the dataset labels"},
        OPTION_ROW_SEED(&asked.seed),
        {.kind = OPTION_GROUP, .help = "Checkpoints"},
        {0, "checkpoint", OPTION_TEXT, &asked.checkpoint, "FILE.h5", "save what is needed to go on, again and again"},
        {0, "every", OPTION_COUNT, &asked.every, "N", "after every N epochs (default 1)"},
        {0, "every-steps", OPTION_COUNT, &asked.every_steps, "N", "after every N steps"},
        {0, "stop-at", OPTION_SEED, &asked.stop_at, "N", "stop after step N, with a checkpoint and without a head"},
        {0, "resume", OPTION_TEXT, &asked.resume, "FILE.h5", "go on from a checkpoint, under its settings, to the same numbers"},
        {.kind = OPTION_GROUP, .help = "How"},
        {0, "memory", OPTION_BYTES, &asked.memory, "SIZE", "memory to use at the most (default 2G)"},
        OPTION_ROW_THREADS(&asked.threads),
        {0, "force", OPTION_FLAG, &asked.force, NULL, "replace files that are there already"},
        OPTION_ROW_QUIET(&asked.quiet),
        {.kind = OPTION_GROUP, .help = "Information"},
        {0, "list-losses", OPTION_FLAG, &list, NULL, "names and titles"},
        {0, "explain", OPTION_TEXT, &explained, "LOSS", "definition, defaults and source of a loss"},
        OPTION_ROW_VERSION(&version),
        OPTION_ROW_HELP(&help),
    };
    enum { row_count = sizeof rows / sizeof *rows };
    ef_error err = {EF_OK, ""};
    int first, status = EXIT_DONE;
    program_begin("eface-train");
    ef_hdf5_quiet();
    if (count > 1 && strcmp(arguments[1], "apply") == 0) {
        status = train_apply(count - 1, arguments + 1);
    } else if (options_parse(&first, count, arguments, rows, row_count, &err) != EF_OK) {
        status = program_fail(&err);
    } else if (help) {
        status = print_help(rows, row_count);
    } else if (version) {
        printf("eface-train %s\n", ef_version());
    } else if (list) {
        status = list_losses();
    } else if (explained != NULL) {
        status = explain(explained);
    } else {
        status = train(&asked, arguments + first, count - first);
    }
    return program_end(status);
}
