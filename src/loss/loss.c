#include <eface/loss.h>

#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "base/nearest.h"
#include "loss/loss_table.h"

static const ef_loss *const table[] = {
#define ROW(name) &ef_loss_##name,
#include "loss/losses.def"
#undef ROW
};

size_t ef_loss_count(void)
{
    return sizeof table / sizeof *table;
}

const ef_loss *ef_loss_at(size_t index)
{
    return index < ef_loss_count() ? table[index] : NULL;
}

const ef_loss *ef_loss_find(const char *name)
{
    for (size_t i = 0; i < ef_loss_count(); i++) {
        if (ef_same_name(table[i]->name, name) || (table[i]->alias != NULL && ef_same_name(table[i]->alias, name))) {
            return table[i];
        }
    }
    return NULL;
}

double ef_loss_target(const ef_loss *loss, double cosine, const ef_loss_settings *settings)
{
    cosine = fmin(fmax(cosine, -1.0), 1.0);
    double sine = sqrt((1.0 - cosine) * (1.0 + cosine));
    return loss->target(cosine, sine, settings->scale, loss->has_margin ? settings->margin : 0.0).value;
}

ef_status ef_loss_check_scale(double scale, ef_error *err)
{
    if (!(scale > 0 && scale <= EF_LOSS_MOST_SCALE)) {
        return ef_fail(err, EF_INVALID, "a scale of %g is not above 0 and at most %g", scale, EF_LOSS_MOST_SCALE);
    }
    return EF_OK;
}
