/* labels_advice.h - what can be done about a set without labels. */
#ifndef EF_IO_LABELS_ADVICE_H
#define EF_IO_LABELS_ADVICE_H

#include <eface/set.h>

/* *out = "; its names are ...": the option that takes the people from the names, and a line of Python that writes them into this very file;
 * or "" when the names have no folders for people.  Freed with free(). */
EF_MUST_USE ef_status ef_labels_advice(char **out, const ef_set *set, ef_error *err);

#endif
