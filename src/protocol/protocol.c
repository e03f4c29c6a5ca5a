#include <eface/protocol.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text_file.h"
#include "list/ini_file.h"
#include "list/size_list.h"
#include "base/path.h"
#include "protocol/find.h"
#include "protocol/metric_request.h"

/* One key of a section: its name and what reads its value. */
typedef struct key {
    const char *section, *name;
    ef_status (*read)(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err);
} key;

static ef_status set_text(char **field, const char *value, ef_error *err)
{
    if (*value == '\0') {
        return ef_fail(err, EF_FORMAT, "a value is missing");
    }
    free(*field);
    *field = ef_copy(value);
    return *field != NULL ? EF_OK : ef_fail_memory(err, "a protocol");
}

static ef_status read_title(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->title, entry->value, err);
}

static ef_status read_heading(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->heading, entry->value, err);
}

static bool same_figure(const ef_metric_request *a, const ef_metric_request *b)
{
    return a->metric == b->metric && (a->point == b->point || (isnan(a->point) && isnan(b->point)));
}

static ef_status add_quoted(ef_protocol *protocol, const char *word, ef_error *err)
{
    ef_metric_request added, known;
    ef_status status = ef_metric_request_parse(&added, word, EF_ALL_TASKS, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(protocol->quote); i++) {
        status = ef_metric_request_parse(&known, ef_strings_at(protocol->quote, i), EF_ALL_TASKS, err);
        if (status == EF_OK && same_figure(&added, &known)) {
            return ef_fail(err, EF_FORMAT, "%s is quoted twice", word);
        }
    }
    return status == EF_OK ? ef_strings_add(protocol->quote, word, strlen(word), err) : status;
}

/* Reads "cmc@1, tar_at_far@1e-6": figures between blanks or commas, each once. */
static ef_status read_quote(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    char *words = ef_copy(entry->value), *rest = words;
    protocol->quote_line = entry->line;
    ef_status status = words != NULL ? ef_strings_create(&protocol->quote, err) : ef_fail_memory(err, "a protocol");
    while (status == EF_OK && *(rest += strspn(rest, ", \t\n")) != '\0') {
        char *word = rest;
        rest += strcspn(rest, ", \t\n");
        if (*rest != '\0') {
            *rest++ = '\0';
        }
        status = add_quoted(protocol, word, err);
    }
    free(words);
    if (status == EF_OK && ef_strings_count(protocol->quote) == 0) {
        return ef_fail(err, EF_FORMAT, "a value is missing");
    }
    return status;
}

static ef_status read_place(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    if (!ef_parse_unsigned(&protocol->place, entry->value, strlen(entry->value)) || protocol->place == 0 ||
        protocol->place > EF_LAST_PLACE) {
        return ef_fail(err, EF_FORMAT, "'%s' is not a place in tables, a whole number from 1 to %d", entry->value, EF_LAST_PLACE);
    }
    return EF_OK;
}

/* The words of default_for, and a task that such a protocol must have. */
static const struct {
    const char *name;
    unsigned tasks;
} defaults[EF_DEFAULT_COUNT] = {
    [EF_DEFAULT_NONE] = {"none", 0},
    [EF_DEFAULT_PAIRS] = {"pairs", EF_VERIFY_PAIRS},
    [EF_DEFAULT_SCORES] = {"scores", EF_SCORES_TASK},
    [EF_DEFAULT_DISTRACTORS] = {"distractors", EF_VERIFY_DISTRACTORS | EF_IDENTIFY_DISTRACTORS},
    [EF_DEFAULT_TEMPLATES] = {"templates", EF_VERIFY_TEMPLATES | EF_IDENTIFY},
    [EF_DEFAULT_LABELS] = {"labels", EF_VERIFY_ALL_PAIRS | EF_IDENTIFY_ALL_PAIRS},
    [EF_DEFAULT_EMBEDDINGS] = {"embeddings", EF_VERIFY_PAIRS},
};

const char *ef_default_name(ef_default kind)
{
    return defaults[kind].name;
}

static ef_status read_default(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(entry->value);
    protocol->default_line = entry->line;
    for (int i = EF_DEFAULT_NONE + 1; i < EF_DEFAULT_COUNT; i++) {
        if (strcmp(entry->value, defaults[i].name) == 0) {
            protocol->default_for = (ef_default)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, defaults[i].name);
    }
    return ef_fail_unknown(err, "kind of sets", entry->value, &nearest);
}

