/* chosen.h - the protocols of a run in words, for messages. */
#ifndef EF_CLI_CHOSEN_H
#define EF_CLI_CHOSEN_H

#include <stddef.h>

#include <eface/protocol.h>

enum { CHOSEN_NAMES = 256, CHOSEN_METRICS = 256 };

/* "lfw", "lfw and ijbc", "lfw, cfp_fp and ijbc"; cut off where the text is full. */
const char *chosen_names(char text[CHOSEN_NAMES], ef_protocol *const *protocols, size_t count);

/* "eer, auc and cmc": the metrics that any of the tasks has, likewise. */
const char *chosen_metrics(char text[CHOSEN_METRICS], unsigned tasks);

/* All tasks of all of them, as ef_task bits. */
unsigned chosen_tasks(ef_protocol *const *protocols, size_t count);

#endif
