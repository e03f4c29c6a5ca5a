#include "report/json_fields.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input.h"
#include "base/memory.h"
#include "list/json_file.h"
#include "base/path.h"

ef_status ef_json_load(json_t **out, const char *path, ef_error *err)
{
    json_error_t error;
    struct stat about;
    bool there = stat(path, &about) == 0;
    if (!there && !ef_is_standard_input(path)) {
        return ef_fail(err, EF_IO, "%s: cannot be opened: %s", path, strerror(errno));
    }
    if (there && S_ISDIR(about.st_mode)) {
        return ef_fail(err, EF_IO, "%s: is a folder, not a result file", path);
    }
    if (there && S_ISREG(about.st_mode) && about.st_size == 0) {
        return ef_fail(err, EF_FORMAT, "%s: is empty; a result file is written by eface-eval -o NAME.json", path);
    }
    ef_status status = ef_json_file_read(out, &error, NULL, path, err);
    if (status != EF_OK || *out != NULL) {
        return status;
    }
    path = ef_input_name(path);
    switch (json_error_code(&error)) {
    case json_error_out_of_memory: return ef_fail_memory(err, path);
    case json_error_premature_end_of_input: return ef_fail(err, EF_FORMAT, "%s:%d: the file is cut short", path, error.line);
    default:
        return ef_fail(err, EF_FORMAT, "%s:%d: is not JSON (%s); a result file is written by eface-eval -o NAME.json", path,
                       error.line, error.text);
    }
}

size_t ef_fields_enter(ef_fields *fields, const char *format, ...)
{
    va_list arguments;
    size_t before = fields->place_used, size = sizeof fields->place;
    va_start(arguments, format);
    if (before > 0 && before + 1 < size) {
        fields->place[fields->place_used++] = '.';
    }
    int length = vsnprintf(fields->place + fields->place_used, size - fields->place_used, format, arguments);
    va_end(arguments);
    size_t room = size - 1 - fields->place_used, wanted = length > 0 ? (size_t)length : 0;
    fields->place_used += wanted < room ? wanted : room;
    fields->place[fields->place_used] = '\0';
    return before;
}

void ef_fields_leave(ef_fields *fields, size_t place)
{
    fields->place_used = place;
    fields->place[place] = '\0';
}

void ef_fields_fail(ef_fields *fields, const char *key, const char *format, ...)
{
    char what[256];
    va_list arguments;
    if (fields->status != EF_OK) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    const char *dot = key != NULL && fields->place_used > 0 ? "." : "";
    fields->status =
        ef_fail(fields->err, EF_FORMAT, "%s: %s%s%s %s", fields->path, fields->place, dot, key != NULL ? key : "", what);
}

static const char *type_words(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER: return "an integer";
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "true or false";
    case JSON_NULL: return "null";
    }
    return "nothing";
}

/* The value of a key; NULL when it is absent, null and optional, or something failed. */
static const json_t *value_of(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    if (fields->status != EF_OK) {
        return NULL;
    }
    const json_t *value = json_object_get(object, key);
    if (value == NULL && presence == EF_REQUIRED) {
        ef_fields_fail(fields, key, "is missing");
    }
    return value == NULL || (presence == EF_OPTIONAL && json_is_null(value)) ? NULL : value;
}

static void fail_type(ef_fields *fields, const char *key, const json_t *value, const char *wanted)
{
    ef_fields_fail(fields, key, "is %s, not %s", type_words(value), wanted);
}

const char *ef_field_text(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    const json_t *value = value_of(fields, object, key, presence);
    if (value != NULL && !json_is_string(value)) {
        fail_type(fields, key, value, "a string");
        return NULL;
    }
    return value != NULL ? json_string_value(value) : NULL;
}

bool ef_field_flag(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    const json_t *value = value_of(fields, object, key, presence);
    if (value != NULL && !json_is_boolean(value)) {
        fail_type(fields, key, value, "true or false");
    }
    return json_is_true(value);
}

