/* flip_check.h - whether a set has what a mode of fusing mirrored embeddings needs. */
#ifndef EF_SCORE_FLIP_CHECK_H
#define EF_SCORE_FLIP_CHECK_H

#include <eface/rows.h>

/* Whether a set has what a mode needs: mirrored embeddings, or else columns that can be split.  Errors: EF_FORMAT, with the dataset's name. */
EF_MUST_USE ef_status ef_flip_check(ef_flip flip, const ef_set *set, ef_error *err);

#endif
