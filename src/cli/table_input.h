/* table_input.h - the files that a table is made of: results, each called by a name of the user's if given, and published figures. */
#ifndef EF_CLI_TABLE_INPUT_H
#define EF_CLI_TABLE_INPUT_H

#include <stddef.h>

#include "cli/read_once.h"
#include "table/paper_table.h"

typedef struct table_input {
    ef_result_file *files;
    char **names; /* of each file: what the user calls its system, or NULL */
    size_t file_count;
    ef_paper_entry *entries;
    size_t entry_count;
    ef_published published;
    read_once once; /* what is read */
} table_input;

/* Reads the result files "[NAME=]FILE", where "-" is standard input.  A name is for a file with one system. */
EF_MUST_USE ef_status table_input_read(table_input *out, char **arguments, size_t count, ef_error *err);
void table_input_free(table_input *input); /* an empty (zeroed) one is fine */

/* Reads published figures as well, named as ef_published_add() has them.  NULL is none. */
EF_MUST_USE ef_status table_input_publish(table_input *out, const ef_strings *names, ef_error *err);

/* Adds the pieces of "a, b,c" to *out, which is made when it is NULL; an empty piece is EF_INVALID. */
EF_MUST_USE ef_status table_pieces(ef_strings **out, const char *list, ef_error *err);

/* Refuses to write to a file that is an input. */
EF_MUST_USE ef_status table_input_spares(const table_input *input, const char *output, ef_error *err);

#endif
