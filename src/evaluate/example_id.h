/* example_id.h - a name that a set does have, for messages about one that it does not: the two show how they differ. */
#ifndef EF_EVALUATE_EXAMPLE_ID_H
#define EF_EVALUATE_EXAMPLE_ID_H

#include <eface/set.h>

enum { EF_EXAMPLE_ID = 128 };

/* "the first there is 'x0.jpg'", a long name cut off; "there is none" when its names are none or cannot be read.  Returns `text`. */
const char *ef_example_id(char text[EF_EXAMPLE_ID], const ef_set *set);

#endif
