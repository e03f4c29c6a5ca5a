#include <eface/protocol.h>

#include <string.h>

#include "base/error.h"
#include "base/nearest.h"

static const char *const names[] = {
    [EF_NOISE_KEEP] = "keep",
    [EF_NOISE_DROP] = "drop",
    [EF_NOISE_DEVKIT] = "devkit",
};

const char *ef_noise_name(ef_noise noise)
{
    return names[noise];
}

ef_status ef_noise_parse(ef_noise *out, const char *text, ef_error *err)
{
    ef_nearest nearest = ef_nearest_begin(text);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (ef_noise)i;
            return EF_OK;
        }
        ef_nearest_offer(&nearest, names[i]);
    }
    return ef_fail_unknown(err, "way with noisy images", text, &nearest);
}
