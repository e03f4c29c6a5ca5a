#include "loss/loss_table.h"

const ef_loss ef_loss_elasticface_cos_plus_published = {
    .name = "elasticface_cos_plus_published",
    .alias = "elastic-cos+published",
    .title = "ElasticFace-Cos+ (as published)",
    .defaults = {.scale = 64, .margin = 0.35, .sigma = 0.02},
    .has_margin = true,
    .has_sigma = true,
    .order = EF_MARGIN_AS_PUBLISHED,
    .definition = "As elasticface_cos. The margins of a batch are ranked: the sample with the smallest cosine gets the largest,"
                  " as the paper says. The authors' code does something else: see elasticface_cos_plus.",
    .source = "Boutros et al., \"ElasticFace: elastic margin loss for deep face recognition\", CVPR Workshops 2022; sigma "
              "as in the authors' code (a summary of the paper has 0.025)",
    .target = ef_target_cosine,
};
