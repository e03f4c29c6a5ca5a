#include <eface/evaluate.h>

#include <stdio.h>

#include "base/error.h"
#include "evaluate/experiment.h"

#define ROW(name) extern const ef_experiment ef_experiment_##name;
#include "evaluate/experiments.def"
#undef ROW

const ef_experiment *ef_experiment_at(size_t index)
{
#define ROW(name) &ef_experiment_##name,
    static const ef_experiment *const experiments[] = {
#include "evaluate/experiments.def"
    };
#undef ROW
    return index < sizeof experiments / sizeof *experiments ? experiments[index] : NULL;
}

const ef_experiment *ef_experiment_of(const ef_protocol *protocol)
{
    size_t i = 0;
    while (ef_experiment_at(i) != NULL && (ef_experiment_at(i)->tasks & protocol->tasks) == 0) {
        i++;
    }
    return ef_experiment_at(i);
}

ef_evaluate_options ef_evaluate_defaults(void)
{
    return (ef_evaluate_options){.interval = EF_WILSON, .confidence = 0.95};
}

unsigned ef_protocol_reads(const ef_protocol *protocol)
{
    return ef_experiment_of(protocol)->reads;
}

const char *ef_protocol_kind(const ef_protocol *protocol)
{
    bool single = (protocol->tasks & (protocol->tasks - 1)) == 0;
    return single ? ef_task_name((ef_task)protocol->tasks) : ef_experiment_of(protocol)->name;
}

/* "a, b and c": the experiments number i for which bit i of `chosen` is set. */
static const char *list(char text[EF_READERS], unsigned chosen)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; ef_experiment_at(i) != NULL && length < EF_READERS; i++) {
        if ((chosen >> i & 1U) != 0) {
            const char *before = length == 0 ? "" : chosen >> i > 1 ? ", " : " and ";
            length += (size_t)snprintf(text + length, EF_READERS - length, "%s%s", before, ef_experiment_at(i)->what);
        }
    }
    return text;
}

const char *ef_readers(char text[EF_READERS], unsigned reads)
{
    unsigned chosen = 0;
    for (size_t i = 0; ef_experiment_at(i) != NULL; i++) {
        chosen |= (ef_experiment_at(i)->reads & reads) != 0 ? 1U << i : 0;
    }
    return list(text, chosen);
}

bool ef_protocol_has(const ef_protocol *protocol, ef_convention convention)
{
    return ef_task_has((ef_task)protocol->tasks, convention);
}

const char *ef_readers_under(char text[EF_READERS], ef_convention convention)
{
    unsigned chosen = 0;
    for (size_t i = 0; ef_experiment_at(i) != NULL; i++) {
        chosen |= ef_task_has((ef_task)ef_experiment_at(i)->tasks, convention) ? 1U << i : 0;
    }
    return list(text, chosen);
}

/* Opens the set that is evaluated.  Hashing takes as long as the rest: it begins with it. */
static ef_status open_set(ef_set **out, const ef_protocol *protocol, const char *location, const ef_evaluate_options *options,
                          ef_error *err)
{
    ef_status status = ef_set_open(out, location, protocol->name, err);
    if (status == EF_OK && options->labels_from_ids) {
        status = ef_set_labels_from_ids(*out, err);
    }
    if (status == EF_OK && options->fingerprints != NULL) {
        status = ef_fingerprints_begin(options->fingerprints, ef_set_file(*out), err);
    }
    return status;
}

ef_status ef_evaluate(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const ef_source *source,
                      const char *model, const ef_evaluate_options *options, ef_error *err)
{
    const ef_experiment *experiment = ef_experiment_of(protocol);
    const ef_set *set = source->set;
    ef_set *own = NULL;
    ef_status status = EF_OK;
    *count = 0;
    if (experiment->run_location != NULL && set != NULL) {
        return ef_fail(err, EF_INVALID, "%s is a protocol for %s, which are given by name and not as a set that is open",
                       protocol->name, experiment->what);
    }
    if (experiment->run_location != NULL) {
        return experiment->run_location(results, count, protocol, source->location, model, options, err);
    }
    if (set == NULL) {
        status = open_set(&own, protocol, source->location, options, err);
        set = own;
    }
    if (status == EF_OK) {
        status = experiment->run(results, count, protocol, set, model, options, err);
    }
    ef_set_close(own);
    return status;
}
