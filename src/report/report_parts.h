/* report_parts.h - one writer per format; ef_report_write() in report.c chooses. */
#ifndef EF_REPORT_REPORT_PARTS_H
#define EF_REPORT_REPORT_PARTS_H

#include <eface/report.h>

EF_MUST_USE ef_status ef_report_tables(FILE *stream, bool markdown, const ef_result *const *results, size_t count,
                                       const ef_report_options *options, ef_error *err);
EF_MUST_USE ef_status ef_report_json(FILE *stream, const ef_result *const *results, size_t count, ef_error *err);
void ef_report_separated(FILE *stream, char separator, const ef_result *const *results, size_t count);

#endif