static ef_status read_cite(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->cite, entry->value, err);
}

static ef_status read_folder(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->folder, entry->value, err);
}

static ef_status read_convention(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return ef_convention_parse(&protocol->convention, entry->value, err);
}

static ef_status read_flip(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return ef_flip_parse(&protocol->flip, entry->value, err);
}

static ef_status read_folds(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    uint64_t folds;
    if (!ef_parse_unsigned(&folds, entry->value, strlen(entry->value)) || folds < 2 || folds > 1000) {
        return ef_fail(err, EF_FORMAT, "'%s' is not a number of folds from 2 to 1000", entry->value);
    }
    protocol->folds = (int)folds;
    return EF_OK;
}

static ef_status read_pair_list(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    ef_span rest = {entry->value, strlen(entry->value)}, word;
    if (!ef_span_word(&rest, &word)) {
        return ef_fail(err, EF_FORMAT, "a list is given as FORMAT FILE");
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)(word.length < sizeof name ? word.length : sizeof name - 1), word.text);
    protocol->list_format = ef_list_format_find(name);
    if (protocol->list_format == NULL) {
        ef_nearest nearest = ef_nearest_begin(name);
        for (size_t i = 0; i < ef_list_format_count(); i++) {
            ef_nearest_offer(&nearest, ef_list_format_at(i)->name);
        }
        return ef_fail_unknown(err, "list format", name, &nearest);
    }
    rest = ef_span_trim(rest);
    if (rest.length == 0) {
        return ef_fail(err, EF_FORMAT, "the list format %s needs %s behind it", name, protocol->list_format->argument);
    }
    free(protocol->list_argument);
    protocol->list_argument = ef_copy_bytes(rest.text, rest.length);
    return protocol->list_argument != NULL ? EF_OK : ef_fail_memory(err, "a protocol");
}

static ef_status read_expected(ef_expected *expected, const ef_ini_entry *entry, ef_error *err)
{
    if (!ef_parse_unsigned(&expected->count, entry->value, strlen(entry->value))) {
        return ef_fail(err, EF_FORMAT, "'%s' is not a count", entry->value);
    }
    expected->known = true;
    expected->line = entry->line;
    return EF_OK;
}

static ef_status read_expect_pairs(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_pairs, entry, err);
}

static ef_status read_expect_genuine(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_genuine, entry, err);
}

static ef_status read_expect_impostors(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_impostors, entry, err);
}

static ef_status read_expect_folds(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_folds, entry, err);
}

static ef_status read_expect_images(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_images, entry, err);
}

static ef_status read_expect_templates(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_templates, entry, err);
}

static ef_status read_expect_gallery_1(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_gallery_1, entry, err);
}

static ef_status read_expect_gallery_2(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_gallery_2, entry, err);
}

static ef_status read_expect_probes(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_expected(&protocol->expect_probes, entry, err);
}

static ef_status read_file_templates(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_TEMPLATES], entry->value, err);
}

static ef_status read_file_quality(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_QUALITY], entry->value, err);
}

static ef_status read_file_template_pairs(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_PAIRS], entry->value, err);
}

static ef_status read_file_gallery_1(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_GALLERY_1], entry->value, err);
}

static ef_status read_file_gallery_2(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_GALLERY_2], entry->value, err);
}

static ef_status read_file_probe(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_PROBE], entry->value, err);
}

static ef_status read_file_matches(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->template_files[EF_FILE_MATCHES], entry->value, err);
}

static ef_status read_image_column(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->image_column, entry->value, err);
}

static ef_status read_media_column(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_text(&protocol->media_column, entry->value, err);
}

/* Reads one of two words. */
static ef_status read_choice(bool *first, const ef_ini_entry *entry, const char *first_word, const char *other_word,
                             ef_error *err)
{
    *first = strcmp(entry->value, first_word) == 0;
    if (!*first && strcmp(entry->value, other_word) != 0) {
        return ef_fail(err, EF_FORMAT, "'%s' is neither %s nor %s", entry->value, first_word, other_word);
    }
    return EF_OK;
}

static ef_status read_norm(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    bool unit;
    ef_status status = read_choice(&unit, entry, "unit", "keep", err);
    protocol->norm = unit ? EF_NORM_UNIT : EF_NORM_KEEP;
    return status;
}

static ef_status read_weight(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_choice(&protocol->weight_quality, entry, "quality", "none", err);
}

