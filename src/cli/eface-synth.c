/* eface-synth - makes a file of embeddings and the official lists to it, of people who do not exist: to try the tools on, and to
 * test them. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/set_writer.h>
#include <eface/version.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text_file.h"
#include "cli/synth_benchmark.h"
#include "cli/synth_face.h"
#include "cli/synth_list.h"
#include "cli/synth_plan.h"
#include "io/hdf5_quiet.h"
#include "io/path.h"
#include "stats/gsl_quiet.h"

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_DATA = 3 };
enum { BLOCK_ROWS = 256, MOST_NUMBERS = 65536, MOST_DIFFICULTY = 1000 };

static const char help[] =
    "usage: eface-synth -o FILE.h5 [options]\n"
    "\n"
    "Makes embeddings of people who do not exist, and the official lists to them, for trying and testing eface.  Each\n"
    "benchmark is a group of FILE.h5.  The same options give the same bytes.\n"
    "\n"
    "  -o, --output FILE.h5    the file to write\n"
    "      --protocol NAMES    benchmarks between commas: lfw, agedb_30, calfw, cplfw, cfp_fp, cfp_ff (all)\n"
    "      --lists DIR         folder for the official lists (the folder \"lists\" beside FILE.h5)\n"
    "      --seed N            number that all that is random begins with (1)\n"
    "      --dim N             length of an embedding, 2 to 65536 (512)\n"
    "      --scale X           part of the pairs of each fold, above 0, up to 1 (1)\n"
    "      --difficulty X      how far the images of a person lie apart, above 0, up to 1000 (1)\n"
    "      --model NAME        name of the system that tables show (generated)\n"
    "      --no-flip           leave out the embeddings of the mirrored images\n"
    "  -q, --quiet             say nothing while all goes well\n"
    "  -h, --help              print this and stop\n"
    "      --version           print the version and stop\n"
    "\n"
    "Exit status: 0 done, 2 wrong usage, 3 the files cannot be written.\n";

typedef struct synth_options {
    const char *output, *lists, *model;
    bool chosen[SYNTH_BENCHMARKS];
    uint64_t seed;
    size_t dim;
    double scale, difficulty;
    bool flip, quiet;
} synth_options;

/* Marks the benchmarks of a list of names between commas. */
static ef_status choose(bool chosen[SYNTH_BENCHMARKS], const char *names, ef_error *err)
{
    ef_span rest = {names, strlen(names)}, name;
    memset(chosen, 0, SYNTH_BENCHMARKS * sizeof *chosen);
    while (ef_span_field(&rest, ',', &name)) {
        bool known = false;
        for (size_t i = 0; i < SYNTH_BENCHMARKS; i++) {
            if (ef_span_equal(name, "all") || ef_span_equal(name, synth_benchmarks[i].name)) {
                chosen[i] = known = true;
            }
        }
        if (!known) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "%.*s", name.length < sizeof wanted ? (int)name.length : (int)sizeof wanted - 1,
                     name.text);
            ef_nearest nearest = ef_nearest_begin(wanted);
            for (size_t i = 0; i < SYNTH_BENCHMARKS; i++) {
                ef_nearest_offer(&nearest, synth_benchmarks[i].name);
            }
            const char *question = nearest.best != NULL ? "; did you mean " : "",
                       *best = nearest.best != NULL ? nearest.best : "";
            return ef_fail(err, EF_INVALID, "--protocol: there is no benchmark '%s'%s%s", wanted, question, best);
        }
    }
    return EF_OK;
}

static ef_status wrong_value(ef_error *err, const char *option, const char *value, const char *expected)
{
    return ef_fail(err, EF_INVALID, "--%s: '%s' is not %s", option, value, expected);
}

/* What getopt_long() refused: optopt is 0 for a name that is unknown or could be several, otherwise a letter or an option's value. */
static ef_status wrong_option(ef_error *err, const char *argument)
{
    if (optopt == 0) {
        return ef_fail(err, EF_INVALID, "there is no option '%s'", argument);
    }
    if (strncmp(argument, "--", 2) == 0) {
        return ef_fail(err, EF_INVALID, "%.*s takes no value", (int)strcspn(argument, "="), argument);
    }
    return ef_fail(err, EF_INVALID, "there is no option '-%c'", optopt);
}

