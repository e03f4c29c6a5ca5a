/* list_places.h - where the lists of a benchmark may lie in a folder that a user names. */
#ifndef EF_EVALUATE_LIST_PLACES_H
#define EF_EVALUATE_LIST_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include <eface/protocol.h>

enum { EF_LIST_PLACES = 8 };

/* Place `index`, in the order in which they are searched: the folder itself, the protocol's own folder in it, and the usual ones in both.
 * Freed with free(); NULL when memory is out. */
char *ef_list_place(const ef_protocol *protocol, const char *folder, size_t index);

/* Whether `path`, which must exist, is a file that the protocol names as one of its lists in any of these places, read in a run or not.  The
 * files of a list that is a folder are not looked at. */
EF_MUST_USE ef_status ef_list_is_named(bool *named, const ef_protocol *protocol, const char *folder, const char *path,
                                       ef_error *err);

#endif
