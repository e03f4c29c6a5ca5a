#include "io/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "io/h5.h"

#define NAMES_SHOWN 600 /* bytes of a list of names in a message */

void ef_group_tidy(char *path)
{
    size_t used = 0;
    for (size_t i = 0; path[i] != '\0'; i++) {
        if (path[i] != '/' || used == 0 || path[used - 1] != '/') {
            path[used++] = path[i];
        }
    }
    while (used > 1 && path[used - 1] == '/') {
        used--;
    }
    path[used] = '\0';
}

/* The error for a group `missing` that the group `parent` ("" for the root) does not have. */
static ef_status fail_missing(hid_t file, const char *parent, const char *missing, const char *name, ef_error *err)
{
    char names[NAMES_SHOWN];
    const char *shown = parent[0] != '\0' ? parent : "/";
    ef_strings *groups = NULL;
    hid_t place = H5Gopen2(file, shown, H5P_DEFAULT);
    ef_status status = ef_h5_list(&groups, place, H5I_GROUP, err);
    if (status == EF_OK) {
        ef_nearest nearest = ef_nearest_begin(missing);
        for (size_t i = 0; i < ef_strings_count(groups); i++) {
            ef_nearest_offer(&nearest, ef_strings_at(groups, i));
        }
        ef_h5_join(names, sizeof names, groups);
        if (nearest.best != NULL) {
            status = ef_fail(err, EF_FORMAT, "%s: has no group %s/%s; did you mean %s/%s? (groups in %s: %s)", name, parent,
                             missing, parent, nearest.best, shown, names);
        } else {
            status = ef_fail(err, EF_FORMAT, "%s: has no group %s/%s (groups in %s: %s)", name, parent, missing, shown, names);
        }
    }
    ef_strings_free(groups);
    if (place >= 0) {
        H5Gclose(place);
    }
    return status;
}

ef_status ef_group_open(hid_t *out, hid_t file, const char *path, const char *name, ef_error *err)
{
    ef_status status = EF_OK;
    char *step = strdup(path);
    if (step == NULL) {
        return ef_fail_memory(err, name);
    }
    /* Step by step, so that the step that is missing can be named. */
    for (char *slash = path[1] != '\0' ? step : NULL; slash != NULL && status == EF_OK;) {
        char *next = strchr(slash + 1, '/');
        if (next != NULL) {
            *next = '\0';
        }
        H5I_type_t kind = ef_h5_kind(file, step);
        if (kind == H5I_BADID) {
            *slash = '\0';
            status = fail_missing(file, step, slash + 1, name, err);
        } else if (kind != H5I_GROUP) {
            status = ef_fail(err, EF_FORMAT, "%s: %s is a dataset, not a group; a set is the group that holds its datasets", name,
                             step);
        } else if (next != NULL) {
            *next = '/';
        }
        slash = next;
    }
    free(step);
    if (status == EF_OK && (*out = H5Gopen2(file, path, H5P_DEFAULT)) < 0) {
        status = ef_h5_fail(err, EF_FORMAT, "%s: the group %s cannot be opened", name, path);
    }
    return status;
}
