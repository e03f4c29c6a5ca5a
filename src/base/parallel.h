/* parallel.h - a loop over independent pieces of work on several threads.
 *
 * POSIX threads rather than OpenMP: the thread sanitizer can see into them, and nothing spins while it waits. */
#ifndef EF_BASE_PARALLEL_H
#define EF_BASE_PARALLEL_H

#include <stddef.h>

/* One per processor this process may run on; at least 1. */
int ef_processors(void);

/* How many threads `threads` asks for: one per processor for 0, and no more than are ever started. */
int ef_thread_count(int threads);

/* Calls work(data, index, worker) once for each index in 0 .. pieces-1, on up to `threads` threads (0: one per processor), the caller's
 * among them, and returns when all are done.  worker is 0 .. threads-1: an index into per-thread accumulators; pieces go
 * to whichever thread is free, so the result must not depend on who did what.  When a thread cannot be started the others do its work. */
void ef_parallel_for(int threads, size_t pieces, void (*work)(void *data, size_t index, int worker), void *data);

/* The same, but the caller's thread calls own(data) before it takes part: for what must stay in one thread, or is in order, such as
 * reading what is to be worked on next.  `own` must not touch what the pieces touch; with one thread it is done before them. */
void ef_parallel_beside(int threads, void (*own)(void *data), size_t pieces, void (*work)(void *data, size_t index, int worker),
                        void *data);

#endif
