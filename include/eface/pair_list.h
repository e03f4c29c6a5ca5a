/* pair_list.h - lists of image pairs as their makers distribute them.
 *
 * Each format is one row of src/list/formats.def: a word for protocol files, and a reader.  A list is read whole and checked: a
 * malformed line is EF_FORMAT, "PATH:LINE: what is wrong, what was expected"; so is a list without pairs.  A list of one class is
 * read: whether it will do depends on the figure.  Lines may end in LF or CRLF, the last one in nothing; blank ones are passed
 * over.
 * Thread rule: reading is independent per list; a list once read is constant. */
#ifndef EFACE_PAIR_LIST_H
#define EFACE_PAIR_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/file_mark.h>
#include <eface/status.h>
#include <eface/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ef_listed_pair {
    size_t a, b;           /* indices into ids */
    size_t line;           /* line of the list that names the pair, counted from 1 */
    int fold;              /* counted from 0; -1 when the list has no folds */
    unsigned file;         /* index into files */
    unsigned char genuine; /* 1 genuine, 0 impostor */
} ef_listed_pair;

typedef struct ef_pair_list {
    ef_listed_pair *pairs;
    size_t count;
    int folds;           /* number of folds, 0 when the list has none */
    bool names_people;   /* the folder in an image's name is who it shows, as the format defines it */
    bool by_row;         /* the list's own header says that its ids are row numbers (columns row1, row2) */
    ef_strings *ids;     /* the distinct image names, in order of first use, as the list writes them or as its format makes them
                          ("Aaron_Peirsol 1" becomes "Aaron_Peirsol/Aaron_Peirsol_0001") */
    ef_strings *files;   /* every file that was read */
    ef_file_mark *marks; /* what each of them was when it was opened */
} ef_pair_list;

/* A format of lists: one row of src/list/formats.def. */
typedef struct ef_list_format {
    const char *name;     /* "lfw-pairs" */
    const char *argument; /* what stands behind the name in a protocol file, in words */
    const char *summary;  /* one line on what the format is, for --help and the README */
    /* Reads the list `argument` in the folder `folder` (NULL: the argument is a path).  Fills *out, which the caller frees with
     * ef_pair_list_free(); after an error it is empty. */
    ef_status (*read)(ef_pair_list *out, const char *folder, const char *argument, ef_error *err);
} ef_list_format;

EF_API size_t ef_list_format_count(void);
EF_API const ef_list_format *ef_list_format_at(size_t index);       /* below the count */
EF_API const ef_list_format *ef_list_format_find(const char *name); /* NULL when there is none by that name */

/* Frees what the list owns and empties it; an empty list is fine. */
EF_API void ef_pair_list_free(ef_pair_list *list);

#ifdef __cplusplus
}
#endif
#endif
