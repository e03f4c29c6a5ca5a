#include "io/distractor_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/file_mark_of.h"
#include "base/input.h"
#include "io/group.h"
#include "io/h5.h"
#include "io/labels_advice.h"
#include "base/path.h"
#include "list/size_list.h"

static const char *const group_names[2] = {"probes", "distractors"};

static ef_distractor_way complete(const ef_distractor_options *options, const char *location, bool is_folder)
{
    ef_distractor_way way = {0};
    ef_distractor_options *all = &way.options;
    if (options != NULL) {
        *all = *options;
    }
    way.probe_list_named = all->probe_list != NULL;
    way.size_list_named = all->size_list != NULL;
    way.lists_named = all->lists != NULL;
    way.list_set_named = all->list_set > 0;
    way.names = all->names != NULL ? *all->names : (ef_distractor_names){0};
    all->probe_list = way.probe_list_named ? all->probe_list : way.names.probe_list;
    all->size_list = way.size_list_named ? all->size_list : way.names.size_list;
    all->ending = all->ending != NULL ? all->ending : way.names.ending;
    all->list_set = all->list_set > 0 ? all->list_set : 1;
    all->lists = all->lists == NULL && is_folder ? location : all->lists;
    for (int side = EF_SIDE_PROBES; side <= EF_SIDE_DISTRACTORS; side++) {
        way.noise_list_named[side] = all->noise_list[side] != NULL;
        all->noise_list[side] = way.noise_list_named[side] ? all->noise_list[side] : way.names.noise_list[side];
    }
    return way;
}

/* *group = the group of a location in HDF5, the preferred one where it names none and the file has that, else the root. */
static ef_status find_group(char **group, char **file, const char *location, const char *preferred, ef_error *err)
{
    const char *named;
    size_t length = ef_set_split(location, &named);
    hid_t handle;
    *file = ef_copy_bytes(location, length);
    if (*file == NULL) {
        return ef_fail_memory(err, location);
    }
    ef_status status = ef_h5_open(&handle, *file, err);
    if (status != EF_OK) {
        return status;
    }
    *group = ef_copy_format("/%s", named != NULL ? named : preferred != NULL ? preferred : "");
    if (*group != NULL) {
        ef_group_tidy(*group);
        if (named == NULL && ef_h5_kind(handle, *group) != H5I_GROUP) {
            (*group)[1] = '\0';
        }
    }
    H5Fclose(handle);
    return *group != NULL ? EF_OK : ef_fail_memory(err, location);
}

static ef_status open_sides(ef_distractor_set *set, const char *file, const char *group, bool labels_from_ids, ef_error *err)
{
    bool is_root = group[1] == '\0';
    ef_status status = EF_OK;
    set->name = ef_copy_format("%s%s%s", file, is_root ? "" : ":", is_root ? "" : group);
    for (int i = EF_SIDE_PROBES; i <= EF_SIDE_DISTRACTORS && status == EF_OK; i++) {
        ef_distractor_side *side = &set->side[i];
        side->name = ef_copy_format("%s:%s/%s", file, is_root ? "" : group, group_names[i]);
        if (set->name == NULL || side->name == NULL) {
            return ef_fail_memory(err, file);
        }
        if ((status = ef_set_open(&side->set, side->name, NULL, err)) != EF_OK) {
            return status;
        }
        side->count = ef_set_rows(side->set);
        if (side->count == 0) {
            return ef_fail(err, EF_FORMAT, "%s: has no embeddings", side->name);
        }
        if (i == EF_SIDE_PROBES && labels_from_ids && (status = ef_set_labels_from_ids(side->set, err)) != EF_OK) {
            return status;
        }
        if (side->count >= UINT32_MAX) {
            return ef_fail(err, EF_FORMAT, "%s: has %zu rows; there can be at most 4294967294", side->name, side->count);
        }
    }
    return status;
}

/* The files of both sides, each once. */
static ef_status note_files(ef_distractor_set *set, ef_error *err)
{
    ef_status status = EF_OK;
    for (int i = EF_SIDE_PROBES; i <= EF_SIDE_DISTRACTORS; i++) {
        const ef_set *side = set->side[i].set;
        for (size_t f = 0; status == EF_OK && f < ef_set_file_count(side); f++) {
            const ef_file_mark *mark = ef_set_mark_at(side, f);
            bool known = false;
            for (size_t k = 0; k < set->input_count; k++) {
                known = known || ef_file_mark_compare(&set->inputs[k].mark, mark, "", NULL) == EF_OK;
            }
            if (!known) {
                status = ef_distractor_set_note(set, set->input_count == 0 ? "embeddings" : "source", ef_set_file_at(side, f),
                                                mark, err);
            }
        }
    }
    return status;
}

