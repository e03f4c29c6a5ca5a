#include "evaluate/experiment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/memory.h"
#include "list/score_list.h"
#include "evaluate/build_result.h"
#include "evaluate/issame.h"
#include "evaluate/pair_plan.h"
#include "base/path.h"

/* Whether the file of a location begins as HDF5 files do.  What can be read only once is not opened for that: it is read as a text, whose reader knows
 * HDF5 when it sees it. */
static bool is_hdf5(const char *location)
{
    static const char signature[8] = "\x89HDF\r\n\x1a\n";
    char start[sizeof signature];
    const char *group;
    ef_file_mark mark;
    char *path = ef_copy_bytes(location, ef_set_split(location, &group));
    if (path != NULL) {
        ef_file_mark_take(&mark, path);
    }
    FILE *stream = path != NULL && mark.there && !mark.once ? fopen(path, "rb") : NULL;
    bool is =
        stream != NULL && fread(start, 1, sizeof start, stream) == sizeof start && memcmp(start, signature, sizeof start) == 0;
    if (stream != NULL) {
        fclose(stream);
    }
    free(path);
    return is;
}

/* Reads the scores of a set, which becomes an input of `result`, and what its attribute `model` calls the system (NULL without one; freed with free()). */
static ef_status read_score_set(ef_score_list *out, char **model, ef_result *result, const char *location, ef_error *err)
{
    ef_set *set = NULL;
    ef_score_list list = {0};
    ef_status status = ef_set_open(&set, location, NULL, err);
    if (status != EF_OK) {
        return status;
    }
    list.count = ef_set_field_rows(set, EF_SCORES);
    if (!ef_set_has(set, EF_SCORES) || ef_set_field_rows(set, EF_ISSAME) != list.count) {
        status = ef_fail(err, EF_FORMAT, "%s has no datasets 'scores' and 'issame' of one length", ef_set_name(set));
        goto done;
    }
    list.score = ef_alloc(list.count, sizeof *list.score);
    list.genuine = ef_alloc(list.count, sizeof *list.genuine);
    if (list.score == NULL || list.genuine == NULL) {
        status = ef_fail_memory(err, "the scores");
        goto done;
    }
    status = ef_set_read_reals(set, EF_SCORES, 0, list.count, list.score, err);
    if (status == EF_OK) {
        status = ef_read_issame(list.genuine, set, err);
    }
    if (status == EF_OK) {
        *model = ef_copy(ef_set_model(set));
        status = ef_result_add_set(result, "scores", set, err);
    }
done:
    ef_set_close(set);
    if (status != EF_OK) {
        ef_score_list_free(&list);
        return status;
    }
    *out = list;
    return EF_OK;
}

static ef_status run(ef_result *results[EF_MOST_RESULTS], size_t *count, const ef_protocol *protocol, const char *location,
                     const char *model, const ef_evaluate_options *options, ef_error *err)
{
    ef_result *result = NULL;
    ef_score_list list = {0};
    const char *group;
    char *file = NULL, *own_model = NULL;
    ef_status status = ef_result_begin(&result, protocol, EF_SCORES_TASK, options, err);
    if (status != EF_OK) {
        return status;
    }
    bool hdf5 = is_hdf5(location);
    status = hdf5 ? read_score_set(&list, &own_model, result, location, err) : ef_score_list_read(&list, location, err);
    if (status == EF_OK && !hdf5) {
        status = ef_result_add_input(result, "scores", location, &list.mark, err);
    }
    if (status != EF_OK) {
        goto done;
    }
    file = hdf5 ? ef_copy_bytes(location, ef_set_split(location, &group))
                : ef_copy(ef_is_standard_input(location) ? "stdin" : location);
    if (file == NULL) {
        status = ef_fail_memory(err, "a result");
        goto done;
    }
    if ((status = ef_result_name(result, model != NULL ? model : own_model, file, location, err)) != EF_OK ||
        (status = ef_settings_add_word(&result->settings, "similarity", "as given", NULL, err)) != EF_OK) {
        goto done;
    }
    result->pairs = list.count;
    for (size_t i = 0; i < list.count; i++) {
        result->genuine += list.genuine[i];
    }
    result->impostors = result->pairs - result->genuine;
    if (result->genuine == 0 || result->impostors == 0) {
        status = ef_fail(err, EF_FORMAT, "%s has %llu genuine and %llu impostor scores; verification needs both",
                         ef_input_name(location), (unsigned long long)result->genuine, (unsigned long long)result->impostors);
        goto done;
    }
    ef_trials trials = {list.score, NULL, list.genuine, NULL, list.count, 0};
    if ((status = ef_strings_create(&result->notes, err)) != EF_OK) {
        goto done;
    }
    const struct {
        const ef_expected *expected;
        const char *what;
        uint64_t found;
    } counts[] = {
        {&protocol->expect_pairs, "scores", result->pairs},
        {&protocol->expect_genuine, "genuine scores", result->genuine},
        {&protocol->expect_impostors, "impostor scores", result->impostors},
    };
    for (size_t i = 0; status == EF_OK && i < sizeof counts / sizeof *counts; i++) {
        status = ef_plan_expect(&result->partial, result->notes, protocol, counts[i].expected, counts[i].what, counts[i].found,
                                ef_input_name(location), options->allow_partial, err);
    }
    if (status == EF_OK) {
        status = ef_result_measure(result, &trials, protocol, options, err);
    }
    if (status == EF_OK) {
        status = ef_result_check_inputs(result, err);
    }
done:
    ef_score_list_free(&list);
    free(file);
    free(own_model);
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    results[(*count)++] = result;
    return EF_OK;
}

const ef_experiment ef_experiment_scores = {
    .name = "scores",
    .what = "precomputed scores",
    .tasks = EF_SCORES_TASK,
    .reads = EF_READS_SCORES | EF_READS_PARTIAL,
    .run_location = run,
};
