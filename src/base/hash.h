/* hash.h - SHA-256, by which a result names the very files it was computed from.
 * Thread rule: safe from any thread; it does not touch HDF5, so a file may be hashed while another thread reads it. */
#ifndef EF_BASE_HASH_H
#define EF_BASE_HASH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <eface/file_mark.h>
#include <eface/status.h>

/* The digest in lower-case hexadecimal, ended by NUL, and in *bytes, if not NULL, the length of the file.
 * What is neither a regular file nor a folder is not opened: its digest is "" and its length 0.
 * `stop`, if not NULL, ends the work early, soon after another thread sets it: EF_IO. */
EF_MUST_USE ef_status ef_hash_file(char hex[65], uint64_t *bytes, const char *path, const atomic_bool *stop, ef_error *err);

/* The same of `length` bytes in memory. */
void ef_hash_memory(char hex[65], const void *data, size_t length);

/* Takes down what was read from an input that can be read only once; of others nothing: their file can be hashed. */
void ef_hash_mark(ef_file_mark *mark, const char *text, size_t length);

#endif
