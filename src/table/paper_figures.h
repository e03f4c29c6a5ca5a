/* paper_figures.h - the figures of a paper's table, gathered from results: who has what, and how it ranks. */
#ifndef EF_TABLE_PAPER_FIGURES_H
#define EF_TABLE_PAPER_FIGURES_H

#include "table/paper_columns.h"
#include "table/paper_table.h"

/* What a reader should know of a figure, a clause each. */
typedef enum ef_reason {
    EF_REASON_MIXED,      /* made otherwise than others of its column */
    EF_REASON_CONVENTION, /* where the columns have several */
    EF_REASON_PARTIAL,
    EF_REASON_SETTINGS, /* how templates were pooled; of pairs, mirrored images that were left out */
    EF_REASON_FEW,
    EF_REASON_UNDEFINED,
    EF_REASON_COUNT
} ef_reason;

typedef struct ef_paper_figure {
    bool there;
    double value;     /* NAN when it is not there or undefined */
    const char *text; /* of a published one: as it was published */
    const ef_measure *measure;
    const ef_paper_entry *entry; /* NULL for a published one */
    ef_convention convention;
    ef_emphasis emphasis;
    char *reasons[EF_REASON_COUNT]; /* NULL: none */
} ef_paper_figure;

typedef struct ef_paper_system {
    const char *name;
    const ef_published_system *published; /* NULL for a measured one */
} ef_paper_system;

typedef struct ef_paper_figures {
    ef_paper_system *systems; /* those measured, then those published */
    size_t system_count, measured_count;
    ef_paper_columns columns;
    ef_paper_figure *figures;         /* of system i and column j: [i * columns.count + j] */
    char *(*common)[EF_REASON_COUNT]; /* of each column: reasons that all of its figures had, moved up */
    char *shared[EF_REASON_COUNT];    /* those that all columns had, moved up once more */
    bool one_convention;              /* all measured figures are under `convention` */
    ef_convention convention;
} ef_paper_figures;

EF_MUST_USE ef_status ef_paper_figures_gather(ef_paper_figures *out, const ef_paper_input *input, const ef_paper_options *options,
                                              ef_error *err);
void ef_paper_figures_free(ef_paper_figures *figures); /* an empty (zeroed) one is fine */

ef_paper_figure *ef_paper_figure_at(const ef_paper_figures *figures, size_t system, size_t column);

/* Whether a figure is a rate, written in per cent. */
bool ef_paper_is_rate(const ef_paper_column *column);

#endif
