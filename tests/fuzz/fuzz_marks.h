/* fuzz_marks.h - little readers of what reports and plots are written in, to see that it is well-formed whatever texts are in it. */
#ifndef FUZZ_MARKS_H
#define FUZZ_MARKS_H

#include <ctype.h>
#include <stdbool.h>

#include "fuzz.h"

/* The next field of CSV (RFC 4180), its quotes undone; *more tells whether another one follows in its record.  Freed with free(). */
static inline char *fuzz_csv_field(const char **at, bool *more)
{
    char *field = fuzz_text((const uint8_t *)*at, strlen(*at));
    size_t length = 0;
    bool quoted = **at == '"';
    for (*at += quoted; quoted || strchr(",\n", **at) == NULL; (*at)++) {
        assert(**at != '\0' && (quoted || **at != '"'));
        if (quoted && **at == '"' && (*at)[1] != '"') {
            ++*at;
            break;
        }
        *at += quoted && **at == '"';
        field[length++] = **at;
    }
    assert(**at == ',' || **at == '\n');
    *more = **at == ',';
    ++*at;
    field[length] = '\0';
    return field;
}

/* The next cell of a line of a table in Markdown, from the bar before it on; its escapes undone.  Freed with free(). */
static inline char *fuzz_markdown_cell(const char **at)
{
    static const struct {
        const char *name;
        char letter;
    } entities[] = {{"&lt;", '<'}, {"&amp;", '&'}};
    assert(**at == '|');
    ++*at;
    char *cell = fuzz_text((const uint8_t *)*at, strlen(*at));
    size_t length = 0;
    while (**at != '|') {
        assert(**at != '\0' && **at != '\n');
        char letter = **at;
        if (letter == '\\' && ispunct((unsigned char)(*at)[1])) {
            letter = *++*at;
        } else {
            assert(letter != '\\' || (*at)[1] != '\n');
            for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
                if (strncmp(*at, entities[i].name, strlen(entities[i].name)) == 0) {
                    letter = entities[i].letter;
                    *at += strlen(entities[i].name) - 1;
                    break;
                }
            }
        }
        cell[length++] = letter;
        ++*at;
    }
    /* One blank stands on either side. */
    bool padded = length >= 2 && cell[0] == ' ' && cell[length - 1] == ' ';
    cell[length] = '\0';
    if (padded) {
        cell[length - 1] = '\0';
        memmove(cell, cell + 1, length - 1);
    }
    return cell;
}

/* Tags are closed in the order in which they were opened; a '<' begins one that is known, and a '&' an entity. */
static inline void fuzz_check_html(const char *text)
{
    static const char *const known[] = {"html", "head", "title", "style", "body", "table", "caption", "thead", "tbody", "tr",
                                        "th",   "td",   "p",     "b",     "u",    "i",     "sup",     "small", NULL};
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&ndash;", "&thinsp;", NULL};
    enum { deepest = 16 };
    const char *open[deepest];
    size_t depth = 0;
    for (const char *at = text; *at != '\0'; at++) {
        size_t i = 0;
        if (*at == '&') {
            while (entities[i] != NULL && strncmp(at, entities[i], strlen(entities[i])) != 0) {
                i++;
            }
            assert(entities[i] != NULL);
        } else if (*at == '<' && strncmp(at, "<!DOCTYPE html>", 15) != 0 && strncmp(at, "<meta charset=\"utf-8\">", 22) != 0) {
            bool closes = at[1] == '/';
            size_t length = strcspn(at + 1 + closes, " >");
            while (known[i] != NULL && (strlen(known[i]) != length || strncmp(at + 1 + closes, known[i], length) != 0)) {
                i++;
            }
            assert(known[i] != NULL);
            if (closes) {
                assert(depth > 0 && open[--depth] == known[i]);
            } else {
                assert(depth < deepest);
                open[depth++] = known[i];
            }
        }
    }
    assert(depth == 0);
}

/* Braces pair, so do the dollars of formulas, and what else means something to LaTeX stands only where it is meant: '#', '_' and '~' nowhere, '^' in
 * formulas, '&' and '%' only in the source of a table. */
static inline void fuzz_check_latex(const char *text, bool table)
{
    size_t depth = 0;
    bool formula = false, comment = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (comment) {
            comment = *at != '\n';
            continue;
        }
        switch (*at) {
        case '\\':
            at++;
            assert(*at != '\0');
            while (isalpha((unsigned char)*at) && isalpha((unsigned char)at[1])) {
                at++;
            }
            break;
        case '{': depth++; break;
        case '}': assert(depth-- > 0); break;
        case '$': formula = !formula; break;
        case '^': assert(formula); break;
        case '#':
        case '_':
        case '~': abort(); /* not escaped */
        case '&': assert(table); break;
        case '%':
            assert(table);
            comment = true;
            break;
        default: break;
        }
    }
    assert(depth == 0 && !formula);
}

#endif
