#include "cli/print_text.h"

#include <stdio.h>
#include <string.h>

void print_text(const char *text)
{
    enum { widest = 94 };
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > widest) {
            length = widest;
            while (length > 0 && text[length] != ' ') {
                length--;
            }
            length = length > 0 ? length : widest;
        }
        printf("  %.*s\n", (int)length, text);
        text += length;
        text += *text == '\n' || *text == ' ';
    }
}
