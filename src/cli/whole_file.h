/* whole_file.h - a text file that appears whole or not at all: it is written beside its place and renamed at the end. */
#ifndef EF_CLI_WHOLE_FILE_H
#define EF_CLI_WHOLE_FILE_H

#include <stdio.h>

#include <eface/status.h>

typedef struct whole_file {
    FILE *stream; /* to write to; errors of writing are kept until the end */
    char *path, *temporary;
} whole_file;

/* Begins a file, making the folders of its path that are missing. */
EF_MUST_USE ef_status whole_file_begin(whole_file *out, const char *path, ef_error *err);

/* Closes the file and renames it into place; when anything went wrong, in the writing before too, nothing is left. */
EF_MUST_USE ef_status whole_file_finish(whole_file *file, ef_error *err);

#endif
