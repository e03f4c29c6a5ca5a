#include <eface/strings.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

struct ef_strings {
    char *text; /* all strings, each with its NUL */
    size_t used, text_capacity;
    size_t *start;
    size_t count, start_capacity;
};

ef_status ef_strings_create(ef_strings **out, ef_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out != NULL ? EF_OK : ef_fail_memory(err, "a table of strings");
}

void ef_strings_free(ef_strings *strings)
{
    if (strings != NULL) {
        free(strings->text);
        free(strings->start);
        free(strings);
    }
}

ef_status ef_strings_add(ef_strings *strings, const char *text, size_t length, ef_error *err)
{
    if (strings->text_capacity - strings->used <= length || strings->count == strings->start_capacity) {
        size_t wanted;
        if (!ef_size_add(&wanted, strings->used, length) || !ef_size_add(&wanted, wanted, 1) ||
            !ef_grow(&strings->text, &strings->text_capacity, wanted, 1) ||
            !ef_grow(&strings->start, &strings->start_capacity, strings->count + 1, sizeof *strings->start)) {
            return ef_fail_memory(err, "a table of strings");
        }
    }
    memcpy(strings->text + strings->used, text, length);
    strings->text[strings->used + length] = '\0';
    strings->start[strings->count++] = strings->used;
    strings->used += length + 1;
    return EF_OK;
}

size_t ef_strings_count(const ef_strings *strings)
{
    return strings != NULL ? strings->count : 0;
}

const char *ef_strings_at(const ef_strings *strings, size_t index)
{
    return strings->text + strings->start[index];
}
