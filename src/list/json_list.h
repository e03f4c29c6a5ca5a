/* json_list.h - the image lists of the MegaFace devkit: {"path": ["a/b.jpg", ...]}, probes with "id": ["a", ...] beside it.
 * Thread rule: a list once read is constant. */
#ifndef EF_LIST_JSON_LIST_H
#define EF_LIST_JSON_LIST_H

#include <eface/file_mark.h>
#include <eface/status.h>
#include <eface/strings.h>

typedef struct ef_json_list {
    ef_strings *paths;
    ef_strings *ids; /* who each image shows; NULL when the list does not say */
    ef_file_mark mark;
} ef_json_list;

/* Reads a list; what else the file holds is passed over.  Errors: what is no JSON (with line and column), no "path" or one that is not strings, an
 * empty list, an empty path, "id" of another length or of anything but strings and integers.
 * The caller frees what *out owns with ef_json_list_free(). */
EF_MUST_USE ef_status ef_json_list_read(ef_json_list *out, const char *path, ef_error *err);
void ef_json_list_free(ef_json_list *list); /* an empty one is fine */

#endif