ef_status ef_labels_told_of_probes(char **out, const ef_distractor_set *set, ef_error *err)
{
    const ef_set *probes = set->side[EF_SIDE_PROBES].set;
    *out = NULL;
    return probes != NULL ? ef_labels_told(out, probes, err) : EF_OK;
}

static ef_status open_h5(ef_distractor_set *set, const char *location, const char *preferred, bool labels_from_ids, ef_error *err)
{
    char *group = NULL, *file = NULL;
    ef_status status = find_group(&group, &file, location, preferred, err);
    if (status == EF_OK) {
        status = open_sides(set, file, group, labels_from_ids, err);
    }
    if (status == EF_OK) {
        status = note_files(set, err);
    }
    free(group);
    free(file);
    const ef_set *probes = set->side[EF_SIDE_PROBES].set, *distractors = set->side[EF_SIDE_DISTRACTORS].set;
    if (status == EF_OK && ef_set_model(probes) != NULL && (set->model = ef_copy(ef_set_model(probes))) == NULL) {
        status = ef_fail_memory(err, location);
    }
    if (status != EF_OK) {
        return status;
    }
    set->dim = ef_set_dim(probes);
    if (ef_set_dim(distractors) != set->dim) {
        return ef_fail(err, EF_FORMAT, "%s: has %zu columns, but %s has %zu; they must come from the same network",
                       ef_set_field_name(distractors, EF_EMBEDDINGS), ef_set_dim(distractors),
                       ef_set_field_name(probes, EF_EMBEDDINGS), set->dim);
    }
    set->flip = ef_set_has(probes, EF_EMBEDDINGS_FLIP);
    if (ef_set_has(distractors, EF_EMBEDDINGS_FLIP) != set->flip) {
        const ef_set *with = set->flip ? probes : distractors, *without = set->flip ? distractors : probes;
        return ef_fail(err, EF_FORMAT, "%s: is there, but %s has no mirrored images; both sides need them, or neither",
                       ef_set_field_name(with, EF_EMBEDDINGS_FLIP), ef_set_name(without));
    }
    return EF_OK;
}

static ef_status name_folders(ef_distractor_set *set, const char *location, const ef_distractor_way *way, ef_error *err)
{
    set->name = ef_copy(location);
    for (int i = EF_SIDE_PROBES; i <= EF_SIDE_DISTRACTORS; i++) {
        const char *below = way->names.features[i];
        set->side[i].name = below != NULL ? ef_path_below(location, below) : ef_copy(location);
        if (set->name == NULL || set->side[i].name == NULL) {
            return ef_fail_memory(err, location);
        }
    }
    return EF_OK;
}

/* What the ending "_resnet.bin" says of the system: "resnet"; nothing: NULL. */
static char *model_of(const char *ending)
{
    size_t length = strlen(ending);
    if (length >= 4 && strcmp(ending + length - 4, ".bin") == 0) {
        length -= 4;
    }
    while (length > 0 && ending[0] == '_') {
        ending++;
        length--;
    }
    return length > 0 ? ef_copy_bytes(ending, length) : NULL;
}

/* Where a list names a probe, and a distractor: in the longest of its lists. */
static char *probe_entry(const void *context, size_t row)
{
    const ef_distractor_set *set = context;
    const char *list = "the list of probes";
    for (size_t i = 0; i < set->input_count; i++) {
        list = strcmp(set->inputs[i].role, "probes") == 0 ? set->inputs[i].path : list;
    }
    return ef_copy_format("entry %zu of %s", row + 1, list);
}

static char *distractor_entry(const void *context, size_t row)
{
    const ef_distractor_set *set = context;
    for (size_t s = set->size_count; s-- > 0;) {
        const ef_distractor_size *size = &set->sizes[s];
        for (size_t i = 0; i < size->count; i++) {
            if ((size->rows != NULL ? size->rows[i] : i) == row) {
                return ef_copy_format("entry %zu of %s", i + 1, size->list);
            }
        }
    }
    return ef_copy("on a list of distractors");
}

/* The features of both sides, whose images are known. */
static ef_status open_features(ef_distractor_set *set, const ef_distractor_way *way, ef_error *err)
{
    static const ef_feature_entry entry[2] = {probe_entry, distractor_entry};
    ef_status status = EF_OK;
    char *ending = NULL;
    if (way->options.ending != NULL) {
        ending = ef_copy(way->options.ending);
        status = ending != NULL ? EF_OK : ef_fail_memory(err, set->name);
    } else {
        status = ef_feature_tree_ending(&ending, set->side[EF_SIDE_PROBES].name, set->side[EF_SIDE_PROBES].names, err);
    }
    for (int i = EF_SIDE_PROBES; i <= EF_SIDE_DISTRACTORS && status == EF_OK; i++) {
        ef_distractor_side *side = &set->side[i];
        status = ef_feature_tree_open(&side->tree, side->name, side->names, ending, entry[i], set, way->options.threads, err);
    }
    if (status == EF_OK) {
        size_t other = ef_feature_tree_dim(set->side[EF_SIDE_DISTRACTORS].tree);
        set->dim = ef_feature_tree_dim(set->side[EF_SIDE_PROBES].tree);
        set->model = model_of(ending);
        if (other != set->dim) {
            status = ef_fail(err, EF_FORMAT,
                             "%s: its first feature has %zu values, but that of %s has %zu; they must come from the same network",
                             set->side[EF_SIDE_DISTRACTORS].name, other, set->side[EF_SIDE_PROBES].name, set->dim);
        }
    }
    free(ending);
    return status;
}

