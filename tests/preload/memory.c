/* Put before a program by LD_PRELOAD: memory runs out once, at request number $EF_FAIL_AT, from 0 on, of those for $EF_FAIL_BYTES bytes (unset: of all). */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's names are its own */
__attribute__((visibility("default"))) int posix_memalign(void **out, size_t alignment, size_t size)
{
    static atomic_ulong seen;
    const char *bytes = getenv("EF_FAIL_BYTES"), *at = getenv("EF_FAIL_AT");
    bool meant = bytes == NULL || size == strtoul(bytes, NULL, 10);
    if (meant && atomic_fetch_add(&seen, 1) == (at != NULL ? strtoul(at, NULL, 10) : 0)) {
        return ENOMEM;
    }
    *out = aligned_alloc(alignment, size); /* not malloc(): nor does it come back here */
    return *out != NULL ? 0 : ENOMEM;
}
