/* eface-eval - evaluates face embeddings, or scores, under verification protocols. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <eface/eface.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/seconds.h"
#include "base/text_file.h"
#include "cli/assertion.h"
#include "cli/chosen.h"
#include "cli/metric_choice.h"
#include "cli/option_scope.h"
#include "cli/options.h"
#include "cli/print_text.h"
#include "cli/program.h"
#include "cli/read_once.h"
#include "io/hdf5_quiet.h"
#include "io/output.h"
#include "protocol/find.h"
#include "evaluate/list_places.h"

enum { DEFAULT_SUSPECTS = 10, MOST_SUSPECTS = 10000 };

/* What the command line asks for. */
typedef struct settings {
    option_texts protocols, scores, asserts, metrics;
    const char *probes, *exclude_same, *labels_from;
    int per_subject, suspects;
    const char *noise, *distractors, *probe_list, *distractor_list, *features;
    int list_set;
    const char *data, *pairs, *flip, *norm, *weight, *media, *convention, *interval, *format, *output, *explain;
    double confidence;
    bool skip_missing, allow_partial, allow_contradictions, list_protocols, list_metrics, help, version, quiet, verbose;
    int threads;
    size_t memory;
} settings;

/* One evaluation to do. */
typedef struct job {
    const ef_protocol *protocol; /* owned by the run */
    char *location;
    char *model;   /* NULL: from the file */
    bool optional; /* passed over with a remark when its pairs cannot be found */
} job;

typedef struct run {
    settings settings;
    ef_evaluate_options options;
    ef_report_options report;
    const ef_report_format *format;
    ef_protocol **protocols; /* each loaded once */
    size_t protocol_count, protocol_capacity;
    char *usual[EF_DEFAULT_COUNT]; /* the names of those for kinds of sets, as far as they were asked for */
    job *jobs;
    size_t job_count, job_capacity;
    assertion *assertions;
    size_t assertion_count;
    ef_result **results;
    const job **result_job; /* of each result */
    size_t result_count;
    ef_fingerprints *fingerprints;
    ef_output output;
    read_once once; /* inputs that can be read only once */
    size_t *sizes;  /* of --distractors */
    size_t size_count;
} run;

static int print_help(const option_row *rows, size_t count)
{
    printf("Usage: eface-eval [-p PROTOCOL] [OPTION...] [NAME=]FILE.h5[:/GROUP] ...\n"
           "       eface-eval --pairs LIST.csv [OPTION...] [NAME=]FILE.h5 ...\n"
           "       eface-eval --scores SCORES.txt [OPTION...]\n"
           "\n"
           "Evaluates the face embeddings of each FILE, or precomputed scores, and prints a table.  Without a\n"
           "protocol every set of a file whose name is one (/lfw, /cfp_fp, ...) is evaluated.  NAME is what the\n"
           "system is called in tables.\n");
    options_help(rows, count);
    printf("\n"
           "Environment: EFACE_DATA, folder above the official lists; EFACE_PROTOCOLS, folders of protocol files, before\n"
           "./protocols and the shipped ones; NO_COLOR.\n"
           "Exit status: 0 done, 1 an assertion failed, 2 wrong usage, 3 bad data.\n");
    return EXIT_DONE;
}

static int list_protocols(void)
{
    ef_error err;
    ef_strings *names = NULL;
    if (ef_protocol_list(&names, &err) != EF_OK) {
        return program_fail(&err);
    }
    int status = EXIT_DONE;
    if (ef_strings_count(names) == 0) {
        program_say("no protocol files were found; set EFACE_PROTOCOLS to the folder that holds them");
        status = EXIT_USAGE;
    }
    for (size_t i = 0; i < ef_strings_count(names); i++) {
        ef_protocol *protocol = NULL;
        const char *name = ef_strings_at(names, i);
        if (ef_protocol_load(&protocol, name, &err) != EF_OK) {
            status = program_fail(&err);
            continue;
        }
        printf("%-16s %-15s %-13s %s\n", name, ef_convention_name(protocol->convention), ef_protocol_kind(protocol),
               protocol->title);
        ef_protocol_free(protocol);
    }
    ef_strings_free(names);
    return status;
}

static int list_metrics(void)
{
    for (size_t i = 0; i < ef_metric_count(); i++) {
        const ef_metric *metric = ef_metric_at(i);
        printf("%-18s %s%s%s\n", metric->name, metric->title, metric->parameter != NULL ? "; " : "",
               metric->parameter != NULL ? metric->parameter : "");
    }
    return EXIT_DONE;
}

static int explain(const char *request)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(request, "@"), request);
    const ef_metric *metric = ef_metric_find(name);
    if (metric == NULL) {
        ef_nearest nearest = ef_nearest_begin(name);
        for (size_t i = 0; i < ef_metric_count(); i++) {
            ef_nearest_offer(&nearest, ef_metric_at(i)->name);
        }
        char names[EF_NEAREST_TEXT];
        program_say(nearest.best != NULL ? "no metric '%s'; did you mean %s?" : "no metric '%s'; --list-metrics names them", name,
                    ef_nearest_names(names, "", &nearest));
        return EXIT_USAGE;
    }
    printf("%s - %s\n", metric->name, metric->title);
    if (metric->parameter != NULL) {
        printf("  point: %s\n", metric->parameter);
    }
    printf("\n");
    print_text(metric->definition);
    printf("\n");
    print_text(metric->source);
    return EXIT_DONE;
}

/* The protocol by a name, loaded once: its file may be a pipe. */
static ef_status protocol_of(const ef_protocol **out, run *self, const char *name, ef_error *err)
{
    ef_protocol *protocol = NULL;
    char *path = NULL;
    ef_status status = ef_protocol_find(&path, name, err);
    for (size_t i = 0; status == EF_OK && i < self->protocol_count; i++) {
        if (strcmp(self->protocols[i]->path, path) == 0) {
            free(path);
            *out = self->protocols[i];
            return EF_OK;
        }
    }
    if (status == EF_OK) {
        status = read_once_take(&self->once, path, "--protocol", err);
    }
    free(path);
    if (status != EF_OK || (status = ef_protocol_load(&protocol, name, err)) != EF_OK) {
        return status;
    }
    if (!ef_grow(&self->protocols, &self->protocol_capacity, self->protocol_count + 1, sizeof(ef_protocol *))) {
        ef_protocol_free(protocol);
        return ef_fail_memory(err, "a protocol");
    }
    self->protocols[self->protocol_count++] = protocol;
    *out = protocol;
    return EF_OK;
}

