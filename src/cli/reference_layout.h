/* reference_layout.h - where the two columns of a curve from elsewhere stand in the lines of its file.
 *
 * Fields stand between commas, semicolons or blanks, with or without double quotes around them.  A file without a heading has two columns; one whose heading
 * names a FAR and a TAR or FNMR may have any others beside them, also a first column of row numbers with or without a name. */
#ifndef EF_CLI_REFERENCE_LAYOUT_H
#define EF_CLI_REFERENCE_LAYOUT_H

#include "base/text_file.h"
#include "cli/reference_columns.h"

typedef struct reference_layout {
    char separator; /* of a file with a heading: ',', ';', '\t' or ' ' for blanks */
    bool headed;
    size_t fields; /* in the heading, or 2; rows under named columns may have one more, their number, in front */
    size_t place[2];
    reference_columns columns; /* what the heading says of the two; unknown if it does not */
} reference_layout;

/* Reads the first line of a file: it is a heading when it has words and none of its fields is a number, and then *out says what it names.  Error: a heading between commas or semicolons of other than two
 * columns (but for row numbers) of which not one names the FAR and one the TAR or FNMR, or that names one twice; the sentence has neither file nor line. */
EF_MUST_USE ef_status reference_layout_find(reference_layout *out, ef_span line, ef_error *err);

/* Reads the two numbers of a line: false if they are not there.  Either may be NAN, which a rate without trials is. */
bool reference_layout_cut(double pair[2], const reference_layout *layout, ef_span line);

#endif
