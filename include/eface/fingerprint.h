/* fingerprint.h - size and SHA-256 of the input files, computed on a thread of its own beside the work.
 * Source of the hash: FIPS 180-4.  Thread rule: one ef_fingerprints from one thread at a time. */
#ifndef EFACE_FINGERPRINT_H
#define EFACE_FINGERPRINT_H

#include <stdint.h>

#include <eface/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_fingerprints ef_fingerprints;

/* The caller owns *out; ef_fingerprints_free() gives up what is still being read. */
EF_API EF_MUST_USE ef_status ef_fingerprints_create(ef_fingerprints **out, ef_error *err);
EF_API void ef_fingerprints_free(ef_fingerprints *fingerprints); /* NULL is fine */

/* Begins to read `path` in the background, unless it is known already. */
EF_API EF_MUST_USE ef_status ef_fingerprints_begin(ef_fingerprints *fingerprints, const char *path, ef_error *err);

/* The size and hash (64 hexadecimal digits and a NUL) of `path`: waits for it, reading it now when it was not begun.
 * What is no regular file (a pipe, a terminal) can be read only once, and not here: an empty hash and 0 bytes. */
EF_API EF_MUST_USE ef_status ef_fingerprints_get(char sha256[65], uint64_t *bytes, ef_fingerprints *fingerprints,
                                                 const char *path, ef_error *err);

#ifdef __cplusplus
}
#endif
#endif
