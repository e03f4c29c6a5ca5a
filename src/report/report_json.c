#include <eface/report.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <eface/protocol.h>
#include <eface/version.h>

#include "base/clean.h"
#include "base/error.h"
#include "base/memory.h"

/* Jansson hands NULL on from every constructor that ran out of memory, and every _new setter takes it and fails; so a tree is built
 * without a check at each step, and `ok` tells at the end. */
typedef struct builder {
    bool ok;
} builder;

static void set(builder *self, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        self->ok = false;
    }
}

static void append(builder *self, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        self->ok = false;
    }
}

/* JSON has no infinity and no NaN: null. */
static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Counts are far below 2^63. */
static json_t *count_of(uint64_t value)
{
    return json_integer((json_int_t)value);
}

/* Names may come from files in any encoding, and JSON is UTF-8: bytes that are not are shown as U+FFFD. */
static json_t *text_of(const char *text)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    json_t *value = json_string(text);
    char *clean = value == NULL ? ef_alloc(strlen(text) + 1, sizeof replacement) : NULL;
    if (clean == NULL) {
        return value;
    }
    size_t used = 0;
    while (*text != '\0') {
        size_t length = ef_utf8_length(text);
        const char *from = length > 0 ? text : replacement;
        size_t size = length > 0 ? length : sizeof replacement - 1;
        memcpy(clean + used, from, size);
        used += size;
        text += length > 0 ? length : 1;
    }
    value = json_stringn(clean, used);
    free(clean);
    return value;
}

/* A hash is empty when the input was no regular file: null. */
static json_t *hash_or_null(const char *sha256)
{
    return sha256[0] != '\0' ? json_string(sha256) : json_null();
}

static json_t *measure_of(builder *self, const ef_measure *measure)
{
    json_t *object = json_object();
    set(self, object, "value", real_or_null(measure->value));
    if (measure->undefined != NULL) {
        set(self, object, "undefined", json_string(measure->undefined));
    }
    if (!isnan(measure->least)) {
        set(self, object, "least", real_or_null(measure->least));
        set(self, object, "most", real_or_null(measure->most));
    }
    if (measure->interval != NULL) {
        set(self, object, "ci_low", real_or_null(measure->ci_low));
        set(self, object, "ci_high", real_or_null(measure->ci_high));
        set(self, object, "interval", json_string(measure->interval));
    }
    if (!isnan(measure->std_dev)) {
        set(self, object, "std_dev", real_or_null(measure->std_dev));
        set(self, object, "std_error", real_or_null(measure->std_error));
    }
    if (!isnan(measure->threshold)) { /* null: above every score */
        set(self, object, "threshold", real_or_null(measure->threshold));
        set(self, object, "threshold_on", json_string(measure->threshold_is_distance ? "squared distance" : "score"));
    }
    if (measure->trials > 0) {
        set(self, object, "errors", count_of(measure->errors));
        set(self, object, "trials", count_of(measure->trials));
    }
    if (measure->impostors > 0) {
        set(self, object, "false_matches", count_of(measure->false_matches));
        set(self, object, "impostors", count_of(measure->impostors));
        set(self, object, "few_false_matches", json_boolean(measure->few_false_matches));
    }
    return object;
}

static json_t *metrics_of(builder *self, ef_task task, const ef_result_row *rows, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        const ef_result_row *row = &rows[i];
        json_t *object = json_object();
        set(self, object, "metric", json_string(row->metric->name));
        set(self, object, "title", json_string(row->metric->title));
        if (!isnan(row->point)) {
            set(self, object, "point", json_real(row->point));
        }
        for (int convention = 0; convention < EF_CONVENTION_COUNT; convention++) {
            if (ef_task_has(task, (ef_convention)convention)) {
                set(self, object, ef_convention_name((ef_convention)convention), measure_of(self, &row->measure[convention]));
            }
        }
        append(self, array, object);
    }
    return array;
}

