/* notes.h - sentences that a reader of a result should know. */
#ifndef EF_EVALUATE_NOTES_H
#define EF_EVALUATE_NOTES_H

#include <eface/distractor_set.h>
#include <eface/set.h>
#include <eface/strings.h>

#include "base/error.h"
#include "score/pair_repeats.h"

/* Adds a formatted sentence. */
EF_MUST_USE ef_status ef_note(ef_strings *notes, ef_error *err, const char *format, ...) EF_PRINTF(3, 4);

/* Says how many people the folders are that ef_set_labels_from_ids() takes for labels; nothing when labels are not taken from there. */
EF_MUST_USE ef_status ef_note_folders(ef_strings *notes, const ef_set *set, ef_error *err);
EF_MUST_USE ef_status ef_note_folders_of_probes(ef_strings *notes, const ef_distractor_set *set, ef_error *err);

/* Says how many pairs of a list repeat others, or compare an image (or a `noun` of another kind) with itself; nothing when there are none. */
EF_MUST_USE ef_status ef_note_repeats(ef_strings *notes, const ef_pair_repeats *repeats, const char *noun, ef_error *err);

#endif
