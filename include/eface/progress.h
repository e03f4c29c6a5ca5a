/* progress.h - how long work tells its caller how far it is.
 * Thread rule: the library calls `report` from the thread that called it, never from a worker. */
#ifndef EFACE_PROGRESS_H
#define EFACE_PROGRESS_H

#include <stdint.h>

typedef struct ef_progress {
    /* Called now and then with the stage in words ("reading embeddings") and how much of it is done. */
    void (*report)(void *context, const char *stage, uint64_t done, uint64_t total);
    void *context;
} ef_progress;

#endif
