#include "loss/loss_table.h"

const ef_loss ef_loss_arcface = {
    .name = "arcface",
    .title = "ArcFace",
    .defaults = {.scale = 64, .margin = 0.5},
    .has_margin = true,
    .order = EF_MARGIN_AS_DRAWN,
    .definition = "z = s cos(theta + m) for the own class, theta = arccos(cos). Beyond theta = pi - m the logit rises again: "
                  "there is no guard, as in public code.",
    .source = "Deng et al., \"ArcFace: additive angular margin loss for deep face recognition\", CVPR 2019",
    .target = ef_target_angle,
};
