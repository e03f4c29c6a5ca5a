#include "evaluate/all_pairs_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <eface/id_index.h>

#include "base/copy.h"
#include "base/input.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "base/hash.h"
#include "io/labels_advice.h"
#include "evaluate/example_id.h"
#include "evaluate/people.h"

/* The names of a list of images, and the line of each. */
typedef struct listed_names {
    ef_strings *names;
    size_t *line, capacity;
} listed_names;

ef_field ef_excluded_field(ef_exclusion exclusion)
{
    return exclusion == EF_EXCLUDE_MEDIA ? EF_MEDIA : EF_GROUPS;
}

static void free_names(listed_names *list)
{
    ef_strings_free(list->names);
    free(list->line);
}

static ef_status add_name(listed_names *out, ef_intern *names, ef_span name, size_t line, const char *path, ef_error *err)
{
    size_t before = ef_strings_count(out->names), number;
    ef_status status = ef_intern_add(&number, names, name.text, name.length, err);
    if (status != EF_OK) {
        return status;
    }
    if (number < before) {
        return ef_fail(err, EF_FORMAT, "%s:%zu: names '%s' again, after line %zu", path, line, ef_strings_at(out->names, number),
                       out->line[number]);
    }
    if (!ef_grow(&out->line, &out->capacity, number + 1, sizeof *out->line)) {
        return ef_fail_memory(err, path);
    }
    out->line[number] = line;
    return EF_OK;
}

static ef_status add_names(listed_names *out, ef_intern *names, ef_text_file *file, const char *path, ef_error *err)
{
    ef_span line;
    ef_status status = EF_OK;
    while (status == EF_OK && ef_text_file_line(file, &line)) {
        line = ef_span_trim(line);
        if (line.length > 0 && line.text[0] != '#') {
            status = add_name(out, names, line, file->line, ef_input_name(path), err);
        }
    }
    return status;
}

/* A name that comes again does so in the first lines where a pipe has no end. */
static ef_status judge(void *path, ef_text_file *begin, bool *known, ef_error *err)
{
    listed_names list = {0};
    ef_intern *names = NULL;
    ef_status status = ef_strings_create(&list.names, err);
    if (status == EF_OK && (status = ef_intern_create(&names, list.names, err)) == EF_OK) {
        status = add_names(&list, names, begin, path, err);
    }
    *known = ef_strings_count(list.names) > 1;
    ef_intern_free(names);
    free_names(&list);
    return status;
}

/* One name a line; empty lines and those that begin with # are passed over.  The caller frees *out, whatever the outcome. */
static ef_status read_names(listed_names *out, ef_file_mark *mark, const char *path, ef_error *err)
{
    ef_text_file file = {0};
    ef_intern *names = NULL;
    const ef_text_rules rules = {.judge = judge, .context = (char *)path};
    ef_status status = ef_strings_create(&out->names, err);
    if (status == EF_OK && (status = ef_text_file_open_by(&file, path, &rules, err)) == EF_OK) {
        *mark = file.mark;
        ef_hash_mark(mark, file.text, file.length);
        status = ef_intern_create(&names, out->names, err);
    }
    if (status == EF_OK) {
        status = add_names(out, names, &file, path, err);
    }
    ef_intern_free(names);
    ef_text_file_close(&file);
    return status;
}