/* The protocol that is the usual one for a kind of sets. */
static ef_status default_protocol(const ef_protocol **out, run *self, ef_default kind, ef_error *err)
{
    ef_status status = self->usual[kind] == NULL ? ef_protocol_default(&self->usual[kind], kind, err) : EF_OK;
    return status == EF_OK ? protocol_of(out, self, self->usual[kind], err) : status;
}

/* The name of it to propose; freed with free(). */
static char *proposal(ef_default kind)
{
    char *name = NULL;
    return ef_protocol_default(&name, kind, NULL) == EF_OK ? name : ef_copy("NAME");
}

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

/* The part of "NAME=FILE" that is the file; a file that has '=' in its name and exists is meant as a whole. */
static const char *file_of(const char *argument)
{
    const char *group;
    size_t length = ef_set_split(argument, &group), name = strcspn(argument, "=/");
    char *whole = ef_copy_bytes(argument, length);
    bool plain = argument[name] != '=' || name == 0 || (whole != NULL && exists(whole));
    free(whole);
    return plain ? argument : argument + name + 1;
}

static ef_status add_job(run *self, const ef_protocol *protocol, const char *argument, const char *group, ef_error *err)
{
    const char *file = file_of(argument);
    if (!ef_grow(&self->jobs, &self->job_capacity, self->job_count + 1, sizeof *self->jobs)) {
        return ef_fail_memory(err, "the work");
    }
    job *added = &self->jobs[self->job_count++];
    *added = (job){.protocol = protocol, .location = group != NULL ? ef_copy_format("%s:%s", file, group) : ef_copy(file)};
    if (file != argument) {
        ef_span name = ef_span_trim((ef_span){argument, (size_t)(file - argument) - 1});
        added->model = ef_copy_bytes(name.text, name.length);
    }
    return added->location != NULL && (file == argument || added->model != NULL) ? EF_OK : ef_fail_memory(err, "the work");
}

/* Whether a group has probes and distractors instead of embeddings of its own. */
static bool has_distractors(const char *location, const char *group)
{
    static const char *const sides[] = {"probes", "distractors"};
    bool both = true;
    for (size_t i = 0; both && i < sizeof sides / sizeof *sides; i++) {
        ef_set *set = NULL;
        char *side = ef_copy_format("%s:%s%s%s", location, group, group[1] != '\0' ? "/" : "", sides[i]);
        both = side != NULL && ef_set_open(&set, side, NULL, NULL) == EF_OK && ef_set_rows(set) > 0;
        ef_set_close(set);
        free(side);
    }
    return both;
}

/* What a set is evaluated under when no protocol was asked for: the one it is named after; else, when it has probes and distractors, or brings its own pairs
 * or scores, the usual one for those; NULL for nothing.  *templates becomes true when it has templates instead, *labelled when it has labels. */
static ef_status protocol_for_set(const ef_protocol **out, bool *templates, bool *labelled, run *self, const char *location,
                                  const char *group, ef_error *err)
{
    ef_set *set = NULL;
    *out = NULL;
    const char *name = strrchr(group, '/') + 1; /* a group begins with a slash */
    ef_status status = *name != '\0' ? protocol_of(out, self, name, err) : EF_INVALID;
    if (status != EF_INVALID) { /* found, or found and wrong; EF_INVALID: there is none of that name */
        return status;
    }
    if (has_distractors(location, group)) {
        return default_protocol(out, self, EF_DEFAULT_DISTRACTORS, err);
    }
    char *exact = ef_copy_format("%s:%s", location, group);
    status = exact != NULL ? ef_set_open(&set, exact, NULL, err) : ef_fail_memory(err, "the work");
    free(exact);
    if (status != EF_OK) {
        return status;
    }
    if (ef_set_rows(set) > 0 && (ef_set_has(set, EF_PAIRS) || ef_set_has(set, EF_ISSAME))) {
        status = default_protocol(out, self, EF_DEFAULT_PAIRS, err);
    } else if (ef_set_rows(set) == 0 && ef_set_has(set, EF_SCORES)) {
        status = default_protocol(out, self, EF_DEFAULT_SCORES, err);
    }
    *templates = *templates || ef_set_has(set, EF_TEMPLATES);
    *labelled = *labelled || ef_set_has(set, EF_LABELS);
    ef_set_close(set);
    return status;
}

/* What is missing from a file of which no set is evaluated. */
static ef_status fail_nothing_known(const char *file, size_t sets, bool templates, bool labelled, ef_error *err)
{
    ef_set *set = NULL;
    ef_status status = sets == 0 ? ef_set_open(&set, file, NULL, err) : EF_OK; /* says what is there instead */
    if (status == EF_OK) {
        char *name = proposal(templates ? EF_DEFAULT_TEMPLATES : labelled ? EF_DEFAULT_LABELS : EF_DEFAULT_EMBEDDINGS);
        status = ef_fail(
            err, EF_INVALID,
            "%s: no set in it is named after a protocol or has pairs of its own; say which benchmark it is: --protocol %s", file,
            name != NULL ? name : "");
        free(name);
    }
    ef_set_close(set);
    return status;
}

