#include <eface/result_file.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <eface/report.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/error.h"
#include "report/json_fields.h"

static ef_measure read_measure(ef_fields *fields, const json_t *object)
{
    ef_measure measure = {.value = ef_field_real(fields, object, "value", EF_OPTIONAL),
                          .undefined = ef_field_text(fields, object, "undefined", EF_OPTIONAL),
                          .ci_low = ef_field_real(fields, object, "ci_low", EF_OPTIONAL),
                          .ci_high = ef_field_real(fields, object, "ci_high", EF_OPTIONAL),
                          .interval = ef_field_text(fields, object, "interval", EF_OPTIONAL),
                          .threshold = ef_field_real(fields, object, "threshold", EF_OPTIONAL),
                          .errors = ef_field_count(fields, object, "errors", EF_OPTIONAL),
                          .trials = ef_field_count(fields, object, "trials", EF_OPTIONAL),
                          .false_matches = ef_field_count(fields, object, "false_matches", EF_OPTIONAL),
                          .impostors = ef_field_count(fields, object, "impostors", EF_OPTIONAL),
                          .std_dev = ef_field_real(fields, object, "std_dev", EF_OPTIONAL),
                          .std_error = ef_field_real(fields, object, "std_error", EF_OPTIONAL),
                          .few_false_matches = ef_field_flag(fields, object, "few_false_matches", EF_OPTIONAL)};
    const char *on = ef_field_text(fields, object, "threshold_on", EF_OPTIONAL);
    measure.threshold_is_distance = on != NULL && strcmp(on, "squared distance") == 0;
    if (json_is_null(json_object_get(object, "threshold"))) {
        measure.threshold = HUGE_VAL;
    }
    if (isnan(measure.value) && measure.undefined == NULL) {
        ef_fields_fail(fields, "value", "is missing, and no \"undefined\" says why");
    } else if (measure.undefined != NULL) {
        measure.value = NAN;
    }
    return measure;
}

/* A share beyond 1 would be printed as 120.00 %. */
static void check_shares(ef_fields *fields, const ef_stored_metric *metric)
{
    const ef_metric *known = fields->status == EF_OK ? ef_metric_find(metric->name) : NULL;
    for (int i = 0; i < EF_CONVENTION_COUNT && known != NULL && known->kind == EF_KIND_RATE; i++) {
        double value = metric->measure[i].value;
        if (metric->has[i] && (value < 0 || value > 1)) {
            ef_fields_fail(fields, ef_convention_name((ef_convention)i), "has the value %g, but a share lies between 0 and 1",
                           value);
        }
    }
}

static void read_metric(ef_fields *fields, ef_stored_metric *out, const json_t *object)
{
    *out = (ef_stored_metric){.name = ef_field_text(fields, object, "metric", EF_REQUIRED),
                              .title = ef_field_text(fields, object, "title", EF_REQUIRED),
                              .point = ef_field_real(fields, object, "point", EF_OPTIONAL)};
    bool some = false;
    for (int i = 0; i < EF_CONVENTION_COUNT; i++) {
        const char *name = ef_convention_name((ef_convention)i);
        const json_t *measure = ef_field_object(fields, object, name, EF_OPTIONAL);
        if (measure != NULL) {
            size_t place = ef_fields_enter(fields, "%s", name);
            out->measure[i] = read_measure(fields, measure);
            out->has[i] = some = true;
            ef_fields_leave(fields, place);
        }
    }
    if (!some) {
        ef_fields_fail(fields, NULL, "has no figure under any convention");
    }
    check_shares(fields, out);
}

/* The objects of array `key`, read one by one by `read` into elements of `size` bytes; *count of them. */
static void *read_objects(ef_fields *fields, size_t *count, const json_t *object, const char *key, ef_presence presence,
                          size_t size, void (*read)(ef_fields *, void *, const json_t *))
{
    const json_t *array = ef_field_array(fields, object, key, presence);
    unsigned char *items = array != NULL ? ef_fields_alloc(fields, json_array_size(array), size) : NULL;
    *count = 0;
    for (size_t i = 0; items != NULL && fields->status == EF_OK && i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        size_t place = ef_fields_enter(fields, "%s[%zu]", key, i);
        if (json_is_object(item)) {
            read(fields, items + i * size, item);
        } else {
            ef_fields_fail(fields, NULL, "is not an object");
        }
        ef_fields_leave(fields, place);
        *count = i + 1; /* a half-read one owns memory too */
    }
    return items;
}

