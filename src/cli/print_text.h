/* print_text.h - prose on the terminal. */
#ifndef EF_CLI_PRINT_TEXT_H
#define EF_CLI_PRINT_TEXT_H

/* Prints a text to standard output in lines of at most 96 characters, indented by two. */
void print_text(const char *text);

#endif
