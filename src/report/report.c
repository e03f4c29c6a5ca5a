#include <eface/report.h>

#include "base/error.h"
#include "report/report_parts.h"

ef_status ef_report_write(FILE *stream, ef_format format, const ef_result *const *results, size_t count,
                          const ef_report_options *options, ef_error *err)
{
    static const ef_report_options plain = {false, false};
    ef_status status = EF_OK;
    if (options == NULL) {
        options = &plain;
    }
    switch (format) {
    case EF_TEXT: status = ef_report_tables(stream, false, results, count, options, err); break;
    case EF_MARKDOWN: status = ef_report_tables(stream, true, results, count, options, err); break;
    case EF_JSON: status = ef_report_json(stream, results, count, err); break;
    case EF_TSV: ef_report_separated(stream, '\t', results, count); break;
    case EF_CSV: ef_report_separated(stream, ',', results, count); break;
    }
    if (status == EF_OK && ferror(stream)) {
        status = ef_fail(err, EF_IO, "the report could not be written");
    }
    return status;
}

bool ef_report_has_hashes(ef_format format, const ef_report_options *options)
{
    return format == EF_JSON || ((format == EF_TEXT || format == EF_MARKDOWN) && options != NULL && options->detail);
}
