#include <eface/set.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/and_more.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/dataset.h"
#include "io/fields.h"
#include "io/group.h"
#include "io/h5.h"
#include "io/labels_advice.h"
#include "io/person_folder.h"

#define NAMES_SHOWN 600 /* bytes of a list of names in a message */

struct ef_set {
    char *name, *file, *group, *model;
    hid_t file_handle, group_handle;
    ef_dataset *dataset[EF_FIELD_COUNT]; /* NULL where the set has none */
    char *dataset_name[EF_FIELD_COUNT];
    ef_strings *folders; /* in place of labels; NULL: labels are a dataset, or absent */
    ef_h5_files files;
};

/* Three texts in one new string; NULL when memory is out. */
static char *concatenate(const char *a, const char *b, const char *c)
{
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = ef_alloc(size, 1);
    if (text != NULL) {
        snprintf(text, size, "%s%s%s", a, b, c);
    }
    return text;
}

/* A slip worth a hint: "emb.h5:lfw" instead of "emb.h5:/lfw". */
static ef_status check_slash(const char *file, ef_error *err)
{
    struct stat about;
    const char *colon = strrchr(file, ':');
    ef_status status = EF_OK;
    if (colon == NULL || stat(file, &about) == 0) {
        return EF_OK;
    }
    char *shorter = strndup(file, (size_t)(colon - file));
    if (shorter == NULL) {
        return ef_fail_memory(err, file);
    }
    if (stat(shorter, &about) == 0) {
        status = ef_fail(err, EF_IO, "%s: no such file; a group is picked with a slash, %s:/%s", file, shorter, colon + 1);
    }
    free(shorter);
    return status;
}

/* Opens the file part of a location, and the group it names, or else the preferred one if the file has it, or else the root. */
static ef_status open_place(ef_set *set, const char *location, const char *preferred, ef_error *err)
{
    const char *group;
    size_t length = ef_set_split(location, &group);
    if (length == 0) {
        return ef_fail(err, EF_INVALID, "'%s' names no file", location);
    }
    if ((set->file = strndup(location, length)) == NULL) {
        return ef_fail_memory(err, location);
    }
    ef_status status = check_slash(set->file, err);
    if (status != EF_OK || (status = ef_h5_open(&set->file_handle, set->file, err)) != EF_OK) {
        return status;
    }
    set->group = concatenate("/", group != NULL ? group : preferred != NULL ? preferred : "", "");
    if (set->group == NULL) {
        return ef_fail_memory(err, location);
    }
    ef_group_tidy(set->group);
    if (group == NULL && ef_h5_kind(set->file_handle, set->group) != H5I_GROUP) {
        set->group[1] = '\0';
    }
    bool is_root = set->group[1] == '\0';
    if ((set->name = concatenate(set->file, is_root ? "" : ":", is_root ? "" : set->group)) == NULL) {
        return ef_fail_memory(err, location);
    }
    status = ef_group_open(&set->group_handle, set->file_handle, set->group, set->file, err);
    if (status == EF_OK) {
        status = ef_h5_files_add_of(&set->files, set->file_handle, set->file, err);
    }
    return status == EF_OK ? ef_h5_files_add_of(&set->files, set->group_handle, NULL, err) : status;
}

/* *link = the name under which the group holds the field, NULL when it does not. */
static ef_status find_field(const char **link, const ef_set *set, const ef_field_info *info, ef_error *err)
{
    *link = NULL;
    for (size_t i = 0; i < EF_FIELD_NAMES && info->names[i] != NULL; i++) {
        if (H5Lexists(set->group_handle, info->names[i], H5P_DEFAULT) <= 0) {
            continue;
        }
        if (*link != NULL) {
            return ef_fail(err, EF_FORMAT, "%s: holds both %s and %s, two names of one dataset; keep one", set->name, *link,
                           info->names[i]);
        }
        *link = info->names[i];
    }
    return EF_OK;
}

