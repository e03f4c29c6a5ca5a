#include "base/cleanup.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const int watched[] = {SIGHUP, SIGINT, SIGTERM};
enum { watched_count = sizeof watched / sizeof *watched };

static atomic_flag locked = ATOMIC_FLAG_INIT;
static ef_cleanup *newest;

static void lock(void)
{
    while (atomic_flag_test_and_set(&locked)) {
        poll(NULL, 0, 1); /* a millisecond; handlers may call it, unlike nanosleep() */
    }
}

static void block_watched(sigset_t *signals)
{
    sigemptyset(signals);
    for (int i = 0; i < watched_count; i++) {
        sigaddset(signals, watched[i]);
    }
}

static void clear(const ef_cleanup *made)
{
    if (made->process != 0) {
        kill(made->process, SIGKILL);
        waitpid(made->process, NULL, 0); /* until then it may make files */
    } else if (made->folder) {
        rmdir(made->path);
    } else {
        unlink(made->path);
    }
}

/* The lock is never given back: other threads make nothing more until the process ends. */
static void clear_and_end(int number)
{
    int error = errno;
    lock();
    for (const ef_cleanup *made = newest; made != NULL; made = made->older) {
        clear(made);
    }
    for (int i = 0; i < watched_count; i++) {
        signal(watched[i], SIG_DFL); /* of all: one that waits would find the lock taken */
    }
    errno = error;
    raise(number); /* comes when this returns */
}

void ef_cleanup_watch(void)
{
    struct sigaction action = {.sa_handler = clear_and_end}, before;
    block_watched(&action.sa_mask);
    for (int i = 0; i < watched_count; i++) {
        if (sigaction(watched[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(watched[i], &action, NULL);
        }
    }
}

sigset_t ef_cleanup_hold(void)
{
    sigset_t signals, before;
    block_watched(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    lock();
    return before;
}

void ef_cleanup_release(sigset_t before)
{
    atomic_flag_clear(&locked);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void ef_cleanup_add(ef_cleanup *made)
{
    made->older = newest;
    newest = made;
}

void ef_cleanup_forget(ef_cleanup *made)
{
    sigset_t before = ef_cleanup_hold();
    for (ef_cleanup **at = &newest; *at != NULL; at = &(*at)->older) {
        if (*at == made) {
            *at = made->older;
            break;
        }
    }
    ef_cleanup_release(before);
}

/* In the child: waits until it is listed.  Its parent may be ended before, and then so is the child. */
static void wait_for_listing(const int gate[2])
{
    char byte;
    atomic_flag_clear(&locked); /* by a thread that is not here */
    newest = NULL;              /* they are its parent's */
    close(gate[1]);
    if (read(gate[0], &byte, 1) != 1) {
        _exit(EXIT_FAILURE);
    }
    close(gate[0]);
}

/* The lock is not held across fork(): what libraries do there may wait for another thread, and that may have come to the handler. */
pid_t ef_cleanup_fork(ef_cleanup *child)
{
    sigset_t signals, before;
    int gate[2];
    if (pipe(gate) != 0) {
        return -1;
    }
    block_watched(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    pid_t process = fork();
    if (process == 0) {
        wait_for_listing(gate);
    } else if (process > 0) {
        lock();
        *child = (ef_cleanup){.process = process};
        ef_cleanup_add(child);
        atomic_flag_clear(&locked);
        (void)!write(gate[1], "", 1); /* there is a reader, if only here */
    }
    if (process != 0) {
        close(gate[0]);
        close(gate[1]);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return process;
}

void ef_cleanup_wait(int *ended, ef_cleanup *child)
{
    siginfo_t about;
    while (waitid(P_PID, (id_t)child->process, &about, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    ef_cleanup_forget(child); /* before its number is free for a process of somebody else's */
    while (waitpid(child->process, ended, 0) < 0 && errno == EINTR) {
    }
}
