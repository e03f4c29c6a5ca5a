/* The strict number readers: whatever they accept must be the whole text and nothing but a number. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* In memory of exactly its size, so that reading one byte too many is seen. */
    char *text = calloc(size > 0 ? size : 1, 1);
    if (text == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(text, data, size);
    }
    uint64_t whole;
    int64_t signed_whole;
    double real;
    size_t bytes;
    if (ef_parse_unsigned(&whole, text, size)) {
        assert(size > 0 && text[0] >= '0' && text[0] <= '9');
        assert(size >= 64 || (ef_parse_real(&real, text, size) && (whole > 1ULL << 53 || real == (double)whole)));
    }
    if (ef_parse_integer(&signed_whole, text, size)) {
        assert(size > 0 && (size >= 64 || ef_parse_real(&real, text, size)));
    }
    if (ef_parse_real(&real, text, size)) {
        assert(size > 0 && isfinite(real) && memchr(text, ' ', size) == NULL && memchr(text, 'x', size) == NULL);
    }
    if (ef_parse_bytes(&bytes, text, size)) {
        /* The number without its suffix, and as often doubled. */
        static const char suffixes[] = "BKMGTbkmgt";
        const char *suffix = memchr(suffixes, text[size - 1], sizeof suffixes - 1);
        size_t shift = suffix != NULL ? 10 * ((size_t)(suffix - suffixes) % 5) : 0;
        assert(ef_parse_unsigned(&whole, text, size - (suffix != NULL)));
        assert(bytes >> shift == whole && (uint64_t)bytes == whole << shift);
    }
    free(text);
    return 0;
}
