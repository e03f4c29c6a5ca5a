#include "loss/loss_table.h"

const ef_loss ef_loss_elasticface_cos_plus = {
    .name = "elasticface_cos_plus",
    .alias = "elastic-cos+",
    .title = "ElasticFace-Cos+",
    .defaults = {.scale = 64, .margin = 0.35, .sigma = 0.02},
    .has_margin = true,
    .has_sigma = true,
    .order = EF_MARGIN_AS_CODED,
    .definition = "As elasticface_cos. The margins of a batch are ranked as the authors' code does it: with the margins in "
                  "ascending order and the samples by descending cosine, sample r gets the margin whose number is the r-th "
                  "sample's. That is the inverse of the permutation the paper describes: see elasticface_cos_plus_published.",
    .source = "Boutros et al., \"ElasticFace: elastic margin loss for deep face recognition\", CVPR Workshops 2022; ranking"
              " and sigma as in the authors' code (a summary of the paper has sigma 0.025)",
    .target = ef_target_cosine,
};