static ef_status plan_every_set(run *self, const char *argument, ef_error *err)
{
    const char *file = file_of(argument), *group;
    size_t length = ef_set_split(file, &group), before = self->job_count;
    bool templates = false, labelled = false;
    ef_strings *groups = NULL, *passed_over = NULL;
    char *path = ef_copy_bytes(file, length);
    struct stat about;
    ef_status status = path != NULL ? ef_strings_create(&passed_over, err) : ef_fail_memory(err, "the work");
    if (status == EF_OK && stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        char *name = proposal(EF_DEFAULT_DISTRACTORS);
        status = ef_fail(err, EF_IO, "%s is a folder: features of one file an image are evaluated with --protocol %s", path,
                         name != NULL ? name : "");
        free(name);
    }
    if (status == EF_OK && group == NULL) {
        status = ef_set_list(&groups, path, err);
    } else if (status == EF_OK && (status = ef_strings_create(&groups, err)) == EF_OK) {
        status = ef_strings_add(groups, group, strlen(group), err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(groups); i++) {
        const ef_protocol *protocol = NULL;
        const char *name = ef_strings_at(groups, i);
        status = protocol_for_set(&protocol, &templates, &labelled, self, path, name, err);
        if (status == EF_OK && protocol != NULL) {
            char *whole = ef_copy_format("%.*s%s", (int)(file - argument), argument, path);
            status = whole != NULL ? add_job(self, protocol, whole, name, err) : ef_fail_memory(err, "the work");
            if (status == EF_OK) {
                self->jobs[self->job_count - 1].optional = group == NULL;
            }
            free(whole);
        } else if (status == EF_OK) {
            status = ef_strings_add(passed_over, name, strlen(name), err);
        }
    }
    if (status == EF_OK && self->job_count == before) {
        status = fail_nothing_known(file, ef_strings_count(groups), templates, labelled, err);
    }
    for (size_t i = 0; status == EF_OK && !self->settings.quiet && i < ef_strings_count(passed_over); i++) {
        program_say("%s:%s: passed over: it has no pairs of its own, and its name is not a protocol's", path,
                    ef_strings_at(passed_over, i));
    }
    ef_strings_free(groups);
    ef_strings_free(passed_over);
    free(path);
    return status;
}

/* Whether a job with the same protocol stands before; jobs are ordered so that systems of one protocol are together. */
static void gather_jobs(run *self)
{
    for (size_t i = 1; i < self->job_count; i++) {
        job moved = self->jobs[i];
        size_t last = i;
        while (last > 0 && self->jobs[last - 1].protocol != moved.protocol) {
            last--;
        }
        if (last == 0 || last == i) {
            continue; /* the first of its protocol, or in place already */
        }
        memmove(&self->jobs[last + 1], &self->jobs[last], (i - last) * sizeof *self->jobs);
        self->jobs[last] = moved;
    }
}

static ef_status plan_protocol(run *self, const char *name, char **arguments, size_t count, ef_error *err)
{
    const ef_protocol *protocol = NULL;
    ef_status status = protocol_of(&protocol, self, name, err);
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        status = add_job(self, protocol, arguments[i], NULL, err);
    }
    return status;
}

/* Cuts "a, b,c" and calls take(self, piece) for each. */
static ef_status each_piece(run *self, const char *list, ef_status (*take)(run *, const char *, void *, ef_error *), void *data,
                            ef_error *err)
{
    ef_status status = EF_OK;
    ef_span rest = {list, strlen(list)}, field;
    while (status == EF_OK && ef_span_field(&rest, ',', &field)) {
        if (field.length == 0) {
            return ef_fail(err, EF_INVALID, "an empty name in the list '%s'", list);
        }
        char *piece = ef_copy_bytes(field.text, field.length);
        status = piece != NULL ? take(self, piece, data, err) : ef_fail_memory(err, "the command line");
        free(piece);
    }
    return status;
}

typedef struct arguments {
    char **items;
    size_t count;
} arguments;

static ef_status plan_piece(run *self, const char *piece, void *data, ef_error *err)
{
    const arguments *files = data;
    return plan_protocol(self, piece, files->items, files->count, err);
}

/* Plans what --scores asks for, under the protocol for scores that is chosen, or the shipped one. */
static ef_status plan_scores(run *self, size_t file_count, ef_error *err)
{
    const settings *asked = &self->settings;
    const char *name = NULL;
    const ef_protocol *protocol = NULL;
    bool for_embeddings = asked->data != NULL || asked->pairs != NULL || asked->flip != NULL || asked->norm != NULL ||
                          asked->weight != NULL || asked->media != NULL || asked->skip_missing || asked->noise != NULL ||
                          asked->distractors != NULL;
    ef_status status = EF_OK;
    if (asked->scores.count > 0 && file_count == 0 && for_embeddings) {
        return ef_fail(err, EF_INVALID, "--data, --pairs, --skip-missing and the ways to fuse and pool do not apply to --scores");
    }
    for (size_t i = 0; status == EF_OK && asked->scores.count > 0 && file_count == 0 && i < asked->protocols.count; i++) {
        name = asked->protocols.items[i];
        status = protocol_of(&protocol, self, name, err);
        if (status == EF_OK && (ef_protocol_reads(protocol) & EF_READS_SCORES) == 0) {
            status = ef_fail(err, EF_INVALID, "%s is not a protocol for scores; no file of embeddings is given for it",
                             protocol->name);
        }
    }
    if (status == EF_OK && asked->scores.count > 0 && name == NULL) {
        status = default_protocol(&protocol, self, EF_DEFAULT_SCORES, err);
        name = self->usual[EF_DEFAULT_SCORES];
    }
    for (size_t i = 0; status == EF_OK && i < asked->scores.count; i++) {
        char *file = ef_copy(asked->scores.items[i]);
        status = file != NULL ? plan_protocol(self, name, &file, 1, err) : ef_fail_memory(err, "the work");
        free(file);
    }
    return status;
}

static ef_status plan_jobs(run *self, arguments files, ef_error *err)
{
    const settings *asked = &self->settings;
    ef_status status = plan_scores(self, files.count, err);
    if (status != EF_OK || (asked->scores.count > 0 && files.count == 0)) {
        return status;
    }
    if (files.count == 0) {
        return ef_fail(err, EF_INVALID, "no file of embeddings or scores is given; --help tells how");
    }
    for (size_t i = 0; status == EF_OK && i < files.count; i++) {
        const ef_protocol *protocol = NULL;
        const char *file = files.items[i];
        if (strpbrk(file, "./") == NULL && !exists(file) && protocol_of(&protocol, self, file, NULL) == EF_OK) {
            return ef_fail(err, EF_INVALID, "there is no file '%s'; the protocol of that name is chosen with -p %s", file, file);
        }
    }
    if (asked->protocols.count > 0) {
        for (size_t i = 0; status == EF_OK && i < asked->protocols.count; i++) {
            status = each_piece(self, asked->protocols.items[i], plan_piece, &files, err);
        }
    } else if (asked->pairs != NULL && status == EF_OK) {
        const ef_protocol *protocol = NULL;
        status = default_protocol(&protocol, self, EF_DEFAULT_PAIRS, err);
        if (status == EF_OK) {
            status = plan_protocol(self, protocol->name, files.items, files.count, err);
        }
    } else {
        for (size_t i = 0; status == EF_OK && i < files.count; i++) {
            status = plan_every_set(self, files.items[i], err);
        }
        gather_jobs(self);
    }
    return status;
}

/* What the command line names is claimed before anything is read. */
static ef_status claim_inputs(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    const struct {
        const char *path, *option;
    } inputs[] = {{asked->pairs, "--pairs"}, {asked->probes, "--probes"}, {asked->probe_list, "--probe-list"}};
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < asked->scores.count; i++) {
        status = read_once_take(&self->once, file_of(asked->scores.items[i]), "--scores", err);
    }
    for (size_t i = 0; status == EF_OK && i < sizeof inputs / sizeof *inputs; i++) {
        if (inputs[i].path != NULL) {
            status = read_once_take(&self->once, inputs[i].path, inputs[i].option, err);
        }
    }
    return status;
}

