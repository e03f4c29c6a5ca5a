/* sighting_match.h - which row of a set is which image of NIST's lists. */
#ifndef EF_EVALUATE_SIGHTING_MATCH_H
#define EF_EVALUATE_SIGHTING_MATCH_H

#include <stddef.h>

#include <eface/set.h>

#include "list/sightings.h"

/* Finds every image among the names of a set (dataset ids), which are all of one form: the file's name, when no file of the lists shows
 * two subjects; or the subject's id, a slash and the file's name; or the template's id in its place.  Folders before them
 * and image extensions do not count (id_index.h).  An image may stand in several templates: it is the same row in each.
 * `column` is what the lists call the column of files, for messages, and `paths` are the lists.
 * *form = the form, in memory of its own ("SUBJECT_ID/FILENAME"); *row = a row for each image.  The caller frees both with free(). */
EF_MUST_USE ef_status ef_sighting_match(size_t **row, char **form, const ef_sightings *sightings, const char *const *paths,
                                        const char *column, const ef_set *set, ef_error *err);

#endif
