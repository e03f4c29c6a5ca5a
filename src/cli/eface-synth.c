/* eface-synth - makes a file of embeddings and the official lists to it, of people who do not exist: to try the tools on, and to
 * test them. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <eface/set_writer.h>
#include <eface/strings.h>
#include <eface/version.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text_file.h"
#include "cli/options.h"
#include "cli/program.h"
#include "synth/synth_all_pairs.h"
#include "synth/synth_recipe.h"
#include "io/hdf5_quiet.h"
#include "base/path.h"

enum { most_numbers = 65536, most_difficulty = 1000 };

typedef struct synth_options {
    const char *output, *lists, *bins, *model;
    option_texts protocols;
    bool chosen[SYNTH_RECIPES];
    uint64_t seed;
    int dim, images, wrong_labels;
    double scale, difficulty;
    bool no_flip, half, force, inside, nist, quiet, help, version;
} synth_options;

/* Marks one benchmark, or all. */
static ef_status choose(bool chosen[SYNTH_RECIPES], const char *name, ef_error *err)
{
    bool known = false;
    char names[EF_NEAREST_TEXT];
    ef_nearest nearest = ef_nearest_begin(name);
    for (size_t i = 0; i < SYNTH_RECIPES; i++) {
        bool usual = strcmp(name, "all") == 0 && synth_recipes[i].usual;
        if (usual || ef_same_name(name, synth_recipes[i].name)) {
            chosen[i] = known = true;
        }
        ef_nearest_offer(&nearest, synth_recipes[i].name);
    }
    if (known) {
        return EF_OK;
    }
    if (nearest.best != NULL) {
        return ef_fail(err, EF_INVALID, "no benchmark '%s' to generate; did you mean %s?", name,
                       ef_nearest_names(names, "", &nearest));
    }
    return ef_fail(err, EF_INVALID, "no benchmark '%s' to generate; --help names them", name);
}

/* Marks the benchmarks of "lfw,cfp_fp". */
static ef_status choose_list(bool chosen[SYNTH_RECIPES], const char *names, ef_error *err)
{
    ef_status status = EF_OK;
    ef_span rest = {names, strlen(names)}, field;
    while (status == EF_OK && ef_span_field(&rest, ',', &field)) {
        char *name = ef_copy_bytes(field.text, field.length);
        status = name != NULL ? choose(chosen, name, err) : ef_fail_memory(err, "the command line");
        free(name);
    }
    return status;
}

static bool is_chosen(const synth_options *options, synth_make *make)
{
    bool chosen = false;
    for (size_t i = 0; i < SYNTH_RECIPES; i++) {
        chosen = chosen || (options->chosen[i] && synth_recipes[i].make == make);
    }
    return chosen;
}

/* Options that only some benchmarks have a use for. */
static ef_status check_scope(const synth_options *options, ef_error *err)
{
    bool all_pairs = is_chosen(options, synth_all_pairs_make), templates = is_chosen(options, synth_ijb_make);
    if (!all_pairs && options->images != SYNTH_ALL_PAIRS_USUAL) {
        return ef_fail(err, EF_INVALID, "--images is for --protocol all-pairs; --scale changes the others");
    }
    if (!all_pairs && options->wrong_labels > 0) {
        return ef_fail(err, EF_INVALID, "--wrong-labels is for --protocol all-pairs");
    }
    if (options->images < SYNTH_ALL_PAIRS_LEAST || options->images > SYNTH_ALL_PAIRS_MOST) {
        return ef_fail(err, EF_INVALID, "--images must lie between %d and %d", SYNTH_ALL_PAIRS_LEAST, SYNTH_ALL_PAIRS_MOST);
    }
    if (all_pairs && options->nist && !templates) {
        return ef_fail(err, EF_INVALID, "--nist is for the lists of ijbb and ijbc; all_pairs has no lists");
    }
    if (all_pairs && options->inside && !templates && !is_chosen(options, synth_megaface_make)) {
        return ef_fail(err, EF_INVALID,
                       "--inside is for the lists of ijbb, ijbc and megaface; all_pairs has its labels in the file");
    }
    return EF_OK;
}

