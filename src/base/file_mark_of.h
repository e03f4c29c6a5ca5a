/* file_mark_of.h - marks made from what stat() says, for those that have a file open. */
#ifndef EF_BASE_FILE_MARK_OF_H
#define EF_BASE_FILE_MARK_OF_H

#include <stdbool.h>
#include <sys/stat.h>

#include <eface/file_mark.h>

/* The mark of a file; `once`: it is standard input, whatever that is. */
ef_file_mark ef_file_mark_of(const struct stat *about, bool once);

/* As ef_file_mark_check(), of two marks. */
EF_MUST_USE ef_status ef_file_mark_compare(const ef_file_mark *mark, const ef_file_mark *now, const char *path, ef_error *err);

#endif
