/* status.h - how every function that can fail says so.
 *
 * A function returns an ef_status to branch on and fills the caller's ef_error with a sentence to show. The library
 * never prints, exits or keeps a last error. An ef_error may live on the stack and may be passed as NULL.
 * Thread rule: an ef_error belongs to the thread that passed it in. */
#ifndef EFACE_STATUS_H
#define EFACE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define EF_API      __attribute__((visibility("default")))
#define EF_MUST_USE __attribute__((warn_unused_result))
#else
#define EF_API
#define EF_MUST_USE
#endif

typedef enum ef_status {
    EF_OK = 0,
    EF_NOMEM,  /* memory could not be had */
    EF_IO,     /* a file could not be opened, read or written */
    EF_FORMAT, /* a file was read, and what it says is wrong */
    EF_INVALID /* the caller asked for something that makes no sense */
} ef_status;

typedef struct ef_error {
    ef_status status;
    char message[2048]; /* one sentence, file and line first, no newline; cut at the end if too long */
} ef_error;

/* The name of a status in words ("out of memory", "input/output error", ...).  Static; never NULL. */
EF_API const char *ef_status_name(ef_status status);

#ifdef __cplusplus
}
#endif
#endif
