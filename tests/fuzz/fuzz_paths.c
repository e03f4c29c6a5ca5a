/* Names of files and images.  The first byte chooses: FILE.h5:/group, paths put together and taken apart, tables of paths, and the names of a list among
 * those of a set. */
#include "fuzz.h"

#include <eface/id_index.h>
#include <eface/set.h>

#include "io/group.h"
#include "base/path.h"
#include "list/path_table.h"

enum { most_names = 64 };

static void split_location(const char *text)
{
    const char *group = NULL;
    size_t length = ef_set_split(text, &group);
    assert(length <= strlen(text));
    if (group == NULL) {
        assert(length == strlen(text));
    } else {
        assert(group == text + length + 1 && text[length] == ':' && group[0] == '/' && strstr(group, ":/") == NULL);
    }
    char *path = fuzz_text((const uint8_t *)text, strlen(text));
    ef_group_tidy(path);
    size_t tidy = strlen(path);
    assert(tidy <= strlen(text) && strstr(path, "//") == NULL && (tidy <= 1 || path[tidy - 1] != '/'));
    ef_group_tidy(path); /* once is enough */
    assert(strlen(path) == tidy);
    free(path);
}

static void join_paths(char *const *text)
{
    char *below = ef_path_below(text[0], text[1]), *alone = ef_path_below(NULL, text[1]), *stem = ef_path_stem(text[0]);
    assert(below != NULL && alone != NULL && stem != NULL && strcmp(alone, text[1]) == 0);
    size_t length = strlen(below), name = strlen(text[1]);
    assert(length >= name && strcmp(below + length - name, text[1]) == 0);
    assert(text[1][0] == '/' ? length == name : strncmp(below, text[0], strlen(text[0])) == 0);
    assert(strchr(stem, '/') == NULL && strstr(text[0], stem) != NULL);
    for (size_t components = 1; components < 4; components++) {
        const char *tail = ef_path_tail(text[0], components), *shorter = ef_path_tail(tail, components);
        assert(tail >= text[0] && tail <= text[0] + strlen(text[0]) && shorter == tail);
        assert(tail == text[0] || tail[-1] == '/');
    }
    free(below);
    free(alone);
    free(stem);
}

/* The lines of a text; distinct ones when asked for. */
static ef_strings *lines_of(const char *text, bool distinct)
{
    ef_strings *lines = NULL;
    ef_status status = ef_strings_create(&lines, NULL);
    assert(status == EF_OK);
    for (size_t length; *text != '\0' && ef_strings_count(lines) < most_names; text += length + (text[length] == '\n')) {
        bool known = false;
        length = strcspn(text, "\n");
        for (size_t i = 0; distinct && i < ef_strings_count(lines); i++) {
            const char *other = ef_strings_at(lines, i);
            known = known || (strlen(other) == length && strncmp(other, text, length) == 0);
        }
        if (!known) {
            status = ef_strings_add(lines, text, length, NULL);
            assert(status == EF_OK);
        }
    }
    return lines;
}

/* Against a comparison of all with all. */
static void fill_table(const char *text, size_t components)
{
    ef_error err = {EF_OK, ""};
    ef_strings *paths = lines_of(text, false);
    ef_path_table *table = NULL, *whole = NULL;
    ef_status status = ef_path_table_create(&table, paths, components, &err);
    assert(status == EF_OK);
    bool repeated = false;
    for (size_t i = 0; i < ef_strings_count(paths); i++) {
        size_t found, first = 0;
        const char *tail = ef_path_tail(ef_strings_at(paths, i), components);
        assert(i > 0 || ef_path_table_find(table, ef_strings_at(paths, i)) == EF_PATH_NONE);
        while (strcmp(ef_path_tail(ef_strings_at(paths, first), components), tail) != 0) {
            first++;
        }
        repeated = repeated || first < i;
        status = ef_path_table_add(&found, table, i, &err);
        assert(status == EF_OK && found == first && ef_path_table_find(table, tail) == first);
    }
    status = ef_path_table_create(&whole, paths, components, &err);
    assert(status == EF_OK);
    status = ef_path_table_add_all(whole, "paths", "line", 1, &err);
    assert((status == EF_OK) == !repeated);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
    }
    ef_path_table_free(table);
    ef_path_table_free(whole);
    ef_strings_free(paths);
}

/* A row stands for one name of the list at the most, and a list that is the set finds itself wherever it finds anything. */
static void match_names(char *const *text)
{
    ef_error err = {EF_OK, ""};
    ef_strings *set = lines_of(text[0], false), *wanted = lines_of(text[1], true);
    ef_id_index *index = NULL;
    size_t row[most_names], self[most_names];
    ef_status status = ef_id_index_create(&index, set, "ids", &err);
    if (status != EF_OK) {
        fuzz_refused(status, &err);
    } else {
        size_t rows = ef_strings_count(set), names = ef_strings_count(wanted);
        status = ef_id_index_match(row, index, wanted, &err);
        assert(status == EF_OK);
        for (size_t i = 0; i < names; i++) {
            assert(row[i] < rows || row[i] == EF_ID_MISSING || row[i] == EF_ID_AMBIGUOUS);
            for (size_t j = 0; j < i; j++) {
                assert(row[i] >= rows || row[i] != row[j]);
            }
        }
        status = ef_id_index_match(self, index, set, &err);
        assert(status == EF_OK);
        for (size_t i = 0; i < rows; i++) {
            assert(self[i] == i || self[i] >= rows);
        }
    }
    ef_id_index_free(index);
    ef_strings_free(set);
    ef_strings_free(wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text[2];
    if (size < 1) {
        return 0;
    }
    fuzz_pieces(text, 2, data + 1, size - 1);
    switch (data[0] % 4) {
    case 0: split_location(text[0]); break;
    case 1: join_paths(text); break;
    case 2: fill_table(text[0], 1 + data[0] / 4 % 3); break;
    default: match_names(text); break;
    }
    fuzz_free(text, 2);
    return 0;
}