/* A list that several evaluations need must be there for all of them. */
static ef_status check_shared(const run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    const struct {
        const char *path, *option;
        unsigned reads;
    } lists[] = {{asked->pairs, "--pairs", EF_READS_PAIRS},
                 {asked->probes, "--probes", EF_READS_CHOICE},
                 {asked->probe_list, "--probe-list", EF_READS_DISTRACTORS}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t users = 0;
        for (size_t j = 0; j < self->job_count; j++) {
            users += (ef_protocol_reads(self->jobs[j].protocol) & lists[i].reads) != 0;
        }
        if (lists[i].path != NULL && users > 1 && read_once_is(lists[i].path)) {
            return ef_fail(err, EF_INVALID,
                           "%s: %s can be read only once, but %zu evaluations need it: save it to a file, and name that",
                           lists[i].option, ef_input_name(lists[i].path), users);
        }
    }
    return EF_OK;
}

/* The same for the lists of a benchmark, whose names come to light when they are read. */
static ef_status check_read(const run *self, const job *todo, ef_error *err)
{
    for (size_t i = 0; i < self->result_count; i++) {
        const ef_result *before = self->results[i];
        for (size_t j = 0; self->result_job[i]->protocol == todo->protocol && j < before->input_count; j++) {
            const ef_result_input *input = &before->inputs[j];
            if (input->mark.once && (ef_protocol_reads(todo->protocol) & EF_READS_SCORES) == 0) {
                return ef_fail(err, EF_INVALID,
                               "%s can be read only once, but several evaluations need it: save it to a file in its place",
                               ef_input_name(input->path));
            }
        }
    }
    return EF_OK;
}

/* Refuses an option that is given and that no evaluation reads: nothing is passed over in silence. */
static ef_status check_scopes(const run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    const option_scope scopes[] = {
        {"--pairs", asked->pairs != NULL, EF_READS_PAIRS},
        {"--labels-from", asked->labels_from != NULL, EF_READS_LABELS},
        {"--skip-missing", asked->skip_missing, EF_READS_PAIRS},
        {"--norm", asked->norm != NULL, EF_READS_POOLING},
        {"--weight", asked->weight != NULL, EF_READS_POOLING},
        {"--media", asked->media != NULL, EF_READS_POOLING},
        {"--flip", asked->flip != NULL, EF_READS_FLIP},
        {"--probes", asked->probes != NULL, EF_READS_CHOICE},
        {"--exclude-same", asked->exclude_same != NULL, EF_READS_CHOICE},
        {"--per-subject", asked->per_subject >= 0, EF_READS_CHOICE},
        {"--suspects", asked->suspects >= 0, EF_READS_CHOICE},
        {"--noise", asked->noise != NULL, EF_READS_DISTRACTORS},
        {"--distractors", asked->distractors != NULL, EF_READS_DISTRACTORS},
        {"--probe-list", asked->probe_list != NULL, EF_READS_DISTRACTORS},
        {"--distractor-list", asked->distractor_list != NULL, EF_READS_DISTRACTORS},
        {"--list-set", asked->list_set >= 0, EF_READS_DISTRACTORS},
        {"--features", asked->features != NULL, EF_READS_DISTRACTORS},
        {"--data", asked->data != NULL, EF_READS_DATA},
        {"--allow-partial", asked->allow_partial, EF_READS_PARTIAL},
        {"--allow-contradictions", asked->allow_contradictions, EF_READS_CONTRADICTIONS},
    };
    return option_scopes_check(scopes, sizeof scopes / sizeof *scopes, self->protocols, self->protocol_count, err);
}

/* A convention that none of the protocols has would be passed over. */
static ef_status check_convention(const run *self, ef_error *err)
{
    const ef_convention wanted = self->options.convention;
    char names[CHOSEN_NAMES], readers[EF_READERS];
    bool there = !self->options.choose_convention;
    for (size_t i = 0; i < self->protocol_count; i++) {
        there = there || ef_protocol_has(self->protocols[i], wanted);
    }
    return there ? EF_OK
                 : ef_fail(err, EF_INVALID, "--convention %s is for %s: it does not apply to %s", ef_convention_name(wanted),
                           ef_readers_under(readers, wanted), chosen_names(names, self->protocols, self->protocol_count));
}

/* Nor may a convention of some tasks only stand above no figure at all: that of the older script is of searches in galleries alone. */
static ef_status check_shown(const run *self, ef_error *err)
{
    const ef_convention wanted = self->options.convention;
    bool shown = !self->options.choose_convention;
    for (size_t i = 0; i < self->result_count; i++) {
        shown = shown || ef_task_has(self->results[i]->task, wanted);
    }
    return shown ? EF_OK
                 : ef_fail(err, EF_INVALID,
                           "--convention %s is for figures of 1:N, and no such figures were made: their lists were not found, or "
                           "--metrics asks for none of them",
                           ef_convention_name(wanted));
}

/* Tells of a set that is not evaluated under a protocol. */
static void say_passed_over(const run *self, const job *todo, const char *reason)
{
    if (!self->settings.quiet) {
        program_say("%s%s%s: passed over under %s: %s", todo->model != NULL ? todo->model : "", todo->model != NULL ? "=" : "",
                    todo->location, todo->protocol->name, reason);
    }
}

/* Asks whether a set that is named after one benchmark is meant for another. */
static void say_other_name(const run *self, const job *todo)
{
    const char *group;
    char *path = NULL;
    (void)ef_set_split(todo->location, &group);
    const char *slash = group != NULL ? strrchr(group, '/') : NULL, *name = slash != NULL ? slash + 1 : "";
    const ef_protocol *protocol = todo->protocol;
    bool lists_of_its_own = (protocol->tasks & EF_VERIFY_PAIRS) == 0 || protocol->list_format != NULL;
    ef_protocol *other = NULL;
    if (*name != '\0' && strcmp(name, protocol->name) != 0 && lists_of_its_own && !self->settings.quiet &&
        ef_protocol_find(&path, name, NULL) == EF_OK && ef_protocol_load(&other, name, NULL) == EF_OK &&
        (other->tasks & protocol->tasks) != 0) {
        program_say("note: %s is named after the protocol %s, but evaluated as %s", todo->location, other->name, protocol->name);
    }
    ef_protocol_free(other);
    free(path);
}

