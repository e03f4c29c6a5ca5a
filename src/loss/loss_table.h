/* loss_table.h - what a loss's file needs to be a row of the table. */
#ifndef EF_LOSS_LOSS_TABLE_H
#define EF_LOSS_LOSS_TABLE_H

#include <eface/loss.h>

#define ROW(name) extern const ef_loss ef_loss_##name;
#include "loss/losses.def"
#undef ROW

/* s (cos - m) and s cos(theta + m): what the losses make of their own class. */
ef_target_logit ef_target_cosine(double cosine, double sine, double scale, double margin);
ef_target_logit ef_target_angle(double cosine, double sine, double scale, double margin);

/* Says what is wrong with settings. */
ef_status ef_loss_check_scale(double scale, ef_error *err);

#endif
