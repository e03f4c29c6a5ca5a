/* error.h - making the errors that status.h hands to the caller. */
#ifndef EF_BASE_ERROR_H
#define EF_BASE_ERROR_H

#include <eface/status.h>

#if defined(__GNUC__)
#define EF_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define EF_PRINTF(text, first)
#endif

/* Fills *err (which may be NULL) and returns `status`: return ef_fail(err, EF_FORMAT, "line %zu: ...", line).  Control characters in the
 * message become '?'. */
ef_status ef_fail(ef_error *err, ef_status status, const char *format, ...) EF_PRINTF(3, 4);

/* The sentence for an allocation that failed.  Returns EF_NOMEM. */
ef_status ef_fail_memory(ef_error *err, const char *what);

/* Puts "CONTEXT: " before the message of *err, on the way up.  Returns `status` so that it can end a function. */
ef_status ef_context(ef_error *err, ef_status status, const char *format, ...) EF_PRINTF(3, 4);

#endif
