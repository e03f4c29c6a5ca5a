/* paper_columns.h - which figures are the columns of a paper's table. */
#ifndef EF_TABLE_PAPER_COLUMNS_H
#define EF_TABLE_PAPER_COLUMNS_H

#include <eface/metric.h>

#include "table/paper_table.h"

typedef struct ef_paper_column {
    char *protocol; /* as the results have it */
    const ef_metric *metric;
    double point; /* NAN for a metric without one */
    char *top;    /* the heading, and the one below it */
    char *below;
} ef_paper_column;

typedef struct ef_paper_columns {
    ef_paper_column *items;
    size_t count, capacity;
    char *title; /* of the one benchmark in depth, else NULL */
} ef_paper_columns;

/* Those that the options ask for, or else those that papers quote of what there is.  Freed with ef_paper_columns_free(). */
EF_MUST_USE ef_status ef_paper_columns_choose(ef_paper_columns *out, const ef_paper_input *input, const ef_paper_options *options,
                                              ef_error *err);
void ef_paper_columns_free(ef_paper_columns *columns); /* an empty (zeroed) one is fine */

/* The column that "PROTOCOL[:METRIC[@POINT]]" means among those chosen. */
EF_MUST_USE ef_status ef_paper_columns_find(size_t *index, const ef_paper_columns *columns, const char *text, ef_error *err);

#endif
