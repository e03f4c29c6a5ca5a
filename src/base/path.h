/* path.h - names of files put together and taken apart. */
#ifndef EF_BASE_PATH_H
#define EF_BASE_PATH_H

#include <stdbool.h>

/* Whether a path means standard input: "-". */
bool ef_is_standard_input(const char *path);

/* A path in memory of its own (freed with free()), NULL when memory is out: `name` below `folder`, or `name` alone when folder is
 * NULL or name is absolute. */
char *ef_path_below(const char *folder, const char *name);

/* The name of a file without folder and last extension ("a/b.c.ini": "b.c"; "a/.ini": ".ini"), owned by the caller likewise. */
char *ef_path_stem(const char *path);

#endif