static ef_status check_options(synth_options *options, int first, int count, char **arguments, ef_error *err)
{
    ef_status status = EF_OK;
    if (first < count) {
        return ef_fail(err, EF_INVALID, "'%s' is one argument too many", arguments[first]);
    }
    if (options->output == NULL || options->output[0] == '\0') {
        return ef_fail(err, EF_INVALID, "say with -o which file to write");
    }
    struct stat about;
    if (!options->force && stat(options->output, &about) == 0) {
        return ef_fail(err, EF_INVALID, "%s is there already; --force replaces it", options->output);
    }
    if (options->model[0] == '\0') {
        return ef_fail(err, EF_INVALID, "--model needs a name");
    }
    if (options->dim < 2 || options->dim > most_numbers) {
        return ef_fail(err, EF_INVALID, "--dim must lie between 2 and %d", most_numbers);
    }
    if (!(options->scale > 0 && options->scale <= 1)) {
        return ef_fail(err, EF_INVALID, "--scale must be above 0, up to 1");
    }
    if (!(options->difficulty > 0 && options->difficulty <= most_difficulty)) {
        return ef_fail(err, EF_INVALID, "--difficulty must be above 0, up to %d", most_difficulty);
    }
    if (options->nist && options->inside) {
        return ef_fail(err, EF_INVALID, "--nist makes lists outside the file, --inside lists in it: choose one");
    }
    for (size_t i = 0; status == EF_OK && i < options->protocols.count; i++) {
        status = choose_list(options->chosen, options->protocols.items[i], err);
    }
    if (status == EF_OK && options->protocols.count == 0) {
        status = choose(options->chosen, "all", err);
    }
    if (status == EF_OK) {
        status = check_scope(options, err);
    }
    bool feature_files = is_chosen(options, synth_megaface_make);
    if (status == EF_OK && options->bins != NULL && (!feature_files || options->bins[0] == '\0')) {
        return ef_fail(err, EF_INVALID, "--bins needs a folder, and --protocol megaface, whose features go there");
    }
    if (status == EF_OK && options->bins != NULL && !options->force && stat(options->bins, &about) == 0) {
        return ef_fail(err, EF_INVALID, "%s is there already; --force replaces the features in it", options->bins);
    }
    return status;
}

/* "lists" beside the file `path`, in memory of its own; NULL when there is none. */
static char *lists_beside(const char *path)
{
    char *folder = strdup(path);
    if (folder == NULL) {
        return NULL;
    }
    char *slash = strrchr(folder, '/');
    folder[slash != NULL ? slash + 1 - folder : 0] = '\0';
    char *lists = ef_path_below(folder, "lists");
    free(folder);
    return lists;
}

static ef_status make_benchmark(ef_set_writer *writer, const synth_recipe *recipe, const synth_request *request, bool quiet,
                                ef_error *err)
{
    char group[32], summary[SYNTH_SUMMARY_SIZE];
    snprintf(group, sizeof group, "/%s", recipe->name);
    ef_status status = ef_set_writer_group(writer, group, err);
    if (status == EF_OK) {
        status = recipe->make(summary, writer, recipe, request, err);
    }
    if (status == EF_OK && !quiet) {
        program_say("%s: %s", recipe->name, summary);
    }
    return status;
}

/* Refuses to replace a list: the default folder may well be the one that holds the official lists.  Lists that several benchmarks share
 * are checked before the first of them is written.  *has_lists: some list is going to be written. */
static ef_status check_lists(bool *has_lists, const synth_options *options, const synth_request *request, ef_error *err)
{
    ef_strings *paths = NULL;
    struct stat about;
    ef_status status = ef_strings_create(&paths, err);
    for (size_t i = 0; i < SYNTH_RECIPES && status == EF_OK; i++) {
        if (options->chosen[i]) {
            status = synth_recipes[i].paths(paths, &synth_recipes[i], request, err);
        }
    }
    *has_lists = ef_strings_count(paths) > 0;
    for (size_t i = 0; i < ef_strings_count(paths) && status == EF_OK && !options->force; i++) {
        bool there = lstat(ef_strings_at(paths, i), &about) == 0;
        if (there && !S_ISDIR(about.st_mode)) { /* nothing replaces a folder: writing says so */
            status = ef_fail(err, EF_INVALID, "%s is there already; --force replaces it, --lists DIR chooses another folder",
                             ef_strings_at(paths, i));
        }
    }
    ef_strings_free(paths);
    return status;
}

static ef_status make_benchmarks(const synth_options *options, const synth_request *request, ef_error *err)
{
    ef_set_writer *writer = NULL;
    ef_status status = ef_set_writer_create(&writer, options->output, err);
    if (status == EF_OK) {
        status = ef_set_writer_model(writer, options->model, err);
    }
    size_t parts = 0, part = 0;
    for (size_t i = 0; i < SYNTH_RECIPES; i++) {
        parts += options->chosen[i];
    }
    for (size_t i = 0; i < SYNTH_RECIPES && status == EF_OK; i++) {
        if (options->chosen[i]) {
            program_progress_part(synth_recipes[i].name, ++part, parts);
            status = make_benchmark(writer, &synth_recipes[i], request, options->quiet, err);
        }
    }
    if (status == EF_OK) {
        status = ef_set_writer_finish(writer, err);
    }
    ef_set_writer_free(writer);
    return status;
}

