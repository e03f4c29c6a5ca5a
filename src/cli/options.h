/* options.h - the command line of a program as a table: one row an option gives parsing, checks and --help. */
#ifndef EF_CLI_OPTIONS_H
#define EF_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/status.h>

typedef enum option_kind {
    OPTION_GROUP,  /* not an option: a heading of --help, in `help` */
    OPTION_FLAG,   /* bool: set to true */
    OPTION_TEXT,   /* const char *: the last one given */
    OPTION_TEXTS,  /* option_texts: all of them */
    OPTION_COUNT,  /* int from 0 */
    OPTION_NUMBER, /* int from 1 */
    OPTION_SEED,   /* uint64_t */
    OPTION_REAL,   /* double */
    OPTION_BYTES   /* size_t: 512M, 2G */
} option_kind;

typedef struct option_texts {
    const char **items; /* freed with free() */
    size_t count, capacity;
} option_texts;

typedef struct option_row {
    char letter; /* '\0' for none */
    const char *name;
    option_kind kind;
    void *target;
    const char *value; /* what the value is, for --help */
    const char *help;  /* may hold line ends */
} option_row;

/* Rows that several programs have, of the variable `target` points to. */
#define OPTION_ROW_HELP(target)                                                                                                  \
    {                                                                                                                            \
        'h', "help", OPTION_FLAG, target, NULL, "print this help"                                                                \
    }
#define OPTION_ROW_VERSION(target)                                                                                               \
    {                                                                                                                            \
        0, "version", OPTION_FLAG, target, NULL, "print the version"                                                             \
    }
#define OPTION_ROW_THREADS(target)                                                                                               \
    {                                                                                                                            \
        't', "threads", OPTION_COUNT, target, "N", "threads to use (default: one per processor)"                                 \
    }
#define OPTION_ROW_QUIET(target)                                                                                                 \
    {                                                                                                                            \
        'q', "quiet", OPTION_FLAG, target, NULL, "say nothing while all goes well"                                               \
    }
#define OPTION_ROW_SEED(target)                                                                                                  \
    {                                                                                                                            \
        0, "seed", OPTION_SEED, target, "N", "where all that is random begins (default 1)"                                       \
    }
#define OPTION_ROW_OUTPUT(target)                                                                                                \
    {                                                                                                                            \
        'o', "output", OPTION_TEXT, target, "FILE", "write to FILE, replacing it, instead of to standard output (-)"             \
    }

/* Parses argv by the rows.  *first receives the index of the first argument that is not an option; options and other arguments may be mixed.
 * An unknown option (the nearest is suggested), a missing or a wrong value, a value given twice are EF_INVALID. */
EF_MUST_USE ef_status options_parse(int *first, int argc, char **argv, const option_row *rows, size_t count, ef_error *err);

/* Prints the rows to standard output, grouped. */
void options_help(const option_row *rows, size_t count);

#endif
