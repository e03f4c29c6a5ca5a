/* list_reader.h - what the readers of list formats share: lines with their numbers, names, pairs, and errors with file and line.
 *
 * A reader is begun once, opens the files of its list one after another, and is finished once, whatever has happened. */
#ifndef EF_LIST_LIST_READER_H
#define EF_LIST_LIST_READER_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/pair_list.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/text_file.h"

/* The formats, so that each file that defines one is checked against its row. */
#define ROW(name) extern const ef_list_format ef_list_format_##name;
#include "list/formats.def"
#undef ROW

typedef struct ef_list_reader {
    ef_pair_list list; /* what has been read so far */
    size_t capacity;   /* of list.pairs */
    size_t mark_capacity;
    ef_intern *names;  /* over list.ids */
    ef_text_file file; /* the file open now, the last one of list.files */
} ef_list_reader;

/* Reads the first lines of a list, those that have come through a pipe, from a reader of its own: *known becomes true when they are enough, and an error ends
 * the reading of the pipe. */
typedef ef_status ef_list_judge(ef_list_reader *reader, bool *known, ef_error *err);

/* Reads the list of a format of one file, FILE below `folder`, whose lines `read` takes from the reader: what the read function of such a format is.  `judge`: NULL where first
 * lines tell nothing. */
EF_MUST_USE ef_status ef_list_read_file(ef_pair_list *out, const char *folder, const char *file,
                                        ef_status (*read)(ef_list_reader *reader, ef_error *err), ef_list_judge *judge,
                                        ef_error *err);

EF_MUST_USE ef_status ef_list_reader_begin(ef_list_reader *reader, ef_error *err);

/* Ends the reading that came to `status`: hands the list over in *out, or frees everything and leaves *out empty.
 * A list without pairs is an error here.  Returns what the read function of the format returns. */
EF_MUST_USE ef_status ef_list_reader_finish(ef_pair_list *out, ef_list_reader *reader, ef_status status, ef_error *err);

/* Goes on to another file, closing the one before. */
EF_MUST_USE ef_status ef_list_reader_open(ef_list_reader *reader, const char *path, ef_error *err);

/* The same for a format that is known by its first lines. */
EF_MUST_USE ef_status ef_list_reader_open_by(ef_list_reader *reader, const char *path, ef_list_judge *judge, ef_error *err);

/* The next line that is not blank, its end cut off; false at the end of the file. */
bool ef_list_reader_line(ef_list_reader *reader, ef_span *line);

/* Adds a pair that stands in line `line` of the open file; fold -1 for none. */
EF_MUST_USE ef_status ef_list_reader_pair(ef_list_reader *reader, size_t a, size_t b, bool genuine, int fold, size_t line,
                                          ef_error *err);

/* EF_FORMAT with "PATH:LINE: " before the sentence, for the line read last; and with "PATH: " for the open file as a whole. */
ef_status ef_list_reader_fail(const ef_list_reader *reader, ef_error *err, const char *format, ...) EF_PRINTF(3, 4);
ef_status ef_list_reader_fail_file(const ef_list_reader *reader, ef_error *err, const char *format, ...) EF_PRINTF(3, 4);

/* The two arguments of "%.*s" that show a piece of a line in a message, the beginning only if it is long. */
#define EF_SHOWN(span) (int)((span).length < 80 ? (span).length : 80), (span).text

#endif
