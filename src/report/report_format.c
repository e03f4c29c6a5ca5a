#include <string.h>

#include <eface/report.h>

#include "base/error.h"
#include "base/nearest.h"

static const char *const names[] = {
    [EF_TEXT] = "text", [EF_JSON] = "json", [EF_TSV] = "tsv", [EF_CSV] = "csv", [EF_MARKDOWN] = "md"};
enum { count = sizeof names / sizeof *names };

const char *ef_format_name(ef_format format)
{
    return names[format];
}

ef_status ef_format_parse(ef_format *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (int i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (ef_format)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, names[i]);
    }
    return ef_fail_unknown(err, "format", text, &nearest);
}

ef_status ef_format_of_file(ef_format *out, const char *path, ef_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash != NULL ? slash : path, '.');
    if (dot != NULL && strcmp(dot, ".txt") == 0) {
        *out = EF_TEXT;
        return EF_OK;
    }
    if (dot == NULL || strcmp(dot, ".text") == 0 || ef_format_parse(out, dot + 1, NULL) != EF_OK) {
        return ef_fail(err, EF_INVALID,
                       "the extension of '%s' is none of .txt, .json, .tsv, .csv and .md; --format says which is meant", path);
    }
    return EF_OK;
}