static void take_metric(ef_fields *fields, void *out, const json_t *object)
{
    read_metric(fields, out, object);
}

static void take_input(ef_fields *fields, void *out, const json_t *object)
{
    ef_stored_input *input = out;
    input->role = ef_field_text(fields, object, "role", EF_REQUIRED);
    input->path = ef_field_text(fields, object, "path", EF_REQUIRED);
    input->sha256 = ef_field_text(fields, object, "sha256", EF_OPTIONAL);
}

static void read_curve(ef_fields *fields, ef_stored_curve *out, const json_t *object)
{
    size_t place = ef_fields_enter(fields, "curve"), points = 0;
    out->threshold = ef_field_reals(fields, object, "threshold", -HUGE_VAL, HUGE_VAL, SIZE_MAX, &points);
    out->points = points;
    out->far = ef_field_reals(fields, object, "far", 0, 1, points, &points);
    out->tar = ef_field_reals(fields, object, "tar", 0, 1, out->points, &points);
    out->fnmr = ef_field_reals(fields, object, "fnmr", 0, 1, out->points, &points);
    out->genuine = ef_field_count(fields, object, "genuine", EF_REQUIRED);
    out->impostors = ef_field_count(fields, object, "impostors", EF_REQUIRED);
    out->thinned = ef_field_flag(fields, object, "thinned", EF_REQUIRED);
    ef_fields_leave(fields, place);
}

static void read_histogram(ef_fields *fields, ef_histogram *out, const json_t *object)
{
    size_t place = ef_fields_enter(fields, "histogram");
    out->low = ef_field_real(fields, object, "low", EF_REQUIRED);
    out->high = ef_field_real(fields, object, "high", EF_REQUIRED);
    size_t bins = (size_t)ef_field_count(fields, object, "bins", EF_REQUIRED);
    out->genuine = ef_field_counts(fields, object, "genuine", bins);
    out->impostor = ef_field_counts(fields, object, "impostor", bins);
    out->bins = bins;
    if (!(out->low < out->high)) {
        ef_fields_fail(fields, "high", "is not above \"low\"");
    }
    ef_fields_leave(fields, place);
}

static void take_gallery(ef_fields *fields, void *out, const json_t *object)
{
    ef_stored_gallery *gallery = out;
    gallery->name = ef_field_text(fields, object, "name", EF_REQUIRED);
    gallery->entries = ef_field_count(fields, object, "entries", EF_REQUIRED);
    gallery->mated = ef_field_count(fields, object, "mated", EF_OPTIONAL);
    gallery->unmated = ef_field_count(fields, object, "unmated", EF_OPTIONAL);
    gallery->metrics =
        read_objects(fields, &gallery->metric_count, object, "metrics", EF_REQUIRED, sizeof *gallery->metrics, take_metric);
    if (json_object_get(object, "cmc_curve") != NULL) {
        gallery->cmc = ef_field_reals(fields, object, "cmc_curve", 0, 1, SIZE_MAX, &gallery->ranks);
    }
    const json_t *det = ef_field_object(fields, object, "det", EF_OPTIONAL);
    if (det != NULL) {
        size_t place = ef_fields_enter(fields, "det"), points = 0;
        gallery->det.threshold = ef_field_reals(fields, det, "threshold", -HUGE_VAL, HUGE_VAL, SIZE_MAX, &points);
        gallery->det.points = points;
        gallery->det.fpir = ef_field_reals(fields, det, "fpir", 0, 1, points, &points);
        gallery->det.fnir = ef_field_reals(fields, det, "fnir", 0, 1, gallery->det.points, &points);
        ef_fields_leave(fields, place);
    }
}

/* The texts of an array that may be absent; *count of them. */
static const char **read_texts(ef_fields *fields, size_t *count, const json_t *object, const char *key)
{
    const json_t *array = ef_field_array(fields, object, key, EF_OPTIONAL);
    size_t all = json_array_size(array);
    const char **texts = array != NULL ? ef_fields_alloc(fields, all, sizeof *texts) : NULL;
    for (size_t i = 0; texts != NULL && i < all; i++) {
        texts[i] = json_string_value(json_array_get(array, i));
        if (texts[i] == NULL) {
            ef_fields_fail(fields, key, "has an entry %zu that is no string", i);
        }
    }
    *count = texts != NULL ? all : 0;
    return texts;
}

