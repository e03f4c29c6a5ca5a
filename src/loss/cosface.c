#include "loss/loss_table.h"

const ef_loss ef_loss_cosface = {
    .name = "cosface",
    .title = "CosFace",
    .defaults = {.scale = 64, .margin = 0.35},
    .has_margin = true,
    .order = EF_MARGIN_AS_DRAWN,
    .definition = "z = s (cos - m) for the own class.",
    .source = "Wang et al., \"CosFace: large margin cosine loss for deep face recognition\", CVPR 2018",
    .target = ef_target_cosine,
};
