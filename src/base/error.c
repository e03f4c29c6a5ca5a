#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"

const char *ef_status_name(ef_status status)
{
    switch (status) {
    case EF_OK: return "ok";
    case EF_NOMEM: return "out of memory";
    case EF_IO: return "input/output error";
    case EF_FORMAT: return "wrong data";
    case EF_INVALID: return "invalid request";
    }
    return "unknown status";
}

ef_status ef_fail(ef_error *err, ef_status status, const char *format, ...)
{
    if (err != NULL) {
        va_list arguments;
        va_start(arguments, format);
        err->status = status;
        vsnprintf(err->message, sizeof err->message, format, arguments);
        va_end(arguments);
        ef_clean(err->message, '?'); /* names and lines may hold anything; a message is one line */
    }
    return status;
}

ef_status ef_fail_memory(ef_error *err, const char *what)
{
    return ef_fail(err, EF_NOMEM, "not enough memory for %s", what);
}

ef_status ef_context(ef_error *err, ef_status status, const char *format, ...)
{
    if (err != NULL) {
        char message[sizeof err->message];
        va_list arguments;
        va_start(arguments, format);
        int used = vsnprintf(message, sizeof message, format, arguments);
        va_end(arguments);
        if (used >= 0 && (size_t)used + 3 < sizeof message) {
            int room = (int)(sizeof message - (size_t)used - 3);
            snprintf(message + used, sizeof message - (size_t)used, ": %.*s", room, err->message);
        }
        err->status = status;
        memcpy(err->message, message, sizeof message);
        ef_clean(err->message, '?'); /* names and lines may hold anything; a message is one line */
    }
    return status;
}
