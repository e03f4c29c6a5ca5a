#include "io/fields.h"

static const ef_field_info fields[EF_FIELD_COUNT] = {
    [EF_EMBEDDINGS] = {{"embeddings", "features", "feats", "embs", "array"}, EF_REALS, 0, EF_PER_IMAGE},
    [EF_EMBEDDINGS_FLIP] = {{"embeddings_flip", "embs_f", "features_flip"}, EF_REALS, 0, EF_PER_IMAGE},
    [EF_IDS] = {{"ids", "names", "paths", "filenames", "image_name"}, EF_TEXT, 1, EF_PER_IMAGE},
    [EF_LABELS] = {{"labels", "subjects", "identity"}, EF_INTEGERS | EF_TEXT, 1, EF_PER_IMAGE},
    [EF_TEMPLATES] = {{"templates", "template_id"}, EF_INTEGERS, 1, EF_PER_IMAGE},
    [EF_MEDIA] = {{"media", "media_id"}, EF_INTEGERS, 1, EF_PER_IMAGE},
    [EF_QUALITY] = {{"quality", "faceness", "face_scores"}, EF_REALS, 1, EF_PER_IMAGE},
    [EF_ISSAME] = {{"issame"}, EF_INTEGERS | EF_BOOLEANS, 1, EF_PER_COMPARISON},
    [EF_PAIRS] = {{"pairs"}, EF_INTEGERS, 2, EF_PER_COMPARISON},
    [EF_FOLDS] = {{"folds"}, EF_INTEGERS, 1, EF_PER_COMPARISON},
    [EF_SCORES] = {{"scores"}, EF_REALS, 1, EF_PER_COMPARISON},
    [EF_TEMPLATE_PAIRS] = {{"template_pairs"}, EF_INTEGERS, 3, EF_PER_ENTRY},
    [EF_GALLERY_1] = {{"gallery_1"}, EF_INTEGERS, 2, EF_PER_ENTRY},
    [EF_GALLERY_2] = {{"gallery_2"}, EF_INTEGERS, 2, EF_PER_ENTRY},
    [EF_PROBE] = {{"probe"}, EF_INTEGERS, 2, EF_PER_ENTRY},
    [EF_NOISY] = {{"noisy"}, EF_INTEGERS | EF_BOOLEANS, 1, EF_PER_IMAGE},
    [EF_GROUPS] = {{"groups", "cameras", "camera"}, EF_INTEGERS | EF_TEXT, 1, EF_PER_IMAGE},
    [EF_IS_PROBE] = {{"is_probe"}, EF_INTEGERS | EF_BOOLEANS, 1, EF_PER_IMAGE},
};

const ef_field_info *ef_field_info_of(ef_field field)
{
    return &fields[field];
}

const char *ef_holds_name(unsigned holds)
{
    switch (holds) {
    case EF_REALS: return "floating point (float16, float32 or float64)";
    case EF_INTEGERS: return "integers";
    case EF_TEXT: return "strings";
    case EF_INTEGERS | EF_TEXT: return "integers or strings";
    default: return "integers or booleans";
    }
}
