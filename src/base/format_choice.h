/* format_choice.h - the format that a word or the name of a file means, among those of a table.
 * Thread rule: safe from any thread. */
#ifndef EF_BASE_FORMAT_CHOICE_H
#define EF_BASE_FORMAT_CHOICE_H

#include <stddef.h>

#include <eface/format.h>
#include <eface/status.h>

/* The table: its format number `index`, in the order in which they are listed; NULL behind the last. */
typedef const ef_format *ef_format_at(size_t index);

/* *out = the format that is called `text`, or whose files end in it ("md"). */
EF_MUST_USE ef_status ef_format_find(const ef_format **out, ef_format_at *at, const char *text, ef_error *err);

/* *out = the first format whose extension `path` has. */
EF_MUST_USE ef_status ef_format_of_file(const ef_format **out, ef_format_at *at, const char *path, ef_error *err);

enum { EF_FORMAT_NAMES = 256 };

/* "text, json or csv": all of a table. */
const char *ef_format_names(char text[EF_FORMAT_NAMES], ef_format_at *at);

#endif
