/* cleanup.h - what a signal that ends the process must not leave behind: files, folders, and processes that it started.
 *
 * Signals are the process's, so this list of them is too, and is the one thing here that is global.  It is locked with the signals
 * blocked: a handler therefore never waits for the thread that it interrupts.
 * Thread use: any, of all functions. */
#ifndef EF_BASE_CLEANUP_H
#define EF_BASE_CLEANUP_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* An entry of the list, which the caller owns; it must stay where it is until it is forgotten. */
typedef struct ef_cleanup {
    const char *path; /* of a file or an empty folder */
    bool folder;
    pid_t process;            /* else this, when not 0 */
    struct ef_cleanup *older; /* the list's own */
} ef_cleanup;

/* From now on SIGHUP, SIGINT and SIGTERM remove what is listed, newest first, and then end the process as they would have; those that
 * are ignored, as under nohup, stay so.  For programs: a library installs no handlers. */
void ef_cleanup_watch(void);

/* Between the two no such signal is handled: what is made there is listed before one is.  release() takes what hold() returned, and leaves
 * errno as it is. */
sigset_t ef_cleanup_hold(void);
void ef_cleanup_release(sigset_t before);

/* Lists an entry; between hold() and release(). */
void ef_cleanup_add(ef_cleanup *made);

/* Takes it off the list; one that is not on it is fine. */
void ef_cleanup_forget(ef_cleanup *made);

/* As fork(); the child is listed, to be killed, in *child, and has no leftovers itself.  It is waited for with ef_cleanup_wait() only. */
pid_t ef_cleanup_fork(ef_cleanup *child);

/* Waits for the child's end; *ended receives what waitpid() tells of it. */
void ef_cleanup_wait(int *ended, ef_cleanup *child);

#endif
