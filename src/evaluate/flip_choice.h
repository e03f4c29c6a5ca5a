/* flip_choice.h - how mirrored embeddings are fused in one evaluation: the caller's choice or the protocol's, and what the set has for it. */
#ifndef EF_EVALUATE_FLIP_CHOICE_H
#define EF_EVALUATE_FLIP_CHOICE_H

#include <eface/distractor_set.h>
#include <eface/evaluate.h>
#include <eface/result.h>

#include "score/halves.h"

typedef struct ef_flip_choice {
    ef_flip flip;
    bool absent;      /* the protocol fuses flips, but the set has none: `flip` is EF_FLIP_NONE instead */
    bool chosen;      /* by the caller */
    ef_halves halves; /* alike: the columns look like two halves, which nobody asked to split */
} ef_flip_choice;

/* The caller's choice must be possible (else EF_INVALID).  The protocol's falls back to none where a set has no mirrored embeddings; columns that it
 * splits must be there (else EF_FORMAT). */
EF_MUST_USE ef_status ef_choose_flip(ef_flip_choice *out, const ef_protocol *protocol, const ef_set *set,
                                     const ef_evaluate_options *options, ef_error *err);

/* The same for probes and distractors. */
EF_MUST_USE ef_status ef_choose_flip_of_sides(ef_flip_choice *out, const ef_protocol *protocol, const ef_distractor_set *set,
                                              const ef_evaluate_options *options, ef_error *err);

/* Looks whether the halves of a set's rows are like an image and its mirror image; not alike where it has mirrored embeddings. */
EF_MUST_USE ef_status ef_halves_of_set(ef_halves *out, const ef_set *set, ef_error *err);

/* Adds a note about halves that look like mirror images, unless the caller chose what to do with rows. */
EF_MUST_USE ef_status ef_note_halves(ef_strings *notes, const ef_flip_choice *choice, ef_error *err);

/* Adds to a result what was done with embeddings of `columns` stored columns: the settings that all tasks on them have. */
EF_MUST_USE ef_status ef_result_flip(ef_result *result, const ef_flip_choice *choice, size_t columns, ef_error *err);

#endif
