/* Apart from rows.c, which reads sets: what only names flips needs no HDF5. */
#include <eface/rows.h>

#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "score/flip.h"

static const char *const flip_names[] = {
    [EF_FLIP_NONE] = "none",
    [EF_FLIP_SUM] = "sum",
    [EF_FLIP_CONCAT] = "concat",
    [EF_FLIP_HALVES] = "halves",
    [EF_FLIP_FIRST_HALF] = "first-half",
};

#define FLIPS (sizeof flip_names / sizeof *flip_names)

const char *ef_flip_name(ef_flip flip)
{
    return flip_names[flip];
}

bool ef_flip_reads_mirrored(ef_flip flip)
{
    return flip == EF_FLIP_SUM || flip == EF_FLIP_CONCAT;
}

bool ef_flip_splits(ef_flip flip)
{
    return flip == EF_FLIP_HALVES || flip == EF_FLIP_FIRST_HALF;
}

size_t ef_flip_dim(ef_flip flip, size_t columns)
{
    return flip == EF_FLIP_CONCAT ? 2 * columns : ef_flip_splits(flip) ? columns / 2 : columns;
}

const char *ef_zero_words(ef_zero zero, ef_flip flip, bool *mirrored)
{
    *mirrored = zero == EF_ZERO_SECOND && ef_flip_reads_mirrored(flip);
    if (ef_flip_splits(flip) && (zero == EF_ZERO_FIRST || flip == EF_FLIP_FIRST_HALF)) {
        return "its first half is zero";
    }
    if (zero == EF_ZERO_FUSED && flip == EF_FLIP_SUM) {
        return "the sum with the mirrored image is zero";
    }
    return flip != EF_FLIP_HALVES   ? "is zero"
           : zero == EF_ZERO_SECOND ? "its second half is zero"
                                    : "the sum of its halves is zero";
}

ef_status ef_flip_parse(ef_flip *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (size_t i = 0; i < FLIPS; i++) {
        if (strcmp(text, flip_names[i]) == 0) {
            *out = (ef_flip)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, flip_names[i]);
    }
    return ef_fail_unknown(err, "flip", text, &nearest);
}
