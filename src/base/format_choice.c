#include "base/format_choice.h"

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

ef_status ef_format_of_file(const ef_format **out, ef_format_at *at, const char *path, ef_error *err)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash != NULL ? slash : path, '.');
    char known[256] = "";
    size_t length = 0;
    for (size_t i = 0; at(i) != NULL; i++) {
        const char *extension = at(i)->extension;
        if (dot != NULL && strcmp(dot, extension) == 0) {
            *out = at(i);
            return EF_OK;
        }
        if (length < sizeof known) {
            length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                       i == 0              ? ""
                                       : at(i + 1) != NULL ? ", "
                                                           : " and ",
                                       extension);
        }
    }
    return ef_fail(err, EF_INVALID, "the extension of '%s' is none of %s", path, known);
}