static void read_protocol(ef_fields *fields, ef_stored_result *out, const json_t *result)
{
    const json_t *object = ef_field_object(fields, result, "protocol", EF_REQUIRED);
    size_t place = ef_fields_enter(fields, "protocol");
    out->protocol = ef_field_text(fields, object, "name", EF_REQUIRED);
    out->title = ef_field_text(fields, object, "title", EF_REQUIRED);
    out->heading = ef_field_text(fields, object, "heading", EF_REQUIRED);
    out->quote = read_texts(fields, &out->quote_count, object, "quote");
    out->place = ef_field_count(fields, object, "place", EF_OPTIONAL);
    out->task = ef_field_text(fields, object, "task", EF_REQUIRED);
    out->cite = ef_field_text(fields, object, "cite", EF_OPTIONAL);
    out->protocol_file = ef_field_text(fields, object, "file", EF_OPTIONAL);
    out->protocol_sha256 = ef_field_text(fields, object, "sha256", EF_OPTIONAL);
    ef_fields_leave(fields, place);
}

/* What a word is called in a sentence, where a file is of before that stood in it: as evaluations say it now. */
static void word_setting(char words[EF_SETTING_WORDS], const char *key, const char *word, bool unsplit)
{
    static const struct {
        const char *key, *word, *before, *after; /* any word where `word` is NULL: it stands between the two */
    } rows[] = {{"flip", "halves", "flip sum", ""},
                {"flip", "first-half", "flip none", ""},
                {"exclude_same", "none", "no pairs left out", ""},
                {"exclude_same", NULL, "pairs of the same ", " left out"},
                {"probes", "none", "no probes set apart", ""},
                {"probes", NULL, "probes by ", ""}};
    snprintf(words, EF_SETTING_WORDS, "%.20s %.40s", key, word);
    if (unsplit && strcmp(key, "flip") == 0 && strcmp(word, "none") == 0) {
        snprintf(words, EF_SETTING_WORDS, "both halves");
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].key, key) == 0 && (rows[i].word == NULL || strcmp(rows[i].word, word) == 0)) {
            snprintf(words, EF_SETTING_WORDS, "%s%.20s%s", rows[i].before, rows[i].word == NULL ? word : "", rows[i].after);
            return;
        }
    }
}

/* Only all pairs can be of fewer images. */
static void word_most(char words[EF_SETTING_WORDS], uint64_t most)
{
    if (most > 0) {
        snprintf(words, EF_SETTING_WORDS, "%llu images a subject at the most", (unsigned long long)most);
    } else {
        snprintf(words, EF_SETTING_WORDS, "all images of a subject");
    }
}

/* One setting.  `words` NULL: the file is of before settings had any. */
static void read_setting(ef_fields *fields, ef_settings *out, const char *key, const json_t *value, const json_t *words,
                         bool unsplit)
{
    const char *own = json_string_value(json_object_get(words, key)), *word = json_string_value(value);
    char made[EF_SETTING_WORDS] = "";
    ef_status status = EF_OK;
    if (words == NULL && word != NULL && strcmp(key, "normalise") != 0) {
        word_setting(made, key, word, unsplit);
    } else if (words == NULL && json_is_integer(value)) {
        word_most(made, (uint64_t)json_integer_value(value));
    }
    const char *sentence = own != NULL ? own : made;
    if (word != NULL) {
        status = ef_settings_add_word(out, key, word, sentence, fields->err);
    } else if (json_is_boolean(value)) {
        status = ef_settings_add_flag(out, key, json_is_true(value), fields->err);
    } else if (json_is_integer(value) && json_integer_value(value) >= 0) {
        status = ef_settings_add_count(out, key, (uint64_t)json_integer_value(value), sentence, fields->err);
    } else if (!json_is_null(value)) {
        ef_fields_fail(fields, key, "is no text, no count, and neither true nor false");
    }
    if (status != EF_OK) {
        fields->status = status;
    }
}