static ef_status open_datasets(ef_set *set, ef_error *err)
{
    char *place = concatenate(set->file, ":", set->group[1] == '\0' ? "" : set->group);
    ef_status status = place != NULL ? EF_OK : ef_fail_memory(err, set->file);
    for (int field = 0; field < EF_FIELD_COUNT && status == EF_OK; field++) {
        const ef_field_info *info = ef_field_info_of((ef_field)field);
        const char *link;
        if ((status = find_field(&link, set, info, err)) != EF_OK) {
            break;
        }
        set->dataset_name[field] = concatenate(place, "/", link != NULL ? link : info->names[0]);
        if (set->dataset_name[field] == NULL) {
            status = ef_fail_memory(err, set->file);
        } else if (link != NULL) {
            status =
                ef_dataset_open(&set->dataset[field], &set->files, set->group_handle, link, set->dataset_name[field], info, err);
        }
    }
    free(place);
    return status;
}

/* The error for a group without embeddings and scores: what was looked for, and what is there. */
static ef_status fail_no_embeddings(const ef_set *set, ef_error *err)
{
    char dataset_names[NAMES_SHOWN], group_names[NAMES_SHOWN], example[NAMES_SHOWN] = "";
    ef_strings *datasets = NULL, *groups = NULL;
    const char *const *names = ef_field_info_of(EF_EMBEDDINGS)->names;
    ef_status status = ef_h5_list(&datasets, set->group_handle, H5I_DATASET, err);
    if (status == EF_OK) {
        status = ef_h5_list(&groups, set->group_handle, H5I_GROUP, err);
    }
    if (status == EF_OK && ef_strings_count(datasets) == 0 && ef_strings_count(groups) > 0) {
        const char *below = set->group[1] == '\0' ? "" : set->group;
        snprintf(example, sizeof example, "; name one: %s:%s/%s", set->file, below, ef_strings_at(groups, 0));
    }
    if (status == EF_OK && ef_strings_count(datasets) + ef_strings_count(groups) == 0) {
        status = ef_fail(err, EF_FORMAT, "%s: has no embeddings: it is empty", set->name);
    } else if (status == EF_OK) {
        status = ef_fail(err, EF_FORMAT,
                         "%s: has no embeddings: looked for %s (or %s, %s, %s, %s), or else scores; datasets there: %s; groups "
                         "there: %s%s",
                         set->name, names[0], names[1], names[2], names[3], names[4],
                         ef_h5_join(dataset_names, sizeof dataset_names, datasets),
                         ef_h5_join(group_names, sizeof group_names, groups), example);
    }
    ef_strings_free(datasets);
    ef_strings_free(groups);
    return status;
}

/* Lengths that must agree: a row per image, and a row per comparison. */
static ef_status check_lengths(const ef_set *set, ef_error *err)
{
    const ef_dataset *images = set->dataset[EF_EMBEDDINGS], *comparisons = NULL;
    for (int field = 0; field < EF_FIELD_COUNT; field++) {
        const ef_dataset *dataset = set->dataset[field];
        /* Beside embeddings, scores are nobody's business: they may be the detector's. */
        if (dataset == NULL || (field == EF_SCORES && images != NULL)) {
            continue;
        }
        ef_per per = ef_field_info_of((ef_field)field)->per;
        if (per == EF_PER_ENTRY) {
            continue;
        }
        bool per_image = per == EF_PER_IMAGE;
        const ef_dataset *other = per_image ? images : comparisons;
        if (other != NULL && dataset->rows != other->rows) {
            return ef_fail(err, EF_FORMAT, "%s: has %zu rows, but %s has %zu; they must agree, a row per %s", dataset->name,
                           dataset->rows, other->name, other->rows, per_image ? "image" : "comparison");
        }
        if (!per_image) {
            comparisons = dataset;
        }
    }
    const ef_dataset *flip = set->dataset[EF_EMBEDDINGS_FLIP];
    if (images != NULL && flip != NULL && flip->columns != images->columns) {
        return ef_fail(err, EF_FORMAT, "%s: has %zu columns, but %s has %zu; mirrored images must come from the same network",
                       flip->name, flip->columns, images->name, images->columns);
    }
    return EF_OK;
}