static ef_status do_job(run *self, const job *todo, ef_error *err)
{
    ef_evaluate_options options = self->options;
    ef_result *made[EF_MOST_RESULTS] = {NULL};
    size_t made_count = 0;
    metric_requests list = {0};
    ef_status status =
        metric_choice_collect(&list, &self->settings.metrics, self->assertions, self->assertion_count, todo->protocol, err);
    if (status == EF_OK && list.count == 0) {
        say_passed_over(self, todo, "--metrics asks for no figure that it has");
    }
    if (status != EF_OK || list.count == 0 || (status = check_read(self, todo, err)) != EF_OK) {
        goto done;
    }
    say_other_name(self, todo);
    options.metrics = list.items;
    options.metric_count = list.count;
    options.fingerprints = self->fingerprints;
    status = ef_evaluate(made, &made_count, todo->protocol, &(ef_source){.location = todo->location}, todo->model, &options, err);
    for (size_t i = 0; status == EF_OK && i < made_count; i++) {
        self->result_job[self->result_count] = todo;
        self->results[self->result_count++] = made[i];
    }
done:
    metric_requests_free(&list);
    return status;
}

static bool share_name(const ef_result *a, const ef_result *b)
{
    return a->task == b->task && strcmp(a->protocol, b->protocol) == 0 && strcmp(a->model, b->model) == 0;
}

/* Two systems of one name under one protocol are called by their files instead. */
static ef_status tell_apart(run *self, ef_error *err)
{
    ef_status status = EF_OK;
    bool *shared = ef_alloc_zero(self->result_count, sizeof *shared);
    if (shared == NULL) {
        return ef_fail_memory(err, "the results");
    }
    for (size_t i = 0; i < self->result_count; i++) {
        for (size_t j = 0; j < self->result_count; j++) {
            shared[i] = shared[i] || (i != j && share_name(self->results[i], self->results[j]));
        }
    }
    for (size_t i = 0; status == EF_OK && i < self->result_count; i++) {
        if (shared[i] && self->result_job[i]->model != NULL) {
            status = ef_fail(err, EF_INVALID, "two systems are called '%s'", self->result_job[i]->model);
        } else if (shared[i]) {
            char *name = ef_copy(self->results[i]->source);
            status = name != NULL ? EF_OK : ef_fail_memory(err, "a result");
            if (name != NULL) {
                free(self->results[i]->model);
                self->results[i]->model = name;
            }
        }
    }
    for (size_t i = 0; status == EF_OK && i < self->result_count; i++) {
        for (size_t j = 0; status == EF_OK && shared[i] && j < i; j++) {
            if (share_name(self->results[i], self->results[j])) {
                status = ef_fail(err, EF_INVALID, "%s is given twice", self->results[i]->source);
            }
        }
    }
    free(shared);
    return status;
}

/* Whether results go to a file. */
static bool writes_file(const run *self)
{
    return self->settings.output != NULL && strcmp(self->settings.output, "-") != 0;
}

/* An output that is one of the inputs would destroy it. */
static ef_status check_output(const run *self, ef_error *err)
{
    ef_file_mark output, input;
    if (!writes_file(self)) {
        return EF_OK;
    }
    ef_file_mark_take(&output, self->settings.output);
    for (size_t i = 0; output.there && i < self->result_count; i++) {
        const ef_result *result = self->results[i];
        for (size_t j = 0; j <= result->input_count; j++) {
            ef_file_mark_take(&input, j < result->input_count ? result->inputs[j].path : result->protocol_file);
            if (input.there && input.device == output.device && input.inode == output.inode) {
                return ef_fail(err, EF_INVALID, "%s is an input; the results must go to another file", self->settings.output);
            }
        }
    }
    return EF_OK;
}

/* Lists of a benchmark are not replaced even when this run does not read them: the next one would. */
static ef_status check_lists(const run *self, ef_error *err)
{
    const char *data = self->settings.data != NULL ? self->settings.data : getenv("EFACE_DATA");
    bool named = false;
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && writes_file(self) && data != NULL && i < self->protocol_count; i++) {
        status = ef_list_is_named(&named, self->protocols[i], data, self->settings.output, err);
        if (status == EF_OK && named) {
            return ef_fail(err, EF_INVALID, "%s is a list of %s; the results must go to another file", self->settings.output,
                           self->protocols[i]->name);
        }
    }
    return status;
}

/* Whether a folder is `outer` or lies within it, by going up from it. */
static bool is_within(const char *folder, const struct stat *outer)
{
    enum { deepest = 100 };
    struct stat here, last = {.st_ino = 0};
    char *path = ef_copy(folder);
    bool within = false;
    for (int level = 0; !within && path != NULL && level < deepest && stat(path, &here) == 0; level++) {
        within = here.st_dev == outer->st_dev && here.st_ino == outer->st_ino;
        bool top = here.st_dev == last.st_dev && here.st_ino == last.st_ino;
        char *up = top ? NULL : ef_copy_format("%s/..", path);
        free(path);
        path = up;
        last = here;
    }
    free(path);
    return within;
}

/* A folder of features is an input as a whole: what is not read this time is the next. */
static ef_status check_folders(const run *self, ef_error *err)
{
    struct stat about;
    const char *output = self->settings.output, *slash = writes_file(self) ? strrchr(output, '/') : NULL;
    char *folder = slash == NULL ? ef_copy(".") : ef_copy_bytes(output, (size_t)(slash - output) + 1);
    ef_status status = folder != NULL ? EF_OK : ef_fail_memory(err, "the command line");
    for (size_t i = 0; status == EF_OK && writes_file(self) && i < self->job_count; i++) {
        const char *location = self->jobs[i].location;
        if (stat(location, &about) == 0 && S_ISDIR(about.st_mode) && is_within(folder, &about)) {
            status = ef_fail(err, EF_INVALID, "%s is among the features in %s; the results must go to another folder", output,
                             location);
        }
    }
    free(folder);
    return status;
}

/* Where the time went; for hashes, what they took beyond the rest of the work. */
static void say_stages(const run *self, double hash)
{
    bool some = false;
    program_progress_end();
    for (size_t i = 0; i < self->result_count; i++) {
        some = some || self->results[i]->stage_count > 0;
        for (size_t j = 0; j < self->results[i]->stage_count; j++) {
            fprintf(stderr, "time %s %.3f s\n", self->results[i]->stages[j].name, self->results[i]->stages[j].seconds);
        }
    }
    if (some) {
        fprintf(stderr, "time hash %.3f s\n", hash);
    }
}

