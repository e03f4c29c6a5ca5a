/* reference_curve.h - curves from elsewhere, in files of two columns. */
#ifndef EF_CLI_REFERENCE_CURVE_H
#define EF_CLI_REFERENCE_CURVE_H

#include "cli/reference_columns.h"
#include "cli/table_input.h"
#include "plot/plot.h"

/* Reads "[PROTOCOL:][NAME=]FILE", as a whole the name of a file if there is such a one ("-" is standard input; what can be read only once is claimed of
 * `input`): lines of two numbers, x and y in the units of the data (shares, ranks, scores), between blanks or a comma; empty lines and those that
 * begin with '#' are passed over, and so are a heading before the first point, which may name the columns, and lines with a NaN.  PROTOCOL must be one
 * that an entry has.  Errors name file and line: other than two numbers, a share outside [0, 1] where the plot has shares, no points.  `columns`
 * (unknown ones: the heading, else reference_columns_apply()) say which rate is which; *remark receives what the user should know of it, or NULL.
 * The caller frees *out with reference_curve_free(). */
EF_MUST_USE ef_status reference_curve_read(ef_plot_reference *out, const char **remark, const char *argument, ef_plot_kind kind,
                                           const reference_columns *columns, table_input *input, ef_error *err);
void reference_curve_free(ef_plot_reference *reference); /* an empty (zeroed) one is fine */

#endif
