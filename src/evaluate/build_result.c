#include "evaluate/build_result.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/memory.h"
#include "base/path.h"
#include "evaluate/low_genuine.h"
#include "evaluate/wanted.h"
#include "evaluate/notes.h"
#include "metric/curve_area.h"

/* What figures are shown under: what is asked for, as far as the task has it.  The union of galleries is a convention of 1:N alone: beside it, other
 * tasks are shown under the convention that it is a variant of. */
static ef_convention choose_convention(const ef_protocol *protocol, ef_task task, const ef_evaluate_options *options)
{
    ef_convention wanted = options->choose_convention ? options->convention : protocol->convention;
    if (wanted == EF_INSIGHTFACE_UNION && !ef_task_has(task, wanted)) {
        wanted = EF_INSIGHTFACE;
    }
    if (!ef_task_has(task, wanted)) {
        wanted = protocol->convention;
    }
    return ef_task_has(task, wanted) ? wanted : EF_ISO;
}

static ef_status copy_quote(ef_strings **out, const ef_strings *quote, ef_error *err)
{
    ef_status status = quote != NULL ? ef_strings_create(out, err) : EF_OK;
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(quote); i++) {
        const char *figure = ef_strings_at(quote, i);
        status = ef_strings_add(*out, figure, strlen(figure), err);
    }
    return status;
}

ef_status ef_result_begin(ef_result **out, const ef_protocol *protocol, ef_task task, const ef_evaluate_options *options,
                          ef_error *err)
{
    ef_result *result = calloc(1, sizeof *result);
    if (result == NULL) {
        return ef_fail_memory(err, "a result");
    }
    result->protocol = ef_copy(protocol->name);
    result->title = ef_copy(protocol->title);
    result->heading = ef_copy(protocol->heading);
    result->cite = ef_copy(protocol->cite);
    result->protocol_file = ef_copy(protocol->path);
    memcpy(result->protocol_sha256, protocol->sha256, sizeof result->protocol_sha256);
    result->task = task;
    result->convention = choose_convention(protocol, task, options);
    result->interval = options->interval;
    result->confidence = options->confidence > 0 ? options->confidence : 0.95;
    if (result->protocol == NULL || result->title == NULL || result->heading == NULL || result->protocol_file == NULL ||
        (protocol->cite != NULL && result->cite == NULL)) {
        ef_result_free(result);
        return ef_fail_memory(err, "a result");
    }
    result->place = protocol->place;
    ef_status status = copy_quote(&result->quote, protocol->quote, err);
    if (status != EF_OK) {
        ef_result_free(result);
        return status;
    }
    *out = result;
    return EF_OK;
}

ef_status ef_result_name(ef_result *result, const char *model, const char *file, const char *source, ef_error *err)
{
    result->model = model != NULL && *model != '\0' ? ef_copy(model) : ef_path_stem(file);
    result->source = ef_copy(source);
    return result->model != NULL && result->source != NULL ? EF_OK : ef_fail_memory(err, "a result");
}

ef_status ef_result_add_input(ef_result *result, const char *role, const char *path, const ef_file_mark *mark, ef_error *err)
{
    size_t capacity = result->input_count;
    if (!ef_grow(&result->inputs, &capacity, result->input_count + 1, sizeof *result->inputs)) {
        return ef_fail_memory(err, "a result");
    }
    ef_result_input *input = &result->inputs[result->input_count++];
    *input = (ef_result_input){.role = ef_copy(role), .path = ef_copy(path), .mark = *mark};
    return input->role != NULL && input->path != NULL ? EF_OK : ef_fail_memory(err, "a result");
}

ef_status ef_result_add_set(ef_result *result, const char *role, const ef_set *set, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < ef_set_file_count(set); i++) {
        status = ef_result_add_input(result, i == 0 ? role : "source", ef_set_file_at(set, i), ef_set_mark_at(set, i), err);
    }
    return status;
}

ef_status ef_results_end(ef_result **results, size_t *count, ef_status status, ef_error *err)
{
    for (size_t i = 0; status == EF_OK && i < *count; i++) {
        status = ef_result_check_inputs(results[i], err);
    }
    for (size_t i = 0; status != EF_OK && i < *count; i++) {
        ef_result_free(results[i]);
    }
    *count = status == EF_OK ? *count : 0;
    return status;
}

static int by_metric(const void *a, const void *b)
{
    const ef_metric_request *left = a, *right = b;
    if (left->metric != right->metric) {
        size_t i = 0;
        while (ef_metric_at(i) != left->metric && ef_metric_at(i) != right->metric) {
            i++;
        }
        return ef_metric_at(i) == left->metric ? -1 : 1;
    }
    return (left->point > right->point) - (left->point < right->point);
}