static ef_status fail_no_noise(const ef_distractor_set *set, const ef_distractor_way *way, ef_error *err)
{
    const char *const *list = way->options.noise_list, *lists = way->options.lists;
    const char *first = list[EF_SIDE_PROBES] != NULL ? list[EF_SIDE_PROBES] : list[EF_SIDE_DISTRACTORS];
    if (first == NULL) {
        return ef_fail(err, EF_FORMAT,
                       "%s: nothing says which images are noisy: no datasets noisy, and the benchmark names no lists of them",
                       set->name);
    }
    bool both = list[EF_SIDE_PROBES] != NULL && list[EF_SIDE_DISTRACTORS] != NULL;
    return ef_fail(err, EF_FORMAT, "%s: nothing says which images are noisy: neither datasets noisy nor lists (%s%s%s%s%s)",
                   set->name, first, both ? ", " : "", both ? list[EF_SIDE_DISTRACTORS] : "",
                   lists != NULL ? ", looked for in " : "", lists != NULL ? lists : "");
}

static ef_status open_all(ef_distractor_set *set, const char *location, const char *preferred,
                          const ef_distractor_options *options, ef_error *err)
{
    struct stat about;
    bool is_folder = stat(location, &about) == 0 && S_ISDIR(about.st_mode);
    const ef_distractor_way way = complete(options, location, is_folder);
    if (way.options.lists != NULL && (stat(way.options.lists, &about) != 0 || !S_ISDIR(about.st_mode))) {
        return ef_fail(err, EF_IO, "%s: is no folder to look for lists in", way.options.lists);
    }
    if (way.options.size_list != NULL) {
        ef_status checked = ef_size_list_check(way.options.size_list, err);
        if (checked != EF_OK) {
            return ef_context(err, EF_INVALID, "lists of distractors");
        }
    }
    bool labels_from_ids = way.options.labels_from_ids;
    if (is_folder && labels_from_ids) {
        return ef_fail(err, EF_INVALID,
                       "%s: features of one file an image have no labels that could come from their names: their "
                       "list says who they are",
                       location);
    }
    ef_status status =
        is_folder ? name_folders(set, location, &way, err) : open_h5(set, location, preferred, labels_from_ids, err);
    if (status == EF_OK) {
        status = ef_distractor_probes(set, &way, err);
    }
    if (status == EF_OK) {
        status = ef_distractor_sizes(set, &way, err);
    }
    if (status == EF_OK && is_folder) {
        status = open_features(set, &way, err);
    }
    for (int side = EF_SIDE_PROBES; side <= EF_SIDE_DISTRACTORS && status == EF_OK && way.options.noises; side++) {
        status = ef_distractor_noises(set, (ef_side)side, &way, err);
    }
    if (status == EF_OK && way.options.noises && set->side[EF_SIDE_PROBES].noisy == NULL &&
        set->side[EF_SIDE_DISTRACTORS].noisy == NULL) {
        return fail_no_noise(set, &way, err);
    }
    return status;
}

ef_status ef_distractor_set_open(ef_distractor_set **out, const char *location, const char *preferred,
                                 const ef_distractor_options *options, ef_error *err)
{
    ef_distractor_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return ef_fail_memory(err, location);
    }
    ef_status status = open_all(set, location, preferred, options, err);
    if (status != EF_OK) {
        ef_distractor_set_close(set);
        return status;
    }
    *out = set;
    return EF_OK;
}

static void close_side(ef_distractor_side *side)
{
    ef_set_close(side->set);
    ef_feature_tree_close(side->tree);
    ef_strings_free(side->names);
    free(side->name);
    free(side->row);
    free(side->noisy);
    free(side->noise_source);
}

void ef_distractor_set_close(ef_distractor_set *set)
{
    if (set != NULL) {
        close_side(&set->side[EF_SIDE_PROBES]);
        close_side(&set->side[EF_SIDE_DISTRACTORS]);
        for (size_t i = 0; i < set->size_count; i++) {
            ef_distractor_size_free(&set->sizes[i]);
        }
        for (size_t i = 0; i < set->input_count; i++) {
            free((void *)set->inputs[i].path);
        }
        free(set->sizes);
        free(set->inputs);
        free(set->labels);
        free(set->other_labels);
        free(set->label_source);
        free(set->other_source);
        free(set->name);
        free(set->model);
        free(set);
    }
}

