#include "io/person_folder.h"

#include <string.h>

#include "base/intern.h"
#include "base/text_file.h"

/* The next component of a name from *at on, moving *at behind it; false when there is none. */
static bool next_component(ef_span *out, const char **at)
{
    do {
        *at += strspn(*at, "/\\");
        *out = (ef_span){*at, strcspn(*at, "/\\")};
        *at += out->length;
    } while (out->length == 1 && out->text[0] == '.');
    return out->length > 0;
}

static bool is_last(const char *at)
{
    ef_span more;
    return !next_component(&more, &at);
}

/* Component `number` of a name if it is a folder. */
static bool folder_at(ef_span *out, const char *name, size_t number)
{
    for (size_t i = 0; i <= number; i++) {
        if (!next_component(out, &name)) {
            return false;
        }
    }
    return !is_last(name);
}

/* How many components all names have in common from the front. */
static size_t count_shared(const ef_strings *names)
{
    size_t shared = (size_t)-1;
    for (size_t i = 1; i < ef_strings_count(names); i++) {
        const char *a = ef_strings_at(names, 0), *b = ef_strings_at(names, i);
        ef_span x, y;
        size_t same = 0;
        while (same < shared && next_component(&x, &a) && next_component(&y, &b) && x.length == y.length &&
               memcmp(x.text, y.text, x.length) == 0) {
            same++;
        }
        shared = same;
    }
    return ef_strings_count(names) > 1 ? shared : 0;
}

ef_status ef_person_folders(ef_strings **out, size_t *without, const ef_strings *names, ef_error *err)
{
    ef_strings *folders = NULL;
    size_t shared = count_shared(names), i = 0;
    ef_span folder;
    ef_status status = ef_strings_create(&folders, err);
    while (status == EF_OK && i < ef_strings_count(names) && folder_at(&folder, ef_strings_at(names, i), shared)) {
        status = ef_strings_add(folders, folder.text, folder.length, err);
        i++;
    }
    *without = i;
    if (status != EF_OK) {
        ef_strings_free(folders);
        return status;
    }
    *out = folders;
    return EF_OK;
}

ef_status ef_person_folders_below(size_t *below, const ef_strings *names, ef_error *err)
{
    ef_strings *distinct = NULL;
    ef_intern *intern = NULL;
    size_t shared = count_shared(names), number;
    ef_span folder;
    ef_status status = ef_strings_create(&distinct, err);
    if (status == EF_OK) {
        status = ef_intern_create(&intern, distinct, err);
    }
    for (size_t i = 0; status == EF_OK && i < ef_strings_count(names); i++) {
        if (folder_at(&folder, ef_strings_at(names, i), shared + 1)) {
            status = ef_intern_add(&number, intern, folder.text, folder.length, err);
        }
    }
    *below = ef_strings_count(distinct);
    ef_intern_free(intern);
    ef_strings_free(distinct);
    return status;
}

/* Piece `number` between slashes. */
static ef_span piece_of(const char *name, size_t number)
{
    for (size_t i = 0; i < number && name != NULL; i++) {
        name = strchr(name, '/');
        name = name != NULL ? name + 1 : NULL;
    }
    return name != NULL ? (ef_span){name, strcspn(name, "/")} : (ef_span){"", 0};
}

bool ef_person_folder_piece(size_t *piece, const ef_strings *names, const ef_strings *folders)
{
    enum { most = 32 };
    for (size_t number = 0; number < most; number++) {
        bool good = ef_strings_count(names) > 0;
        for (size_t i = 0; good && i < ef_strings_count(names); i++) {
            good = ef_span_equal(piece_of(ef_strings_at(names, i), number), ef_strings_at(folders, i));
        }
        if (good) {
            *piece = number;
            return true;
        }
    }
    return false;
}
