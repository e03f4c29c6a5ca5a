/* report.h - results as text for eyes, as JSON for programs, as rows for spreadsheets and papers.
 * Thread rule: safe from any thread. */
#ifndef EFACE_REPORT_H
#define EFACE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <eface/format.h>
#include <eface/result.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EF_RESULT_SCHEMA 1 /* of the JSON, described in protocols/README.md */

typedef struct ef_report_options {
    bool color;  /* text: emphasis by terminal codes */
    bool detail; /* text: inputs with their hashes, both conventions side by side */
} ef_report_options;

/* When a report has the hashes of the inputs. */
typedef enum ef_report_hashes { EF_HASHES_NEVER, EF_HASHES_IN_DETAIL, EF_HASHES_ALWAYS } ef_report_hashes;

/* A format of reports: one row of src/report/report_formats.def each. */
typedef struct ef_report_format {
    ef_format format;
    ef_report_hashes hashes;
    /* Writes `count` results; `options` is not NULL.  What the stream itself refuses shows in ferror(stream). */
    ef_status (*write)(FILE *stream, const ef_result *const *results, size_t count, const ef_report_options *options,
                       ef_error *err);
} ef_report_format;

/* "text", "json", "tsv", "csv", "md", in this order; NULL behind the last. */
EF_API const ef_report_format *ef_report_format_at(size_t index);

/* The format of a name or an extension ("txt"), and that of a file by its extension.  EF_INVALID: there is none, in words that name those there are. */
EF_API EF_MUST_USE ef_status ef_report_format_find(const ef_report_format **out, const char *text, ef_error *err);
EF_API EF_MUST_USE ef_status ef_report_format_of_file(const ef_report_format **out, const char *path, ef_error *err);

/* Writes `count` results to `stream`.  Text and Markdown put systems of the same protocol side by side.  options may be NULL.  A failed write shows in
 * ferror(stream) as well as in the status (EF_IO). */
EF_API EF_MUST_USE ef_status ef_report_write(FILE *stream, const ef_report_format *format, const ef_result *const *results,
                                             size_t count, const ef_report_options *options, ef_error *err);

/* Whether a report has the hashes of the inputs.  The others need no ef_result_fingerprint(). */
EF_API bool ef_report_has_hashes(const ef_report_format *format, const ef_report_options *options);

#ifdef __cplusplus
}
#endif
#endif
