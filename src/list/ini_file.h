/* ini_file.h - an INI file as a list of entries with their lines, read through inih. */
#ifndef EF_LIST_INI_FILE_H
#define EF_LIST_INI_FILE_H

#include <stddef.h>

#include <eface/status.h>

typedef struct ef_ini_entry {
    char *section, *key, *value; /* the lines of a continued value are joined by blanks */
    size_t line;                 /* of the key; for a section without entries, of its heading, with key NULL */
} ef_ini_entry;

typedef struct ef_ini_file {
    ef_ini_entry *entries; /* every section begins with an entry of its own whose key and value are NULL */
    size_t count, capacity;
    char sha256[65]; /* of what was read */
} ef_ini_file;

/* Reads a file.  A line that is neither heading, entry nor comment, an entry before the first heading, a key that a
 * section has twice, a section that stands twice, and a line too long for inih are errors with file and line.
 * Freed with ef_ini_file_free(). */
EF_MUST_USE ef_status ef_ini_file_read(ef_ini_file *out, const char *path, ef_error *err);
void ef_ini_file_free(ef_ini_file *file);

#endif