static ef_status make_file(const synth_options *options, ef_error *err)
{
    char *lists = options->lists != NULL ? strdup(options->lists) : lists_beside(options->output);
    const synth_request request = {.lists = lists,
                                   .bins = options->bins,
                                   .seed = options->seed,
                                   .dim = (size_t)options->dim,
                                   .scale = options->scale,
                                   .difficulty = options->difficulty,
                                   .images = (uint32_t)options->images,
                                   .wrong_labels = (uint32_t)options->wrong_labels,
                                   .half = options->half,
                                   .flip = !options->no_flip,
                                   .inside = options->inside,
                                   .nist = options->nist,
                                   .progress = options->quiet ? NULL : program_progress()};
    bool has_lists = false;
    ef_status status = lists != NULL ? check_lists(&has_lists, options, &request, err) : ef_fail_memory(err, "a path");
    if (status == EF_OK) {
        status = make_benchmarks(options, &request, err);
    }
    if (status == EF_OK && !options->quiet && has_lists) {
        program_say("wrote %s, and its lists below %s", options->output, lists);
    } else if (status == EF_OK && !options->quiet) {
        program_say("wrote %s", options->output);
    }
    free(lists);
    return status;
}

static int print_help(const option_row *rows, size_t count)
{
    printf("Usage: eface-synth -o FILE.h5 [OPTION...]\n"
           "\n"
           "Makes embeddings of people who do not exist, and the official lists to them, to try eface on.  Each benchmark\n"
           "is a group of FILE.h5.  The same options give the same bytes.\n");
    options_help(rows, count);
    printf("\nExit status: 0 done, 2 wrong usage, 3 the files cannot be written.\n");
    return EXIT_DONE;
}

int main(int count, char **arguments)
{
    synth_options options = {
        .model = "generated", .seed = 1, .dim = 512, .images = SYNTH_ALL_PAIRS_USUAL, .scale = 1, .difficulty = 1};
    const option_row rows[] = {
        {.kind = OPTION_GROUP, .help = "What to make"},
        {'o', "output", OPTION_TEXT, &options.output, "FILE.h5", "the file to write"},
        {0, "lists", OPTION_TEXT, &options.lists, "DIR", "folder for the official lists (default: `lists` beside the file)"},
        {'p', "protocol", OPTION_TEXTS, &options.protocols, "NAMES",
         "lfw,agedb_30,calfw,cplfw,cfp_fp,cfp_ff (default: all these), ijbb,ijbc, megaface, all_pairs"},
        {0, "bins", OPTION_TEXT, &options.bins, "DIR", "folder for megaface's feature files, one an image (default: none)"},
        {0, "images", OPTION_COUNT, &options.images, "N", "images of all_pairs, four a person on average (default 12500)"},
        {0, "wrong-labels", OPTION_COUNT, &options.wrong_labels, "N",
         "images of all_pairs that bear the label of somebody else (default 0)"},
        {0, "model", OPTION_TEXT, &options.model, "NAME", "what tables call the system (default: generated)"},
        {0, "float16", OPTION_FLAG, &options.half, NULL, "store embeddings as float16 (default: float32)"},
        {0, "no-flip", OPTION_FLAG, &options.no_flip, NULL, "leave out the embeddings of the mirrored images"},
        {0, "force", OPTION_FLAG, &options.force, NULL, "replace the file, and lists, that are there already"},
        {0, "inside", OPTION_FLAG, &options.inside, NULL,
         "put the lists of ijbb and ijbc, and megaface's noise, into the file too"},
        {0, "nist", OPTION_FLAG, &options.nist, NULL, "lists of ijbb and ijbc as NIST has them; the file then has image names"},
        {.kind = OPTION_GROUP, .help = "How"},
        OPTION_ROW_SEED(&options.seed),
        {0, "dim", OPTION_COUNT, &options.dim, "N", "length of an embedding (default 512)"},
        {0, "scale", OPTION_REAL, &options.scale, "X", "part of the pairs of each fold, or of all counts, up to 1 (default 1)"},
        {0, "difficulty", OPTION_REAL, &options.difficulty, "X", "how far the images of a person lie apart (default 1)"},
        {.kind = OPTION_GROUP, .help = "Information"},
        OPTION_ROW_QUIET(&options.quiet),
        OPTION_ROW_VERSION(&options.version),
        OPTION_ROW_HELP(&options.help),
    };
    enum { row_count = sizeof rows / sizeof *rows };
    ef_error err = {EF_OK, ""};
    int first, status = EXIT_DONE;
    program_begin("eface-synth");
    ef_hdf5_quiet();
    if (options_parse(&first, count, arguments, rows, row_count, &err) != EF_OK) {
        status = program_fail(&err);
    } else if (options.help) {
        status = print_help(rows, row_count);
    } else if (options.version) {
        printf("eface-synth %s\n", ef_version());
    } else if (check_options(&options, first, count, arguments, &err) != EF_OK || make_file(&options, &err) != EF_OK) {
        status = program_fail(&err);
    }
    free(options.protocols.items);
    return program_end(status);
}
