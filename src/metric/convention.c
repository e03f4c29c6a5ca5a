#include <eface/metric.h>

#include "base/nearest.h"

static const char *const names[EF_CONVENTION_COUNT] = {
    [EF_ISO] = "iso", [EF_INSIGHTFACE] = "insightface", [EF_INSIGHTFACE_UNION] = "insightface-union"};

const char *ef_convention_name(ef_convention convention)
{
    return names[convention];
}

ef_status ef_convention_parse(ef_convention *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (size_t i = 0; i < EF_CONVENTION_COUNT; i++) {
        if (ef_same_name(text, names[i])) {
            *out = (ef_convention)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, names[i]);
    }
    return ef_fail_unknown(err, "convention", text, &nearest);
}
