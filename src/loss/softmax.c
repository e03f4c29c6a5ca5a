#include "loss/loss_table.h"

const ef_loss ef_loss_softmax = {
    .name = "softmax",
    .title = "Normalised softmax",
    .defaults = {.scale = 64},
    .order = EF_MARGIN_AS_DRAWN,
    .definition = "z = s cos for the own class as for all others: no margin.",
    .source = "Wang et al., \"NormFace: L2 hypersphere embedding for face verification\", ACM Multimedia 2017; s as in the "
              "losses with a margin",
    .target = ef_target_cosine,
};
