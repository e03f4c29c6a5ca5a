#include "base/format_choice.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"

ef_status ef_format_find(const ef_format **out, ef_format_at *at, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    const ef_format *format;
    for (size_t i = 0; (format = at(i)) != NULL; i++) {
        if (strcmp(text, format->name) == 0 || strcmp(text, format->extension + 1) == 0) {
            *out = format;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, format->name);
    }
    return ef_fail_unknown(err, "format", text, &nearest);
}

/* "a, b<last>c" of the names, or of the extensions. */
static const char *list(char text[EF_FORMAT_NAMES], ef_format_at *at, bool extensions, const char *last)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; at(i) != NULL && length < EF_FORMAT_NAMES; i++) {
        const char *before = i == 0 ? "" : at(i + 1) != NULL ? ", " : last;
        length += (size_t)snprintf(text + length, EF_FORMAT_NAMES - length, "%s%s", before,
                                   extensions ? at(i)->extension : at(i)->name);
    }
    return text;
}

const char *ef_format_names(char text[EF_FORMAT_NAMES], ef_format_at *at)
{
    return list(text, at, false, " or ");
}

ef_status ef_format_of_file(const ef_format **out, ef_format_at *at, const char *path, ef_error *err)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash != NULL ? slash : path, '.');
    char known[EF_FORMAT_NAMES];
    for (size_t i = 0; dot != NULL && at(i) != NULL; i++) {
        if (strcmp(dot, at(i)->extension) == 0) {
            *out = at(i);
            return EF_OK;
        }
    }
    return ef_fail(err, EF_INVALID, "the extension of '%s' is none of %s", path, list(known, at, true, " and "));
}