static void read_settings(ef_fields *fields, ef_stored_result *out, const json_t *result)
{
    json_t *object = (json_t *)ef_field_object(fields, result, "settings", EF_REQUIRED), *value;
    json_t *words = (json_t *)ef_field_object(fields, result, "setting_words", EF_OPTIONAL), *text;
    size_t place = ef_fields_enter(fields, "settings");
    bool unsplit = ef_field_flag(fields, object, "halves_unsplit", EF_OPTIONAL);
    const char *key;
    json_object_foreach(object, key, value)
    {
        if (fields->status == EF_OK && strcmp(key, "interval") != 0 && strcmp(key, "confidence") != 0) {
            read_setting(fields, &out->settings, key, value, words, unsplit);
        }
    }
    /* A count of 0 stands among the words alone. */
    json_object_foreach(words, key, text)
    {
        if (fields->status == EF_OK && ef_settings_find(&out->settings, key) == NULL && json_is_string(text)) {
            fields->status = ef_settings_add_count(&out->settings, key, 0, json_string_value(text), fields->err);
        }
    }
    out->interval = ef_field_text(fields, object, "interval", EF_OPTIONAL);
    out->confidence = ef_field_real(fields, object, "confidence", EF_OPTIONAL);
    ef_fields_leave(fields, place);
}

static void read_counts(ef_fields *fields, ef_stored_result *out, const json_t *result)
{
    const json_t *object = ef_field_object(fields, result, "counts", EF_REQUIRED);
    const struct {
        const char *key;
        uint64_t *count;
    } counts[] = {{"images", &out->images},
                  {"images_used", &out->images_used},
                  {"dim", &out->dim},
                  {"pairs", &out->pairs},
                  {"genuine", &out->genuine},
                  {"impostors", &out->impostors},
                  {"folds", &out->folds},
                  {"templates", &out->templates},
                  {"media", &out->media_count},
                  {"left_out", &out->left_out},
                  {"probes", &out->probes},
                  {"distractors", &out->distractors},
                  {"repeated_genuine", &out->repeated_genuine}};
    size_t place = ef_fields_enter(fields, "counts");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        *counts[i].count = ef_field_count(fields, object, counts[i].key, EF_OPTIONAL);
    }
    out->partial = ef_field_flag(fields, object, "partial", EF_REQUIRED);
    uint64_t most = ef_field_count(fields, object, "per_subject", EF_OPTIONAL); /* where older files have this setting */
    bool labelled = most > 0 || ef_settings_find(&out->settings, "exclude_same") != NULL;
    if (fields->status == EF_OK && labelled && ef_settings_find(&out->settings, "per_subject") == NULL) {
        char words[EF_SETTING_WORDS];
        word_most(words, most);
        fields->status = ef_settings_add_count(&out->settings, "per_subject", most, words, fields->err);
    }
    ef_fields_leave(fields, place);
}

/* Two rows for one figure would make a table depend on which is found first. */
static void check_metrics(ef_fields *fields, const ef_stored_result *result)
{
    for (size_t i = 0; fields->status == EF_OK && i < result->metric_count; i++) {
        const ef_stored_metric *metric = &result->metrics[i];
        if (ef_stored_find(result, metric->name, metric->point) != metric) {
            ef_fields_fail(fields, NULL, "has the figure '%s' twice", metric->name);
        }
    }
}

static void take_result(ef_fields *fields, void *item, const json_t *object)
{
    ef_stored_result *out = item;
    read_protocol(fields, out, object);
    out->model = ef_field_text(fields, object, "model", EF_REQUIRED);
    out->source = ef_field_text(fields, object, "source", EF_OPTIONAL);
    const char *convention = ef_field_text(fields, object, "convention", EF_REQUIRED);
    if (convention != NULL && ef_convention_parse(&out->convention, convention, NULL) != EF_OK) {
        ef_fields_fail(fields, "convention", "is '%s', which is none that this program knows", convention);
    }
    read_settings(fields, out, object);
    read_counts(fields, out, object);
    out->inputs = read_objects(fields, &out->input_count, object, "inputs", EF_OPTIONAL, sizeof *out->inputs, take_input);
    out->metrics = read_objects(fields, &out->metric_count, object, "metrics", EF_REQUIRED, sizeof *out->metrics, take_metric);
    check_metrics(fields, out);
    const json_t *curve = ef_field_object(fields, object, "curve", EF_OPTIONAL);
    const json_t *histogram = ef_field_object(fields, object, "histogram", EF_OPTIONAL);
    if (curve != NULL) {
        read_curve(fields, &out->curve, curve);
    }
    if (histogram != NULL) {
        read_histogram(fields, &out->histogram, histogram);
    }
    if (json_object_get(object, "cmc_curve") != NULL) {
        out->cmc = ef_field_reals(fields, object, "cmc_curve", 0, 1, SIZE_MAX, &out->ranks);
    }
    out->galleries =
        read_objects(fields, &out->gallery_count, object, "galleries", EF_OPTIONAL, sizeof *out->galleries, take_gallery);
    out->notes = read_texts(fields, &out->note_count, object, "notes");
}