/* The string attribute `model` of a group; *out stays NULL when the group has none. */
static ef_status read_model(char **out, const ef_set *set, hid_t group, ef_error *err)
{
    ef_status status = EF_OK;
    char *text = NULL;
    if (H5Aexists(group, "model") <= 0) {
        return EF_OK;
    }
    hid_t attribute = H5Aopen(group, "model", H5P_DEFAULT);
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : H5I_INVALID_HID;
    hid_t space = attribute >= 0 ? H5Aget_space(attribute) : H5I_INVALID_HID;
    if (type < 0 || space < 0 || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) {
        status = ef_fail(err, EF_FORMAT, "%s: its attribute model must be one string", set->name);
        goto done;
    }
    if (H5Tis_variable_str(type) > 0) {
        char *value = NULL;
        if (H5Aread(attribute, type, &value) < 0) {
            status = ef_h5_fail(err, EF_IO, "%s: its attribute model cannot be read", set->name);
            goto done;
        }
        text = strdup(value != NULL ? value : "");
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, &value);
    } else {
        size_t size = H5Tget_size(type);
        text = size < SIZE_MAX ? ef_alloc_zero(size + 1, 1) : NULL;
        if (text != NULL && H5Aread(attribute, type, text) < 0) {
            status = ef_h5_fail(err, EF_IO, "%s: its attribute model cannot be read", set->name);
            goto done;
        }
        size_t length = text != NULL ? strlen(text) : 0;
        while (H5Tget_strpad(type) == H5T_STR_SPACEPAD && length > 0 && text[length - 1] == ' ') {
            text[--length] = '\0';
        }
    }
    if (text == NULL) {
        status = ef_fail_memory(err, "the attribute model");
        goto done;
    }
    *out = text;
    text = NULL;
done:
    free(text);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (type >= 0) {
        H5Tclose(type);
    }
    if (attribute >= 0) {
        H5Aclose(attribute);
    }
    return status;
}

/* From the group, or else from the nearest one around it. */
static ef_status find_model(ef_set *set, ef_error *err)
{
    ef_status status = read_model(&set->model, set, set->group_handle, err);
    char *around = set->group[1] != '\0' ? strdup(set->group) : NULL;
    if (status == EF_OK && set->group[1] != '\0' && around == NULL) {
        return ef_fail_memory(err, set->name);
    }
    while (status == EF_OK && set->model == NULL && around != NULL && around[1] != '\0') {
        char *slash = strrchr(around, '/');
        slash[slash == around] = '\0';
        hid_t group = H5Gopen2(set->file_handle, around, H5P_DEFAULT);
        if (group < 0) {
            status = ef_h5_fail(err, EF_FORMAT, "%s: its group %s cannot be opened", set->file, around);
            break;
        }
        status = read_model(&set->model, set, group, err);
        H5Gclose(group);
    }
    free(around);
    return status;
}

ef_status ef_set_open(ef_set **out, const char *location, const char *preferred, ef_error *err)
{
    ef_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return ef_fail_memory(err, location);
    }
    set->file_handle = set->group_handle = H5I_INVALID_HID;
    ef_status status = open_place(set, location, preferred, err);
    if (status == EF_OK) {
        status = open_datasets(set, err);
    }
    if (status == EF_OK && set->dataset[EF_EMBEDDINGS] == NULL && set->dataset[EF_SCORES] == NULL) {
        status = fail_no_embeddings(set, err);
    }
    if (status == EF_OK) {
        status = check_lengths(set, err);
    }
    if (status == EF_OK) {
        status = find_model(set, err);
    }
    if (status != EF_OK) {
        ef_set_close(set);
        return status;
    }
    *out = set;
    return EF_OK;
}

