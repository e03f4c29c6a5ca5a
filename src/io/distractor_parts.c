#include "io/distractor_parts.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/file_mark_of.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/path.h"

ef_status ef_distractor_list_path(char **path, const ef_distractor_way *way, const char *name, bool named, ef_error *err)
{
    static const char *const places[] = {"", "templatelists"};
    const char *folder = way->options.lists;
    struct stat about;
    *path = NULL;
    if (named && ef_is_standard_input(name)) {
        *path = ef_copy(name);
        return *path != NULL ? EF_OK : ef_fail_memory(err, name);
    }
    for (size_t i = 0; folder != NULL && i < sizeof places / sizeof *places && *path == NULL; i++) {
        char *below = ef_path_below(folder, places[i]);
        char *found = below != NULL ? ef_path_below(below, name) : NULL;
        free(below);
        if (found == NULL) {
            return ef_fail_memory(err, name);
        }
        if (stat(found, &about) == 0) {
            *path = found;
        } else {
            free(found);
        }
    }
    if (*path == NULL && named) {
        return folder != NULL ? ef_fail(err, EF_IO, "%s: holds no %s, nor does its templatelists%s", folder, name,
                                        way->lists_named ? "" : "; --data names another folder of lists")
                              : ef_fail(err, EF_INVALID, "no folder is given to look for the list %s in: --data names it", name);
    }
    return EF_OK;
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
