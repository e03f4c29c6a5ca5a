/* Which probes there are, and who they are. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/distractor_parts.h"
#include "list/path_table.h"

enum { probe_components = 2 }; /* of a path that tell one probe from another: person and file */

/* The rows of the list's images among the ids. */
static ef_status find_rows(ef_distractor_side *side, const ef_strings *ids, const ef_strings *paths, const char *list,
                           ef_error *err)
{
    const char *name = ef_set_field_name(side->set, EF_IDS);
    size_t count = ef_strings_count(paths);
    ef_path_table *table = NULL;
    ef_status status = ef_path_table_create(&table, ids, probe_components, err);
    if (status == EF_OK) {
        status = ef_path_table_add_all(table, name, "row", 0, err);
    }
    if (status == EF_OK && (side->row = ef_alloc(count, sizeof *side->row)) == NULL) {
        status = ef_fail_memory(err, name);
    }
    for (size_t i = 0; i < count && status == EF_OK; i++) {
        size_t row = ef_path_table_find(table, ef_strings_at(paths, i));
        if (row == EF_PATH_NONE) {
            status = ef_fail(err, EF_FORMAT, "%s: entry %zu, '%s', is not among %s", list, i + 1, ef_strings_at(paths, i), name);
        } else {
            side->row[i] = (uint32_t)row;
        }
    }
    side->count = count;
    ef_path_table_free(table);
    return status;
}

static ef_status refuse_repeated(const ef_strings *paths, const char *list, ef_error *err)
{
    ef_path_table *table = NULL;
    ef_status status = ef_path_table_create(&table, paths, probe_components, err);
    if (status == EF_OK) {
        status = ef_path_table_add_all(table, list, "entry", 1, err);
    }
    ef_path_table_free(table);
    return status;
}

/* Takes over the images of the list. */
static ef_status use_list(ef_distractor_side *side, ef_json_list *list, const char *path, ef_error *err)
{
    size_t count = ef_strings_count(list->paths);
    ef_status status = refuse_repeated(list->paths, path, err);
    if (status == EF_OK && side->set != NULL && ef_set_has(side->set, EF_IDS)) {
        ef_strings *ids = NULL;
        status = ef_set_read_strings(side->set, EF_IDS, &ids, err);
        if (status == EF_OK) {
            status = find_rows(side, ids, list->paths, path, err);
        }
        ef_strings_free(ids);
    } else if (status == EF_OK && side->set != NULL && side->count != count) {
        status =
            ef_fail(err, EF_FORMAT,
                    "%s: names %zu images, but %s has %zu rows, and no ids to find them by; write ids, or leave the list out",
                    path, count, side->name, side->count);
    }
    side->count = count;
    side->names = list->paths;
    list->paths = NULL;
    return status;
}

/* The text of row `row` of the labels; numbers are written into `digits`. */
typedef struct label_texts {
    ef_strings *texts;
    int64_t *numbers;
    char digits[32];
} label_texts;

static const char *label_text(label_texts *labels, size_t row)
{
    if (labels->texts != NULL) {
        return ef_strings_at(labels->texts, row);
    }
    snprintf(labels->digits, sizeof labels->digits, "%" PRId64, labels->numbers[row]);
    return labels->digits;
}

/* The folder that an image lies in: "Ann" of "faces/Ann/1.jpg". */
static ef_status folder_of(char **out, const ef_distractor_side *side, size_t image, ef_error *err)
{
    const char *name = ef_strings_at(side->names, image), *tail = ef_path_tail(name, probe_components),
               *slash = strchr(tail, '/');
    if (slash == NULL || slash == tail) {
        return ef_fail(
            err, EF_FORMAT,
            "%s: image %zu, '%s', lies in no folder that would tell who it is; write labels, or bring a list with \"id\"",
            side->name, image, name);
    }
    *out = ef_copy_bytes(tail, (size_t)(slash - tail));
    return *out != NULL ? EF_OK : ef_fail_memory(err, name);
}

/* What says who the probes are. */
typedef enum authority { BY_LIST, BY_LABELS, BY_FOLDERS } authority;

/* Who each image is by `which`: numbers from 0 on in order of first appearance, their texts in `people`, which must be empty; an empty text is nobody, and
 * so is a label of the set that is negative, also one that is a text: -1.  In a list all ids that are equal are one person, "-1" too, as folders are. */
static ef_status label_images(int64_t *out, ef_strings *people, const ef_distractor_side *side, authority which,
                              const ef_strings *list_ids, label_texts *labels, ef_error *err)
{
    ef_intern *intern = NULL;
    ef_status status = ef_intern_create(&intern, people, err);
    for (size_t i = 0; i < side->count && status == EF_OK; i++) {
        size_t row = side->row != NULL ? side->row[i] : i, person = 0;
        char *folder = NULL;
        const char *text = NULL;
        if (which == BY_FOLDERS) {
            status = folder_of(&folder, side, i, err);
            text = folder;
        } else {
            text = which == BY_LIST ? ef_strings_at(list_ids, i) : label_text(labels, row);
        }
        bool nobody = status == EF_OK && (which == BY_LABELS ? ef_label_is_nobody(text) : *text == '\0');
        if (status == EF_OK && !nobody) {
            status = ef_intern_add(&person, intern, text, strlen(text), err);
        }
        out[i] = nobody ? -1 : (int64_t)person;
        free(folder);
    }
    ef_intern_free(intern);
    return status;
}