static ef_status mark_listed(unsigned char *probe, ef_all_pairs_plan *plan, const ef_set *set, const char *path, ef_error *err)
{
    listed_names list = {0};
    ef_id_index *index = NULL;
    size_t *row = NULL, count = 0;
    char known[EF_EXAMPLE_ID];
    ef_status status = EF_OK;
    if (plan->ids == NULL) {
        status = ef_fail(err, EF_FORMAT, "%s is missing: the probes of %s are named by it", ef_set_field_name(set, EF_IDS),
                         ef_input_name(path));
    }
    if (status == EF_OK && (status = read_names(&list, &plan->probe_mark, path, err)) == EF_OK &&
        (status = ef_id_index_create(&index, plan->ids, ef_set_field_name(set, EF_IDS), err)) == EF_OK) {
        count = ef_strings_count(list.names);
        row = ef_alloc(count, sizeof *row);
        status = row != NULL ? ef_id_index_match(row, index, list.names, err) : ef_fail_memory(err, path);
    }
    for (size_t i = 0; status == EF_OK && i < count; i++) {
        if (row[i] == EF_ID_MISSING || row[i] == EF_ID_AMBIGUOUS) {
            status = ef_fail(err, EF_FORMAT, "%s:%zu: '%s' %s among %s; %s", ef_input_name(path), list.line[i],
                             ef_strings_at(list.names, i), row[i] == EF_ID_MISSING ? "is not" : "matches several",
                             ef_set_field_name(set, EF_IDS), ef_example_id(known, set));
        } else {
            probe[row[i]] = 1;
        }
    }
    free(row);
    ef_id_index_free(index);
    free_names(&list);
    return status;
}

/* Which images are probes: what the list says, or the dataset; *probe stays NULL when nothing does. */
static ef_status find_probes(unsigned char **probe, ef_all_pairs_plan *plan, const ef_set *set,
                             const ef_evaluate_options *options, ef_error *err)
{
    size_t rows = ef_set_rows(set), probes = 0;
    int64_t *values = NULL;
    ef_status status = EF_OK;
    if (options->probes == NULL && !ef_set_has(set, EF_IS_PROBE)) {
        return EF_OK;
    }
    const char *source = options->probes != NULL ? ef_input_name(options->probes) : ef_set_field_name(set, EF_IS_PROBE);
    *probe = ef_alloc_zero(rows, sizeof **probe);
    if (*probe == NULL) {
        return ef_fail_memory(err, source);
    }
    if (options->probes != NULL) {
        plan->probe_list = ef_copy(options->probes);
        status = plan->probe_list != NULL ? mark_listed(*probe, plan, set, options->probes, err) : ef_fail_memory(err, source);
    } else {
        status = ef_set_read_integers(set, EF_IS_PROBE, &values, err);
    }
    for (size_t i = 0; status == EF_OK && i < rows; i++) {
        (*probe)[i] = values != NULL ? (unsigned char)values[i] : (*probe)[i];
        probes += (*probe)[i];
    }
    free(values);
    if (status == EF_OK && (probes == 0 || probes == rows)) {
        status = ef_fail(err, EF_FORMAT, "%s: %s; probes are searched among the other images, the gallery", source,
                         probes == 0 ? "no image is a probe" : "every image is a probe");
    }
    return status;
}

/* Deals the images out to the sides, no more than the first `most` of a subject (0: all). */
static ef_status deal(ef_all_pairs_plan *plan, const int64_t *label, const int64_t *group, const unsigned char *probe,
                      size_t rows, size_t most, ef_error *err)
{
    size_t *taken = ef_alloc_zero(plan->subjects, sizeof *taken);
    bool enough = taken != NULL;
    for (int s = 0; s < 2; s++) {
        ef_compared_side *side = &plan->side[s];
        side->row = ef_alloc(rows, sizeof *side->row);
        side->label = ef_alloc(rows, sizeof *side->label);
        side->group = group != NULL ? ef_alloc(rows, sizeof *side->group) : NULL;
        enough = enough && side->row != NULL && side->label != NULL && (group == NULL || side->group != NULL);
    }
    for (size_t i = 0; enough && i < rows; i++) {
        ef_compared_side *side = &plan->side[probe != NULL && probe[i] == 0];
        if (label[i] >= 0) {
            if (most > 0 && taken[label[i]] == most) {
                plan->left_out++;
                continue;
            }
            taken[label[i]]++;
        }
        side->row[side->count] = i;
        side->label[side->count] = label[i];
        if (group != NULL) {
            side->group[side->count] = group[i];
        }
        side->count++;
    }
    free(taken);
    return enough ? EF_OK : ef_fail_memory(err, "the images to compare");
}

