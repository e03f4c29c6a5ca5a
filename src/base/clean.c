#include "base/clean.h"

#include <string.h>

size_t ef_utf8_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    unsigned char low = 0x80, high = 0xBF; /* of the second byte */
    size_t length = byte[0] < 0x80 ? 1 : byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    switch (byte[0]) {
    case 0xE0: low = 0xA0; break;
    case 0xED: high = 0x9F; break;
    case 0xF0: low = 0x90; break;
    case 0xF4: high = 0x8F; break;
    default: break;
    }
    if ((byte[0] >= 0x80 && byte[0] < 0xC2) || byte[0] > 0xF4) {
        return 0;
    }
    if (length > 1 && (byte[1] < low || byte[1] > high)) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((byte[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

size_t ef_character(const char *text, bool *good)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = ef_utf8_length(text);
    *good = length > 0;
    if (length == 1) {
        *good = byte[0] >= ' ' && byte[0] != 0x7F;
    } else if (length == 2) {
        *good = byte[0] != 0xC2 || byte[1] >= 0xA0; /* U+0080 to U+009F */
    } else if (length == 3 && byte[0] == 0xE2) {
        *good = !(byte[1] == 0x80 && byte[2] >= 0xAA && byte[2] <= 0xAE) && /* U+202A to U+202E */
                !(byte[1] == 0x81 && byte[2] >= 0xA6 && byte[2] <= 0xA9);   /* U+2066 to U+2069 */
    }
    return length > 0 ? length : 1;
}

void ef_clean(char *text, char instead)
{
    while (*text != '\0') {
        bool good;
        size_t length = ef_character(text, &good);
        if (!good) {
            memset(text, instead, length);
        }
        text += length;
    }
}
