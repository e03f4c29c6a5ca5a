#define _GNU_SOURCE /* sched_getaffinity */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define MOST_THREADS 256

typedef struct job {
    void (*work)(void *data, size_t index, int worker);
    void *data;
    size_t pieces;
    atomic_size_t next;
} job;

typedef struct worker {
    job *job;
    int number;
} worker;

int ef_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count;
}

int ef_thread_count(int threads)
{
    int count = threads > 0 ? threads : ef_processors();
    return count < MOST_THREADS ? count : MOST_THREADS;
}

static void *run(void *argument)
{
    worker *self = argument;
    size_t index;
    while ((index = atomic_fetch_add(&self->job->next, 1)) < self->job->pieces) {
        self->job->work(self->job->data, index, self->number);
    }
    return NULL;
}

void ef_parallel_beside(int threads, void (*own)(void *data), size_t pieces, void (*work)(void *data, size_t index, int worker),
                        void *data)
{
    job shared = {.work = work, .data = data, .pieces = pieces};
    worker workers[MOST_THREADS];
    pthread_t thread[MOST_THREADS];
    size_t useful = pieces + (own != NULL);
    atomic_init(&shared.next, 0);
    threads = ef_thread_count(threads);
    if ((size_t)threads > useful) {
        threads = useful > 0 ? (int)useful : 1;
    }
    int started = 1;
    for (int i = 0; i < threads; i++) {
        workers[i] = (worker){&shared, i};
    }
    while (started < threads && pthread_create(&thread[started], NULL, run, &workers[started]) == 0) {
        started++;
    }
    if (own != NULL) {
        own(data);
    }
    run(&workers[0]);
    for (int i = 1; i < started; i++) {
        pthread_join(thread[i], NULL);
    }
}

void ef_parallel_for(int threads, size_t pieces, void (*work)(void *data, size_t index, int worker), void *data)
{
    ef_parallel_beside(threads, NULL, pieces, work, data);
}
