#include "base/nearest.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define LONGEST 64 /* longer names are not compared: they are not mistyped ones of ours */

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == '-' || c == ' ' ? '_' : c;
}

/* Edit distance with transposition of neighbours (optimal string alignment), letters in any case, '-' equal to '_'. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = before[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            if (before[j] + 1 < best) {
                best = before[j] + 1;
            }
            if (now[j - 1] + 1 < best) {
                best = now[j - 1] + 1;
            }
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]) &&
                two_before[j - 2] + 1 < best) {
                best = two_before[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return row[a_length % 3][b_length];
}

ef_nearest ef_nearest_begin(const char *wanted)
{
    size_t allowed = strlen(wanted) / 3;
    return (ef_nearest){.wanted = wanted, .best = NULL, .distance = (allowed < 2 ? 2 : allowed) + 1};
}

void ef_nearest_offer(ef_nearest *nearest, const char *candidate)
{
    if (nearest->offers < EF_NEAREST_SHOWN) {
        nearest->first[nearest->offers] = candidate;
    }
    nearest->offers++;
    size_t wanted = strlen(nearest->wanted), length = strlen(candidate);
    if (wanted > LONGEST || length > LONGEST) {
        return;
    }
    size_t distance = edit_distance(nearest->wanted, wanted, candidate, length);
    if (wanted >= 3 && wanted < length && edit_distance(nearest->wanted, wanted, candidate, wanted) == 0) {
        distance = 1; /* the beginning of a longer name */
    }
    if (distance < nearest->distance && distance < length) {
        nearest->distance = distance;
        nearest->best = nearest->near[0] = candidate;
        nearest->near_count = 1;
    } else if (nearest->best != NULL && distance == nearest->distance && distance < length &&
               nearest->near_count < EF_NEAREST_SHOWN) {
        nearest->near[nearest->near_count++] = candidate;
    }
}

const char *ef_nearest_names(char text[EF_NEAREST_TEXT], const char *before, const ef_nearest *nearest)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < nearest->near_count && length < EF_NEAREST_TEXT; i++) {
        const char *between = i == 0 ? "" : i + 1 < nearest->near_count ? ", " : " or ";
        length += (size_t)snprintf(text + length, EF_NEAREST_TEXT - length, "%s'%s%s'", between, before, nearest->near[i]);
    }
    return text;
}

ef_status ef_fail_unknown(ef_error *err, const char *what, const char *name, const ef_nearest *nearest)
{
    char names[EF_NEAREST_TEXT];
    if (nearest->best != NULL) {
        return ef_fail(err, EF_INVALID, "no %s '%s'; did you mean %s?", what, name, ef_nearest_names(names, "", nearest));
    }
    char all[256] = "";
    size_t length = 0;
    for (size_t i = 0; nearest->offers <= EF_NEAREST_SHOWN && i < nearest->offers && length < sizeof all; i++) {
        const char *before = i == 0                    ? (nearest->offers > 1 ? "; there are " : "; there is ")
                             : i + 1 < nearest->offers ? ", "
                                                       : " and ";
        length += (size_t)snprintf(all + length, sizeof all - length, "%s%s", before, nearest->first[i]);
    }
    return ef_fail(err, EF_INVALID, "no %s '%s'%s", what, name, all);
}

bool ef_same_name(const char *a, const char *b)
{
    static const char passed_over[] = "-_ ";
    for (;;) {
        a += strspn(a, passed_over);
        b += strspn(b, passed_over);
        char left = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a;
        char right = *b >= 'A' && *b <= 'Z' ? (char)(*b - 'A' + 'a') : *b;
        if (left != right) {
            return false;
        }
        if (left == '\0') {
            return true;
        }
        a++;
        b++;
    }
}
