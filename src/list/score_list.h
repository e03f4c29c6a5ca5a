/* score_list.h - precomputed scores with their labels, from a text file.
 *
 * A line is "label score", the fields between blanks, commas, tabs or semicolons; label 1 is genuine, 0 impostor.  A first line of words
 * names the columns: `label` (issame, genuine) and `score` (similarity), in any order.  Empty lines and lines that begin with # are passed over. */
#ifndef EF_LIST_SCORE_LIST_H
#define EF_LIST_SCORE_LIST_H

#include <stddef.h>

#include <eface/file_mark.h>
#include <eface/status.h>

typedef struct ef_score_list {
    double *score;
    unsigned char *genuine;
    size_t count;
    ef_file_mark mark;
} ef_score_list;

/* Reads a list whole, from a file, a pipe or standard input ("-").  Malformed lines, and a list without any score, are errors with file and line.
 * Freed with ef_score_list_free(). */
EF_MUST_USE ef_status ef_score_list_read(ef_score_list *out, const char *path, ef_error *err);
void ef_score_list_free(ef_score_list *list); /* an empty one is fine */

#endif
