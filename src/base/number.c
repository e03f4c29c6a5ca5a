#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ef_parse_unsigned(uint64_t *out, const char *text, size_t length)
{
    uint64_t value = 0;
    if (length == 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool ef_parse_integer(int64_t *out, const char *text, size_t length)
{
    bool negative = length > 0 && text[0] == '-';
    uint64_t magnitude;
    if (!ef_parse_unsigned(&magnitude, text + negative, length - negative) || magnitude > (uint64_t)INT64_MAX) {
        return false;
    }
    *out = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

bool ef_parse_real(double *out, const char *text, size_t length)
{
    /* strtod alone would take blanks, hexadecimal and "inf"; the characters are checked first.  Programs leave the
     * locale at "C", so the decimal point is '.'. */
    char copy[64];
    if (length == 0 || length >= sizeof copy) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\0' || strchr("+-.0123456789eE", text[i]) == NULL) {
            return false;
        }
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    errno = 0;
    double value = strtod(copy, &end);
    if (end != copy + length || !isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

bool ef_parse_bytes(size_t *out, const char *text, size_t length)
{
    static const char suffixes[] = "KMGT";
    unsigned shift = 0;
    if (length > 1) {
        char last = text[length - 1];
        if (last >= 'a' && last <= 'z') {
            last = (char)(last - 'a' + 'A');
        }
        const char *suffix = memchr(suffixes, last, sizeof suffixes - 1);
        if (suffix != NULL) {
            shift = 10 * (unsigned)(suffix - suffixes + 1);
            length--;
        }
    }
    uint64_t value;
    if (!ef_parse_unsigned(&value, text, length) || value > (SIZE_MAX >> shift)) {
        return false;
    }
    *out = (size_t)value << shift;
    return true;
}