void ef_set_close(ef_set *set)
{
    if (set != NULL) {
        for (int field = 0; field < EF_FIELD_COUNT; field++) {
            ef_dataset_close(set->dataset[field]);
            free(set->dataset_name[field]);
        }
        ef_strings_free(set->folders);
        if (set->group_handle >= 0) {
            H5Gclose(set->group_handle);
        }
        if (set->file_handle >= 0) {
            H5Fclose(set->file_handle);
        }
        free(set->name);
        free(set->file);
        free(set->group);
        free(set->model);
        ef_h5_files_free(&set->files);
        free(set);
    }
}

const char *ef_set_name(const ef_set *set)
{
    return set->name;
}

const char *ef_set_file(const ef_set *set)
{
    return set->file;
}

size_t ef_set_file_count(const ef_set *set)
{
    return set->files.count;
}

const char *ef_set_file_at(const ef_set *set, size_t index)
{
    return set->files.items[index].path;
}

const ef_file_mark *ef_set_mark_at(const ef_set *set, size_t index)
{
    return &set->files.items[index].mark;
}

ef_status ef_set_check_files(const ef_set *set, ef_error *err)
{
    return ef_h5_files_check(&set->files, err);
}

const char *ef_set_group(const ef_set *set)
{
    return set->group;
}

const char *ef_set_model(const ef_set *set)
{
    return set->model;
}

size_t ef_set_rows(const ef_set *set)
{
    return ef_set_field_rows(set, EF_EMBEDDINGS);
}

size_t ef_set_dim(const ef_set *set)
{
    return set->dataset[EF_EMBEDDINGS] != NULL ? set->dataset[EF_EMBEDDINGS]->columns : 0;
}

ef_status ef_set_labels_from_ids(ef_set *set, ef_error *err)
{
    ef_strings *ids = NULL, *folders = NULL;
    size_t without = 0;
    ef_status status = ef_set_read_strings(set, EF_IDS, &ids, err);
    if (status == EF_OK) {
        status = ef_person_folders(&folders, &without, ids, err);
    }
    if (status == EF_OK && without < ef_strings_count(ids)) {
        status =
            ef_fail(err, EF_FORMAT,
                    "%s row %zu: '%.200s' lies in no folder that tells who it is, as PERSON of PERSON/IMAGE (the first part of "
                    "a name that not all names share must be a folder)",
                    set->dataset_name[EF_IDS], without, ef_strings_at(ids, without));
    }
    char *name = status == EF_OK ? concatenate(set->dataset_name[EF_IDS], " (folders)", "") : NULL;
    if (status == EF_OK && name == NULL) {
        status = ef_fail_memory(err, set->name);
    }
    ef_strings_free(ids);
    if (status != EF_OK) {
        ef_strings_free(folders);
        return status;
    }
    ef_strings_free(set->folders);
    set->folders = folders;
    free(set->dataset_name[EF_LABELS]);
    set->dataset_name[EF_LABELS] = name;
    return EF_OK;
}

const ef_strings *ef_set_label_folders(const ef_set *set)
{
    return set->folders;
}

static bool is_folders(const ef_set *set, ef_field field)
{
    return field == EF_LABELS && set->folders != NULL;
}

bool ef_set_has(const ef_set *set, ef_field field)
{
    return set->dataset[field] != NULL || is_folders(set, field);
}

bool ef_set_is_text(const ef_set *set, ef_field field)
{
    return is_folders(set, field) || (set->dataset[field] != NULL && set->dataset[field]->holds == EF_TEXT);
}

size_t ef_set_field_rows(const ef_set *set, ef_field field)
{
    return is_folders(set, field) ? ef_strings_count(set->folders) : set->dataset[field] != NULL ? set->dataset[field]->rows : 0;
}

const char *ef_set_field_name(const ef_set *set, ef_field field)
{
    return set->dataset_name[field];
}

/* The dataset of a field, if it is there and holds one of `wanted`. */
static ef_status take_dataset(ef_dataset **out, const ef_set *set, ef_field field, unsigned wanted, ef_error *err)
{
    *out = set->dataset[field];
    if (*out == NULL) {
        return ef_fail(err, EF_FORMAT, "%s: is missing", set->dataset_name[field]);
    }
    if (((*out)->holds & wanted) == 0) {
        return ef_fail(err, EF_FORMAT, "%s: holds %s, but %s are needed", set->dataset_name[field], ef_holds_name((*out)->holds),
                       ef_holds_name(wanted));
    }
    return EF_OK;
}

