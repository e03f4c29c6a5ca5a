/* path_table.h - finds paths by their last components: the image of a list among the images of a set.
 * Thread rule: constant once filled. */
#ifndef EF_LIST_PATH_TABLE_H
#define EF_LIST_PATH_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <eface/status.h>
#include <eface/strings.h>

#define EF_PATH_NONE ((size_t)-1)

/* Where the last `components` components of a path begin ("c/d.jpg" in "a/b/c/d.jpg" for 2); the path itself when it has no more. */
const char *ef_path_tail(const char *path, size_t components);

typedef struct ef_path_table ef_path_table;

/* A table over some of `paths`, fewer than 2^32-1, which must outlive *out; none at first.  Paths are equal when their last `components`
 * components are.  The caller frees *out with ef_path_table_free(). */
EF_MUST_USE ef_status ef_path_table_create(ef_path_table **out, const ef_strings *paths, size_t components, ef_error *err);
void ef_path_table_free(ef_path_table *table); /* NULL is fine */

/* Puts path `index` into the table, unless an equal one is there: *found = which one, `index` itself when it is new. */
EF_MUST_USE ef_status ef_path_table_add(size_t *found, ef_path_table *table, size_t index, ef_error *err);

/* All paths; two equal ones are an error that calls the paths `name`, and the two by their numbers from `base` on. */
EF_MUST_USE ef_status ef_path_table_add_all(ef_path_table *table, const char *name, const char *unit, size_t base, ef_error *err);

/* The number of the path equal to `path`, or EF_PATH_NONE. */
size_t ef_path_table_find(const ef_path_table *table, const char *path);

#endif
