/* work.h - what long computations may use: memory, threads; and whom they tell how far they are.
 * Thread rule: constant while a computation runs. */
#ifndef EFACE_WORK_H
#define EFACE_WORK_H

#include <stddef.h>

#include <eface/progress.h>
#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All zero is right for most: the usual memory, all processors, no word of progress. */
typedef struct ef_work {
    size_t memory;               /* bytes to use at the most for vectors; 0: 2 GiB */
    int threads;                 /* 0: one per processor */
    const ef_progress *progress; /* NULL: none */
} ef_work;

/* The bytes that `work` (NULL: all usual) allows, never 0. */
EF_API size_t ef_work_memory(const ef_work *work);

#ifdef __cplusplus
}
#endif
#endif
