/* plan_identity.h - whether the calls of a pair list agree with who its images are.
 *
 * Sources of identity, beside the calls (the list's labels, or the dataset issame):
 * - the set's labels, unless the calls were made from them;
 * - the people that a list itself names (LFW, CFP): its impostor pairs must not be of one name;
 * - the pairs that stand in the list more than once, and an image compared with itself;
 * - the folders of the set's image names, where there are no labels.  Folders may be anything, so they are people only when they tell 90 %
 *   of the genuine and 90 % of the impostor pairs as the calls do.  Then it is an error when genuine pairs lie across folders and
 *   impostor pairs share one three times as often as any two images do; a note when there is only one of the two; nothing when impostor
 *   pairs share one about as often (a third to three times) as any two images: then folders hold several people.  For pairs by row number the
 *   folders may also tell 90 % of both with every row moved down by one, and far fewer as they stand: then rows were counted from 1, an error.
 * All but the last are an error whatever their number.  Thread rule: as evaluate.h. */
#ifndef EF_PROTOCOL_PLAN_IDENTITY_H
#define EF_PROTOCOL_PLAN_IDENTITY_H

#include <eface/evaluate.h>

#include "protocol/plan.h"

/* Checks a plan whose rows and calls are those of `list` (NULL: of the set itself), all of them in its order; rows that are missing are
 * passed over.  `by_row`: the rows were given by number.  `called_by_labels`: by the set's labels.  Contradictions are
 * EF_FORMAT, or notes with options->allow_contradictions. */
EF_MUST_USE ef_status ef_plan_identity_check(ef_plan *plan, const ef_pair_list *list, bool by_row, bool called_by_labels,
                                             const ef_set *set, const ef_evaluate_options *options, ef_error *err);

/* Whether rows may have been counted from 1, as far as numbers alone tell: row 0 is never named, and the highest of the `count` numbers
 * is that of the first row that is not there. */
bool ef_rows_look_one_based(const uint64_t *row, size_t count, size_t rows);

#endif