static ef_status read_media(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return read_choice(&protocol->unit_media, entry, "unit", "mean", err);
}

static ef_status read_noise(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return ef_noise_parse(&protocol->noise, entry->value, err);
}

/* As set_text(), of a name that is lent on. */
static ef_status set_name(const char **field, const char *value, ef_error *err)
{
    char *text = NULL;
    ef_status status = set_text(&text, value, err);
    if (status == EF_OK) {
        free((void *)*field);
        *field = text;
    }
    return status;
}

static ef_status read_probe_list(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_name(&protocol->names.probe_list, entry->value, err);
}

static ef_status read_distractor_list(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    ef_status status = ef_size_list_check(entry->value, err);
    return status == EF_OK ? set_name(&protocol->names.size_list, entry->value, err) : status;
}

static ef_status read_probe_noise(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_name(&protocol->names.noise_list[EF_SIDE_PROBES], entry->value, err);
}

static ef_status read_distractor_noise(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_name(&protocol->names.noise_list[EF_SIDE_DISTRACTORS], entry->value, err);
}

static ef_status read_places(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    ef_span rest = {entry->value, strlen(entry->value)}, word;
    ef_status status = ef_strings_create(&protocol->places, err);
    while (status == EF_OK && ef_span_word(&rest, &word)) {
        status = ef_strings_add(protocol->places, word.text, word.length, err);
    }
    protocol->names.places = protocol->places;
    return status == EF_OK && ef_strings_count(protocol->places) == 0 ? ef_fail(err, EF_FORMAT, "a value is missing") : status;
}

static ef_status read_probe_features(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_name(&protocol->names.features[EF_SIDE_PROBES], entry->value, err);
}

static ef_status read_distractor_features(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_name(&protocol->names.features[EF_SIDE_DISTRACTORS], entry->value, err);
}

static ef_status read_ending(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    return set_name(&protocol->names.ending, entry->value, err);
}

static const key keys[] = {
    {"protocol", "title", read_title},
    {"protocol", "heading", read_heading},
    {"protocol", "quote", read_quote},
    {"protocol", "place", read_place},
    {"protocol", "default_for", read_default},
    {"protocol", "cite", read_cite},
    {"protocol", "folder", read_folder},
    {"protocol", "convention", read_convention},
    {"lists", "pairs", read_pair_list},
    {"lists", "folds", read_folds},
    {"lists", "templates", read_file_templates},
    {"lists", "quality", read_file_quality},
    {"lists", "template_pairs", read_file_template_pairs},
    {"lists", "gallery_1", read_file_gallery_1},
    {"lists", "gallery_2", read_file_gallery_2},
    {"lists", "probe", read_file_probe},
    {"lists", "matches", read_file_matches},
    {"lists", "image_column", read_image_column},
    {"lists", "media_column", read_media_column},
    {"lists", "probes", read_probe_list},
    {"lists", "distractors", read_distractor_list},
    {"lists", "probe_noise", read_probe_noise},
    {"lists", "distractor_noise", read_distractor_noise},
    {"lists", "folders", read_places},
    {"features", "probes", read_probe_features},
    {"features", "distractors", read_distractor_features},
    {"features", "ending", read_ending},
    {"expect", "pairs", read_expect_pairs},
    {"expect", "genuine", read_expect_genuine},
    {"expect", "impostors", read_expect_impostors},
    {"expect", "folds", read_expect_folds},
    {"expect", "images", read_expect_images},
    {"expect", "templates", read_expect_templates},
    {"expect", "gallery_1", read_expect_gallery_1},
    {"expect", "gallery_2", read_expect_gallery_2},
    {"expect", "probes", read_expect_probes},
    {"embeddings", "flip", read_flip},
    {"pool", "norm", read_norm},
    {"pool", "weight", read_weight},
    {"pool", "media", read_media},
    {"noise", "policy", read_noise},
};
enum { key_count = sizeof keys / sizeof *keys };

static bool is_section(const char *section)
{
    for (size_t i = 0; i < key_count; i++) {
        if (strcmp(section, keys[i].section) == 0) {
            return true;
        }
    }
    return false;
}

static ef_status add_request(ef_protocol *protocol, size_t *capacity, ef_metric_request request, ef_error *err)
{
    if (!ef_grow(&protocol->metrics, capacity, protocol->metric_count + 1, sizeof *protocol->metrics)) {
        return ef_fail_memory(err, "a protocol");
    }
    protocol->metrics[protocol->metric_count++] = request;
    return EF_OK;
}

