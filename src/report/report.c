#include <eface/report.h>

#include "base/error.h"
#include "base/format_choice.h"

#define ROW(name) extern const ef_report_format ef_report_format_##name;
#include "report/report_formats.def"
#undef ROW

const ef_report_format *ef_report_format_at(size_t index)
{
#define ROW(name) &ef_report_format_##name,
    static const ef_report_format *const formats[] = {
#include "report/report_formats.def"
    };
#undef ROW
    return index < sizeof formats / sizeof *formats ? formats[index] : NULL;
}

/* A report's format begins with its name and extension. */
static const ef_format *format_at(size_t index)
{
    const ef_report_format *format = ef_report_format_at(index);
    return format != NULL ? &format->format : NULL;
}

ef_status ef_report_format_find(const ef_report_format **out, const char *text, ef_error *err)
{
    const ef_format *format;
    ef_status status = ef_format_find(&format, format_at, text, err);
    if (status == EF_OK) {
        *out = (const ef_report_format *)format;
    }
    return status;
}

ef_status ef_report_format_of_file(const ef_report_format **out, const char *path, ef_error *err)
{
    const ef_format *format;
    ef_status status = ef_format_of_file(&format, format_at, path, err);
    if (status == EF_OK) {
        *out = (const ef_report_format *)format;
    }
    return status;
}

ef_status ef_report_write(FILE *stream, const ef_report_format *format, const ef_result *const *results, size_t count,
                          const ef_report_options *options, ef_error *err)
{
    static const ef_report_options plain = {false, false};
    ef_status status = format->write(stream, results, count, options != NULL ? options : &plain, err);
    if (status == EF_OK && ferror(stream)) {
        status = ef_fail(err, EF_IO, "the report could not be written");
    }
    return status;
}

bool ef_report_has_hashes(const ef_report_format *format, const ef_report_options *options)
{
    return format->hashes == EF_HASHES_ALWAYS || (format->hashes == EF_HASHES_IN_DETAIL && options != NULL && options->detail);
}
