/* paper_table.h - the table of a paper: a row for each system, a column for each benchmark, or for each figure of one benchmark.
 *
 * Only figures that were made alike may stand in one column: under one convention, with the same settings, from the same protocol and the same
 * number of comparisons.  Published figures stand below those measured, are marked as such, and are never ranked. */
#ifndef EF_TABLE_PAPER_TABLE_H
#define EF_TABLE_PAPER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/result_file.h>
#include <eface/strings.h>

#include "table/grid.h"
#include "table/published.h"

/* A measured result, and what its system is called.  Borrowed. */
typedef struct ef_paper_entry {
    const ef_stored_result *result;
    const char *file; /* for messages */
    const char *name;
} ef_paper_entry;

/* Systems that stand together, under a title. */
typedef struct ef_paper_group {
    const char *title;
    const ef_strings *names;
} ef_paper_group;

typedef struct ef_paper_input {
    const ef_paper_entry *entries;
    size_t count;
    const ef_published *published;
} ef_paper_input;

typedef struct ef_paper_options {
    const ef_strings *columns; /* "PROTOCOL[:METRIC[@POINT]]", in depth "METRIC[@POINT]"; none: what papers quote */
    const char *depth;         /* the one benchmark whose figures are the columns, or NULL */
    const ef_strings *order;   /* systems that come first */
    const char *sort;          /* the others by "name" or by a column, the best first; NULL: as they come */
    const ef_paper_group *groups;
    size_t group_count;
    bool choose_convention; /* instead of each result's own */
    ef_convention convention;
    int digits; /* behind the point of a rate in per cent */
    bool intervals, transpose, mixed;
} ef_paper_options;

enum { EF_MOST_DIGITS = 9 };

/* Makes the table.  Errors: the same system twice for one benchmark, figures in one column that were not made alike (unless options->mixed), a column
 * or a system that no result has.  The caller frees what *out owns with ef_grid_free(). */
EF_MUST_USE ef_status ef_paper_table(ef_grid *out, const ef_paper_input *input, const ef_paper_options *options, ef_error *err);

#endif
