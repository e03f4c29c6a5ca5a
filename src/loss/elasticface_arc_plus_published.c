#include "loss/loss_table.h"

const ef_loss ef_loss_elasticface_arc_plus_published = {
    .name = "elasticface_arc_plus_published",
    .alias = "elastic-arc+published",
    .title = "ElasticFace-Arc+ (as published)",
    .defaults = {.scale = 64, .margin = 0.5, .sigma = 0.0175},
    .has_margin = true,
    .has_sigma = true,
    .order = EF_MARGIN_AS_PUBLISHED,
    .definition = "As elasticface_arc. The margins of a batch are ranked: the sample with the smallest cosine gets the largest,"
                  " as the paper says. The authors' code does something else: see elasticface_arc_plus.",
    .source = "Boutros et al., \"ElasticFace: elastic margin loss for deep face recognition\", CVPR Workshops 2022; sigma "
              "as in the authors' code",
    .target = ef_target_angle,
};
