#include "evaluate/experiment.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "evaluate/build_result.h"
#include "evaluate/flip_choice.h"
#include "evaluate/notes.h"
#include "evaluate/pair_plan.h"

static ef_status describe_set(ef_result *result, const ef_plan *plan, const ef_set *set, const char *model,
                              const ef_flip_choice *choice, ef_error *err)
{
    ef_status status = ef_result_name(result, model != NULL ? model : ef_set_model(set), ef_set_file(set), ef_set_name(set), err);
    if (status != EF_OK || (status = ef_result_flip(result, choice, ef_set_dim(set), err)) != EF_OK) {
        return status;
    }
    result->images = ef_set_rows(set);
    result->pairs = plan->count;
    result->genuine = plan->genuine_count;
    result->impostors = plan->impostor_count;
    result->repeated_impostors = plan->repeated[0];
    result->repeated_genuine = plan->repeated[1];
    result->folds = plan->folds;
    result->left_out = plan->left_out;
    result->partial = plan->partial;
    status = ef_result_add_set(result, "embeddings", set, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(plan->files); i++) {
        status = ef_result_add_input(result, "pairs", ef_strings_at(plan->files, i), &plan->marks[i], err);
    }
    return status;
}

static ef_status run(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const ef_set *set,
                     const char *model, const ef_evaluate_options *options, ef_error *err)
{
    ef_result *result = NULL;
    ef_plan *plan = NULL;
    ef_rows *rows = NULL;
    double *cosine = NULL, *distance = NULL;
    ef_flip_choice choice;
    size_t used;
    ef_status status = ef_result_begin(&result, protocol, EF_VERIFY_PAIRS, options, err);
    if (status != EF_OK || (status = ef_choose_flip(&choice, protocol, set, options, err)) != EF_OK ||
        (status = ef_plan_create(&plan, protocol, set, options, err)) != EF_OK ||
        (status = describe_set(result, plan, set, model, &choice, err)) != EF_OK ||
        (status = ef_rows_create(&rows, set, choice.flip, err)) != EF_OK) {
        goto done;
    }
    cosine = ef_alloc(plan->count, sizeof *cosine);
    distance = ef_alloc(plan->count, sizeof *distance);
    if (cosine == NULL || distance == NULL) {
        status = ef_fail_memory(err, "the scores");
        goto done;
    }
    status = ef_score_pairs(cosine, distance, &used, rows, plan->rows, plan->count, &options->work, err);
    if (status != EF_OK) {
        goto done;
    }
    result->images_used = used;
    ef_trials trials = {cosine, distance, plan->genuine, plan->fold, plan->count, plan->folds};
    result->notes = plan->notes;
    plan->notes = NULL;
    if ((status = ef_note_halves(result->notes, &choice, err)) != EF_OK ||
        (status = ef_note_folders(result->notes, set, err)) != EF_OK) {
        goto done;
    }
    status = ef_result_measure(result, &trials, protocol, options, err);
    if (status == EF_OK) {
        status = ef_result_check_inputs(result, err);
    }
done:
    ef_rows_free(rows);
    ef_plan_free(plan);
    free(cosine);
    free(distance);
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    results[(*count)++] = result;
    return EF_OK;
}

const ef_experiment ef_experiment_pairs = {
    .name = "pairs",
    .what = "pairs of images",
    .tasks = EF_VERIFY_PAIRS,
    .reads = EF_READS_PAIRS | EF_READS_LABELS | EF_READS_FLIP | EF_READS_DATA | EF_READS_PARTIAL | EF_READS_CONTRADICTIONS,
    .run = run,
};