ef_status ef_result_figures(ef_result_row **rows, size_t *row_count, const ef_result *result, const ef_metric_input *input,
                            const ef_protocol *protocol, const ef_evaluate_options *options, ef_error *err)
{
    const ef_wanted wanted = ef_wanted_of(protocol, options);
    size_t count = 0;
    ef_metric_request *requests = ef_alloc(wanted.count, sizeof *requests);
    ef_result_row *made = ef_alloc_zero(wanted.count, sizeof *made);
    /* Figures of searches are quick beside the searches, and each gallery's are computed by themselves. */
    const bool quick = ef_task_of((unsigned)result->task)->is_search;
    const ef_progress *progress = quick ? NULL : options->work.progress;
    ef_status status = requests != NULL && made != NULL ? EF_OK : ef_fail_memory(err, "a result");
    for (size_t i = 0; status == EF_OK && i < wanted.count; i++) {
        if (wanted.request[i].task == result->task) {
            requests[count++] = wanted.request[i];
        }
    }
    if (status == EF_OK && count > 0) {
        qsort(requests, count, sizeof *requests, by_metric);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (progress != NULL) {
            progress->report(progress->context, "computing figures", i + 1, count);
        }
        made[i].metric = requests[i].metric;
        made[i].point = requests[i].point;
        for (int convention = 0; status == EF_OK && convention < EF_CONVENTION_COUNT; convention++) {
            ef_metric_input one = *input;
            one.point = made[i].point;
            one.convention = (ef_convention)convention;
            one.interval = result->interval;
            one.confidence = result->confidence;
            one.repeated_genuine = result->repeated_genuine;
            one.repeated_impostors = result->repeated_impostors;
            if (ef_task_has(result->task, one.convention)) {
                status = ef_metric_compute(&made[i].measure[convention], made[i].metric, &one, err);
            }
        }
    }
    free(requests);
    if (status != EF_OK) {
        free(made);
        return status;
    }
    *rows = made;
    *row_count = count;
    return EF_OK;
}

/* What to check when scores and labels do not go together. */
static const char in_step[] = EF_ASK_IN_STEP;

/* Says what figures that have a value for chance tell, asked for or not: *remarked becomes true when they tell something. */
static ef_status note_chance(bool *remarked, ef_result *result, const ef_metric_input *input, ef_error *err)
{
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < ef_metric_count(); i++) {
        const ef_metric *metric = ef_metric_at(i);
        ef_measure measure;
        if (!(metric->chance > 0) || (status = ef_metric_compute(&measure, metric, input, err)) != EF_OK) {
            continue;
        }
        double most = isnan(measure.most) ? measure.value : measure.most, hardly = metric->chance + 0.1;
        *remarked = *remarked || most < hardly;
        if (most < metric->chance) {
            status = ef_note(result->notes, err, "genuine comparisons score lower than impostor ones (%s below %g): %s",
                             metric->title, metric->chance,
                             result->task == EF_SCORES_TASK ? "greater must mean more alike; are these distances?" : in_step);
        } else if (result->task != EF_SCORES_TASK && most < hardly) {
            status = ef_note(result->notes, err, "hardly better than chance (%s below %g): %s", metric->title, hardly, in_step);
        }
    }
    return status;
}

ef_status ef_result_draw(ef_result *result, const ef_curve *curve, const ef_bounds *area, ef_error *err)
{
    bool remarked = false;
    const ef_bounds found = area != NULL ? *area : ef_curve_area(curve);
    const ef_metric_input input = {
        .curve = curve, .dropped = curve, .area = &found, .point = NAN, .confidence = result->confidence};
    ef_status status = note_chance(&remarked, result, &input, err);
    /* Probes among distractors have noisy images, which their own task knows about. */
    if (status == EF_OK && !remarked && result->task != EF_VERIFY_DISTRACTORS) {
        ef_low_genuine low;
        ef_low_genuine_of_curve(&low, curve);
        low.related = result->task == EF_VERIFY_ALL_PAIRS;
        status = result->task == EF_SCORES_TASK
                     ? ef_note_low_genuine(result->notes, &low, "genuine scores", "impostor scores", "are the labels right?", err)
                     : ef_note_low_genuine(result->notes, &low, "genuine pairs", "impostor pairs", in_step, err);
    }
    if (status == EF_OK && (status = ef_curve_thin(&result->curve, curve, EF_CURVE_POINTS, EF_CURVE_TOLERANCE, err)) == EF_OK) {
        result->curve_thinned = result->curve->points < ef_curve_corners(curve);
    }
    return status;
}

ef_status ef_result_check_searches(ef_result *result, const ef_identification *found, ef_error *err)
{
    ef_low_genuine low;
    ef_low_genuine_of_searches(&low, found);
    return ef_note_low_genuine(result->notes, &low, "best mates", "other people", in_step, err);
}

ef_status ef_result_measure(ef_result *result, const ef_trials *trials, const ef_protocol *protocol,
                            const ef_evaluate_options *options, ef_error *err)
{
    ef_curve *curve = NULL, *dropped = NULL;
    ef_status status = ef_curve_create(&curve, trials->score, trials->genuine, trials->count, err);
    if (status != EF_OK || (status = ef_curve_drop_intermediate(&dropped, curve, err)) != EF_OK) {
        goto done;
    }
    const ef_metric_input input = {.trials = trials, .curve = curve, .dropped = dropped};
    if ((status = ef_result_figures(&result->rows, &result->row_count, result, &input, protocol, options, err)) != EF_OK ||
        (status = ef_result_draw(result, curve, NULL, err)) != EF_OK) {
        goto done;
    }
    if (result->task != EF_SCORES_TASK && (status = ef_note_collapse(result->notes, curve->threshold[curve->points - 1],
                                                                     curve->threshold[1], NULL, err)) != EF_OK) {
        goto done;
    }
    double low = -1, high = 1; /* cosines; rounding may leave a hair beyond */
    for (size_t i = 0; i < trials->count; i++) {
        low = fmin(low, trials->score[i]);
        high = fmax(high, trials->score[i]);
    }
    if (result->task == EF_SCORES_TASK) {
        low = curve->threshold[curve->points - 1];
        high = curve->threshold[1];
    }
    if (!(low < high)) { /* all scores are equal */
        double margin = fmax(0.5, fabs(low) * 1e-9);
        low = fmax(low - margin, -DBL_MAX);
        high = fmin(high + margin, DBL_MAX);
    }
    status =
        ef_histogram_create(&result->histogram, low, high, EF_HISTOGRAM_BINS, trials->score, trials->genuine, trials->count, err);
done:
    ef_curve_free(curve);
    ef_curve_free(dropped);
    return status;
}
