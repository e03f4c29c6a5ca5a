/* experiment.h - the kinds of evaluations: one row of experiments.def each.  An experiment makes the results of one or two tasks from one pass over what is evaluated.
 * Thread rule: constant; experiments run as ef_evaluate() says. */
#ifndef EF_EVALUATE_EXPERIMENT_H
#define EF_EVALUATE_EXPERIMENT_H

#include <eface/evaluate.h>

typedef struct ef_experiment {
    const char *name; /* of protocols of its tasks, where it has several: "templates" */
    const char *what; /* in sentences: "templates", "pairs of images" */
    unsigned tasks;   /* ef_task bits */
    unsigned reads;   /* ef_reads bits: the options that it reads, of those that not all do */
    /* Either evaluates a set that is open, */
    ef_status (*run)(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const ef_set *set,
                     const char *model, const ef_evaluate_options *options, ef_error *err);
    /* or opens what is evaluated itself, by its name.  Both leave *count 0 when they fail. */
    ef_status (*run_location)(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol,
                              const char *location, const char *model, const ef_evaluate_options *options, ef_error *err);
} ef_experiment;

/* Number `index`, in the order of the table; NULL behind the last. */
const ef_experiment *ef_experiment_at(size_t index);

/* That of a protocol: its tasks are never of several. */
const ef_experiment *ef_experiment_of(const ef_protocol *protocol);

#endif