/* Reads "metric = point point ..." or "metric =". */
static ef_status read_metric(ef_protocol *protocol, ef_task task, size_t *capacity, const ef_ini_entry *entry, ef_error *err)
{
    ef_metric_request request = {.point = NAN, .task = task};
    ef_span rest = {entry->value, strlen(entry->value)}, word;
    ef_status status = ef_metric_named(&request.metric, entry->key, (unsigned)task, err);
    if (status == EF_OK && request.metric->parameter == NULL && rest.length == 0) {
        return add_request(protocol, capacity, request, err);
    }
    if (status == EF_OK && rest.length == 0) {
        return ef_fail(err, EF_FORMAT, "the metric %s needs points, %s: for instance %s = %s", entry->key,
                       request.metric->parameter, entry->key, request.metric->example);
    }
    while (status == EF_OK && ef_span_word(&rest, &word)) {
        status = ef_metric_point(&request.point, request.metric, word.text, word.length, err);
        if (status == EF_OK) {
            status = add_request(protocol, capacity, request, err);
        }
    }
    return status;
}

/* Whether a protocol may have these tasks together: 1:1 and 1:N of one kind. */
static bool may_be_together(unsigned tasks)
{
    const ef_task_about *first = ef_task_of(tasks);
    return first == NULL || (tasks & ~((unsigned)first->task | first->together)) == 0;
}

static ef_status read_heading_entry(ef_protocol *protocol, const ef_ini_entry *entry, ef_error *err)
{
    const ef_task_about *about = ef_task_find(entry->section);
    if (about != NULL) {
        if (protocol->tasks != 0 && !may_be_together(protocol->tasks | (unsigned)about->task)) {
            return ef_fail(err, EF_FORMAT, "the file has a task already, %s", ef_task_name((ef_task)protocol->tasks));
        }
        protocol->tasks |= (unsigned)about->task;
        return EF_OK;
    }
    if (is_section(entry->section)) {
        return EF_OK;
    }
    ef_nearest nearest = ef_nearest_begin(entry->section);
    for (size_t i = 0; i < key_count; i++) {
        ef_nearest_offer(&nearest, keys[i].section);
    }
    for (size_t i = 0; ef_task_at(i) != NULL; i++) {
        ef_nearest_offer(&nearest, ef_task_at(i)->name);
    }
    return ef_fail_unknown(err, "section", entry->section, &nearest);
}

static ef_status read_entry(ef_protocol *protocol, size_t *capacity, const ef_ini_entry *entry, ef_error *err)
{
    const ef_task_about *about = ef_task_find(entry->section);
    if (entry->key == NULL) {
        return read_heading_entry(protocol, entry, err);
    }
    if (about != NULL) {
        return read_metric(protocol, about->task, capacity, entry, err);
    }
    ef_nearest nearest = ef_nearest_begin(entry->key);
    for (size_t i = 0; i < key_count; i++) {
        if (strcmp(keys[i].section, entry->section) != 0) {
            continue;
        }
        if (strcmp(keys[i].name, entry->key) == 0) {
            return keys[i].read(protocol, entry, err);
        }
        ef_nearest_offer(&nearest, keys[i].name);
    }
    return ef_fail_unknown(err, "key", entry->key, &nearest);
}

/* Refuses what is quoted and is none of the metrics, all of which have been read. */
static ef_status check_quote(const ef_protocol *protocol, ef_error *err)
{
    ef_metric_request quoted;
    ef_status status = EF_OK;
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(protocol->quote); i++) {
        const char *word = ef_strings_at(protocol->quote, i);
        bool found = false;
        status = ef_metric_request_parse(&quoted, word, EF_ALL_TASKS, err);
        for (size_t j = 0; status == EF_OK && j < protocol->metric_count; j++) {
            found = found || same_figure(&quoted, &protocol->metrics[j]);
        }
        if (status == EF_OK && !found) {
            status = ef_fail(err, EF_FORMAT, "quotes %s, which is none of the figures that the file asks for", word);
        }
    }
    return status;
}

