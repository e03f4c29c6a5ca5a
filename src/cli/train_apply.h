/* train_apply.h - the command `eface-train apply`: a set projected by a head. */
#ifndef EF_CLI_TRAIN_APPLY_H
#define EF_CLI_TRAIN_APPLY_H

/* Arguments as those of main(), from "apply" on; returns the exit status. */
int train_apply(int count, char **arguments);

#endif
