/* json_file.h - a JSON document read whole from a file, a pipe or standard input ("-"). */
#ifndef EF_LIST_JSON_FILE_H
#define EF_LIST_JSON_FILE_H

#include <jansson.h>

#include <eface/file_mark.h>

/* Reads a document in which no key stands twice; the caller frees it with json_decref().  What is no JSON leaves *out NULL, with the reason in *why, and is EF_OK here: it is the
 * caller who knows what the document should have been.  *mark, if not NULL, is the file's. */
EF_MUST_USE ef_status ef_json_file_read(json_t **out, json_error_t *why, ef_file_mark *mark, const char *path, ef_error *err);

#endif