static ef_status evaluate(run *self, ef_error *err)
{
    /* Hashing costs as much as evaluating: only for a report that shows it. */
    bool hashes = ef_report_has_hashes(self->format, &self->report);
    ef_status status = hashes ? ef_fingerprints_create(&self->fingerprints, err) : EF_OK;
    self->results = ef_alloc_zero(EF_MOST_RESULTS * self->job_count, sizeof *self->results);
    self->result_job = ef_alloc(EF_MOST_RESULTS * self->job_count, sizeof *self->result_job);
    if (status == EF_OK && (self->results == NULL || self->result_job == NULL)) {
        status = ef_fail_memory(err, "the results");
    }
    for (size_t i = 0; status == EF_OK && i < self->job_count; i++) {
        program_progress_part(self->jobs[i].protocol->name, i + 1, self->job_count);
        status = do_job(self, &self->jobs[i], err);
        bool last = i + 1 == self->job_count && self->result_count == 0; /* a remark is not enough when nothing is left */
        if (status == EF_INVALID && self->jobs[i].optional && !last && err != NULL) {
            say_passed_over(self, &self->jobs[i], err->message);
            status = EF_OK;
        }
    }
    if (status == EF_OK && self->result_count == 0) {
        status = ef_fail(err, EF_INVALID, "nothing was evaluated: every set was passed over%s",
                         self->settings.quiet ? "; without --quiet the reasons are said" : "");
    }
    double start = ef_seconds();
    for (size_t i = 0; hashes && status == EF_OK && i < self->result_count; i++) {
        const ef_progress *progress = self->options.work.progress;
        if (progress != NULL) {
            progress->report(progress->context, "hashing inputs", i, self->result_count);
        }
        status = ef_result_fingerprint(self->results[i], self->fingerprints, err);
    }
    if (status == EF_OK && self->settings.verbose && !self->settings.quiet) {
        say_stages(self, ef_seconds() - start);
    }
    return status == EF_OK ? tell_apart(self, err) : status;
}

/* Reads an option of two words; nothing is chosen when it is not given. */
static ef_status choose_word(bool *chosen, bool *first, const char *option, const char *text, const char *first_word,
                             const char *other_word, ef_error *err)
{
    *chosen = text != NULL;
    *first = text != NULL && strcmp(text, first_word) == 0;
    if (*chosen && !*first && strcmp(text, other_word) != 0) {
        return ef_fail(err, EF_INVALID, "'%s' is not a value for --%s: there are %s and %s", text, option, first_word,
                       other_word);
    }
    return EF_OK;
}

/* Takes one number of distractors. */
static ef_status take_size(run *self, const char *piece, void *data, ef_error *err)
{
    uint64_t size;
    size_t capacity = self->size_count;
    (void)data;
    if (!ef_parse_unsigned(&size, piece, strlen(piece)) || size == 0 || size >= UINT32_MAX) {
        return ef_fail(err, EF_INVALID, "--distractors: '%s' is not a number of distractors", piece);
    }
    if (self->size_count > 0 && size <= self->sizes[self->size_count - 1]) {
        return ef_fail(err, EF_INVALID, "--distractors: the numbers must ascend, but %s comes after %zu", piece,
                       self->sizes[self->size_count - 1]);
    }
    if (!ef_grow(&self->sizes, &capacity, self->size_count + 1, sizeof *self->sizes)) {
        return ef_fail_memory(err, "the command line");
    }
    self->sizes[self->size_count++] = (size_t)size;
    return EF_OK;
}

/* What is asked for of distractors. */
static ef_status check_distractors(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    ef_evaluate_options *options = &self->options;
    ef_status status = EF_OK;
    if (status == EF_OK && asked->noise != NULL) {
        options->choose_noise = true;
        if (ef_noise_parse(&options->noise, asked->noise, NULL) != EF_OK) {
            status = ef_fail(err, EF_INVALID, "'%s' is not a value for --noise: there are keep, drop and devkit", asked->noise);
        }
    }
    options->probe_list = asked->probe_list;
    options->size_list = asked->distractor_list;
    options->feature_ending = asked->features;
    options->list_set = asked->list_set > 0 ? asked->list_set : 0;
    if (asked->features != NULL && *asked->features == '\0') {
        return ef_fail(err, EF_INVALID, "--features needs what the names of the feature files end with, as _resnet.bin");
    }
    if (status == EF_OK && asked->distractors != NULL) {
        status = each_piece(self, asked->distractors, take_size, NULL, err);
        options->sizes = self->sizes;
        options->size_count = self->size_count;
    }
    return status;
}