/* Reads the command line; *information is what to print instead of working, or NULL. */
static ef_status read_options(synth_options *options, const char **information, int count, char **arguments, ef_error *err)
{
    enum { PROTOCOL = 256, LISTS, SEED, DIM, SCALE, DIFFICULTY, MODEL, NO_FLIP, VERSION };
    static const struct option known[] = {
        {"output", required_argument, NULL, 'o'},
        {"protocol", required_argument, NULL, PROTOCOL},
        {"lists", required_argument, NULL, LISTS},
        {"seed", required_argument, NULL, SEED},
        {"dim", required_argument, NULL, DIM},
        {"scale", required_argument, NULL, SCALE},
        {"model", required_argument, NULL, MODEL},
        {"difficulty", required_argument, NULL, DIFFICULTY},
        {"no-flip", no_argument, NULL, NO_FLIP},
        {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, VERSION},
        {NULL, 0, NULL, 0},
    };
    *options = (synth_options){.model = "generated", .seed = 1, .dim = 512, .scale = 1.0, .difficulty = 1.0, .flip = true};
    *information = NULL;
    ef_status status = choose(options->chosen, "all", err);
    opterr = 0;
    for (int option; status == EF_OK && (option = getopt_long(count, arguments, ":o:qh", known, NULL)) != -1;) {
        size_t length = optarg != NULL ? strlen(optarg) : 0;
        uint64_t number;
        switch (option) {
        case 'o': options->output = optarg; break;
        case PROTOCOL: status = choose(options->chosen, optarg, err); break;
        case LISTS: options->lists = optarg; break;
        case MODEL:
            options->model = optarg;
            if (length == 0) {
                status = wrong_value(err, "model", optarg, "a name");
            }
            break;
        case SEED:
            if (!ef_parse_unsigned(&options->seed, optarg, length)) {
                status = wrong_value(err, "seed", optarg, "a number from 0 on");
            }
            break;
        case DIM:
            if (!ef_parse_unsigned(&number, optarg, length) || number < 2 || number > MOST_NUMBERS) {
                status = wrong_value(err, "dim", optarg, "a number from 2 to 65536");
            } else {
                options->dim = (size_t)number;
            }
            break;
        case SCALE:
            if (!ef_parse_real(&options->scale, optarg, length) || !(options->scale > 0.0 && options->scale <= 1.0)) {
                status = wrong_value(err, "scale", optarg, "a number above 0, up to 1");
            }
            break;
        case DIFFICULTY:
            if (!ef_parse_real(&options->difficulty, optarg, length) ||
                !(options->difficulty > 0.0 && options->difficulty <= MOST_DIFFICULTY)) {
                status = wrong_value(err, "difficulty", optarg, "a number above 0, up to 1000");
            }
            break;
        case NO_FLIP: options->flip = false; break;
        case 'q': options->quiet = true; break;
        case 'h': *information = help; return EF_OK;
        case VERSION: *information = "eface-synth " EF_VERSION "\n"; return EF_OK;
        case ':': status = ef_fail(err, EF_INVALID, "%s needs a value", arguments[optind - 1]); break;
        default: status = wrong_option(err, arguments[optind - 1]); break;
        }
    }
    if (status == EF_OK && optind < count) {
        status = ef_fail(err, EF_INVALID, "'%s' is one argument too many", arguments[optind]);
    }
    if (status == EF_OK && (options->output == NULL || options->output[0] == '\0')) {
        status = ef_fail(err, EF_INVALID, "say with -o which file to write");
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

static ef_status write_embeddings(ef_set_writer *writer, synth_face *face, const synth_plan *plan, const synth_options *options,
                                  ef_error *err)
{
    size_t rows = plan->image_count, dim = options->dim;
    float *original = ef_alloc(BLOCK_ROWS * dim, sizeof *original), *mirrored = ef_alloc(BLOCK_ROWS * dim, sizeof *mirrored);
    ef_status status = EF_OK;
    if (original == NULL || mirrored == NULL) {
        status = ef_fail_memory(err, "embeddings");
        goto done;
    }
    status = ef_set_writer_matrix(writer, EF_EMBEDDINGS, rows, dim, err);
    if (status == EF_OK && options->flip) {
        status = ef_set_writer_matrix(writer, EF_EMBEDDINGS_FLIP, rows, dim, err);
    }
    for (size_t first = 0; first < rows && status == EF_OK; first += BLOCK_ROWS) {
        size_t count = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
        for (size_t i = 0; i < count; i++) {
            synth_face_draw(face, plan->benchmark, plan->images[first + i], original + i * dim, mirrored + i * dim);
        }
        status = ef_set_writer_rows(writer, EF_EMBEDDINGS, first, count, original, err);
        if (status == EF_OK && options->flip) {
            status = ef_set_writer_rows(writer, EF_EMBEDDINGS_FLIP, first, count, mirrored, err);
        }
    }
done:
    free(original);
    free(mirrored);
    return status;
}

static ef_status write_names(ef_set_writer *writer, const synth_plan *plan, ef_error *err)
{
    ef_strings *names = NULL;
    ef_status status = ef_strings_create(&names, err);
    for (size_t i = 0; i < plan->image_count && status == EF_OK; i++) {
        char name[SYNTH_NAME_SIZE];
        synth_image_name(name, plan->benchmark, plan->images[i]);
        status = ef_strings_add(names, name, strlen(name), err);
    }
    if (status == EF_OK) {
        status = ef_set_writer_strings(writer, EF_IDS, names, err);
    }
    ef_strings_free(names);
    return status;
}

/* Which pairs are genuine, where no list says so: rows 2p and 2p+1 are pair p. */
static ef_status write_issame(ef_set_writer *writer, const synth_plan *plan, ef_error *err)
{
    int64_t *issame = ef_alloc(plan->pair_count, sizeof *issame);
    if (issame == NULL) {
        return ef_fail_memory(err, "pairs");
    }
    for (size_t i = 0; i < plan->pair_count; i++) {
        issame[i] = plan->pairs[i].genuine;
    }
    ef_status status = ef_set_writer_integers(writer, EF_ISSAME, issame, plan->pair_count, 1, err);
    free(issame);
    return status;
}

static ef_status make_benchmark(ef_set_writer *writer, synth_face *face, const synth_benchmark *benchmark,
                                const synth_options *options, const char *lists, ef_error *err)
{
    synth_plan plan = {0};
    char group[32];
    snprintf(group, sizeof group, "/%s", benchmark->name);
    ef_status status = synth_plan_create(&plan, benchmark, options->scale, options->seed, err);
    if (status == EF_OK) {
        status = ef_set_writer_group(writer, group, err);
    }
    if (status == EF_OK) {
        status = write_embeddings(writer, face, &plan, options, err);
    }
    if (status == EF_OK) {
        status = write_names(writer, &plan, err);
    }
    if (status == EF_OK && benchmark->lists == SYNTH_NO_LIST) {
        status = write_issame(writer, &plan, err);
    }
    if (status == EF_OK) {
        status = synth_list_write(&plan, lists, err);
    }
    if (status == EF_OK && !options->quiet) {
        fprintf(stderr, "eface-synth: %s: %zu pairs of %zu images\n", benchmark->name, plan.pair_count, plan.image_count);
    }
    synth_plan_free(&plan);
    return status;
}

static ef_status make_file(const synth_options *options, ef_error *err)
{
    ef_set_writer *writer = NULL;
    synth_face *face = NULL;
    char *lists = options->lists != NULL ? strdup(options->lists) : lists_beside(options->output);
    ef_status status = EF_OK;
    if (lists == NULL) {
        status = ef_fail_memory(err, "a path");
        goto done;
    }
    status = ef_set_writer_create(&writer, options->output, err);
    if (status == EF_OK) {
        status = ef_set_writer_model(writer, options->model, err);
    }
    if (status == EF_OK) {
        status = synth_face_create(&face, options->dim, options->difficulty, options->seed, err);
    }
    for (size_t i = 0; i < SYNTH_BENCHMARKS && status == EF_OK; i++) {
        if (options->chosen[i]) {
            status = make_benchmark(writer, face, &synth_benchmarks[i], options, lists, err);
        }
    }
    if (status == EF_OK) {
        status = ef_set_writer_finish(writer, err);
    }
done:
    synth_face_free(face);
    ef_set_writer_free(writer);
    free(lists);
    return status;
}

int main(int count, char **arguments)
{
    synth_options options;
    ef_error err = {EF_OK, ""};
    const char *information;
    ef_hdf5_quiet();
    ef_gsl_quiet();
    if (read_options(&options, &information, count, arguments, &err) != EF_OK) {
        fprintf(stderr, "eface-synth: %s (eface-synth --help says more)\n", err.message);
        return EXIT_USAGE;
    }
    if (information != NULL) {
        bool written = fputs(information, stdout) >= 0;
        written = fclose(stdout) == 0 && written;
        if (!written) {
            fprintf(stderr, "eface-synth: standard output cannot be written\n");
        }
        return written ? EXIT_DONE : EXIT_DATA;
    }
    if (make_file(&options, &err) != EF_OK) {
        fprintf(stderr, "eface-synth: %s\n", err.message);
        return EXIT_DATA;
    }
    return EXIT_DONE;
}
