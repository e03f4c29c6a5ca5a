#include "table/table_format.h"

#include "base/format_choice.h"

#define ROW(name) extern const ef_table_format ef_table_format_##name;
#include "table/table_formats.def"
#undef ROW

const ef_table_format *ef_table_format_at(size_t index)
{
#define ROW(name) &ef_table_format_##name,
    static const ef_table_format *const formats[] = {
#include "table/table_formats.def"
    };
#undef ROW
    return index < sizeof formats / sizeof *formats ? formats[index] : NULL;
}

/* A table's format begins with its name and extension. */
static const ef_format *format_at(size_t index)
{
    const ef_table_format *format = ef_table_format_at(index);
    return format != NULL ? &format->format : NULL;
}

ef_status ef_table_format_find(const ef_table_format **out, const char *text, ef_error *err)
{
    const ef_format *format;
    ef_status status = ef_format_find(&format, format_at, text, err);
    if (status == EF_OK) {
        *out = (const ef_table_format *)format;
    }
    return status;
}

ef_status ef_table_format_of_file(const ef_table_format **out, const char *path, ef_error *err)
{
    const ef_format *format;
    ef_status status = ef_format_of_file(&format, format_at, path, err);
    if (status == EF_OK) {
        *out = (const ef_table_format *)format;
    }
    return status;
}