/* Turns the words of the command line into options, before anything is read. */
static ef_status check_settings(run *self, ef_error *err)
{
    const settings *asked = &self->settings;
    ef_evaluate_options *options = &self->options;
    ef_status status = EF_OK;
    self->format = ef_report_format_at(0);
    *options = ef_evaluate_defaults();
    options->data = asked->data;
    options->pairs = asked->pairs;
    options->confidence = asked->confidence;
    options->skip_missing = asked->skip_missing;
    options->allow_partial = asked->allow_partial;
    options->allow_contradictions = asked->allow_contradictions;
    options->probes = asked->probes;
    options->per_subject = asked->per_subject > 0 ? (size_t)asked->per_subject : 0;
    options->suspects = asked->suspects >= 0 ? (size_t)asked->suspects : DEFAULT_SUSPECTS;
    options->work =
        (ef_work){.memory = asked->memory, .threads = asked->threads, .progress = asked->quiet ? NULL : program_progress()};
    if (asked->data != NULL && *asked->data == '\0') {
        return ef_fail(err, EF_INVALID, "--data needs the folder of the official lists, but the name given is empty");
    }
    if (!(asked->confidence > 0 && asked->confidence < 1)) {
        return ef_fail(err, EF_INVALID, "--confidence must lie between 0 and 1, for instance 0.95");
    }
    if (asked->suspects > MOST_SUSPECTS) {
        return ef_fail(err, EF_INVALID, "--suspects names at most %d pairs", MOST_SUSPECTS);
    }
    if (asked->labels_from != NULL && strcmp(asked->labels_from, "ids") != 0) {
        return ef_fail(err, EF_INVALID, "'%s' is not a value for --labels-from: there is ids", asked->labels_from);
    }
    options->labels_from_ids = asked->labels_from != NULL;
    if (asked->exclude_same != NULL) {
        bool media = strcmp(asked->exclude_same, "media") == 0;
        if (!media && strcmp(asked->exclude_same, "groups") != 0) {
            return ef_fail(err, EF_INVALID, "'%s' is not a value for --exclude-same: there are media and groups",
                           asked->exclude_same);
        }
        options->exclude_same = media ? EF_EXCLUDE_MEDIA : EF_EXCLUDE_GROUPS;
    }
    if (asked->flip != NULL) {
        options->choose_flip = true;
        status = ef_flip_parse(&options->flip, asked->flip, err);
    }
    if (status == EF_OK) {
        bool unit = false;
        status = choose_word(&options->choose_norm, &unit, "norm", asked->norm, "unit", "keep", err);
        options->norm = unit ? EF_NORM_UNIT : EF_NORM_KEEP;
    }
    if (status == EF_OK) {
        status = choose_word(&options->choose_weight, &options->weight_quality, "weight", asked->weight, "quality", "none", err);
    }
    if (status == EF_OK) {
        status = choose_word(&options->choose_media, &options->unit_media, "media", asked->media, "unit", "mean", err);
    }
    status = status == EF_OK ? check_distractors(self, err) : status;
    if (status == EF_OK && asked->convention != NULL) {
        options->choose_convention = true;
        status = ef_convention_parse(&options->convention, asked->convention, err);
    }
    if (status == EF_OK && asked->interval != NULL) {
        status = ef_interval_parse(&options->interval, asked->interval, err);
    }
    if (status == EF_OK && asked->format != NULL) {
        status = ef_report_format_find(&self->format, asked->format, err);
    } else if (status == EF_OK && asked->output != NULL && strcmp(asked->output, "-") != 0) {
        status = program_format_hint(ef_report_format_of_file(&self->format, asked->output, err), err);
    }
    self->report.detail = asked->verbose;
    self->assertions = ef_alloc(asked->asserts.count, sizeof *self->assertions);
    if (status == EF_OK && self->assertions == NULL) {
        status = ef_fail_memory(err, "the assertions");
    }
    for (size_t i = 0; status == EF_OK && i < asked->asserts.count; i++) {
        status = assertion_parse(&self->assertions[self->assertion_count++], asked->asserts.items[i], err);
    }
    return status;
}

static ef_status write_report(run *self, ef_error *err)
{
    bool file = writes_file(self);
    ef_status opened = file ? ef_output_open(&self->output, self->settings.output, err) : EF_OK;
    if (opened != EF_OK) {
        return opened;
    }
    FILE *stream = file ? self->output.stream : stdout;
    self->report.color = !file && program_color();
    program_progress_end();
    ef_status status =
        ef_report_write(stream, self->format, (const ef_result *const *)self->results, self->result_count, &self->report, err);
    if (status == EF_IO && ferror(stream) != 0) {
        status = EF_OK; /* closing tells why */
    }
    if (status == EF_OK && file) {
        status = ef_output_commit(&self->output, err);
        if (status == EF_OK && !self->settings.quiet) {
            program_say("wrote %s", self->settings.output);
        }
    }
    return status;
}

static int work(run *self, arguments files)
{
    ef_error err;
    if (check_settings(self, &err) != EF_OK || claim_inputs(self, &err) != EF_OK || plan_jobs(self, files, &err) != EF_OK ||
        check_scopes(self, &err) != EF_OK || check_convention(self, &err) != EF_OK ||
        metric_choice_check(&self->settings.metrics, self->protocols, self->protocol_count, &err) != EF_OK ||
        assertions_check(self->assertions, self->assertion_count, self->protocols, self->protocol_count, &err) != EF_OK) {
        return program_fail(&err);
    }
    if (check_shared(self, &err) != EF_OK || check_lists(self, &err) != EF_OK || check_folders(self, &err) != EF_OK ||
        (writes_file(self) && ef_output_check(self->settings.output, &err) != EF_OK)) {
        return program_fail(&err);
    }
    if (evaluate(self, &err) != EF_OK || check_shown(self, &err) != EF_OK || check_output(self, &err) != EF_OK ||
        write_report(self, &err) != EF_OK) {
        return program_fail(&err);
    }
    return assertions_failed(self->assertions, self->assertion_count, self->results, self->result_count) == 0 ? EXIT_DONE
                                                                                                              : EXIT_ASSERTION;
}

static void run_free(run *self)
{
    settings *asked = &self->settings;
    for (size_t i = 0; i < self->job_count; i++) {
        free(self->jobs[i].location);
        free(self->jobs[i].model);
    }
    for (size_t i = 0; i < self->protocol_count; i++) {
        ef_protocol_free(self->protocols[i]);
    }
    for (size_t i = 0; i < self->result_count; i++) {
        ef_result_free(self->results[i]);
    }
    free(self->jobs);
    free(self->protocols);
    for (int i = 0; i < EF_DEFAULT_COUNT; i++) {
        free(self->usual[i]);
    }
    free(self->results);
    free(self->result_job);
    free(self->assertions);
    free(self->sizes);
    read_once_free(&self->once);
    ef_fingerprints_free(self->fingerprints);
    ef_output_abandon(&self->output);
    free(asked->protocols.items);
    free(asked->scores.items);
    free(asked->asserts.items);
    free(asked->metrics.items);
}

static const ef_format *format_at(size_t index)
{
    const ef_report_format *format = ef_report_format_at(index);
    return format != NULL ? &format->format : NULL;
}

