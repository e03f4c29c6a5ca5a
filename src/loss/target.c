#include <math.h>

#include "loss/loss_table.h"

ef_target_logit ef_target_cosine(double cosine, double sine, double scale, double margin)
{
    return (ef_target_logit){scale * (cosine - margin), scale * sine};
}

/* Beyond theta = pi - m the cosine rises again, as it does in public code. */
ef_target_logit ef_target_angle(double cosine, double sine, double scale, double margin)
{
    double angle = atan2(sine, cosine) + margin;
    return (ef_target_logit){scale * cos(angle), scale * sin(angle)};
}
