#include "list/noise_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text_file.h"
#include "list/path_table.h"

/* Appends the entry of a line, if it has one. */
static ef_status add_entry(ef_strings *entries, ef_span line, ef_error *err)
{
    ef_span rest = ef_span_trim(line), first, second;
    if (rest.length == 0 || rest.text[0] == '#') {
        return EF_OK;
    }
    (void)ef_span_field(&rest, '\t', &first);
    if (ef_span_field(&rest, '\t', &second)) {
        first = second;
    }
    return ef_strings_add(entries, first.text, first.length, err);
}

static ef_status read_entries(ef_strings *entries, const char *path, ef_error *err)
{
    ef_text_file file = {0};
    ef_span line;
    ef_status status = ef_text_file_open(&file, path, err);
    while (status == EF_OK && ef_text_file_line(&file, &line)) {
        status = add_entry(entries, line, err);
    }
    ef_text_file_close(&file);
    if (status == EF_OK && ef_strings_count(entries) == 0) {
        status = ef_fail(err, EF_FORMAT, "%s: holds no entries; a list of noisy images names one a line", path);
    }
    return status;
}

/* `used` has a byte for each entry. */
static void mark(unsigned char *noisy, ef_noise_count *count, unsigned char *used, const ef_path_table *table,
                 const ef_strings *names, const unsigned char *member)
{
    for (size_t i = 0; i < ef_strings_count(names); i++) {
        size_t entry = ef_path_table_find(table, ef_strings_at(names, i));
        noisy[i] = entry != EF_PATH_NONE;
        if (noisy[i] && (member == NULL || member[i] != 0)) {
            count->images++;
            count->unmatched -= !used[entry];
            used[entry] = 1;
        }
    }
}

ef_status ef_noise_list_mark(unsigned char *noisy, ef_noise_count *count, const char *path, const ef_strings *names,
                             const unsigned char *member, size_t components, ef_error *err)
{
    ef_strings *entries = NULL;
    ef_path_table *table = NULL;
    unsigned char *used = NULL;
    *count = (ef_noise_count){0};
    ef_status status = ef_strings_create(&entries, err);
    if (status == EF_OK) {
        status = read_entries(entries, path, err);
    }
    if (status == EF_OK) {
        status = ef_path_table_create(&table, entries, components, err);
    }
    for (size_t i = 0; i < ef_strings_count(entries) && status == EF_OK; i++) {
        size_t found = i;
        status = ef_path_table_add(&found, table, i, err);
        count->entries += found == i;
    }
    if (status == EF_OK && (used = ef_alloc_zero(ef_strings_count(entries), 1)) == NULL) {
        status = ef_fail_memory(err, path);
    }
    if (status == EF_OK) {
        count->unmatched = count->entries;
        mark(noisy, count, used, table, names, member);
    }
    free(used);
    ef_path_table_free(table);
    ef_strings_free(entries);
    return status;
}