static json_t *curve_of(builder *self, const ef_result *result)
{
    const ef_curve *curve = result->curve;
    json_t *object = json_object(), *threshold = json_array(), *false_matches = json_array(), *true_matches = json_array();
    json_t *far = json_array(), *tar = json_array(), *fnmr = json_array();
    for (size_t i = 0; i < curve->points; i++) {
        append(self, threshold, real_or_null(curve->threshold[i]));
        append(self, false_matches, count_of(curve->false_matches[i]));
        append(self, true_matches, count_of(curve->true_matches[i]));
        append(self, far, json_real((double)curve->false_matches[i] / (double)curve->impostors));
        append(self, tar, json_real((double)curve->true_matches[i] / (double)curve->genuine));
        append(self, fnmr, json_real((double)(curve->genuine - curve->true_matches[i]) / (double)curve->genuine));
    }
    set(self, object, "thinned", json_boolean(result->curve_thinned));
    if (result->curve_far_error > 0) {
        set(self, object, "far_error", json_real(result->curve_far_error));
    }
    set(self, object, "impostors", count_of(curve->impostors));
    set(self, object, "genuine", count_of(curve->genuine));
    set(self, object, "threshold", threshold);
    set(self, object, "false_matches", false_matches);
    set(self, object, "true_matches", true_matches);
    set(self, object, "far", far);
    set(self, object, "tar", tar);
    set(self, object, "fnmr", fnmr);
    return object;
}

static json_t *histogram_of(builder *self, const ef_histogram *histogram)
{
    json_t *object = json_object(), *genuine = json_array(), *impostor = json_array();
    for (size_t i = 0; i < histogram->bins; i++) {
        append(self, genuine, count_of(histogram->genuine[i]));
        append(self, impostor, count_of(histogram->impostor[i]));
    }
    set(self, object, "low", json_real(histogram->low));
    set(self, object, "high", json_real(histogram->high));
    set(self, object, "bins", count_of(histogram->bins));
    set(self, object, "genuine", genuine);
    set(self, object, "impostor", impostor);
    return object;
}

static json_t *reals_of(builder *self, const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        append(self, array, json_real(values[i]));
    }
    return array;
}

/* False positive and false negative identification rates by threshold. */
static json_t *det_of(builder *self, const ef_curve *curve)
{
    json_t *object = json_object(), *threshold = json_array(), *fpir = json_array(), *fnir = json_array();
    for (size_t i = 0; i < curve->points; i++) {
        append(self, threshold, real_or_null(curve->threshold[i]));
        append(self, fpir, json_real((double)curve->false_matches[i] / (double)curve->impostors));
        append(self, fnir, json_real((double)(curve->genuine - curve->true_matches[i]) / (double)curve->genuine));
    }
    set(self, object, "threshold", threshold);
    set(self, object, "fpir", fpir);
    set(self, object, "fnir", fnir);
    return object;
}

/* The two columns of the devkit's own result files, and where their first one comes from. */
static json_t *listing_of(builder *self, ef_task task, const ef_result_listing *listing)
{
    bool roc = !ef_task_of((unsigned)task)->is_search;
    json_t *object = json_object(), *columns = json_array(), *first = json_array(), *second = json_array();
    json_t *false_accepts = json_array();
    for (size_t i = 0; i < listing->count; i++) {
        float fpr = (float)listing->place[i] / (float)listing->places;
        append(self, first, roc ? json_real((double)fpr) : count_of(listing->place[i]));
        append(self, second, json_real((double)listing->share[i]));
        append(self, false_accepts, count_of(listing->place[i]));
    }
    append(self, columns, first);
    append(self, columns, second);
    set(self, object, roc ? "roc" : "cmc", columns);
    if (roc) {
        set(self, object, "false_accepts", false_accepts);
    } else {
        json_decref(false_accepts);
    }
    set(self, object, "complete", json_boolean(listing->complete));
    return object;
}

static json_t *galleries_of(builder *self, const ef_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->gallery_count; i++) {
        const ef_result_gallery *gallery = &result->galleries[i];
        json_t *object = json_object();
        set(self, object, "name", json_string(gallery->name));
        set(self, object, "entries", count_of(gallery->entries));
        if (result->distractors > 0) {
            set(self, object, "listed", count_of(gallery->listed));
        }
        if (result->distractors == 0) {
            set(self, object, "mated", count_of(gallery->mated));
            set(self, object, "unmated", count_of(gallery->unmated));
        } else if (!ef_task_of((unsigned)result->task)->is_search) {
            set(self, object, "impostors", count_of(gallery->impostors));
        }
        set(self, object, "metrics", metrics_of(self, result->task, gallery->rows, gallery->row_count));
        if (gallery->cmc != NULL) {
            set(self, object, "cmc_curve", reals_of(self, gallery->cmc, gallery->ranks));
        }
        if (gallery->listing.count > 0) {
            set(self, object, "devkit_listing", listing_of(self, result->task, &gallery->listing));
        }
        if (gallery->det != NULL) {
            set(self, object, "det", det_of(self, gallery->det));
        }
        append(self, array, object);
    }
    return array;
}