/* Strangers get numbers of their own behind those of the people: each is alone. */
static void number_strangers(ef_distractor_set *set)
{
    for (size_t i = 0; i < set->side[EF_SIDE_PROBES].count; i++) {
        if (set->labels[i] < 0) {
            set->labels[i] = (int64_t)(set->identities + set->strangers++);
        }
    }
}

/* Probes are there to find their mates. */
static ef_status check_mates(ef_distractor_set *set, const ef_strings *people, ef_error *err)
{
    const ef_distractor_side *side = &set->side[EF_SIDE_PROBES];
    set->identities = ef_strings_count(people);
    number_strangers(set);
    if (set->identities == 1 && set->strangers == 0) {
        return ef_fail(err, EF_FORMAT, "%s: all %zu probes are of one person, '%s'; are these the labels?", side->name,
                       side->count, ef_strings_at(people, 0));
    }
    size_t *images = ef_alloc_zero(set->identities, sizeof *images);
    if (images == NULL) {
        return ef_fail_memory(err, side->name);
    }
    for (size_t i = 0; i < side->count; i++) {
        if ((size_t)set->labels[i] < set->identities) {
            images[set->labels[i]]++;
        }
    }
    for (size_t i = 0; i < set->identities; i++) {
        set->mateless += images[i] == 1;
    }
    free(images);
    if (set->mateless == set->identities) {
        return ef_fail(err, EF_FORMAT, "%s: no two of its %zu probes are of the same person; there is nothing to find",
                       side->name, side->count);
    }
    return EF_OK;
}

static ef_status read_labels(label_texts *labels, const ef_set *set, ef_error *err)
{
    return ef_set_is_text(set, EF_LABELS) ? ef_set_read_strings(set, EF_LABELS, &labels->texts, err)
                                          : ef_set_read_integers(set, EF_LABELS, &labels->numbers, err);
}

/* Who the probes are by the labels as well, where the list `path` says it. */
static ef_status label_again(ef_distractor_set *set, const char *path, label_texts *labels, ef_error *err)
{
    const ef_distractor_side *side = &set->side[EF_SIDE_PROBES];
    ef_strings *people = NULL;
    set->other_labels = ef_alloc(side->count, sizeof *set->other_labels);
    set->label_source = ef_copy(path);
    set->other_source = ef_copy(ef_set_field_name(side->set, EF_LABELS));
    ef_status status = set->other_labels != NULL && set->label_source != NULL && set->other_source != NULL
                           ? ef_strings_create(&people, err)
                           : ef_fail_memory(err, set->name);
    if (status == EF_OK) {
        status = label_images(set->other_labels, people, side, BY_LABELS, NULL, labels, err);
    }
    ef_strings_free(people);
    return status;
}

/* What the list says, else the labels, else the folder; `path` is the list. */
static ef_status number_people(ef_distractor_set *set, const ef_strings *list_ids, const char *path, ef_error *err)
{
    const ef_distractor_side *side = &set->side[EF_SIDE_PROBES];
    bool labelled = side->set != NULL && ef_set_has(side->set, EF_LABELS);
    ef_strings *people = NULL;
    label_texts labels = {0};
    ef_status status = ef_strings_create(&people, err);
    if (status == EF_OK && labelled) {
        status = read_labels(&labels, side->set, err);
    }
    if (status == EF_OK && list_ids == NULL && !labelled && side->names == NULL) {
        status =
            ef_fail(err, EF_FORMAT, "%s: has neither labels nor ids, and no list of probes is given: who are they?", side->name);
    }
    if (status == EF_OK && (set->labels = ef_alloc(side->count, sizeof *set->labels)) == NULL) {
        status = ef_fail_memory(err, set->name);
    }
    if (status == EF_OK) {
        authority which = list_ids != NULL ? BY_LIST : labelled ? BY_LABELS : BY_FOLDERS;
        status = label_images(set->labels, people, side, which, list_ids, &labels, err);
    }
    if (status == EF_OK) {
        status = check_mates(set, people, err);
    }
    if (status == EF_OK && list_ids != NULL && labelled) {
        status = label_again(set, path, &labels, err);
    }
    ef_strings_free(labels.texts);
    free(labels.numbers);
    ef_strings_free(people);
    return status;
}

ef_status ef_distractor_probes(ef_distractor_set *set, const ef_distractor_way *way, ef_error *err)
{
    ef_distractor_side *side = &set->side[EF_SIDE_PROBES];
    ef_json_list list = {0};
    char *path = NULL;
    bool needed = side->set == NULL || way->probe_list_named;
    const char *name = way->options.probe_list;
    ef_status status = needed && name == NULL ? ef_fail(err, EF_INVALID,
                                                        "%s: nothing says what the list of probes is called: neither the "
                                                        "protocol ([lists] probes) nor --probe-list",
                                                        set->name)
                                              : ef_distractor_list_path(&path, way, name, needed, err);
    if (status == EF_OK && path != NULL) {
        status = way->probe_list_named ? EF_OK : ef_distractor_check_list(path, err);
        if (status == EF_OK) {
            status = ef_json_list_read(&list, path, err);
        }
        if (status == EF_OK) {
            status = ef_distractor_set_note(set, "probes", path, &list.mark, err);
        }
        if (status == EF_OK) {
            status = use_list(side, &list, path, err);
        }
    } else if (status == EF_OK && ef_set_has(side->set, EF_IDS)) {
        status = ef_set_read_strings(side->set, EF_IDS, &side->names, err);
    }
    if (status == EF_OK) {
        status = number_people(set, list.ids, path, err);
    }
    ef_json_list_free(&list);
    free(path);
    return status;
}