const char *ef_distractor_set_name(const ef_distractor_set *set)
{
    return set->name;
}

const char *ef_distractor_set_model(const ef_distractor_set *set)
{
    return set->model;
}

const char *ef_distractor_set_side_name(const ef_distractor_set *set, ef_side side)
{
    return set->side[side].name;
}

size_t ef_distractor_set_dim(const ef_distractor_set *set)
{
    return set->dim;
}

bool ef_distractor_set_has_flip(const ef_distractor_set *set)
{
    return set->flip;
}

size_t ef_distractor_set_rows(const ef_distractor_set *set, ef_side side)
{
    return set->side[side].count;
}

const char *ef_distractor_set_row_name(const ef_distractor_set *set, ef_side side, size_t row)
{
    return set->side[side].names != NULL ? ef_strings_at(set->side[side].names, row) : NULL;
}

const int64_t *ef_distractor_set_labels(const ef_distractor_set *set)
{
    return set->labels;
}

const int64_t *ef_distractor_set_other_labels(const ef_distractor_set *set, const char **source, const char **other)
{
    *source = set->label_source;
    *other = set->other_source;
    return set->other_labels;
}

size_t ef_distractor_set_strangers(const ef_distractor_set *set)
{
    return set->strangers;
}

size_t ef_distractor_set_identities(const ef_distractor_set *set)
{
    return set->identities;
}

size_t ef_distractor_set_mateless(const ef_distractor_set *set)
{
    return set->mateless;
}

size_t ef_distractor_set_size_count(const ef_distractor_set *set)
{
    return set->size_count;
}

const ef_distractor_size *ef_distractor_set_size(const ef_distractor_set *set, size_t index)
{
    return &set->sizes[index];
}

const ef_distractor_noise *ef_distractor_set_noise(const ef_distractor_set *set, ef_side side)
{
    return &set->side[side].noise;
}

size_t ef_distractor_set_input_count(const ef_distractor_set *set)
{
    return set->input_count;
}

const ef_distractor_input *ef_distractor_set_input(const ef_distractor_set *set, size_t index)
{
    return &set->inputs[index];
}

static ef_status check_read(const ef_distractor_set *set, ef_side side, ef_field field, size_t first, size_t count, ef_error *err)
{
    const ef_distractor_side *from = &set->side[side];
    if (field != EF_EMBEDDINGS && !(field == EF_EMBEDDINGS_FLIP && set->flip)) {
        return ef_fail(err, EF_INVALID, "%s: has only embeddings%s to read", from->name, set->flip ? " and mirrored ones" : "");
    }
    if (first > from->count || count > from->count - first) {
        return ef_fail(err, EF_INVALID, "%s: %zu images from number %zu on are asked for; it has %zu", from->name, count, first,
                       from->count);
    }
    return EF_OK;
}

/* The next images from `first` on that are rows one after another: how many; *row = the first one's. */
static size_t next_run(size_t *row, const ef_distractor_side *side, size_t first, size_t count)
{
    size_t run = 1;
    if (side->row == NULL) {
        *row = first;
        return count;
    }
    *row = side->row[first];
    while (run < count && side->row[first + run] == *row + run) {
        run++;
    }
    return run;
}

/* Into `floats`, or else into `reals`. */
static ef_status read_numbers(const ef_distractor_set *set, ef_side side, ef_field field, size_t first, size_t count,
                              float *floats, double *reals, ef_error *err)
{
    const ef_distractor_side *from = &set->side[side];
    size_t done = 0;
    ef_status status = check_read(set, side, field, first, count, err);
    if (status == EF_OK && from->tree != NULL) {
        return floats != NULL ? ef_feature_tree_floats(from->tree, first, count, floats, err)
                              : ef_feature_tree_reals(from->tree, first, count, reals, err);
    }
    while (status == EF_OK && done < count) {
        size_t row, run = next_run(&row, from, first + done, count - done), at = done * set->dim;
        status = floats != NULL ? ef_set_read_floats(from->set, field, row, run, floats + at, err)
                                : ef_set_read_reals(from->set, field, row, run, reals + at, err);
        done += run;
    }
    return status;
}

ef_status ef_distractor_set_read_floats(const ef_distractor_set *set, ef_side side, ef_field field, size_t first, size_t count,
                                        float *out, ef_error *err)
{
    return read_numbers(set, side, field, first, count, out, NULL, err);
}

ef_status ef_distractor_set_read_reals(const ef_distractor_set *set, ef_side side, ef_field field, size_t first, size_t count,
                                       double *out, ef_error *err)
{
    return read_numbers(set, side, field, first, count, NULL, out, err);
}
