/* id_index.h - finds the image that a list names among the image names of a set.
 *
 * A name that stands in the set letter for letter is that image, whatever else is like it.  What follows is for all others.
 *
 * Names are paths.  Two names match by the components that they share from the end on, the last one without its image
 * extension (.jpg, .png, ..., one of them, any case), '/' and '\' alike; empty components and "." do not count.  The set's name with
 * the longest common suffix is the match, provided that no other name of the set, and no other name of the list, ends in that
 * suffix, or that it is all of the shorter name: so "x/002/frontal/01" never matches "y/001/frontal/01" just because both end in
 * frontal/01.  A name of the set that is all suffix goes before longer ones.
 *
 * When both names go on before the suffix, what the set has there replaces what the list has ("../Data/Images" became "cfp").  Such
 * a match stands only if more names of the list are matched with this same replacement than with any other (nothing for nothing
 * included): "Bob/0001" is not "Carl/0001" just because no one else has a photograph 0001.  A set whose images all lie in one folder is
 * free of this rule: the folder says nothing about who they show ("Ann/Ann_0001" is "aligned/Ann_0001").
 * Thread rule: constant after creation. */
#ifndef EFACE_ID_INDEX_H
#define EFACE_ID_INDEX_H

#include <stddef.h>

#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_id_index ef_id_index;

#define EF_ID_MISSING   ((size_t)-1)
#define EF_ID_AMBIGUOUS ((size_t)-2)

/* Indexes the names of a set, which must outlive *out.  Two equal names are an error (EF_FORMAT) that names the first
 * repeated one and its two rows; `name` is what messages call the dataset.  The caller frees *out with ef_id_index_free(). */
EF_API EF_MUST_USE ef_status ef_id_index_create(ef_id_index **out, const ef_strings *ids, const char *name, ef_error *err);
EF_API void ef_id_index_free(ef_id_index *index); /* NULL is fine */

/* Finds each of the distinct names of a list: row[i] is the row of the set for wanted string i, or EF_ID_MISSING, or
 * EF_ID_AMBIGUOUS when several rows match equally well or the row is already the match of a wanted string before it.
 * Takes O(log N) comparisons per name of N, whatever the names have in common. */
EF_API EF_MUST_USE ef_status ef_id_index_match(size_t *row, const ef_id_index *index, const ef_strings *wanted, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