/* Which program wrote the file, and in which layout. */
static void read_about(ef_fields *fields, ef_result_file *out, const json_t *root)
{
    const json_t *about = json_object_get(root, "eface");
    if (!json_is_object(about)) {
        fields->status =
            ef_fail(fields->err, EF_FORMAT,
                    "%s: is JSON, but no result file: it has no \"eface\", which eface-eval -o NAME.json writes", fields->path);
        return;
    }
    size_t place = ef_fields_enter(fields, "eface");
    out->version = ef_field_text(fields, about, "version", EF_OPTIONAL);
    uint64_t schema = ef_field_count(fields, about, "schema", EF_REQUIRED);
    if (fields->status == EF_OK && schema != EF_RESULT_SCHEMA) {
        fields->status = ef_fail(fields->err, EF_FORMAT, "%s: has schema %llu of result files, and this program reads schema %d",
                                 fields->path, (unsigned long long)schema, EF_RESULT_SCHEMA);
    }
    ef_fields_leave(fields, place);
}

/* The document is kept for its texts only: its columns of numbers, most of it, are copied by now. */
static void drop_columns(json_t *root)
{
    static const char *const columns[] = {"curve", "histogram", "cmc_curve", "det"};
    json_t *results = json_object_get(root, "results");
    for (size_t i = 0; i < json_array_size(results); i++) {
        json_t *result = json_array_get(results, i), *galleries = json_object_get(result, "galleries");
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
            json_object_del(result, columns[j]);
            for (size_t k = 0; k < json_array_size(galleries); k++) {
                json_object_del(json_array_get(galleries, k), columns[j]);
            }
        }
    }
}

ef_status ef_result_file_read(ef_result_file *out, const char *path, ef_error *err)
{
    json_t *root = NULL;
    ef_fields fields = {.path = ef_input_name(path), .err = err};
    ef_result_file file = {.path = ef_copy(fields.path)};
    *out = (ef_result_file){0};
    fields.status = file.path != NULL ? ef_json_load(&root, path, err) : ef_fail_memory(err, path);
    file.document = root;
    if (fields.status == EF_OK) {
        read_about(&fields, &file, root);
    }
    if (fields.status == EF_OK) {
        file.results = read_objects(&fields, &file.count, root, "results", EF_REQUIRED, sizeof *file.results, take_result);
    }
    if (fields.status == EF_OK && file.count == 0) {
        fields.status = ef_fail(err, EF_FORMAT, "%s: holds no results", fields.path);
    }
    if (fields.status != EF_OK) {
        ef_result_file_free(&file);
        return fields.status;
    }
    drop_columns(root);
    *out = file;
    return EF_OK;
}

static void free_result(ef_stored_result *result)
{
    for (size_t i = 0; i < result->gallery_count; i++) {
        ef_stored_gallery *gallery = &result->galleries[i];
        free(gallery->metrics);
        free(gallery->cmc);
        free(gallery->det.threshold);
        free(gallery->det.fpir);
        free(gallery->det.fnir);
    }
    ef_settings_free(&result->settings);
    free(result->quote);
    free(result->inputs);
    free(result->metrics);
    free(result->curve.threshold);
    free(result->curve.far);
    free(result->curve.tar);
    free(result->curve.fnmr);
    free(result->histogram.genuine);
    free(result->histogram.impostor);
    free(result->cmc);
    free(result->galleries);
    free(result->notes);
}

void ef_result_file_free(ef_result_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free_result(&file->results[i]);
    }
    free(file->results);
    free(file->path);
    json_decref(file->document);
    *file = (ef_result_file){0};
}

const ef_stored_metric *ef_stored_find(const ef_stored_result *result, const char *metric, double point)
{
    for (size_t i = 0; i < result->metric_count; i++) {
        const ef_stored_metric *row = &result->metrics[i];
        if (strcmp(row->name, metric) == 0 && (row->point == point || (isnan(row->point) && isnan(point)))) {
            return row;
        }
    }
    return NULL;
}

const ef_measure *ef_stored_measure(const ef_stored_metric *metric, ef_convention convention, ef_convention *used)
{
    *used = metric->has[convention] ? convention : EF_INSIGHTFACE;
    return metric->has[*used] ? &metric->measure[*used] : NULL;
}