ef_status ef_set_read_reals(const ef_set *set, ef_field field, size_t first, size_t count, double *out, ef_error *err)
{
    ef_dataset *dataset;
    ef_status status = take_dataset(&dataset, set, field, EF_REALS, err);
    return status == EF_OK ? ef_dataset_read_reals(dataset, first, count, out, err) : status;
}

ef_status ef_set_read_floats(const ef_set *set, ef_field field, size_t first, size_t count, float *out, ef_error *err)
{
    ef_dataset *dataset;
    ef_status status = take_dataset(&dataset, set, field, EF_REALS, err);
    return status == EF_OK ? ef_dataset_read_floats(dataset, first, count, out, err) : status;
}

/* The last column of some fields is a yes or a no.  `value` holds the rows from `first` on. */
static ef_status check_yes_no(const ef_dataset *dataset, ef_field field, size_t first, size_t count, const int64_t *value,
                              ef_error *err)
{
    if (field != EF_ISSAME && field != EF_TEMPLATE_PAIRS && field != EF_NOISY && field != EF_IS_PROBE) {
        return EF_OK;
    }
    size_t wrong = 0, where = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t label = value[i * dataset->columns + dataset->columns - 1];
        bool bad = label != 0 && label != 1;
        where = bad && wrong == 0 ? i : where;
        wrong += bad;
    }
    char more[EF_AND_MORE];
    return wrong == 0
               ? EF_OK
               : ef_fail(err, EF_FORMAT, "%s row %zu: %lld is neither 0 nor 1%s", dataset->name, first + where,
                         (long long)value[where * dataset->columns + dataset->columns - 1], ef_and_more(more, wrong, "row"));
}

ef_status ef_set_read_integers(const ef_set *set, ef_field field, int64_t **out, ef_error *err)
{
    ef_dataset *dataset;
    ef_status status = take_dataset(&dataset, set, field, EF_INTEGERS | EF_BOOLEANS, err);
    if (status != EF_OK) {
        return status;
    }
    int64_t *value = ef_alloc(dataset->rows * dataset->columns, sizeof *value);
    if (value == NULL) {
        return ef_fail_memory(err, dataset->name);
    }
    if ((status = ef_dataset_read_integers(dataset, 0, dataset->rows, value, err)) != EF_OK ||
        (status = check_yes_no(dataset, field, 0, dataset->rows, value, err)) != EF_OK) {
        free(value);
        return status;
    }
    *out = value;
    return EF_OK;
}

ef_status ef_set_read_integer_rows(const ef_set *set, ef_field field, size_t first, size_t count, int64_t *out, ef_error *err)
{
    ef_dataset *dataset;
    ef_status status = take_dataset(&dataset, set, field, EF_INTEGERS | EF_BOOLEANS, err);
    if (status == EF_OK && (status = ef_dataset_read_integers(dataset, first, count, out, err)) == EF_OK) {
        status = check_yes_no(dataset, field, first, count, out, err);
    }
    return status;
}

static ef_status copy_strings(ef_strings **out, const ef_strings *from, ef_error *err)
{
    ef_strings *copy = NULL;
    ef_status status = ef_strings_create(&copy, err);
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(from); i++) {
        const char *text = ef_strings_at(from, i);
        status = ef_strings_add(copy, text, strlen(text), err);
    }
    if (status != EF_OK) {
        ef_strings_free(copy);
        return status;
    }
    *out = copy;
    return EF_OK;
}

ef_status ef_set_read_strings(const ef_set *set, ef_field field, ef_strings **out, ef_error *err)
{
    ef_dataset *dataset;
    if (is_folders(set, field)) {
        return copy_strings(out, set->folders, err);
    }
    ef_status status = take_dataset(&dataset, set, field, EF_TEXT, err);
    return status == EF_OK ? ef_dataset_read_strings(dataset, out, err) : status;
}
