#include <eface/pair_list.h>

#include <string.h>

#include "list/list_reader.h"

#define ROW(name) &ef_list_format_##name,
static const ef_list_format *const formats[] = {
#include "list/formats.def"
};
#undef ROW

size_t ef_list_format_count(void)
{
    return sizeof formats / sizeof *formats;
}

const ef_list_format *ef_list_format_at(size_t index)
{
    return formats[index];
}

const ef_list_format *ef_list_format_find(const char *name)
{
    for (size_t i = 0; i < ef_list_format_count(); i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return NULL;
}