static json_t *suspects_of(builder *self, const ef_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->suspect_count; i++) {
        const ef_result_suspect *suspect = &result->suspects[i];
        json_t *object = json_object(), *images = json_array(), *subjects = json_array();
        for (int k = 0; k < 2; k++) {
            append(self, images, text_of(suspect->image[k]));
            append(self, subjects, text_of(suspect->subject[k]));
        }
        set(self, object, "images", images);
        set(self, object, "subjects", subjects);
        set(self, object, "score", json_real(suspect->score));
        set(self, object, "above", json_real(suspect->above));
        append(self, array, object);
    }
    return array;
}

static json_t *protocol_of(builder *self, const ef_result *result)
{
    json_t *object = json_object();
    set(self, object, "name", text_of(result->protocol));
    set(self, object, "title", text_of(result->title));
    set(self, object, "heading", text_of(result->heading));
    if (result->quote != NULL) {
        json_t *quote = json_array();
        for (size_t i = 0; i < ef_strings_count(result->quote); i++) {
            append(self, quote, text_of(ef_strings_at(result->quote, i)));
        }
        set(self, object, "quote", quote);
    }
    if (result->place > 0) {
        set(self, object, "place", json_integer((json_int_t)result->place));
    }
    set(self, object, "task", json_string(ef_task_name(result->task)));
    set(self, object, "cite", result->cite != NULL ? text_of(result->cite) : json_null());
    set(self, object, "file", text_of(result->protocol_file));
    set(self, object, "sha256", hash_or_null(result->protocol_sha256));
    return object;
}

static json_t *value_of(const ef_setting *setting)
{
    switch (setting->kind) {
    case EF_SETTING_WORD: return text_of(setting->word);
    case EF_SETTING_COUNT: return count_of(setting->count);
    case EF_SETTING_FLAG: return json_boolean(setting->count != 0);
    }
    return NULL;
}

/* A count of 0 limits nothing and is left out. */
static json_t *settings_of(builder *self, const ef_result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < result->settings.count; i++) {
        const ef_setting *setting = &result->settings.row[i];
        if (setting->kind != EF_SETTING_COUNT || setting->count > 0) {
            set(self, object, setting->key, value_of(setting));
        }
    }
    set(self, object, "interval", json_string(ef_interval_name(result->interval)));
    set(self, object, "confidence", json_real(result->confidence));
    return object;
}

/* What the settings that decide figures are called in a sentence. */
static json_t *setting_words_of(builder *self, const ef_result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < result->settings.count; i++) {
        const ef_setting *setting = &result->settings.row[i];
        if (setting->words[0] != '\0') {
            set(self, object, setting->key, text_of(setting->words));
        }
    }
    return object;
}

static json_t *counts_of(builder *self, const ef_result *result)
{
    json_t *object = json_object();
    set(self, object, "images", count_of(result->images));
    set(self, object, "images_used", count_of(result->images_used));
    set(self, object, "dim", count_of(result->dim));
    if (result->templates > 0) {
        set(self, object, "templates", count_of(result->templates));
        set(self, object, "media", count_of(result->media_count));
    }
    if (result->distractors > 0) {
        set(self, object, "probes", count_of(result->probes));
        set(self, object, "identities", count_of(result->identities));
        set(self, object, "distractors", count_of(result->distractors));
        set(self, object, "searches", count_of(result->searches));
    }
    const ef_task_about *about = ef_task_of((unsigned)result->task);
    if (about->is_search && result->distractors == 0) {
        set(self, object, "probes", count_of(result->probes));
    } else if (!about->is_search) {
        set(self, object, "pairs", count_of(result->pairs));
        set(self, object, "genuine", count_of(result->genuine));
        set(self, object, "impostors", count_of(result->impostors));
    }
    if (result->repeated_genuine + result->repeated_impostors > 0) {
        set(self, object, "repeated_genuine", count_of(result->repeated_genuine));
        set(self, object, "repeated_impostors", count_of(result->repeated_impostors));
    }
    const char *exclude_same = ef_settings_word(&result->settings, "exclude_same");
    if (exclude_same != NULL && strcmp(exclude_same, "none") != 0) {
        set(self, object, "excluded", count_of(result->excluded));
    }
    if (about->has_folds) {
        set(self, object, "folds", count_of((uint64_t)result->folds));
    }
    set(self, object, "left_out", count_of(result->left_out));
    set(self, object, "partial", json_boolean(result->partial));
    return object;
}

