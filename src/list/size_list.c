#include "list/size_list.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/error.h"
#include "base/number.h"

static const char *const marks[2] = {"{size}", "{set}"};
enum { SIZE, SET, MARKS };

/* The mark that a text begins with; MARKS: none. */
static int mark_at(const char *text)
{
    int mark = 0;
    while (mark < MARKS && strncmp(text, marks[mark], strlen(marks[mark])) != 0) {
        mark++;
    }
    return mark;
}

static bool has_mark(const char *name)
{
    return strstr(name, marks[SIZE]) != NULL || strstr(name, marks[SET]) != NULL;
}

ef_status ef_size_list_check(const char *name, ef_error *err)
{
    int found[MARKS] = {0};
    bool apart = true;
    if (!has_mark(name)) {
        return *name != '\0' ? EF_OK : ef_fail(err, EF_FORMAT, "a value is missing");
    }
    for (const char *rest = name; *rest != '\0';) {
        int mark = mark_at(rest);
        size_t length = mark < MARKS ? strlen(marks[mark]) : 1;
        bool number_behind =
            (rest[length] >= '0' && rest[length] <= '9') || (rest[length] != '\0' && mark_at(rest + length) < MARKS);
        bool number_before = rest > name && rest[-1] >= '0' && rest[-1] <= '9';
        if (mark < MARKS) {
            found[mark]++;
            apart = apart && !number_behind && !number_before;
        }
        rest += length;
    }
    if (found[SIZE] != 1 || found[SET] > 1) {
        return ef_fail(err, EF_FORMAT, "'%s' must hold {size} once, and {set} once at the most", name);
    }
    return apart ? EF_OK : ef_fail(err, EF_FORMAT, "in '%s' another number stands beside {size} or {set}", name);
}

bool ef_size_list_match(uint64_t *size, uint64_t *set, const char *file, const char *name)
{
    uint64_t *const numbers[MARKS] = {size, set};
    const char *behind = has_mark(name) ? "" : "_{size}_{set}", *rest = name;
    *set = 1;
    while (*rest != '\0' || *behind != '\0') {
        if (*rest == '\0') {
            rest = behind;
            behind = "";
        }
        int mark = mark_at(rest);
        if (mark == MARKS) {
            if (*file++ != *rest++) {
                return false;
            }
            continue;
        }
        size_t digits = strspn(file, "0123456789");
        if (!ef_parse_unsigned(numbers[mark], file, digits)) {
            return false;
        }
        file += digits;
        rest += strlen(marks[mark]);
    }
    return *file == '\0';
}

char *ef_size_list_file(const char *name, uint64_t size, uint64_t set)
{
    const uint64_t numbers[MARKS] = {size, set};
    char *text = ef_copy_format("%s%s", name, has_mark(name) ? "" : "_{size}_{set}");
    for (int mark = 0; text != NULL && mark < MARKS; mark++) {
        const char *at = strstr(text, marks[mark]);
        if (at != NULL) {
            char *filled = ef_copy_format("%.*s%" PRIu64 "%s", (int)(at - text), text, numbers[mark], at + strlen(marks[mark]));
            free(text);
            text = filled;
        }
    }
    return text;
}
