/* reference_columns.h - which column of a curve from elsewhere is which rate.
 *
 * Curves of ROC and DET come as pairs of rates in either order, and in either kind: a true positive rate or its complement.  Where neither the user nor a
 * heading says which, a ROC tells by itself: in a curve better than chance the FAR is never above the TAR. */
#ifndef EF_CLI_REFERENCE_COLUMNS_H
#define EF_CLI_REFERENCE_COLUMNS_H

#include "base/text_file.h"
#include "plot/plot.h"

typedef enum reference_rate { REFERENCE_NONE, REFERENCE_FPR, REFERENCE_TPR, REFERENCE_FNR } reference_rate;

/* The rates of the two columns; both REFERENCE_NONE: not known. */
typedef struct reference_columns {
    reference_rate rate[2];
} reference_columns;

/* What a column is by its name: fpr, far, fmr; tpr, tar, tmr; fnr, fnmr, frr; in any case. */
reference_rate reference_rate_of(ef_span name);

/* Reads "fpr,tpr" (also far and fmr; tar and tmr; fnr, fnmr and frr, in any case; a blank or tab may stand for the comma): one of the two must be fpr.
 * False, and *out unknown, for anything else. */
bool reference_columns_parse(reference_columns *out, ef_span text);

/* Turns points into what a plot of `kind` draws, x the FAR and y the TAR (ROC) or the FNMR (DET); other kinds have no rates to tell apart, and stay as they are.
 * Unknown columns are found for a ROC, and taken as FAR and y otherwise.  Returns words for the user when the order was found to be the other one, or could
 * not be told, or when a heading that says it (`headed`) puts the FAR above the TAR nearly everywhere; NULL when there is nothing to say. */
const char *reference_columns_apply(ef_plot_reference *curve, const reference_columns *columns, bool headed, ef_plot_kind kind);

#endif
