#include "base/copy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *ef_copy(const char *text)
{
    return text != NULL ? ef_copy_bytes(text, strlen(text)) : NULL;
}

char *ef_copy_bytes(const char *text, size_t length)
{
    char *result = malloc(length + 1);
    if (result != NULL) {
        memcpy(result, text, length);
        result[length] = '\0';
    }
    return result;
}

char *ef_copy_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *result = length >= 0 ? malloc((size_t)length + 1) : NULL;
    if (result != NULL) {
        va_start(arguments, format);
        vsnprintf(result, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return result;
}
