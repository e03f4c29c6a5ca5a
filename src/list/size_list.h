/* size_list.h - what lists of distractors are called, of which there is one for each number of them: "crowd_{size}_{set}.json".
 *
 * A name holds {size} once, and {set} at most once where there are several lists of a size; between the two stands something that is no digit.  A name
 * without both stands for NAME_{size}_{set}, as the MegaFace devkit calls its lists.
 * Thread rule: no state. */
#ifndef EF_LIST_SIZE_LIST_H
#define EF_LIST_SIZE_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include <eface/status.h>

/* Refuses a name that is none. */
EF_MUST_USE ef_status ef_size_list_check(const char *name, ef_error *err);

/* Whether a file is called so: then *size and *set are its numbers, *set 1 where the name has none. */
bool ef_size_list_match(uint64_t *size, uint64_t *set, const char *file, const char *name);

/* What the list of a size is called; freed with free(), NULL without memory. */
char *ef_size_list_file(const char *name, uint64_t size, uint64_t set);

#endif
