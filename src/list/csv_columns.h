/* csv_columns.h - the columns of a comma-separated list that somebody wants, found by their names in the heading.
 *
 * Quotes are RFC 4180's, but a quoted field ends in its line.  Names match in any case.
 * Thread rule: constant once found; many threads may cut lines. */
#ifndef EF_LIST_CSV_COLUMNS_H
#define EF_LIST_CSV_COLUMNS_H

#include <stddef.h>

#include <eface/status.h>

#include "base/text_file.h"

enum { EF_CSV_MOST = 4 /* columns wanted */ };

typedef struct ef_csv_columns {
    size_t fields; /* in the heading, and so in every line */
    size_t count;  /* wanted */
    struct {
        size_t place; /* in the line, ascending; one place may be wanted twice */
        size_t wanted;
    } order[EF_CSV_MOST];
} ef_csv_columns;

/* Finds `count` columns, at most EF_CSV_MOST, by their names.  A name that the heading lacks, or has twice, is EF_FORMAT; the sentence
 * has neither file nor line. */
EF_MUST_USE ef_status ef_csv_columns_find(ef_csv_columns *out, ef_span heading, const char *const *names, size_t count,
                                          ef_error *err);

/* Cuts a line: field[i] is what stands in wanted column i, blanks around it and quotes cut off; a quote within quotes is still double.
 * Another number of fields than in the heading is EF_FORMAT, and so are quotes that do not pair. */
EF_MUST_USE ef_status ef_csv_columns_cut(ef_span *field, const ef_csv_columns *columns, ef_span line, ef_error *err);

#endif