static json_t *inputs_of(builder *self, const ef_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->input_count; i++) {
        const ef_result_input *input = &result->inputs[i];
        json_t *object = json_object();
        set(self, object, "role", text_of(input->role));
        set(self, object, "path", text_of(input->path));
        set(self, object, "bytes", input->sha256[0] != '\0' ? count_of(input->bytes) : json_null());
        set(self, object, "sha256", hash_or_null(input->sha256));
        append(self, array, object);
    }
    return array;
}

static json_t *result_of(builder *self, const ef_result *result)
{
    json_t *object = json_object(), *notes = json_array();
    for (size_t i = 0; i < ef_strings_count(result->notes); i++) {
        append(self, notes, text_of(ef_strings_at(result->notes, i)));
    }
    set(self, object, "protocol", protocol_of(self, result));
    set(self, object, "model", text_of(result->model));
    set(self, object, "source", text_of(result->source));
    set(self, object, "convention", json_string(ef_convention_name(result->convention)));
    set(self, object, "settings", settings_of(self, result));
    set(self, object, "setting_words", setting_words_of(self, result));
    set(self, object, "inputs", inputs_of(self, result));
    set(self, object, "counts", counts_of(self, result));
    set(self, object, "metrics", metrics_of(self, result->task, result->rows, result->row_count));
    if (result->curve != NULL) {
        set(self, object, "curve", curve_of(self, result));
    }
    if (result->histogram != NULL) {
        json_t *histogram = histogram_of(self, result->histogram);
        if (result->curve_far_error > 0) { /* of a bin: that of both its edges */
            set(self, histogram, "count_error", json_real(ceil(2 * result->curve_far_error * (double)result->impostors)));
        }
        set(self, object, "histogram", histogram);
    }
    if (result->suspects != NULL) {
        set(self, object, "suspects", suspects_of(self, result));
    }
    if (result->cmc != NULL) {
        set(self, object, "cmc_curve", reals_of(self, result->cmc, result->ranks));
    }
    if (result->gallery_count > 0) {
        set(self, object, "galleries", galleries_of(self, result));
    }
    set(self, object, "notes", notes);
    return object;
}

static ef_status write_json(FILE *stream, const ef_result *const *results, size_t count, const ef_report_options *options,
                            ef_error *err)
{
    builder self = {.ok = true};
    (void)options;
    json_t *root = json_object(), *about = json_object(), *array = json_array();
    set(&self, about, "version", json_string(ef_version()));
    set(&self, about, "schema", json_integer(EF_RESULT_SCHEMA));
    for (size_t i = 0; i < count; i++) {
        append(&self, array, result_of(&self, results[i]));
    }
    set(&self, root, "eface", about);
    set(&self, root, "results", array);
    if (!self.ok) {
        json_decref(root);
        return ef_fail_memory(err, "a result file");
    }
    int failed = json_dumpf(root, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    json_decref(root);
    fputc('\n', stream); /* after a failure too: closing the stream then writes again and learns why it failed */
    if (failed != 0 && ferror(stream) == 0) {
        return ef_fail_memory(err, "a result file"); /* Jansson allocates while it writes */
    }
    return failed == 0 ? EF_OK : ef_fail(err, EF_IO, "the report could not be written");
}

const ef_report_format ef_report_format_json = {.format = {"json", ".json"}, .hashes = EF_HASHES_ALWAYS, .write = write_json};
