/* table_format.h - the formats that a paper's table can be written in: one row of table_formats.def each.
 * Thread rule: constant; any thread may write a grid of its own. */
#ifndef EF_TABLE_TABLE_FORMAT_H
#define EF_TABLE_TABLE_FORMAT_H

#include <eface/format.h>

#include "table/grid.h"

typedef struct ef_table_options {
    bool color;      /* text: terminal codes in place of marks */
    bool standalone; /* formats of documents: a whole one, not a fragment */
} ef_table_options;

typedef struct ef_table_format {
    ef_format format;
    bool has_documents; /* and so can stand alone */
    /* Writes a grid.  A failed write shows in ferror(stream). */
    void (*write)(const ef_grid *grid, FILE *stream, const ef_table_options *options);
} ef_table_format;

/* "text", "latex", "md", "csv", "html", in this order; NULL behind the last. */
const ef_table_format *ef_table_format_at(size_t index);

/* The format of a name or an extension ("tex"), and that of a file by its extension. */
EF_MUST_USE ef_status ef_table_format_find(const ef_table_format **out, const char *text, ef_error *err);
EF_MUST_USE ef_status ef_table_format_of_file(const ef_table_format **out, const char *path, ef_error *err);

#endif
