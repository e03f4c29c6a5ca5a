/* plan_identity.h - whether the calls of a pair list agree with who its images are.
 *
 * Sources of identity, beside the calls (the list's labels, or the dataset issame):
 * - the set's labels, unless the calls were made from them;
 * - the people that a list itself names (LFW, CFP): its impostor pairs must not be of one name;
 * - the pairs that stand in the list more than once, and an image compared with itself;
 * - the folders of the set's image names, where there are no labels.  Folders may be anything; what they are is told by how often pairs
 *   share one.  They are people when 60 % of the genuine pairs do and at most 20 % of the impostor pairs, while at most 5 % of any two
 *   images do: then every contradiction counts as one with labels does.  But where more than 1 % of any two images share one and impostor
 *   pairs do about as often (a third to three times, where that makes three pairs), folders may as well hold several people.  For pairs by
 *   row number they are people too when they tell 90 % of the pairs of either class with every row moved down by one, and far fewer
 *   as they stand: then rows were counted from 1.  Folders tell nothing when nearly all pairs of either class share one (90 %), or
 *   when pairs share one hardly more often than any two images (but where rows were given by number or place and at most 5 % of any two images
 *   do, the rows may be wrong).  All else is doubtful: a note with the counts of both classes.
 * Contradictions are an error whatever their number.  Thread rule: as evaluate.h. */
#ifndef EF_EVALUATE_PLAN_IDENTITY_H
#define EF_EVALUATE_PLAN_IDENTITY_H

#include <eface/evaluate.h>

#include "evaluate/pair_plan.h"

/* Checks a plan whose rows and calls are those of `list` (NULL: of the set itself), all of them in its order; rows that are missing are
 * passed over.  `by_row`: the rows were given by number.  `called_by_labels`: by the set's labels.  Contradictions are
 * EF_FORMAT, or notes with options->allow_contradictions. */
EF_MUST_USE ef_status ef_plan_identity_check(ef_plan *plan, const ef_pair_list *list, bool by_row, bool called_by_labels,
                                             const ef_set *set, const ef_evaluate_options *options, ef_error *err);

/* Whether rows may have been counted from 1, as far as numbers alone tell: row 0 is never named, and the highest of the `count` numbers
 * is that of the first row that is not there. */
bool ef_rows_look_one_based(const uint64_t *row, size_t count, size_t rows);

#endif
