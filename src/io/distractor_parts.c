#include "io/distractor_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/file_mark_of.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/path.h"

const char *ef_distractor_places(char text[EF_PLACES_TEXT], const ef_distractor_way *way)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ef_strings_count(way->names.places) && used < EF_PLACES_TEXT; i++) {
        used += (size_t)snprintf(text + used, EF_PLACES_TEXT - used, "%s%s", i == 0 ? ", nor does its " : " or its ",
                                 ef_strings_at(way->names.places, i));
    }
    return text;
}

/* *found = the file `name` in `place` below a folder, freed with free(); NULL when there is none. */
static ef_status look_for(char **found, const char *folder, const char *place, const char *name, ef_error *err)
{
    struct stat about;
    char *below = ef_path_below(folder, place), *path = below != NULL ? ef_path_below(below, name) : NULL;
    free(below);
    if (path == NULL) {
        return ef_fail_memory(err, name);
    }
    if (stat(path, &about) == 0) {
        *found = path;
    } else {
        free(path);
    }
    return EF_OK;
}

ef_status ef_distractor_list_path(char **path, const ef_distractor_way *way, const char *name, bool named, ef_error *err)
{
    const char *folder = way->options.lists;
    char places[EF_PLACES_TEXT];
    *path = NULL;
    if (name == NULL) {
        return EF_OK;
    }
    if (named && ef_is_standard_input(name)) {
        *path = ef_copy(name);
        return *path != NULL ? EF_OK : ef_fail_memory(err, name);
    }
    ef_status status = folder != NULL ? look_for(path, folder, "", name, err) : EF_OK;
    for (size_t i = 0; folder != NULL && status == EF_OK && *path == NULL && i < ef_strings_count(way->names.places); i++) {
        status = look_for(path, folder, ef_strings_at(way->names.places, i), name, err);
    }
    if (status == EF_OK && *path == NULL && named) {
        return folder != NULL ? ef_fail(err, EF_IO, "%s: holds no %s%s%s", folder, name, ef_distractor_places(places, way),
                                        way->lists_named ? "" : "; --data names another folder of lists")
                              : ef_fail(err, EF_INVALID, "no folder is given to look for the list %s in: --data names it", name);
    }
    return status;
}

ef_status ef_distractor_check_list(const char *path, ef_error *err)
{
    ef_file_mark mark;
    ef_file_mark_take(&mark, path);
    return mark.once ? ef_fail(err, EF_IO, "%s: is no regular file, not a list", path) : EF_OK;
}

ef_status ef_distractor_set_note(ef_distractor_set *set, const char *role, const char *path, const ef_file_mark *mark,
                                 ef_error *err)
{
    if (!ef_grow(&set->inputs, &set->input_capacity, set->input_count + 1, sizeof *set->inputs)) {
        return ef_fail_memory(err, path);
    }
    char *copy = ef_copy(path);
    if (copy == NULL) {
        return ef_fail_memory(err, path);
    }
    set->inputs[set->input_count++] = (ef_distractor_input){role, copy, *mark};
    return EF_OK;
}

void ef_distractor_size_free(ef_distractor_size *size)
{
    free((void *)size->rows);
    free((void *)size->list);
    *size = (ef_distractor_size){0};
}
