#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

#define BLOCK ((size_t)1 << 20)

static void finish(char hex[65], struct sha256_ctx *context)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
}

ef_status ef_hash_file(char hex[65], uint64_t *bytes, const char *path, const atomic_bool *stop, ef_error *err)
{
    ef_status status = EF_OK;
    struct sha256_ctx context;
    uint64_t total = 0;
    ssize_t got;
    uint8_t *block = ef_alloc(BLOCK, 1);
    int file = -1;
    struct stat about;
    /* Asked before it is opened: opening a pipe waits for its writer, or wakes it up for nothing. */
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
        hex[0] = '\0';
        goto done;
    }
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        status = ef_fail(err, EF_IO, "%s: %s", path, strerror(errno));
        goto done;
    }
    if (block == NULL) {
        status = ef_fail_memory(err, "reading a file");
        goto done;
    }
    sha256_init(&context);
    while ((got = read(file, block, BLOCK)) != 0) {
        if (stop != NULL && atomic_load_explicit(stop, memory_order_relaxed)) {
            status = ef_fail(err, EF_IO, "%s: no longer read", path);
            goto done;
        }
        if (got < 0 && errno != EINTR) {
            status = ef_fail(err, EF_IO, "%s: %s", path, strerror(errno));
            goto done;
        }
        if (got > 0) {
            sha256_update(&context, (size_t)got, block);
            total += (uint64_t)got;
        }
    }
    finish(hex, &context);
done:
    if (status == EF_OK && bytes != NULL) {
        *bytes = total;
    }
    if (file >= 0) {
        close(file);
    }
    free(block);
    return status;
}

void ef_hash_memory(char hex[65], const void *data, size_t length)
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, data);
    finish(hex, &context);
}

void ef_hash_mark(ef_file_mark *mark, const char *text, size_t length)
{
    if (mark->once) {
        ef_hash_memory(mark->sha256, text, length);
        mark->bytes = length;
    }
}