static ef_status fill_defaults(ef_protocol *protocol, ef_error *err)
{
    if (protocol->tasks == 0) {
        char names[320] = "";
        size_t used = 0;
        for (size_t i = 0; ef_task_at(i) != NULL && used < sizeof names; i++) {
            used += (size_t)snprintf(names + used, sizeof names - used, "%s[%s]",
                                     i == 0                      ? ""
                                     : ef_task_at(i + 1) != NULL ? ", "
                                                                 : " or ",
                                     ef_task_at(i)->name);
        }
        return ef_fail(err, EF_FORMAT, "%s: no task: a section %s lists the metrics", ef_input_name(protocol->path), names);
    }
    if (protocol->metric_count == 0) {
        return ef_fail(err, EF_FORMAT, "%s: the section [%s] lists no metric", ef_input_name(protocol->path),
                       ef_task_name((ef_task)protocol->tasks));
    }
    if (protocol->title == NULL) {
        protocol->title = ef_copy(protocol->name);
    }
    if (protocol->heading == NULL) {
        protocol->heading = ef_copy(protocol->title);
    }
    if (protocol->folder == NULL) {
        protocol->folder = ef_copy(protocol->name);
    }
    if (protocol->image_column == NULL) {
        protocol->image_column = ef_copy("FILENAME");
    }
    if (protocol->media_column == NULL) {
        protocol->media_column = ef_copy("SIGHTING_ID");
    }
    bool whole = protocol->title != NULL && protocol->heading != NULL && protocol->folder != NULL &&
                 protocol->image_column != NULL && protocol->media_column != NULL;
    return whole ? EF_OK : ef_fail_memory(err, "a protocol");
}

ef_status ef_protocol_load(ef_protocol **out, const char *name, ef_error *err)
{
    ef_ini_file file = {0};
    size_t capacity = 0;
    ef_protocol *protocol = calloc(1, sizeof *protocol);
    if (protocol == NULL) {
        return ef_fail_memory(err, "a protocol");
    }
    protocol->convention = EF_ISO;
    ef_status status = ef_protocol_find(&protocol->path, name, err);
    if (status != EF_OK) {
        goto done;
    }
    status = ef_ini_file_read(&file, protocol->path, err);
    if (status != EF_OK) {
        goto done;
    }
    protocol->name = ef_is_standard_input(protocol->path) ? ef_copy("stdin") : ef_path_stem(protocol->path);
    if (protocol->name == NULL) {
        status = ef_fail_memory(err, "a protocol");
        goto done;
    }
    for (size_t i = 0; i < file.count; i++) {
        status = read_entry(protocol, &capacity, &file.entries[i], err);
        if (status != EF_OK) {
            status = ef_context(err, status == EF_NOMEM ? EF_NOMEM : EF_FORMAT, "%s:%zu", ef_input_name(protocol->path),
                                file.entries[i].line);
            goto done;
        }
    }
    memcpy(protocol->sha256, file.sha256, sizeof protocol->sha256);
    status = fill_defaults(protocol, err);
    ef_default kind = protocol->default_for;
    if (status == EF_OK && kind != EF_DEFAULT_NONE && (protocol->tasks & defaults[kind].tasks) == 0) {
        status = ef_fail(err, EF_FORMAT, "%s:%zu: a protocol of the task %s cannot be the default for %s",
                         ef_input_name(protocol->path), protocol->default_line, ef_task_name((ef_task)protocol->tasks),
                         defaults[kind].name);
    }
    if (status == EF_OK && (status = check_quote(protocol, err)) != EF_OK) {
        status = ef_context(err, status, "%s:%zu", ef_input_name(protocol->path), protocol->quote_line);
    }
done:
    ef_ini_file_free(&file);
    if (status != EF_OK) {
        ef_protocol_free(protocol);
        return status;
    }
    *out = protocol;
    return EF_OK;
}

void ef_protocol_free(ef_protocol *protocol)
{
    if (protocol != NULL) {
        free(protocol->name);
        free(protocol->path);
        free(protocol->title);
        free(protocol->heading);
        ef_strings_free(protocol->quote);
        free(protocol->cite);
        free(protocol->folder);
        free(protocol->list_argument);
        free(protocol->image_column);
        free(protocol->media_column);
        free(protocol->metrics);
        for (size_t i = 0; i < EF_FILE_COUNT; i++) {
            free(protocol->template_files[i]);
        }
        const ef_distractor_names *names = &protocol->names;
        for (int side = EF_SIDE_PROBES; side <= EF_SIDE_DISTRACTORS; side++) {
            free((void *)names->noise_list[side]);
            free((void *)names->features[side]);
        }
        free((void *)names->probe_list);
        free((void *)names->size_list);
        free((void *)names->ending);
        ef_strings_free(protocol->places);
        free(protocol);
    }
}
