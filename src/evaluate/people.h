/* people.h - who the images of a set are, by number: what says so may be labels, or the folders of image names. */
#ifndef EF_EVALUATE_PEOPLE_H
#define EF_EVALUATE_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include <eface/set.h>
#include <eface/strings.h>

#include "base/intern.h"

/* Images with the same number are of the same person.  An image of nobody known has a number below 0 that no other has: it is never
 * of one person with another, and contradicts nothing. */
typedef struct ef_people {
    int64_t *person; /* of each image */
    size_t images;
    size_t unknown; /* of these: a negative number, also one that is a text, or an empty text */
    size_t count;   /* persons */
} ef_people;

/* The values of a dataset of integers or texts.  With `distinct`, which must be empty, numbers are places in it, in order of first
 * appearance.  The caller frees what *out owns with ef_people_free(). */
EF_MUST_USE ef_status ef_people_read(ef_people *out, ef_strings *distinct, const ef_set *set, ef_field field, ef_error *err);

/* The folders of the set's image names (person_folder.h); no images when the set has no names, or one of them no such folder. */
EF_MUST_USE ef_status ef_people_of_folders(ef_people *out, const ef_set *set, ef_error *err);

void ef_people_free(ef_people *people); /* an empty one is fine */

#endif
