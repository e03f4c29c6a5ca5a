/* report.h - results as text for eyes, as JSON for programs, as rows for spreadsheets and papers.
 * Thread rule: safe from any thread. */
#ifndef EFACE_REPORT_H
#define EFACE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <eface/result.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ef_format { EF_TEXT, EF_JSON, EF_TSV, EF_CSV, EF_MARKDOWN } ef_format;

#define EF_RESULT_SCHEMA 1 /* of the JSON, described in protocols/README.md */

typedef struct ef_report_options {
    bool color;  /* text: emphasis by terminal codes */
    bool detail; /* text: inputs with their hashes, both conventions side by side */
} ef_report_options;

/* Writes `count` results to `stream`.  Text and Markdown put systems of the same protocol side by side.  A failed write shows in
 * ferror(stream) as well as in the status (EF_IO). */
EF_API EF_MUST_USE ef_status ef_report_write(FILE *stream, ef_format format, const ef_result *const *results, size_t count,
                                             const ef_report_options *options, ef_error *err);

/* Whether a report has the hashes of the inputs: JSON always, text and Markdown in detail.  The others need no ef_result_fingerprint(). */
EF_API bool ef_report_has_hashes(ef_format format, const ef_report_options *options);

/* "text", "json", "tsv", "csv", "md"; and back, by name or by a file's extension (.txt .json .tsv .csv .md). */
EF_API const char *ef_format_name(ef_format format);
EF_API EF_MUST_USE ef_status ef_format_parse(ef_format *out, const char *text, ef_error *err);
EF_API EF_MUST_USE ef_status ef_format_of_file(ef_format *out, const char *path, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