uint64_t ef_field_count(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    const json_t *value = value_of(fields, object, key, presence);
    if (value != NULL && !json_is_integer(value)) {
        fail_type(fields, key, value, "a count");
    } else if (value != NULL && json_integer_value(value) < 0) {
        ef_fields_fail(fields, key, "is %" JSON_INTEGER_FORMAT ", but no count is below 0", json_integer_value(value));
    }
    return value != NULL && fields->status == EF_OK ? (uint64_t)json_integer_value(value) : 0;
}

double ef_field_real(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    const json_t *value = value_of(fields, object, key, presence);
    if (value != NULL && !json_is_number(value)) {
        fail_type(fields, key, value, "a number");
    }
    return json_is_number(value) ? json_number_value(value) : NAN;
}

const json_t *ef_field_object(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    const json_t *value = value_of(fields, object, key, presence);
    if (value != NULL && !json_is_object(value)) {
        fail_type(fields, key, value, "an object");
        return NULL;
    }
    return value;
}

const json_t *ef_field_array(ef_fields *fields, const json_t *object, const char *key, ef_presence presence)
{
    const json_t *value = value_of(fields, object, key, presence);
    if (value != NULL && !json_is_array(value)) {
        fail_type(fields, key, value, "an array");
        return NULL;
    }
    return value;
}

/* Array `key` with as many elements as expected; NULL when something failed. */
static const json_t *column_of(ef_fields *fields, const json_t *object, const char *key, size_t expected)
{
    const json_t *array = ef_field_array(fields, object, key, EF_REQUIRED);
    if (array != NULL && expected != SIZE_MAX && json_array_size(array) != expected) {
        ef_fields_fail(fields, key, "has %zu entries, not %zu", json_array_size(array), expected);
        return NULL;
    }
    return array;
}

double *ef_field_reals(ef_fields *fields, const json_t *object, const char *key, double low, double high, size_t expected,
                       size_t *count)
{
    const json_t *array = column_of(fields, object, key, expected);
    size_t size = json_array_size(array);
    double *values = array != NULL ? ef_fields_alloc(fields, size, sizeof *values) : NULL;
    for (size_t i = 0; values != NULL && i < size; i++) {
        const json_t *item = json_array_get(array, i);
        bool infinite = json_is_null(item) && isinf(high);
        values[i] = infinite ? HUGE_VAL : json_number_value(item);
        if (!infinite && !json_is_number(item)) {
            ef_fields_fail(fields, key, "has %s as entry %zu, not a number", type_words(item), i);
        } else if (!(values[i] >= low && values[i] <= high)) {
            ef_fields_fail(fields, key, "has %g as entry %zu, which does not lie between %g and %g", values[i], i, low, high);
        }
    }
    *count = values != NULL ? size : 0;
    return values;
}

uint64_t *ef_field_counts(ef_fields *fields, const json_t *object, const char *key, size_t expected)
{
    const json_t *array = column_of(fields, object, key, expected);
    size_t size = json_array_size(array);
    uint64_t *values = array != NULL ? ef_fields_alloc(fields, size, sizeof *values) : NULL;
    for (size_t i = 0; values != NULL && i < size; i++) {
        const json_t *item = json_array_get(array, i);
        if (!json_is_integer(item) || json_integer_value(item) < 0) {
            ef_fields_fail(fields, key, "has an entry %zu that is no count", i);
        }
        values[i] = (uint64_t)json_integer_value(item);
    }
    return values;
}

void *ef_fields_alloc(ef_fields *fields, size_t count, size_t size)
{
    void *memory = fields->status == EF_OK ? ef_alloc_zero(count, size) : NULL;
    if (memory == NULL && fields->status == EF_OK) {
        fields->status = ef_fail_memory(fields->err, fields->path);
    }
    return memory;
}