static ef_status read_plan(ef_all_pairs_plan *plan, const ef_set *set, const ef_evaluate_options *options, ef_error *err)
{
    ef_people people = {0}, group = {0};
    unsigned char *probe = NULL;
    ef_status status = ef_strings_create(&plan->subject_name, err);
    if (status == EF_OK && ef_set_has(set, EF_IDS)) {
        status = ef_set_read_strings(set, EF_IDS, &plan->ids, err);
    }
    if (status == EF_OK && (status = ef_people_read(&people, plan->subject_name, set, EF_LABELS, err)) == EF_OK) {
        plan->subjects = people.count;
        plan->strangers = people.unknown;
        status = find_probes(&probe, plan, set, options, err);
        plan->split = probe != NULL;
    }
    if (status == EF_OK && options->exclude_same != EF_EXCLUDE_NONE) {
        status = ef_people_read(&group, NULL, set, ef_excluded_field(options->exclude_same), err); /* no group is nobody's */
    }
    if (status == EF_OK) {
        status = deal(plan, people.person, group.person, probe, ef_set_rows(set), options->per_subject, err);
    }
    ef_people_free(&people);
    ef_people_free(&group);
    free(probe);
    return status;
}

static ef_status fail_unlabelled(const ef_set *set, ef_error *err)
{
    char *advice = NULL;
    ef_status status = ef_labels_advice(&advice, set, err);
    if (status == EF_OK) {
        status = ef_fail(err, EF_FORMAT,
                         "%s is missing: the subject of each image, a number or a name, tells which pairs are genuine%s",
                         ef_set_field_name(set, EF_LABELS), advice);
    }
    free(advice);
    return status;
}

ef_status ef_all_pairs_plan_create(ef_all_pairs_plan **out, const ef_set *set, const ef_evaluate_options *options, ef_error *err)
{
    if (ef_set_rows(set) == 0) {
        return ef_fail(err, EF_FORMAT, "%s has no embeddings", ef_set_name(set));
    }
    if (!ef_set_has(set, EF_LABELS)) {
        return fail_unlabelled(set, err);
    }
    if (options->exclude_same != EF_EXCLUDE_NONE && !ef_set_has(set, ef_excluded_field(options->exclude_same))) {
        return ef_fail(err, EF_FORMAT, "%s is missing: pairs are to be left out by it",
                       ef_set_field_name(set, ef_excluded_field(options->exclude_same)));
    }
    ef_all_pairs_plan *plan = ef_alloc_zero(1, sizeof *plan);
    if (plan == NULL) {
        return ef_fail_memory(err, "the images to compare");
    }
    ef_status status = read_plan(plan, set, options, err);
    if (status == EF_OK && plan->subjects == 0) {
        status =
            ef_fail(err, EF_FORMAT, "%s: names no subject: all labels are negative or empty", ef_set_field_name(set, EF_LABELS));
    }
    if (status == EF_OK && plan->subjects == 1 && plan->strangers == 0) {
        status = ef_fail(err, EF_FORMAT, "%s: all %zu images are of one subject, '%s'; impostor pairs need a second",
                         ef_set_field_name(set, EF_LABELS), ef_set_rows(set), ef_strings_at(plan->subject_name, 0));
    }
    if (status != EF_OK) {
        ef_all_pairs_plan_free(plan);
        return status;
    }
    *out = plan;
    return EF_OK;
}

void ef_all_pairs_plan_free(ef_all_pairs_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    for (int s = 0; s < 2; s++) {
        free(plan->side[s].row);
        free(plan->side[s].label);
        free(plan->side[s].group);
    }
    free(plan->probe_list);
    ef_strings_free(plan->ids);
    ef_strings_free(plan->subject_name);
    free(plan);
}
