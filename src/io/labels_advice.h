/* labels_advice.h - what can be done about a set without labels, and what folders of names make of them. */
#ifndef EF_IO_LABELS_ADVICE_H
#define EF_IO_LABELS_ADVICE_H

#include <eface/distractor_set.h>
#include <eface/set.h>

/* *out = "; its names are ...": who the people would be, the option that takes them from the names, and a line of Python that writes them into
 * this very file; or "" when the names have no folders for people, or hardly any: no more than ten, with more kinds of folders in them, as in
 * SPLIT/PERSON/IMAGE.  Freed with free(). */
EF_MUST_USE ef_status ef_labels_advice(char **out, const ef_set *set, ef_error *err);

/* The folders that are a set's labels by ef_set_labels_from_ids(), owned by it, or NULL (set.c). */
const ef_strings *ef_set_label_folders(const ef_set *set);

/* *out = who they are: "the folders in emb.h5:/ids are 2 people, 'a' and 'b', of 240 images"; NULL when labels do not come from there.
 * Freed with free(). */
EF_MUST_USE ef_status ef_labels_told(char **out, const ef_set *set, ef_error *err);

/* The same of the probes (distractor_set.c). */
EF_MUST_USE ef_status ef_labels_told_of_probes(char **out, const ef_distractor_set *set, ef_error *err);

#endif
