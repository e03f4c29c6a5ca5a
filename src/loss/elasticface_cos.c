#include "loss/loss_table.h"

const ef_loss ef_loss_elasticface_cos = {
    .name = "elasticface_cos",
    .alias = "elastic-cos",
    .title = "ElasticFace-Cos",
    .defaults = {.scale = 64, .margin = 0.35, .sigma = 0.05},
    .has_margin = true,
    .has_sigma = true,
    .order = EF_MARGIN_AS_DRAWN,
    .definition = "z = s (cos - m_i) for the own class, m_i normal with mean m and standard deviation sigma, drawn for each "
                  "sample in each iteration.",
    .source = "Boutros et al., \"ElasticFace: elastic margin loss for deep face recognition\", CVPR Workshops 2022",
    .target = ef_target_cosine,
};
