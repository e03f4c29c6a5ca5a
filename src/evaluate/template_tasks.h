/* template_tasks.h - the two tasks of a template benchmark, 1:1 and 1:N, once the templates are pooled.
 * Thread rule: as evaluate.h. */
#ifndef EF_EVALUATE_TEMPLATE_TASKS_H
#define EF_EVALUATE_TEMPLATE_TASKS_H

#include <eface/evaluate.h>
#include <eface/pool.h>

#include "evaluate/flip_choice.h"
#include "evaluate/template_plan.h"

typedef struct ef_template_identity ef_template_identity;

/* Everything that the tasks of one evaluation share. */
typedef struct ef_template_experiment {
    const ef_protocol *protocol;
    const ef_set *set;
    const char *model;
    const ef_evaluate_options *options;
    ef_template_plan *plan;
    ef_templates *templates;
    ef_template_identity *identity; /* template_identity.h */
    ef_pool_options pool;
    ef_flip_choice flip;
    bool no_pairs; /* 1:N is all that is evaluated */
} ef_template_experiment;

/* Scores the list of pairs; searches the probes in the galleries.  The caller frees *out with ef_result_free(). */
EF_MUST_USE ef_status ef_verify_templates(ef_result **out, const ef_template_experiment *self, ef_error *err);
EF_MUST_USE ef_status ef_identify_templates(ef_result **out, const ef_template_experiment *self, ef_error *err);

/* Whether a task reads a list (an ef_template_file). */
bool ef_template_list_is_read(const ef_template_experiment *self, int file, ef_task task);

/* A result of one task that says how the templates were made. */
EF_MUST_USE ef_status ef_template_result_begin(ef_result **out, const ef_template_experiment *self, ef_task task, ef_error *err);

/* Adds how long a stage took. */
void ef_template_result_stage(ef_result *result, const char *name, double seconds);

#endif
