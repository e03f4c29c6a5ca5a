#include "score/flip_check.h"

#include "base/error.h"
#include "score/flip.h"

ef_status ef_flip_check(ef_flip flip, const ef_set *set, ef_error *err)
{
    const char *name = ef_set_field_name(set, EF_EMBEDDINGS), *mirrored = ef_set_field_name(set, EF_EMBEDDINGS_FLIP);
    bool has_mirrored = ef_set_has(set, EF_EMBEDDINGS_FLIP);
    if (ef_flip_reads_mirrored(flip) && !has_mirrored) {
        return ef_fail(err, EF_FORMAT, "%s: is missing; flip '%s' needs the embeddings of the mirrored images", mirrored,
                       ef_flip_name(flip));
    }
    if (ef_flip_splits(flip) && has_mirrored) {
        return ef_fail(err, EF_FORMAT,
                       "%s: is there, so flip '%s' has nothing to split: flip 'sum' adds it, flip 'none' does not", mirrored,
                       ef_flip_name(flip));
    }
    if (ef_flip_splits(flip) && ef_set_dim(set) % 2 != 0) {
        return ef_fail(err, EF_FORMAT, "%s: has %zu column%s; flip '%s' needs an even number", name, ef_set_dim(set),
                       ef_set_dim(set) == 1 ? "" : "s", ef_flip_name(flip));
    }
    return EF_OK;
}
