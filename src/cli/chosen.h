/* chosen.h - the protocols of a run in words, for messages. */
#ifndef EF_CLI_CHOSEN_H
#define EF_CLI_CHOSEN_H

#include <stddef.h>

#include <eface/protocol.h>

enum { CHOSEN_NAMES = 256 };

/* "lfw", "lfw and ijbc", "lfw, cfp_fp and ijbc"; cut off where the text is full. */
const char *chosen_names(char text[CHOSEN_NAMES], ef_protocol *const *protocols, size_t count);

/* All tasks of all of them, as ef_task bits. */
unsigned chosen_tasks(ef_protocol *const *protocols, size_t count);

#endif
