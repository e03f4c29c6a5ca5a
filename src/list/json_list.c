#include "list/json_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/error.h"
#include "base/input.h"
#include "list/json_file.h"

/* Reads the array `key` of `root`; *out stays NULL when there is none. */
static ef_status read_array(ef_strings **out, const json_t *root, const char *key, const char *path, ef_error *err)
{
    const json_t *array = json_object_get(root, key);
    if (array == NULL) {
        return EF_OK;
    }
    if (!json_is_array(array)) {
        return ef_fail(err, EF_FORMAT, "%s: \"%s\" is not an array", path, key);
    }
    ef_status status = ef_strings_create(out, err);
    for (size_t i = 0; i < json_array_size(array) && status == EF_OK; i++) {
        const json_t *item = json_array_get(array, i);
        char digits[32];
        const char *text = digits;
        size_t length;
        if (json_is_string(item)) {
            text = json_string_value(item);
            length = json_string_length(item);
        } else if (json_is_integer(item) && strcmp(key, "id") == 0) {
            length = (size_t)snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(item));
        } else {
            return ef_fail(err, EF_FORMAT, "%s: entry %zu of \"%s\" is not a string", path, i + 1, key);
        }
        if (length == 0) {
            return ef_fail(err, EF_FORMAT, "%s: entry %zu of \"%s\" is empty", path, i + 1, key);
        }
        status = ef_strings_add(*out, text, length, err);
    }
    return status;
}

static ef_status check_list(const ef_json_list *list, const char *path, ef_error *err)
{
    if (list->paths == NULL) {
        return ef_fail(err, EF_FORMAT, "%s: has no \"path\"; a list of images looks like {\"path\": [\"a/b.jpg\", ...]}", path);
    }
    if (ef_strings_count(list->paths) == 0) {
        return ef_fail(err, EF_FORMAT, "%s: the list holds no images", path);
    }
    if (list->ids != NULL && ef_strings_count(list->ids) != ef_strings_count(list->paths)) {
        return ef_fail(err, EF_FORMAT, "%s: \"id\" has %zu entries, but \"path\" has %zu; they must agree, one per image", path,
                       ef_strings_count(list->ids), ef_strings_count(list->paths));
    }
    return EF_OK;
}

static ef_status load(json_t **out, ef_file_mark *mark, const char *path, ef_error *err)
{
    json_error_t error;
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        return ef_fail(err, EF_IO, "%s: is a folder, not a list", path);
    }
    ef_status status = ef_json_file_read(out, &error, mark, path, err);
    if (status != EF_OK || *out != NULL) {
        return status;
    }
    return json_error_code(&error) == json_error_out_of_memory
               ? ef_fail_memory(err, path)
               : ef_fail(err, EF_FORMAT, "%s:%d: is not JSON: %s (column %d)", ef_input_name(path), error.line, error.text,
                         error.column);
}

ef_status ef_json_list_read(ef_json_list *out, const char *path, ef_error *err)
{
    json_t *root = NULL;
    ef_json_list list = {0};
    *out = list;
    ef_status status = load(&root, &list.mark, path, err);
    path = ef_input_name(path);
    if (status == EF_OK && !json_is_object(root)) {
        status =
            ef_fail(err, EF_FORMAT, "%s: is not an object; a list of images looks like {\"path\": [\"a/b.jpg\", ...]}", path);
    }
    if (status == EF_OK) {
        status = read_array(&list.paths, root, "path", path, err);
    }
    if (status == EF_OK) {
        status = read_array(&list.ids, root, "id", path, err);
    }
    if (status == EF_OK) {
        status = check_list(&list, path, err);
    }
    json_decref(root);
    if (status != EF_OK) {
        ef_json_list_free(&list);
    }
    *out = list;
    return status;
}

void ef_json_list_free(ef_json_list *list)
{
    ef_strings_free(list->paths);
    ef_strings_free(list->ids);
    *list = (ef_json_list){0};
}
