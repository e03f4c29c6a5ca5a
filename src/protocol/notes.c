#include "protocol/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

ef_status ef_note(ef_strings *notes, ef_error *err, const char *format, ...)
{
    char note[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(note, sizeof note, format, arguments);
    va_end(arguments);
    return ef_strings_add(notes, note, strlen(note), err);
}
