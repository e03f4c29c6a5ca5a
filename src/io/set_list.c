#include <eface/set.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/fields.h"
#include "io/h5.h"

size_t ef_set_split(const char *location, const char **group)
{
    struct stat about;
    size_t length = strlen(location);
    *group = NULL;
    if (stat(location, &about) == 0) {
        return length;
    }
    for (size_t i = length; i-- > 0;) {
        if (location[i] == ':' && location[i + 1] == '/') {
            *group = location + i + 1;
            return i;
        }
    }
    return length;
}

static bool has_field(hid_t group, ef_field field)
{
    const ef_field_info *info = ef_field_info_of(field);
    for (size_t i = 0; i < EF_FIELD_NAMES && info->names[i] != NULL; i++) {
        if (ef_h5_kind(group, info->names[i]) == H5I_DATASET) {
            return true;
        }
    }
    return false;
}

/* Whether a group holds a set in a group of its own. */
static bool has_side(hid_t group, const char *name)
{
    hid_t side = ef_h5_kind(group, name) == H5I_GROUP ? H5Gopen2(group, name, H5P_DEFAULT) : H5I_INVALID_HID;
    bool found = side >= 0 && has_field(side, EF_EMBEDDINGS);
    if (side >= 0) {
        H5Gclose(side);
    }
    return found;
}

static bool is_set(hid_t place, const char *name)
{
    hid_t group = H5Gopen2(place, name, H5P_DEFAULT);
    if (group < 0) {
        return false;
    }
    bool found = has_field(group, EF_EMBEDDINGS) || has_field(group, EF_SCORES) ||
                 (has_side(group, "probes") && has_side(group, "distractors"));
    H5Gclose(group);
    return found;
}

/* Appends "/NAME". */
static ef_status add_path(ef_strings *sets, const char *name, ef_error *err)
{
    size_t length = strlen(name);
    char *path = ef_alloc(length + 2, 1);
    if (path == NULL) {
        return ef_fail_memory(err, name);
    }
    snprintf(path, length + 2, "/%s", name);
    ef_status status = ef_strings_add(sets, path, length + 1, err);
    free(path);
    return status;
}

ef_status ef_set_list(ef_strings **out, const char *file, ef_error *err)
{
    ef_strings *sets = NULL, *groups = NULL;
    hid_t handle = H5I_INVALID_HID;
    ef_status status = ef_h5_open(&handle, file, err);
    if (status != EF_OK || (status = ef_strings_create(&sets, err)) != EF_OK) {
        goto done;
    }
    if ((status = ef_h5_list(&groups, handle, H5I_GROUP, err)) != EF_OK) {
        status = ef_context(err, status, "%s", file);
        goto done;
    }
    if (is_set(handle, "/") && (status = add_path(sets, "", err)) != EF_OK) {
        goto done;
    }
    for (size_t i = 0; i < ef_strings_count(groups); i++) {
        const char *name = ef_strings_at(groups, i);
        if (is_set(handle, name) && (status = add_path(sets, name, err)) != EF_OK) {
            goto done;
        }
    }
    *out = sets;
    sets = NULL;
done:
    ef_strings_free(sets);
    ef_strings_free(groups);
    if (handle >= 0) {
        H5Fclose(handle);
    }
    return status;
}
