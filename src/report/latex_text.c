#include "report/latex_text.h"

#include <stdbool.h>
#include <string.h>

/* What stands for a character; NULL: itself.  Brackets and asterisks could be read as arguments of the line end before them, and two
 * hyphens or quotes would run together. */
static const char *escape_of(char character)
{
    switch (character) {
    case '\\': return "\\textbackslash{}";
    case '~': return "\\textasciitilde{}";
    case '^': return "\\textasciicircum{}";
    case '<': return "\\textless{}";
    case '>': return "\\textgreater{}";
    case '|': return "\\textbar{}";
    case '"': return "\\textquotedbl{}";
    case '{': return "\\{";
    case '}': return "\\}";
    case '#': return "\\#";
    case '$': return "\\$";
    case '%': return "\\%";
    case '&': return "\\&";
    case '_': return "\\_";
    case '[': return "{[}";
    case ']': return "{]}";
    case '*': return "{*}";
    case '-': return "-{}";
    case '\'': return "'{}";
    case '`': return "`{}";
    case ',': return ",{}";
    default: return NULL;
    }
}

const char *ef_latex_of(const char *text, size_t i, size_t length)
{
    bool inverts =
        (text[i] == '?' || text[i] == '!') && i + 1 < length && text[i + 1] == '`'; /* both would be one mark, upside down */
    const char *escape = inverts ? (text[i] == '?' ? "?{}" : "!{}") : escape_of(text[i]);
    bool alone = strchr("-'`,", text[i]) != NULL && (i + 1 == length || text[i + 1] != text[i]);
    return alone ? NULL : escape; /* of these only a run has to be broken up */
}