int main(int argc, char **argv)
{
    char format_help[FORMAT_HELP];
    run self = {.settings = {.confidence = 0.95, .suspects = -1, .per_subject = -1, .list_set = -1}};
    settings *asked = &self.settings;
    const option_row rows[] = {
        {.kind = OPTION_GROUP, .help = "What to evaluate"},
        {'p', "protocol", OPTION_TEXTS, &asked->protocols, "NAME",
         "protocol by name, or the path of its file; may be repeated, or NAME,NAME"},
        {'d', "data", OPTION_TEXT, &asked->data, "DIR",
         "folder of the official lists (default: the protocol's own in\n$EFACE_DATA: lfw, calfw, cplfw, cfp, IJBB or IJBC; "
         "megaface: none)"},
        {0, "pairs", OPTION_TEXT, &asked->pairs, "FILE",
         "your own pairs: id1,id2,label[,fold], label 1 for genuine (-: standard\ninput, here and for all lists)"},
        {0, "labels-from", OPTION_TEXT, &asked->labels_from, "ids",
         "subjects are the folders of the image names, PERSON/IMAGE (the first\npart of the names that not all share), instead "
         "of "
         "the dataset labels"},
        {0, "scores", OPTION_TEXTS, &asked->scores, "FILE",
         "your own scores, a line 'label score' each, or HDF5; may be repeated"},
        {.kind = OPTION_GROUP, .help = "All pairs of a set (-p all-pairs)"},
        {0, "probes", OPTION_TEXT, &asked->probes, "FILE",
         "ids, one a line, of the images to compare with all others (default:\nthe set's is_probe, or every image with every "
         "other)"},
        {0, "exclude-same", OPTION_TEXT, &asked->exclude_same, "WHAT",
         "leave out pairs of images of the same media, or of the same value in\nthe set's groups (cameras, say): media or "
         "groups"},
        {0, "per-subject", OPTION_NUMBER, &asked->per_subject, "N", "use only the first N images of each subject, probes or not"},
        {0, "suspects", OPTION_COUNT, &asked->suspects, "N",
         "beside figures of 1:1, name up to N impostor pairs that score above\n95 % of the genuine ones: wrong labels? (default "
         "10)"},
        {.kind = OPTION_GROUP, .help = "How"},
        {'m', "metrics", OPTION_TEXTS, &asked->metrics, "LIST", "figures instead of the protocol's: accuracy,tar_at_far@1e-3"},
        {0, "convention", OPTION_TEXT, &asked->convention, "NAME",
         "figures on show: iso, insightface, insightface-union,\nmegaface-devkit"},
        {0, "flip", OPTION_TEXT, &asked->flip, "MODE",
         "fuse mirrored embeddings: sum, concat or none; where each row is an\nimage and its mirror image: halves (the sum of "
         "them) or first-half\n(default: the protocol's)"},
        {0, "norm", OPTION_TEXT, &asked->norm, "HOW",
         "templates: images keep their length or are scaled to unit: keep\nor unit (default: the protocol's; ijbb and ijbc: "
         "keep)"},
        {0, "weight", OPTION_TEXT, &asked->weight, "HOW",
         "templates: images weigh by their detector score: quality or none\n(default: the protocol's; ijbb and ijbc: quality)"},
        {0, "media", OPTION_TEXT, &asked->media, "HOW",
         "templates: media are used as their mean, or scaled to unit: mean or\nunit (default: the protocol's; ijbb and ijbc: "
         "mean)"},
        {0, "noise", OPTION_TEXT, &asked->noise, "POLICY",
         "distractors: noisy images stay, leave the lists, or as in the clean\ntest pack: keep, drop or devkit (default: the "
         "protocol's)"},
        {0, "distractors", OPTION_TEXT, &asked->distractors, "LIST",
         "how many, ascending: 10,1000 (default: all lists there are)"},
        {0, "probe-list", OPTION_TEXT, &asked->probe_list, "NAME", "of the list of probes in --data (default: the protocol's)"},
        {0, "distractor-list", OPTION_TEXT, &asked->distractor_list, "NAME",
         "of the lists of distractors, before _SIZE_1, or with {size} and {set} in\ntheir places (default: the protocol's)"},
        {0, "list-set", OPTION_NUMBER, &asked->list_set, "N", "which of several lists of a size: _SIZE_N (default 1)"},
        {0, "features", OPTION_TEXT, &asked->features, "ENDING",
         "which feature files, where a folder has those of several systems: all\nthat follows the image's name, as _resnet.bin"},
        {0, "interval", OPTION_TEXT, &asked->interval, "METHOD", "wilson (default) or clopper-pearson"},
        {0, "confidence", OPTION_REAL, &asked->confidence, "X", "of the intervals (default 0.95)"},
        {0, "skip-missing", OPTION_FLAG, &asked->skip_missing, NULL, "leave out pairs whose image the set does not have"},
        {0, "allow-partial", OPTION_FLAG, &asked->allow_partial, NULL,
         "go on when counts differ from the protocol's, and say so"},
        {0, "allow-contradictions", OPTION_FLAG, &asked->allow_contradictions, NULL,
         "go on when the list and the set's labels (or two other sources)\ndisagree on who is who, and say so"},
        {0, "memory", OPTION_BYTES, &asked->memory, "SIZE", "for embeddings at the most: 500M, 4G (default, and for 0: 2G)"},
        OPTION_ROW_THREADS(&asked->threads),
        {.kind = OPTION_GROUP, .help = "Output"},
        {'f', "format", OPTION_TEXT, &asked->format, "FORMAT", program_format_help(format_help, format_at)},
        OPTION_ROW_OUTPUT(&asked->output),
        {0, "assert", OPTION_TEXTS, &asked->asserts, "CLAIM",
         "exit with 1 unless it holds of the figures on show:\n'tar_at_far@1e-3 >= 0.95', 'lfw:accuracy > 0.99'; may be "
         "repeated"},
        {'v', "verbose", OPTION_FLAG, &asked->verbose, NULL,
         "also the other convention's figures, the hashes of all inputs, and how long stages took"},
        {'q', "quiet", OPTION_FLAG, &asked->quiet, NULL, "no progress, and no remarks on standard error"},
        {.kind = OPTION_GROUP, .help = "Information"},
        {0, "list-protocols", OPTION_FLAG, &asked->list_protocols, NULL, "names, conventions and tasks"},
        {0, "list-metrics", OPTION_FLAG, &asked->list_metrics, NULL, "names and points"},
        {0, "explain", OPTION_TEXT, &asked->explain, "METRIC", "definition, tie rule and source of a metric"},
        OPTION_ROW_VERSION(&asked->version),
        OPTION_ROW_HELP(&asked->help),
    };
    enum { count = sizeof rows / sizeof *rows };
    ef_error err;
    int first, status;
    program_begin("eface-eval");
    ef_hdf5_quiet();
    if (options_parse(&first, argc, argv, rows, count, &err) != EF_OK) {
        status = program_fail(&err);
    } else if (asked->help) {
        status = print_help(rows, count);
    } else if (asked->version) {
        printf("eface-eval %s\n", ef_version());
        status = EXIT_DONE;
    } else if (asked->list_protocols) {
        status = list_protocols();
    } else if (asked->list_metrics) {
        status = list_metrics();
    } else if (asked->explain != NULL) {
        status = explain(asked->explain);
    } else {
        status = work(&self, (arguments){argv + first, (size_t)(argc - first)});
    }
    run_free(&self);
    return program_end(status);
}
