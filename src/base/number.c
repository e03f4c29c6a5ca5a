#include "base/number.h"

#include <errno.h>
#include <float.h>
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

/* A decimal number without exponent, of at most 18 digits that make an integer below 2^53.  It and the power of ten are exact, so that one
 * division rounds as strtod() does, in a tenth of the time.  False for any other text. */
static bool parse_short(double *out, const char *text, size_t length)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    uint64_t digits = 0;
    size_t sign = length > 0 && (text[0] == '-' || text[0] == '+'), point = length, i = sign;
    if (FLT_EVAL_METHOD != 0 || length > 18) {
        return false;
    }
    for (; i < length; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit < 10) {
            digits = 10 * digits + digit;
        } else if (text[i] == '.' && point == length) {
            point = i;
        } else {
            return false;
        }
    }
    size_t after = point < length ? length - point - 1 : 0;
    if (digits > (uint64_t)1 << 53 || length - sign - (point < length) == 0) {
        return false;
    }
    double value = (double)digits / tens[after];
    *out = text[0] == '-' ? -value : value;
    return true;
}

bool ef_parse_real(double *out, const char *text, size_t length)
{
    if (parse_short(out, text, length)) {
        return true;
    }
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
    static const char suffixes[] = "BKMGT";
    unsigned shift = 0;
    if (length > 1) {
        char last = text[length - 1];
        if (last >= 'a' && last <= 'z') {
            last = (char)(last - 'a' + 'A');
        }
        const char *suffix = memchr(suffixes, last, sizeof suffixes - 1);
        if (suffix != NULL) {
            shift = 10 * (unsigned)(suffix - suffixes);
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

bool ef_label_is_nobody(const char *text)
{
    static const char digits[] = "0123456789";
    static const char blanks[] = " \t\r\n\v\f";
    if (text[strspn(text, blanks)] == '\0') {
        return true;
    }
    const char *number = text + 1;
    size_t length = strspn(number, digits);
    return *text == '-' && length > 0 && number[length] == '\0' && strspn(number, "0") < length;
}
